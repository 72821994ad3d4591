"""What a turn looks like on the demo page."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from core.fact import Field, Operation
from frontdesk.demo.view import earlier_entries, timeline_entry, visitor_view
from tests.frontdesk.demo_turns import (
    DAWN,
    PHRASES,
    fact,
    first_turn,
    outcome,
    persona,
    sales_turn,
    state,
)


@pytest.fixture
def view() -> dict[str, Any]:
    before, turn = sales_turn()
    return visitor_view(turn, [timeline_entry(before, turn, PHRASES)], phrases=PHRASES, persona=persona)


def test_persona_candidates_and_none_add_up_and_an_unconfigured_one_keeps_its_id(view: dict[str, Any]) -> None:
    assert view["persona"] == {"id": "growers", "name": "Commercial growers", "probability": 0.71}
    assert [one["name"] for one in view["candidates"]] == ["Commercial growers", "florist chains"]
    assert sum(one["probability"] for one in view["candidates"]) + view["none"] == pytest.approx(1)
    assert view["signals"] == ["trays", "pot sizes"]


def test_a_fact_shows_its_value_in_words_and_its_quote_letter_for_letter(view: dict[str, Any]) -> None:
    volume, pain, address = view["facts"]
    assert (volume["value"], volume["quote"]) == ("900 trays a month", "900 trays every month")
    assert (pain["value"], pain["source"], pain["standing"]) == ("soil acidity", "inferred", "claimed")
    assert address["note"] == "role account"
    assert view["news"] == ["f2", "f3"]


def test_facts_that_no_longer_hold_are_not_shown() -> None:
    held = fact(1, Field.TECH_STACK, "DripOS", "we run DripOS")
    gone = fact(2, Field.TECH_STACK, "MistNet", "and MistNet")
    dropped = fact(3, Field.TECH_STACK, "MistNet", "no MistNet any more")
    turn = outcome(state(facts=(held, gone, replace(dropped, operation=Operation.REMOVE))))
    shown = visitor_view(turn, [], phrases=PHRASES, persona=persona)["facts"]
    assert [one["value"] for one in shown] == ["DripOS"]


def test_six_sections_in_camel_case_once_there_is_a_profile(view: dict[str, Any]) -> None:
    profile = view["profile"]
    assert list(profile) == [
        "companyProfile",
        "behaviorProfile",
        "requirementsProfile",
        "engagementProfile",
        "intelligenceProfile",
        "profileMeta",
    ]
    assert profile["companyProfile"]["techStack"] == ["DripOS"]
    assert profile["requirementsProfile"]["volume"] == {
        "low": 900,
        "high": 900,
        "unit": "trays",
        "period": "month",
        "currency": "",
        "words": "900 trays a month",
    }
    assert profile["profileMeta"]["nextScheduledUpdate"] is None
    assert view["labels"] == {
        "soil_ph": "soil acidity",
        "small_business": "small business",
        "growers": "Commercial growers",
    }


def test_no_sections_before_there_is_a_profile() -> None:
    _, turn = first_turn()
    view = visitor_view(turn, [], phrases=PHRASES, persona=persona)
    assert (view["profile"], view["labels"], view["persona"], view["lead"]) == (None, {}, None, None)


def test_the_receipt_sums_to_the_score(view: dict[str, Any]) -> None:
    readiness = view["readiness"]
    assert readiness["score"] == sum(line["points"] for line in readiness["receipt"]) == 64
    assert readiness["level"] == "high"


def test_the_timeline_tells_triggers_news_and_a_change_of_mode(view: dict[str, Any]) -> None:
    (entry,) = view["timeline"]
    assert entry == {
        "at": DAWN + 30,
        "triggers": ["email captured", "volume"],
        "learned": ["soil acidity", "odile@fernhaven.farm"],
        "mode": "sales",
        "readiness": 64.0,
    }


def test_updates_from_before_this_process_open_the_timeline() -> None:
    before, _ = sales_turn()
    (entry,) = earlier_entries(before, PHRASES)
    assert (entry["at"], entry["triggers"], entry["readiness"]) == (DAWN - 500, ["return visitor"], None)


def test_the_lead_shows_status_owner_and_reasons(view: dict[str, Any]) -> None:
    assert view["lead"] == {
        "status": "new",
        "owner": "Bram",
        "priority": "medium",
        "revision": 2,
        "reasons": ["email captured"],
    }


def test_the_view_is_plain_json(view: dict[str, Any]) -> None:
    assert json.loads(json.dumps(view, allow_nan=False)) == view
