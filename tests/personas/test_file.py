"""`personas.yaml`: what is written, and what survives when the site is read again."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError
from core.ids import PersonaId
from core.offering import Faq, Named, Offering, Plan, PlanPrice, Price
from core.persona import Persona, PersonaQuestion
from core.site import SiteSource
from personas.file import BASE, FILE, render, update
from personas.rendering import tree_of

SITE = "https://kiln.example"


def source(quote: str, url: str = "/a/", digest: str = "h1", *fields: str) -> SiteSource:
    return SiteSource(url=url, quote=quote, hash=digest, fields=fields)


def persona(name: str, **more: Any) -> Persona:
    return Persona(id=PersonaId(name.lower()), name=name, sources=(source(f"{name} use Kiln."),), **more)


POTTERS = persona(
    "Potters",
    kind="role",
    description="Potters with one or two kilns who fire at night and want to sleep while the kiln cools down on its "
    "own, without a timer that they have to set by hand.",
    pains=("cracked glazes", "nights beside the kiln", "costs: electricity"),
    cues=("my kiln", "we fire stoneware", "yes", "12:30", "# of firings"),
    roles=("potter", "studio owner"),
    questions=(PersonaQuestion(field="volume", text="How many firings a week?", options=("1-2", "more")),),
    pages=("/potters/",),
)
SCHOOLS = persona("Schools", kind="segment", pains=("no technician",), pages=("/schools/",))
OFFERING = Offering(
    products=(Named(name="Kiln", source=source("Kiln is a controller.")),),
    plans=(
        Plan(name="Studio", description="For one kiln.", features=("Alarms",), sources=(source("For one kiln."),)),
        Plan(name="Factory", public=False, sources=(source("Talk to us"),)),
    ),
    prices=(
        PlanPrice(
            plan="Studio",
            price=Price(amount=Decimal("9.50"), currency="EUR", period="month"),
            source=source("€9.50 a month"),
        ),
    ),
    faqs=(Faq(question="Is it safe?", answer="Yes.\nIt is.", source=source("Yes.")),),
    not_for=(Named(name="Bakeries", source=source("Not for bakeries.")),),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    update(tmp_path, (POTTERS, SCHOOLS), OFFERING, site=SITE)
    return tmp_path


def content(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((folder / FILE).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  the loader that makes nothing but text
    return found


def edit(folder: Path, *changes: tuple[str, str]) -> str:
    text = (folder / FILE).read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (folder / FILE).write_text(text, encoding="utf-8")
    return text


def test_what_is_written_is_what_was_found() -> None:
    text = render((POTTERS, SCHOOLS), OFFERING, site=SITE, crawled_at="2026-03-01")
    found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  the loader that makes nothing but text
    assert found == tree_of((POTTERS, SCHOOLS), OFFERING)
    assert SITE in text
    assert "2026-03-01" in text
    assert all(len(line) <= 120 for line in text.splitlines())
    assert text == render((POTTERS, SCHOOLS), OFFERING, site=SITE, crawled_at="2026-03-01")


def test_numbers_and_truth_values_are_bare_and_texts_stay_texts() -> None:
    found = yaml.safe_load(render((POTTERS,), OFFERING, site=SITE))
    assert found["site"]["prices"][0]["amount"] == 9.5
    assert found["site"]["plans"][1]["public"] is False
    assert found["personas"][0]["cues"] == ["my kiln", "we fire stoneware", "yes", "12:30", "# of firings"]


def test_an_unchanged_site_changes_no_byte(folder: Path) -> None:
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in (folder / FILE, folder / BASE)}
    diff = update(folder, (POTTERS, SCHOOLS), OFFERING, site=SITE)
    assert diff.empty
    assert list(diff.lines()) == []
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in before} == before


def test_a_first_writing_names_everything_as_added(tmp_path: Path) -> None:
    diff = update(tmp_path, (POTTERS,), OFFERING, site=SITE, dry_run=True)
    assert diff.added == ("potters",)
    assert list(tmp_path.iterdir()) == []
    assert (diff.to_json()["added"], diff.to_json()["empty"]) == (["potters"], False)


def test_without_edits_the_file_follows_the_site(folder: Path) -> None:
    cafes = persona("Cafes", pains=("broken cups",))
    potters = replace(POTTERS, name="Studio potters", pains=("cracked glazes", "cold mornings"), budget="€10 a month")
    diff = update(folder, (cafes, potters), replace(OFFERING, faqs=()), site=SITE)
    assert content(folder) == tree_of((cafes, potters), replace(OFFERING, faqs=()))
    assert (diff.added, diff.removed, diff.kept) == (("cafes",), ("schools",), ())
    assert set(diff.changed["potters"]) == {"name", "pains", "budget"}
    assert diff.changed["potters"]["name"] == ("Potters", "Studio potters")
    assert list(diff.site) == ["faqs"]
    said = list(diff.lines())
    assert "+ cafes: a new persona" in said
    assert "- potters.pains: nights beside the kiln" in said


def test_a_changed_page_touches_only_what_came_from_it(folder: Path) -> None:
    before = (folder / FILE).read_text(encoding="utf-8").splitlines()
    update(folder, (POTTERS, replace(SCHOOLS, pains=("no technician", "no time"))), OFFERING, site=SITE)
    after = (folder / FILE).read_text(encoding="utf-8").splitlines()
    assert [line for line in before if line not in after] == []
    assert [line for line in after if line not in before] == ["      - no time"]


def test_edits_survive_a_changed_site(folder: Path) -> None:
    edit(
        folder,
        ("    name: Potters\n", "    name: Makers  # our word\n"),
        ("      - we fire stoneware\n", "      # the next one is from a call\n      - cone 6  # told twice\n"),
        ("      - no technician\n", "      - no technician\n      - keys get lost\n"),
    )
    potters = replace(POTTERS, name="Ceramicists", cues=(*POTTERS.cues, "raku"), pains=("glaze faults",))
    schools = replace(SCHOOLS, pains=("no insurance",), buying_patterns=("buy in summer",))
    diff = update(folder, (potters, schools), OFFERING, site=SITE)
    makers, school = content(folder)["personas"]
    assert makers["name"] == "Makers"
    assert makers["cues"] == ["my kiln", "cone 6", "yes", "12:30", "# of firings", "raku"]
    assert makers["pains"] == ["glaze faults"]
    assert school["pains"] == ["keys get lost", "no insurance"] or school["pains"] == ["no insurance", "keys get lost"]
    assert school["buying_patterns"] == ["buy in summer"]
    text = (folder / FILE).read_text(encoding="utf-8")
    assert "name: Makers  # our word\n" in text
    assert "      # the next one is from a call\n      - cone 6  # told twice\n" in text
    (kept,) = diff.kept
    assert (kept.where, kept.yours, kept.site) == ("personas[potters].name", "Makers", "Ceramicists")
    assert "= personas[potters].name: yours stays (Makers); the site says: Ceramicists" in list(diff.lines())


def test_what_was_removed_stays_removed(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    begin = text.index("\n  - id: schools")
    (folder / FILE).write_text(text[:begin] + text[text.index("\n# What the site says") :], encoding="utf-8")
    edit(folder, ("    kind: role\n", ""), ("      - my kiln\n", ""))
    diff = update(folder, (replace(POTTERS, budget="€10"), SCHOOLS), OFFERING, site=SITE)
    (potters,) = content(folder)["personas"]
    assert "kind" not in potters
    assert "my kiln" not in potters["cues"]
    assert potters["budget"] == "€10"
    assert (diff.added, diff.removed) == ((), ())


def test_a_persona_of_ones_own_stays(folder: Path) -> None:
    edit(folder, ("\n# What the site says", "\n  - id: museums\n    name: Museums\n\n# What the site says"))
    update(folder, (SCHOOLS, POTTERS), OFFERING, site=SITE)
    assert [one["id"] for one in content(folder)["personas"]] == ["schools", "museums", "potters"]


def test_the_admins_order_stays(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    start, middle, end = (
        text.index("  - id: potters"),
        text.index("  - id: schools"),
        text.index("\n# What the site says"),
    )
    (folder / FILE).write_text(
        text[:start] + text[middle:end] + "\n" + text[start:middle].rstrip() + "\n" + text[end:], encoding="utf-8"
    )
    assert [one["id"] for one in content(folder)["personas"]] == ["schools", "potters"]
    cafes = persona("Cafes")
    update(folder, (POTTERS, cafes, SCHOOLS), OFFERING, site=SITE)
    assert [one["id"] for one in content(folder)["personas"]] == ["schools", "potters", "cafes"]


@pytest.mark.parametrize(
    "change",
    [
        ("      - no technician", "      - no budget"),
        ("  - id: schools", "  # ask Ines\n  - id: schools"),
        ("      - no technician", "      - no technician  # true"),
    ],
)
def test_a_vanished_persona_that_was_edited_stays_and_is_told(folder: Path, change: tuple[str, str]) -> None:
    edit(folder, change)
    diff = update(folder, (POTTERS,), OFFERING, site=SITE)
    assert [one["id"] for one in content(folder)["personas"]] == ["potters", "schools"]
    assert [(one.where, one.site) for one in diff.kept] == [("personas[schools]", None)]
    assert diff.empty


def test_a_vanished_persona_goes(folder: Path) -> None:
    diff = update(folder, (POTTERS,), OFFERING, site=SITE)
    assert [one["id"] for one in content(folder)["personas"]] == ["potters"]
    assert diff.removed == ("schools",)


def test_all_may_vanish_and_come_back(folder: Path) -> None:
    update(folder, (), Offering(), site=SITE)
    assert content(folder) == {"personas": []}
    update(folder, (POTTERS,), OFFERING, site=SITE)
    assert content(folder) == tree_of((POTTERS,), OFFERING)


def test_a_dry_run_tells_the_same_and_writes_nothing(folder: Path) -> None:
    before = (folder / FILE).read_bytes()
    told = update(folder, (SCHOOLS,), OFFERING, site=SITE, dry_run=True)
    assert (folder / FILE).read_bytes() == before
    assert update(folder, (SCHOOLS,), OFFERING, site=SITE) == told


def test_a_file_written_by_hand_is_only_added_to(tmp_path: Path) -> None:
    text = "# ours\npersonas:\n- id: potters   # first\n  name: Clay people\n  pains: [dust]\n"
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    update(tmp_path, (POTTERS, SCHOOLS), OFFERING, site=SITE)
    potters, schools = content(tmp_path)["personas"]
    assert (potters["name"], schools["name"]) == ("Clay people", "Schools")
    assert potters["pains"][-1] == "dust" or potters["pains"][0] == "dust"
    assert potters["kind"] == "role"
    assert (tmp_path / FILE).read_text(encoding="utf-8").startswith("# ours\npersonas:\n- id: potters   # first\n")


def test_line_ends_and_byte_order_mark_stay(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    (folder / FILE).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    update(folder, (replace(POTTERS, budget="€10"),), OFFERING, site=SITE)
    data = (folder / FILE).read_bytes()
    assert data.startswith(b"\xef\xbb\xbf#")
    assert data.count(b"\n") == data.count(b"\r\n") > 20
    assert 'budget: "€10"'.encode() in data


def test_a_link_keeps_leading_to_its_file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    real = tmp_path_factory.mktemp("elsewhere") / "ours.yaml"
    (folder / FILE).rename(real)
    (folder / FILE).symlink_to(real)
    update(folder, (SCHOOLS,), OFFERING, site=SITE)
    assert (folder / FILE).is_symlink()
    assert "potters" not in real.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["personas: [", "- a\n- b\n", "personas: many\n", ""])
def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"personas\.yaml"):
        update(tmp_path, (POTTERS,), OFFERING, site=SITE)
    assert (tmp_path / FILE).read_text(encoding="utf-8") == text
    assert not (tmp_path / BASE).exists()


WORDS = (
    st.text(alphabet=string.ascii_letters + " :#-'\"[]{},&*!|>%@`é…\u2028\u0085\t", min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
LONG = st.lists(
    st.sampled_from(["kiln", "glaze:", "fire", "# no", "- dash", "“clay”", "cone"]), min_size=25, max_size=40
).map(" ".join)
TEXTS = st.one_of(
    WORDS,
    LONG,
    st.sampled_from(["yes", "null", "1.5", "12:30", "2024-01-01", "~", "- a", "? b", "a: b", "'q'", "<<", "=", "0x1f"]),
)
LISTS = st.lists(TEXTS, max_size=5, unique=True).map(tuple)
SOURCES = st.lists(
    st.builds(SiteSource, url=st.sampled_from(["/a/", "/b/"]), quote=TEXTS, hash=st.sampled_from(["", "h1", "1234"])),
    max_size=3,
    unique_by=lambda one: (one.url, one.quote),
).map(tuple)
PERSONAS = st.lists(
    st.builds(
        Persona,
        id=st.sampled_from([PersonaId(name) for name in ("a", "b", "c", "d")]),
        name=TEXTS,
        description=st.one_of(st.just(""), TEXTS),
        pains=LISTS,
        cues=LISTS,
        budget=st.one_of(st.just(""), TEXTS),
        pages=LISTS,
        sources=SOURCES,
        questions=st.lists(
            st.builds(PersonaQuestion, field=st.sampled_from(["budget", "need"]), text=TEXTS, options=LISTS),
            max_size=2,
            unique_by=lambda one: one.field,
        ).map(tuple),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
).map(tuple)
OFFERINGS = st.builds(
    Offering,
    products=st.lists(
        st.builds(Named, name=TEXTS, source=st.builds(source, TEXTS)), max_size=2, unique_by=lambda one: one.name
    ).map(tuple),
    plans=st.lists(
        st.builds(Plan, name=TEXTS, public=st.booleans(), features=LISTS, sources=SOURCES),
        max_size=2,
        unique_by=lambda one: one.name,
    ).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(first=PERSONAS, second=PERSONAS, before=OFFERINGS, after=OFFERINGS)
def test_without_edits_every_update_is_a_fresh_rendering(
    tmp_path_factory: pytest.TempPathFactory,
    first: tuple[Persona, ...],
    second: tuple[Persona, ...],
    before: Offering,
    after: Offering,
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    update(folder, first, before, site=SITE)
    assert content(folder) == tree_of(first, before)
    update(folder, second, after, site=SITE)
    assert content(folder) == tree_of(second, after)
    assert update(folder, second, after, site=SITE).empty


def _edited(text: str, marks: Mapping[str, str], own: Sequence[str]) -> str:
    """Every name gets a comment, and the first persona a name and a persona beside it."""
    lines = []
    for line in text.splitlines():
        lines.append(line)
        if line.startswith("  - id: "):
            lines += [f"    budget: {marks['budget']}  # mine"] if f"{line[8:]}" in own else []
    return "\n".join(lines) + "\n"


@settings(max_examples=20, deadline=None)
@given(first=PERSONAS, second=PERSONAS, budget=st.sampled_from(["lots", "none yet"]))
def test_an_edit_survives_whatever_the_site_does(
    tmp_path_factory: pytest.TempPathFactory, first: tuple[Persona, ...], second: tuple[Persona, ...], budget: str
) -> None:
    folder = tmp_path_factory.mktemp("desk")
    update(folder, tuple(replace(one, budget="") for one in first), Offering(), site=SITE)
    edited = _edited((folder / FILE).read_text(encoding="utf-8"), {"budget": budget}, [one.id for one in first])
    (folder / FILE).write_text(edited, encoding="utf-8")
    update(folder, second, Offering(), site=SITE)
    found = {one["id"]: one for one in content(folder)["personas"]}
    assert {one.id for one in first} <= set(found)
    assert all(found[one.id]["budget"] == budget for one in first)
    assert (folder / FILE).read_text(encoding="utf-8").count("# mine") == len(first)
    again = (folder / FILE).read_bytes()
    assert update(folder, second, Offering(), site=SITE).empty
    assert (folder / FILE).read_bytes() == again
