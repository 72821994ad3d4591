"""What is found to say to somebody who asked nothing, on sites made up here: other trades, another language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.ids import PersonaId
from core.message import Page
from core.passage import Finding, Passage
from core.persona import Persona
from core.site_search import fingerprint
from core.suggestion import Ground, Suggester, Suggestion
from core.understanding import Understanding
from personas.aspects import aspects

SITE = "https://brook.example"
OWNERS = Persona(
    id=PersonaId("owners"),
    name="Owners of small bakeries",
    pains=("ovens stand idle at night", "flour prices"),
    features=("live oven data with alerts", "shift planner"),
    pages=(f"{SITE}/for-bakeries/",),
)
HOTELS = Persona(id=PersonaId("hotels"), name="Hotels", pages=(f"{SITE}/for-hotels/",))
LINES = [
    ("/for-bakeries/", "What bakers get", "Brook plans the shifts of your team around the ovens each night."),
    ("/for-hotels/", "Hotels", "Brook tells your team which breakfast rooms need staff tomorrow morning."),
    ("/platform/", "Security", "We encrypt all oven data and keep it on servers in Vienna."),
    ("/platform/", "Integrations", "Oven makers and tills exchange data with Brook through an open API."),
    ("/platform/", "Alerts", "Live oven data reaches the shift planner within ten seconds."),
    ("/platform/", "Statistics", "Waste and measured heat can be exported as a spreadsheet every month."),
    ("/platform/", "Reports", "You get weekly reports on heat, flour and waste for every oven."),
    ("/about/", "People", "Our team of nine bakers and engineers works in a former mill."),
    ("/platform/", "The problems we see", "Your team loses an hour a day looking for missing trays."),
    ("/customers/lime/", "Lime Bakery", "The team in Graz has halved its night shifts since last spring."),
]


class Shelf:
    """A site of single sentences; a search finds those that share a word with the query."""

    def __init__(self, lines: list[tuple[str, str, str]], language: str = "en") -> None:
        self.lines = lines
        self.language = language
        self.queries: list[str] = []

    async def search(self, query: str, **_more: Any) -> tuple[Finding, ...]:
        self.queries.append(query)
        words = _stems(query)
        found = []
        for path, heading, sentence in self.lines:
            passage = Passage(
                url=f"{SITE}{path}", title="Brook", headings=("Brook", heading), text=sentence, hash="h",
                language=self.language,
            )  # fmt: skip
            if words & _stems(f"{heading} {sentence}"):
                found.append(Finding(passage=passage, sentences=(sentence,), score=0.6))
        return tuple(found)


def _stems(text: str) -> set[str]:
    return {word.strip(".,")[:5] for word in text.casefold().split() if len(word) > 2}


class Listener:
    """Hears every message as what to search for."""

    async def interpret(self, messages: Any, _session: Any, _known: Any) -> Understanding:
        return Understanding(topic=messages[-1].text)


def suggester(lines: list[tuple[str, str, str]], language: str = "en") -> tuple[Suggester, Shelf]:
    shelf = Shelf(lines, language)
    made = Suggester(shelf, Listener(), aspects(), company="Brook", language=language, personas=(OWNERS, HOTELS))
    return made, shelf


def page(path: str, title: str = "") -> Page:
    return Page(url=f"{SITE}{path}", title=title)


async def everything(made: Suggester, ground: Ground) -> list[Suggestion]:
    """Suggestions until there are none left."""
    found: list[Suggestion] = []
    while one := await made.suggest(after(ground, found)):
        found.append(one)
    return found


def after(ground: Ground, found: list[Suggestion]) -> Ground:
    return replace(
        ground,
        aspects=frozenset(one.aspect for one in found),
        sentences=frozenset(fingerprint(one.sentence) for one in found),
        buttons=frozenset(label for one in found for label in one.buttons),
    )


async def test_that_each_kind_hears_what_is_meant_for_it() -> None:
    made, _ = suggester(LINES)
    baker = await everything(made, Ground(seed="c", persona=OWNERS))
    hotel = await everything(made, Ground(seed="c", persona=HOTELS))
    said = {one.sentence for one in baker}
    assert LINES[0][2] in said
    assert LINES[1][2] not in said
    assert LINES[1][2] in {one.sentence for one in hotel}


async def test_that_troubles_people_and_single_customers_are_left_out() -> None:
    made, _ = suggester(LINES)
    for ground in (Ground(seed="a", page=page("/platform/")), Ground(seed="b", persona=OWNERS, said="our team")):
        said = {one.sentence for one in await everything(made, ground)}
        assert said
        assert said.isdisjoint({LINES[-3][2], LINES[-2][2], LINES[-1][2]})


async def test_that_the_page_decides_what_comes_first() -> None:
    made, _ = suggester(LINES)
    secure = await made.suggest(Ground(seed="c", page=page("/platform/security/", "Security and encryption")))
    counted = await made.suggest(Ground(seed="c", page=page("/platform/reports/", "Weekly reports and statistics")))
    assert secure is not None
    assert counted is not None
    assert (secure.aspect, counted.aspect) == ("technology", "analytics")


async def test_that_nothing_is_said_to_somebody_of_whom_nothing_is_known() -> None:
    made, shelf = suggester(LINES)
    assert await made.suggest(Ground(seed="c")) is None
    assert shelf.queries == []


@pytest.mark.parametrize(
    "sentence",
    [
        "It keeps your team's data on servers in Vienna.",  # leans on the sentence before
        "Does your team keep its data in Vienna?",  # would be answered
        "Contact us about where your team keeps data today.",
        "“Our team found the data in Vienna within a day.”",
        "Write to team@brook.example about your data in Vienna.",
        "Brook does not keep your team's data outside of Vienna.",
        "Your team's data.",
        " ".join(["Your team keeps data"] * 8) + ".",
        "Data of your team and of your servers in Vienna",  # a heading
    ],
)
async def test_that_a_sentence_must_stand_alone(sentence: str) -> None:
    made, _ = suggester([("/platform/", "Security", sentence)])
    assert await made.suggest(Ground(seed="c", page=page("/platform/"))) is None


async def test_that_a_sentence_leaves_room_for_its_lead_in() -> None:
    made, _ = suggester(LINES)
    brief = await made.suggest(Ground(seed="c", page=page("/platform/"), words=11))
    assert brief is not None
    assert len(brief.sentence.split()) <= 11


async def test_that_buttons_are_short_different_and_answered() -> None:
    made, _ = suggester(LINES)
    found = await everything(made, Ground(seed="c", persona=OWNERS, page=page("/platform/")))
    labels = [label for one in found for label in one.buttons]
    assert "Live oven data" in labels  # a feature, cut to its name
    assert len({label.casefold() for label in labels}) == len(labels)
    assert all(len(label) <= 20 for label in labels)


async def test_that_what_was_named_is_not_offered() -> None:
    made, _ = suggester(LINES)
    found = await everything(made, Ground(seed="c", persona=OWNERS, said="we want the shift planner"))
    assert all("Shift planner" not in one.buttons for one in found)


async def test_that_many_visitors_cost_no_more_searches_than_one() -> None:
    made, shelf = suggester(LINES)
    ground = Ground(seed="c", persona=OWNERS, page=page("/platform/"))
    first = await made.suggest(ground)
    count = len(shelf.queries)
    assert await made.suggest(ground) == first
    assert len(shelf.queries) == count


async def test_that_a_site_in_another_language_is_spoken_for_in_it() -> None:
    line = ("/plattform/", "Sicherheit", "Wir verschlüsseln alle Daten und speichern sie auf Servern in Wien.")
    other = ("/plattform/", "Zertifikate", "Ein Zertifikat nach ISO 27001 liegt vor.")
    made, _ = suggester([line, other], "de")
    found = await made.suggest(Ground(seed="c", page=page("/plattform/", "Sicherheit")))
    assert found is not None
    assert found.sentence == line[2]
    assert (made.speaks("de-AT"), made.speaks("en")) == (True, False)
    unknown, _ = suggester([line], "fi")
    assert await unknown.suggest(Ground(seed="c", page=page("/plattform/"))) is None
    assert not unknown.speaks("fi")
