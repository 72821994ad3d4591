"""Forms: their fields by name, filled with what is known, within the limits of a view."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ids import LeadId
from core.lead import Lead, LeadStatus
from core.rep import REASON_LIMIT, RepAct
from handoff.modals import DISQUALIFY_REASONS, LOST_REASONS, NOTE, Origin, form, needs_form
from handoff.view import TeamView
from handoff.words import team_languages, team_words
from tests.handoff.anything import ANY_TEXT, VIEWS, leads
from tests.handoff.block_kit import assert_view, texts

MakeLead = Callable[..., Lead]
ACTS = [act for act in RepAct if needs_form(act)]
CARD = Origin(channel="C0SALES", ts="1790000000.000100")


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (RepAct.REPLY, {"text": "plain_text_input"}),
        (RepAct.SNOOZE, {"until": "static_select", "at": "datetimepicker"}),
        (RepAct.ASSIGN, {"to": "users_select"}),
        (RepAct.DISQUALIFY, {"reason": "static_select", "note": "plain_text_input"}),
        (RepAct.LOST, {"reason": "static_select", "note": "plain_text_input"}),
        (RepAct.WON, {"value": "number_input"}),
        (RepAct.NOTE, {"note": "plain_text_input"}),
    ],
)
def test_that_a_form_asks_for_the_fields_of_its_act(make_lead: MakeLead, act: RepAct, fields: dict[str, str]) -> None:
    view = form(act, make_lead(), CARD)
    assert view["callback_id"] == f"lead:{act}"
    assert json.loads(view["private_metadata"]) == {
        "lead": "lead.web-7f3a",
        "channel": "C0SALES",
        "ts": "1790000000.000100",
    }
    assert {name: element["type"] for name, element in inputs(view).items()} == fields
    assert all(element["action_id"] == name for name, element in inputs(view).items())


def test_that_claiming_and_bridging_ask_nothing() -> None:
    assert not any(needs_form(act) for act in (RepAct.CLAIM, RepAct.BRIDGE_ON, RepAct.RETURN, RepAct.MUTE, RepAct.UNDO))


def test_that_only_the_first_reply_begins_with_the_opener(make_lead: MakeLead) -> None:
    opener = "Hi Nadia, shall we & <you> talk?"
    first = form(RepAct.REPLY, make_lead(opener=opener), CARD, last_line="can we start <next> week?")
    assert inputs(first)["text"]["initial_value"] == opener
    assert "The visitor's last line:\n&gt; can we start &lt;next&gt; week?" in texts(first)
    later = form(RepAct.REPLY, make_lead(opener=opener, status=LeadStatus.CONTACTED), CARD)
    assert "initial_value" not in inputs(later)["text"]
    assert not any("last line" in text for text in texts(later))


def test_that_a_snooze_is_over_in_an_hour_tomorrow_or_when_the_rep_says(make_lead: MakeLead) -> None:
    until = inputs(form(RepAct.SNOOZE, make_lead(), CARD))["until"]
    assert [one["value"] for one in until["options"]] == ["1h", "tomorrow", "custom"]
    assert until["initial_option"] == until["options"][0]


def test_that_reasons_have_words_in_every_language_and_fit_with_a_note() -> None:
    keys = {*DISQUALIFY_REASONS, *LOST_REASONS}
    for language in team_languages():
        assert keys <= set(team_words(language).reasons_given)
    assert max(map(len, keys)) + len(": ") + NOTE <= REASON_LIMIT


@pytest.mark.parametrize("language", team_languages())
@pytest.mark.parametrize("act", ACTS)
def test_that_no_title_or_button_of_a_form_is_cut(make_lead: MakeLead, act: RepAct, language: str) -> None:
    view = form(act, make_lead(), CARD, TeamView(words=team_words(language)))
    assert not any("…" in view[part]["text"] for part in ("title", "submit", "close"))
    assert all("{" not in text for text in texts(view))
    assert_view(view)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=leads(), view=VIEWS, act=st.sampled_from(ACTS), last_line=ANY_TEXT)
def test_that_every_form_is_within_slacks_limits(
    make_lead: MakeLead, changes: dict[str, Any], view: TeamView, act: RepAct, last_line: str
) -> None:
    made = form(act, make_lead(**{**changes, "id": LeadId("lead.web-7f3a")}), CARD, view, last_line=last_line)
    assert_view(made)
    assert not set("<>\u202e\ud800") & set("".join(texts(made)))
