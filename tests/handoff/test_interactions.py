"""What Slack may send to the sales team's door, and what nobody should have sent: read or left aside, no error."""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rep import RepAct
from handoff.home import Shown
from handoff.interactions import AtHome, Click, Command, Rewritten, Submitted, Written, read
from platforms.slack.signature import signed_headers
from tests.handoff.team import ANN, SALES, SECRET, Team, selling

BOT = "U0FRONTDESK"
WHO = {"user": {"id": "U0ANN", "team_id": "T0HOME"}, "team": {"id": "T0HOME"}}
CLICK: dict[str, Any] = {
    "type": "block_actions",
    "trigger_id": "1.2.abc",
    "channel": {"id": "C0SALES"},
    "message": {"ts": "17.5"},
    "actions": [{"action_id": "lead:claim", "value": "lead.web-1", "block_id": "lead:lead.web-1", "action_ts": "18.1"}],
    **WHO,
}
FORM: dict[str, Any] = {
    "type": "view_submission",
    "view": {
        "id": "V1",
        "callback_id": "lead:reply",
        "private_metadata": '{"lead": "lead.web-1"}',
        "state": {"values": {"text": {"text": {"type": "plain_text_input", "value": " Hello \u202e"}}}},
    },
    **WHO,
}
WORDS: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T0HOME",
    "event": {
        "type": "message",
        "user": "U0ANN",
        "text": "Hi &amp; <https://a.example|you>",
        "channel": "C0SALES",
        "thread_ts": "17.5",
        "ts": "18.2",
    },
}
COMMAND = {
    "type": "slash_command",
    "command": "/lead",
    "text": "Nadia",
    "user_id": "U0ANN",
    "team_id": "T0HOME",
    "trigger_id": "1.2.abc",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def test_that_each_kind_is_read() -> None:
    click, form, words, command = (read(one, bot=BOT) for one in (CLICK, FORM, WORDS, COMMAND))
    assert isinstance(click, Click)
    assert (click.act, click.lead, click.id, click.ts) == (
        RepAct.CLAIM,
        "lead.web-1",
        "click:17.5:U0ANN:18.1:claim",
        "17.5",
    )
    assert isinstance(form, Submitted)
    assert (form.act, form.lead, form.id, form.fields) == (RepAct.REPLY, "lead.web-1", "form:V1", {"text": "Hello"})
    assert isinstance(words, Written)
    assert (words.thread, words.text) == ("17.5", "Hi & you")
    assert isinstance(command, Command)
    assert (command.name, command.words, command.who.team) == ("lead", "Nadia", "T0HOME")


WROTE = {"user": "U0ANN", "text": "Hi", "thread_ts": "17.5", "ts": "18.2"}
EDITED = {**WROTE, "text": "Hi &amp; hello", "edited": {"user": "U0ANN", "ts": "19.0"}}


def amended(subtype: str, **event: Any) -> Rewritten | None:
    base = {"type": "message", "subtype": subtype, "channel": "C0SALES", "previous_message": WROTE, **event}
    found = read({"type": "event_callback", "team_id": "T0HOME", "event": base}, bot=BOT)
    assert found is None or isinstance(found, Rewritten)
    return found


def test_that_edits_and_deletions_are_read() -> None:
    edit, deletion = amended("message_changed", message=EDITED), amended("message_deleted", deleted_ts="18.2")
    assert edit is not None
    assert (edit.who.user, edit.thread, edit.ts, edit.text) == ("U0ANN", "17.5", "18.2", "Hi & hello")
    assert edit.id == "rewritten:C0SALES:18.2:19.0"
    assert deletion is not None
    assert (deletion.text, deletion.id) == ("", "rewritten:C0SALES:18.2:deleted")
    tombstone = amended("message_changed", message={"subtype": "tombstone", "text": "This message was deleted."})
    assert tombstone is not None
    assert tombstone.text == ""


@pytest.mark.parametrize(
    "event",
    [
        {"message": {**WROTE, "attachments": [{"title": "a preview"}]}},
        {"message": EDITED, "previous_message": {**WROTE, "bot_id": "B1"}},
        {"message": EDITED, "previous_message": {**WROTE, "user": BOT}},
        {"message": EDITED, "previous_message": {**WROTE, "thread_ts": None}},
        {"message": EDITED, "previous_message": None},
        {"message": None},
    ],
)
def test_that_changes_nobody_made_and_those_of_bots_are_left_aside(event: dict[str, Any]) -> None:
    assert amended("message_changed", **event) is None


def test_that_menus_and_the_home_are_read() -> None:
    menu = {"action_id": "lead:more", "block_id": "lead:lead.web-1", "selected_option": {"value": "won"}}
    click = read({**CLICK, "actions": [menu]}, bot=BOT)
    assert isinstance(click, Click)
    assert (click.act, click.lead) == (RepAct.WON, "lead.web-1")
    chosen = {"action_id": "home:show", "selected_option": {"value": "unclaimed"}}
    home = read({**CLICK, "actions": [chosen]}, bot=BOT)
    assert isinstance(home, AtHome)
    assert home.shown is Shown.UNCLAIMED
    undo = {"action_id": "lead:undo", "value": json.dumps({"lead": "lead.web-1", "message": "thread:C:1.2"})}
    taken = read({**CLICK, "actions": [undo]}, bot=BOT)
    assert isinstance(taken, Click)
    assert (taken.act, taken.about) == (RepAct.UNDO, "thread:C:1.2")


@pytest.mark.parametrize(
    ("payload", "path", "value"),
    [
        (CLICK, ("actions", 0, "action_id"), "lead:fire"),
        (CLICK, ("actions", 0, "action_id"), "claim"),
        (CLICK, ("actions", 0, "action_id"), ["lead:claim"]),
        (CLICK, ("actions", 0, "value"), "x" * 2_001),
        (CLICK, ("actions", 0, "value"), "web-1"),
        (CLICK, ("actions", 0, "value"), None),
        (CLICK, ("actions",), []),
        (CLICK, ("actions",), "claim"),
        (CLICK, ("user",), None),
        (CLICK, ("user", "id"), "u0ann"),
        (CLICK, ("type",), "shortcut"),
        (CLICK, ("type",), None),
        (FORM, ("view", "callback_id"), "lead:fire"),
        (FORM, ("view", "private_metadata"), "{"),
        (FORM, ("view", "private_metadata"), '{"lead": 7}'),
        (FORM, ("view", "private_metadata"), "[" * 5_000),
        (FORM, ("view", "id"), ""),
        (FORM, ("view",), []),
        (WORDS, ("event", "bot_id"), "B1"),
        (WORDS, ("event", "user"), BOT),
        (WORDS, ("event", "subtype"), "message_changed"),
        (WORDS, ("event", "subtype"), {"a": 1}),
        (WORDS, ("event", "thread_ts"), None),
        (WORDS, ("event", "thread_ts"), "17"),
        (WORDS, ("event", "text"), "\u200b"),
        (WORDS, ("event", "text"), 7),
        (WORDS, ("event",), None),
        (WORDS, ("event", "type"), "reaction_added"),
        (COMMAND, ("command",), "lead"),
        (COMMAND, ("user_id",), "x"),
        (COMMAND, ("trigger_id",), ""),
    ],
)
def test_that_what_slack_does_not_send_is_left_aside(
    payload: dict[str, Any], path: tuple[Any, ...], value: Any
) -> None:
    changed = copy.deepcopy(payload)
    held: Any = changed
    for step in path[:-1]:
        held = held[step]
    held[path[-1]] = value
    assert read(changed, bot=BOT) is None


@given(part=st.sampled_from(["actions", "view", "event", "user", "team", "channel", "container", "message"]), junk=JSON)
def test_that_junk_in_any_part_is_no_error(part: str, junk: Any) -> None:
    kinds = (AtHome, Click, Command, Submitted, Written, type(None))
    assert all(isinstance(read({**payload, part: junk}, bot=BOT), kinds) for payload in (CLICK, FORM, WORDS, COMMAND))


@pytest.fixture
async def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Team]:
    async with selling(tmp_path, monkeypatch) as one:
        yield one


async def test_that_nothing_unsigned_is_looked_at(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    card = await team.new_lead("v1")
    payload = json.dumps({**CLICK, "actions": [{"action_id": "lead:claim", "value": "lead.v1", "action_ts": "1.1"}]})
    body = f"payload={payload}&secretmarker=1".encode()
    now = card["ts"].split(".")[0]
    good = dict(signed_headers(SECRET, body, now=float(now)))
    cases = [
        {},
        {**good, "X-Slack-Signature": "v0=" + "0" * 64},
        {**good, "X-Slack-Request-Timestamp": str(int(now) - 9_000)},
        {**good, "X-Slack-Signature": good["X-Slack-Signature"].upper()},
        dict(signed_headers("another-secret", body, now=float(now))),
        dict(signed_headers(SECRET, body + b" ", now=float(now))),
    ]
    async with aiohttp.ClientSession() as http:
        for headers in cases:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            async with http.post(team.people._address, data=body, headers={**kind, **headers}) as response:
                assert response.status == 401
                assert "secretmarker" not in await response.text()
    lead = await team.lead("v1")
    assert lead is not None
    assert lead.owner is None
    assert "secretmarker" not in caplog.text


@pytest.mark.parametrize(
    "payload",
    [
        CLICK,
        {**CLICK, "actions": [{"action_id": "lead:claim", "value": "lead.nobody-has-begun-this", "action_ts": "1.1"}]},
        {**CLICK, "actions": [{"action_id": "lead:reply", "value": "lead.gone", "action_ts": "1.1"}]},
        {**FORM, "view": {**FORM["view"], "private_metadata": '{"lead": "lead.gone"}'}},
        {"type": "view_submission", "view": "V1"},
        {"type": []},
        {},
    ],
)
async def test_that_signed_nonsense_is_taken_and_does_nothing(team: Team, payload: dict[str, Any]) -> None:
    own = {**payload, "user": {"id": ANN.id, "team_id": "T0FRONTDESK"}, "team": {"id": "T0FRONTDESK"}}
    assert await team.people.send(own) == {}
    assert team.slack.messages(SALES) == ()
