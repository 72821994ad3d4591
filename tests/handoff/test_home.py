"""Lists of leads: the App Home, answers to commands, and the digest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ids import LeadId
from core.lead import Lead, Readiness
from core.rep import Rep, RepId
from handoff.home import SHOW, Answer, Shown, chosen, digest, home, lead_answer, leads_answer, matching
from handoff.view import TeamView
from tests.handoff.anything import ANY_TEXT, VIEWS, leads
from tests.handoff.block_kit import assert_message, assert_view, texts

MakeLead = Callable[..., Lead]
NOW = 1_790_010_000.0
INES = Rep(id=RepId("U0INES"), name="Ines Vega")
NOOR = Rep(id=RepId("U0NOOR"), name="Noor Aziz")
READY = Readiness(level="high", score=80, probability=0.8, receipt=())
WARM = Readiness(level="medium", score=45, probability=0.3, receipt=())


@pytest.fixture
def desk(make_lead: MakeLead) -> list[Lead]:
    def lead(name: str, **changes: Any) -> Lead:
        return make_lead(id=LeadId(f"lead.{name.lower()}"), name=name, **{"readiness": WARM, **changes})

    return [
        lead("Ada", owner=INES, handled_by="human"),
        lead("Bo", company="Bolt Works"),
        lead("Cleo", readiness=READY, created_at=NOW - 60),
        lead("Dov", owner=INES, snoozed_until=NOW + 3_600),
        lead("Eli", owner=NOOR),
        lead("Fay", owner=INES, verdict="won"),
        lead("Gus", snoozed_until=NOW - 5, company="Bolt & Sons"),
    ]


def names(leads: tuple[Lead, ...]) -> list[str]:
    return [one.name for one in leads]


def shown(blocks: Any) -> list[str]:
    return list(texts(list(blocks)))


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (Shown.MINE, "Ada"),
        (Shown.UNCLAIMED, "Cleo Bo Gus"),
        (Shown.SNOOZED, "Dov"),
        (Shown.HOT, "Cleo"),
        (Shown.OPEN, "Cleo Ada Bo Dov Eli Gus"),
        (Shown.CLOSED, "Fay"),
    ],
)
def test_that_each_list_holds_its_leads_the_ready_ones_first(desk: list[Lead], shown: Shown, expected: str) -> None:
    assert names(chosen(desk, INES.id, shown, NOW)) == expected.split()


def test_that_the_home_counts_offers_the_lists_and_a_button_a_lead(desk: list[Lead]) -> None:
    view = home(desk, INES.id, Shown.UNCLAIMED, NOW, TeamView(dashboard="https://desk.example/dashboard"))
    assert "1 mine · 3 unclaimed · 1 snoozed" in shown(view["blocks"])
    menu = next(block for block in view["blocks"] if block["type"] == "actions")["elements"][0]
    assert menu["action_id"] == SHOW
    assert [one["value"] for one in menu["options"]] == [str(one) for one in Shown]
    assert menu["initial_option"]["value"] == "unclaimed"
    buttons = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    assert [(one["action_id"], one["value"]) for one in buttons][:2] == [
        ("lead:claim", "lead.cleo"),
        ("lead:claim", "lead.bo"),
    ]
    assert any(
        "<https://desk.example/dashboard/conversations/web-7f3a|Open profile>" in text for text in shown(view["blocks"])
    )


def test_that_an_empty_list_says_so(desk: list[Lead]) -> None:
    assert shown(home([], INES.id, Shown.MINE, NOW)["blocks"])[-1] == "Nothing here."


def test_that_more_leads_than_fit_are_counted(make_lead: MakeLead) -> None:
    many = [make_lead(id=LeadId(f"lead.{at}")) for at in range(700)]
    view = home(many, INES.id, Shown.OPEN, NOW)
    assert_view(view)
    assert shown(view["blocks"])[-1] == "+660 more"


def test_that_a_name_brings_the_card_and_an_ambiguous_one_a_list(desk: list[Lead]) -> None:
    one = lead_answer(desk, " ada ", NOW)
    assert one.text == "Ada · Northwind Robotics"
    assert one.blocks[-1]["block_id"] == "lead:lead.ada"
    several = lead_answer(desk, "bolt", NOW)
    assert several.text == "2 leads match “bolt”"
    assert sum("accessory" in block for block in several.blocks) == 2
    assert lead_answer(desk, "<nobody>", NOW).text == "No lead matches “&lt;nobody&gt;”."
    assert lead_answer(desk, " ", NOW).text.startswith("Say whom you look for")


def test_that_the_very_name_wins_over_names_that_hold_it(make_lead: MakeLead) -> None:
    both = [make_lead(id=LeadId("lead.1"), name="Kim"), make_lead(id=LeadId("lead.2"), name="Kimberly")]
    assert names(matching(both, "kim")) == ["Kim"]
    assert names(matching(both, "kimb")) == ["Kimberly"]


def test_that_leads_lists_mine_and_unclaimed(desk: list[Lead]) -> None:
    answer = leads_answer(desk, NOOR.id, NOW)
    assert answer.text == "1 mine · 3 unclaimed · 1 snoozed"
    assert [text for text in shown(answer.blocks) if text in {"*Mine*", "*Unclaimed*"}] == ["*Mine*", "*Unclaimed*"]


def test_that_a_digest_with_nothing_to_say_is_none(desk: list[Lead]) -> None:
    closed = [one for one in desk if one.verdict]
    assert digest(closed, INES.id, NOW, since=0.0, until=NOW + 86_400) is None
    told = digest(desk, INES.id, NOW, since=NOW - 100, until=NOW + 86_400)
    assert isinstance(told, Answer)
    assert told.text == "Your leads today: 1 new since yesterday"
    assert "*Snoozes that end today*" in shown(told.blocks)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=st.lists(leads(), max_size=4), view=VIEWS, query=ANY_TEXT, kind=st.sampled_from(Shown), often=st.just(25))
def test_that_every_list_is_within_slacks_limits(
    make_lead: MakeLead, drawn: list[dict[str, Any]], view: TeamView, query: str, kind: Shown, often: int
) -> None:
    desk = [make_lead(**changes) for changes in drawn] * often
    assert_view(home(desk, INES.id, kind, NOW, view))
    answers = (
        leads_answer(desk, INES.id, NOW, view),
        lead_answer(desk, query, NOW, view),
        digest(desk, INES.id, NOW, view, since=0.0, until=NOW + 86_400),
    )
    for answer in answers:
        if answer is not None:
            assert_message(answer.blocks, answer.text)
