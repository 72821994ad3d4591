"""Kinds of visitor that keep coming: found, named from their own words, and never made up."""

from __future__ import annotations

from array import array
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ids import PersonaId
from core.persona import Persona
from core.unmatched import UnmatchedChat
from personas.grouping import by_meaning, by_words, groups, weighed
from personas.proposals import Background, propose, rules, words_of_personas

RIDING = (
    "We run a riding school with 40 ponies.\nparents ask every day if the lesson is on when it rains",
    "riding school near Leeds, can parents move a lesson themselves? ponies need rest days too",
    "I teach kids to ride, 12 ponies. Half my evening goes into lesson changes",
    "my sister has a riding stable, she wants something that answers parents about lessons\nin French too",
    "Pony club with 200 children. Who answers when a lesson falls out?",
)
BEES = (
    "We keep bees, 300 hives, and sell honey to shops. They ask when the next harvest is",
    "honey from our own hives, 5 beekeepers. what would you charge",
    "beekeeper association: people ask about swarms in their garden and who collects them",
    "I sell queens and hives to other beekeepers, the phone never stops in spring",
)
ALONE = (
    "A museum of clocks, tourists want the opening hours",
    "We do satellite pictures for insurers. API?",
    "hearing aids, mostly older customers who phone",
    "A fire brigade asks for quotes on hoses from us",
    "escape rooms in four towns, bookings by mail",
    "my band sells records from the van",
    "We print labels for wine bottles",
    "How much is it for five seats?\nand for ten?",
    "Garage doors. Dealers ask for springs and remotes",
    "a tattoo studio with aftercare questions",
)


def chats(*texts: str, of: str = "v") -> list[UnmatchedChat]:
    return [
        UnmatchedChat(
            visitor=f"{of}{n}", text=text, language="en", turn=2, at=float(n), nearest=PersonaId("shop"), share=0.2
        )
        for n, text in enumerate(texts)
    ]


ALL = [*chats(*RIDING, of="r"), *chats(*BEES, of="b"), *chats(*ALONE, of="a")]


def test_groups_of_like_visitors_are_proposed_and_nobody_else() -> None:
    riding, bees = propose(ALL)
    assert (riding.count, riding.visitors) == (5, 5)
    assert {"lesson", "lessons", "riding", "ponies", "parents"} & set(riding.name.casefold().replace(",", "").split())
    assert (bees.count, bees.visitors) == (4, 4)
    assert set(bees.cues) & {"hives", "honey", "beekeepers", "beekeeper", "bees"}
    assert len(set(riding.examples)) == rules().most_examples
    assert riding.nearest_persona == "shop"
    assert "5 chats of 5 visitors speak of" in riding.why
    assert "shop, with 20% on average" in riding.why


def test_every_cue_is_said_by_several_visitors() -> None:
    for proposal in propose(ALL):
        for cue in proposal.cues:
            assert sum(cue in " ".join(chat.text.casefold().split()) for chat in ALL) >= rules().said_by, cue


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_chats_does_not_matter(seed: int) -> None:
    shuffled = list(ALL)
    Random(seed).shuffle(shuffled)
    assert propose(shuffled) == propose(ALL)


@pytest.mark.parametrize("left", [0, 1, 3])
def test_few_chats_make_no_proposal(left: int) -> None:
    assert propose(chats(*RIDING[:left])) == ()


def test_one_visitor_who_keeps_coming_makes_no_proposal() -> None:
    same = [replace(chat, visitor=f"r{n % 2}") for n, chat in enumerate(chats(*RIDING))]
    assert propose(same) == ()


def test_chats_that_share_only_what_everybody_says_are_no_group() -> None:
    said = (
        "What does it cost for 5 people?",
        "what would it cost for my team",
        "Cost per month?",
        "how much per month please",
    )
    assert propose(chats(*said)) == ()


def test_what_the_site_speaks_of_anyway_tells_nothing() -> None:
    asked = [
        f"Can your inbox router sort tickets {extra}"
        for extra in ("at night", "by colour", "in Greek", "for us", "too")
    ]
    about = Background(texts=["The inbox router sorts tickets by router rules in every inbox."] * 80)
    assert propose(chats(*asked)) != ()
    assert propose(chats(*asked), background=about) == ()


def test_what_was_dismissed_is_not_proposed_again_when_it_grows() -> None:
    riding, bees = propose(ALL)
    grown = [*ALL, *chats("Riding school, parents book a lesson with ponies online?", of="new")]
    assert [one.words for one in propose(grown, dismissed=[riding.words])] == [bees.words]


def test_a_proposal_that_became_a_persona_is_settled() -> None:
    riding, bees = propose(ALL)
    persona = Persona(id=PersonaId("riding"), name=riding.name, cues=riding.cues)
    assert propose(ALL, dismissed=words_of_personas([persona], "en")) == (bees,)


def test_hidden_words_never_become_cues() -> None:
    told = [chat.text.replace("school", "[…]") for chat in chats(*RIDING)]
    for proposal in propose(chats(*told)):
        assert not any("…" in cue or "|" in cue for cue in (*proposal.cues, proposal.name))


def test_names_of_another_script_get_an_id_all_the_same() -> None:
    said = ["конный клуб пони", "пони и конный клуб", "наш конный клуб пони", "конный клуб, пони дети"]
    (one,) = propose([replace(chat, language="ru") for chat in chats(*said)])
    assert one.id.startswith("visitors_")


def unit(*numbers: float) -> array[float]:
    length = sum(number * number for number in numbers) ** 0.5
    return array("f", (number / length for number in numbers))


def test_meaning_joins_what_words_do_not() -> None:
    said = ["foals and mares", "stallions, mares", "geldings to train", "yearlings to train"]
    alike = [unit(1, 0.1), unit(1, 0.2), unit(1, 0), unit(1, 0.15)]
    assert propose(chats(*said)) == ()
    (one,) = propose(chats(*said), vectors=alike)
    assert one.count == 4
    assert propose(chats(*said), vectors=[unit(1, 0), unit(0, 1), unit(-1, 0), unit(0, -1)]) == ()


def test_one_vector_a_chat_is_needed() -> None:
    with pytest.raises(ValueError, match="1 vectors for 5 chats"):
        propose(chats(*RIDING), vectors=[unit(1)])


def test_nothing_kept_nothing_proposed() -> None:
    assert propose([]) == ()


def brute_groups(alike: list[list[float]], threshold: float) -> list[list[int]]:
    """Average linkage as it is defined, without any bookkeeping."""
    found = [[n] for n in range(len(alike))]
    while len(found) > 1:
        score, one, other = max(
            (sum(alike[a][b] for a in first for b in second) / (len(first) * len(second)), -min(first), -min(second))
            for first in found
            for second in found
            if min(first) < min(second)
        )
        if score < threshold:
            break
        first, second = (next(group for group in found if min(group) == -number) for number in (one, other))
        found = [group for group in found if group not in (first, second)] + [first + second]
    return sorted(sorted(group) for group in found)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(0, 12), threshold=st.floats(0.1, 0.9))
def test_groups_are_those_of_average_linkage(seed: int, size: int, threshold: float) -> None:
    random = Random(seed)
    alike = [[0.0] * size for _ in range(size)]
    for one in range(size):
        for other in range(one):
            alike[one][other] = alike[other][one] = random.random()
    assert groups(alike, threshold=threshold) == brute_groups(alike, threshold)


def test_similarities_are_cosines() -> None:
    rare = {"a": 1.0, "b": 2.0, "c": 2.0}
    vectors = [weighed(words, rare) for words in ({"a", "b"}, {"b", "c"}, set[str]())]
    alike = by_words(vectors)
    assert alike[0][1] == alike[1][0] == pytest.approx(4 / (5**0.5 * 8**0.5))
    assert alike[2] == [0.0, 0.0, 0.0]
    assert by_meaning([unit(1, 0), unit(1, 1)])[1][0] == pytest.approx(0.5**0.5)
