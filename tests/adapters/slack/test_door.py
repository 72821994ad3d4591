"""Who may knock: only what Slack signed is looked at; what it signed is recorded once or left aside."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.message import MessageKind
from core.store_ports import Store
from frontdesk.demo.slack import BOT_USER, TEAM
from platforms.slack.signature import TOLERANCE, signed_headers
from tests.adapters.slack.workspace import DIRECT, ROOM, SECRET, THEIR_TEAM, VISITOR, Around, around, event, press

BODY = json.dumps(event("hello from a stranger")).encode()
STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def desk(embedded_store: Store) -> AsyncIterator[Around]:
    async with around(embedded_store.notes) as found:
        yield found


def forgeries(now: float) -> list[tuple[bytes, list[tuple[str, str]]]]:
    """Bodies and headers that Slack never sent."""
    good = dict(signed_headers(SECRET, BODY, now=now))
    stamps = [
        "", "abc", "1.0", "5" * 5_000, "1 7", "1_7", "١٧٠٠٠٠٠٠٠٠", "-1700000000", "+1700000000", "0x65", "1e9", "nan",
        str(int(now - TOLERANCE - 2)), str(int(now + TOLERANCE + 2)), "0", "9" * 12, "\u00b2",
    ]  # fmt: skip
    signature = good[SIGNATURE]
    signatures = [
        "", "v1=" + signature[3:], signature.upper(), signature[:-1], signature + "0", "v0=", "v0=" + "é" * 64,
        signature[3:], "v0 =" + signature[3:], "v0=" + "0" * 64, signature.replace("v0", "V0"), "Bearer " + signature,
        "v0=" + "\u0661" * 64, signature + "," + signature,
    ]  # fmt: skip
    cases = [(BODY, [(STAMP, stamp), (SIGNATURE, signature)]) for stamp in stamps]
    for stamp in stamps:  # signed with our secret, and all the same unusable
        if stamp.isascii():
            other = signed_with_stamp(stamp)
            cases.append((BODY, [(STAMP, stamp), (SIGNATURE, other)]))
    cases += [(BODY, [(STAMP, good[STAMP]), (SIGNATURE, one)]) for one in signatures]
    cases += [
        (BODY, []),
        (BODY, [(STAMP, good[STAMP])]),
        (BODY, [(SIGNATURE, signature)]),
        (BODY, [(STAMP, good[STAMP]), (STAMP, good[STAMP]), (SIGNATURE, signature)]),
        (BODY, [(STAMP, good[STAMP]), (SIGNATURE, signature), (SIGNATURE, signature)]),
        (BODY + b" ", list(good.items())),
        (BODY[:-1], list(good.items())),
        (BODY.replace(b"stranger", b"strangeR"), list(good.items())),
        (json.dumps(json.loads(BODY), indent=1).encode(), list(good.items())),
        (b"", list(good.items())),
        (BODY, list(signed_headers("another-secret", BODY, now=now).items())),
        (BODY, list(signed_headers("", BODY, now=now).items())),
        (BODY, list(signed_headers(SECRET, b"", now=now).items())),
        (b"payload=" + BODY, list(good.items())),
        (json.dumps({"type": "url_verification", "challenge": "x"}).encode(), []),
        (b"{" * 100_000, []),
        (b"\xff\xfe\x00", []),
        (BODY, [*good.items(), ("X-Slack-Bolt-Lazy-Only", "1")][1:]),
    ]
    return cases


def signed_with_stamp(stamp: str) -> str:
    from platforms.slack.signature import signature_of

    return signature_of(SECRET, stamp, BODY)


async def test_that_no_forgery_is_accepted_parsed_or_logged(desk: Around, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cases = forgeries(desk.clock.now())
    assert len(cases) >= 60
    for body, headers in cases:
        sent = [(name, value.encode().decode("latin-1")) for name, value in headers]
        status, answer = await desk.caller.raw(body, [*JSON.items(), *sent])
        assert 400 <= status < 500, (headers, status)
        assert "stranger" not in answer
    assert desk.reception.messages == []
    assert "stranger" not in caplog.text
    assert SECRET not in caplog.text


async def test_that_what_slack_signed_is_recorded_once(desk: Around) -> None:
    payload = event("Hi &amp; hello, see <https://a.example/x|our page> or <mailto:jo@a.example|jo@a.example>")
    assert [await desk.caller.send(payload) for _ in range(3)] == [200] * 3
    (message,) = desk.reception.messages
    assert message.text == "Hi & hello, see our page or jo@a.example"
    assert message.conversation == f"slack:shared:{DIRECT}"
    assert message.visitor == f"slack:shared:{THEIR_TEAM}:{VISITOR}"
    assert message.kind is MessageKind.TEXT


async def test_that_a_store_that_is_away_asks_slack_to_come_again(desk: Around) -> None:
    desk.reception.away = True
    assert await desk.caller.send(event("hello")) == 503
    desk.reception.away = False
    assert await desk.caller.send(event("hello")) == 200


@pytest.mark.parametrize(
    "change",
    [
        {"bot_id": "B0OTHER"},
        {"user": BOT_USER},
        {"user": "USLACKBOT"},
        {"user": None},
        {"user": 7},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"text": None},
        {"text": ""},
        {"text": "\u200b \n"},
        {"text": {"a": 1}},
        {"channel": "not an id"},
        {"channel": None},
        {"ts": "yesterday"},
        {"ts": 17.5},
        {"type": "reaction_added"},
        {"type": ["message"]},
        {"subtype": ["x"]},
    ],
)
async def test_that_what_nobody_said_is_left_aside(desk: Around, change: dict[str, Any]) -> None:
    payload = event("hello")
    payload["event"].update(change)
    assert await desk.caller.send(payload) == 200
    assert desk.reception.messages == []


def changed(subtype: str, before: str, after: str, *, ts: str, **more: Any) -> dict[str, Any]:
    """Slack's word that a message is another one now, or none."""
    payload = event("", ts=ts)
    said = {"type": "message", "user": VISITOR, "team": THEIR_TEAM, "ts": "1700000500.000001", **more}
    inner = {"subtype": subtype, "previous_message": {**said, "text": before}, "text": None, "user": None}
    payload["event"].update(inner)
    if subtype == "message_changed":
        payload["event"]["message"] = {**said, "text": after}
    return payload


async def test_that_an_edit_and_a_deletion_name_the_message_as_it_was_first_sent(desk: Around) -> None:
    await desk.caller.send(event("We are 20 people", ts="1700000500.000001"))
    edit = changed("message_changed", "We are 20 people", "We are 30 people", ts="1700000600.000001")
    preview = changed("message_changed", "We are 30 people", "We are 30 people", ts="1700000601.000001")
    ours = changed("message_changed", "Two plans", "Three plans", ts="1700000602.000001", bot_id="B0FRONTDESK")
    taken_back = changed("message_deleted", "We are 30 people", "", ts="1700000700.000001")
    for payload in (edit, edit, preview, ours, taken_back, taken_back):
        assert await desk.caller.send(payload) == 200
    first, *changes = desk.reception.messages
    assert [(one.kind, one.text) for one in changes] == [
        (MessageKind.EDITED, "We are 30 people"),
        (MessageKind.DELETED, ""),
    ]
    assert {one.about for one in changes} == {first.id}


async def test_that_signed_junk_is_left_aside(desk: Around, caplog: pytest.LogCaptureFixture) -> None:
    now = desk.clock.now()
    for junk in (b"", b"{", b"[]", b"null", b"1", b'{"a":' * 5_000, b"\xff", b'{"a":1,"a":2}', b"1e999", b"[" * 9_000):
        status, _ = await desk.caller.raw(junk, {**signed_headers(SECRET, junk, now=now), **JSON})
        assert status == 200
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for junk in (b"payload=", b"payload=%ff", b"payload=[]", b"payload={", b"a=1&" * 50, b"command=/x&text=y"):
        status, _ = await desk.caller.raw(junk, {**signed_headers(SECRET, junk, now=now), **form})
        assert status == 200
    odds: tuple[dict[str, Any], ...] = (
        {"event": []},
        {"event": None},
        {"event": 7},
        {"type": 7},
        {"actions": "x"},
        {"type": "block_actions"},
    )
    for odd in odds:
        assert await desk.caller.send(odd) == 200
        assert await desk.caller.send(odd, form=True) == 200
    huge = b" " * 600_000
    assert (await desk.caller.raw(huge, {**signed_headers(SECRET, huge, now=now), **JSON}))[0] == 413
    assert desk.reception.messages == []
    assert "left aside" in caplog.text


async def test_that_slack_can_check_the_address(desk: Around) -> None:
    async def challenged(challenge: object) -> tuple[int, str]:
        body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
        return await desk.caller.raw(body, {**signed_headers(SECRET, body, now=desk.clock.now()), **JSON})

    assert await challenged("abc123") == (200, "abc123")
    for wrong in ("x" * 201, "é", "a\nb", 7, None):
        status, answer = await challenged(wrong)
        assert status == 400
        assert "bad_challenge" in answer
    assert await desk.caller.raw(b"ssl_check=1&token=x", {}) == (200, "")


async def test_that_in_a_room_the_bot_is_only_there_where_it_was_called(desk: Around) -> None:
    await desk.caller.send(event("lunch, anyone?", direct=False, ts="1700000100.000001"))
    await desk.caller.send(event("so hungry", direct=False, thread="1700000100.000001"))
    assert desk.reception.messages == []
    await desk.caller.send(event(f"<@{BOT_USER}> what does it cost?", direct=False, ts="1700000200.000001"))
    await desk.caller.send(
        {**event(f"<@{BOT_USER}> what does it cost?", direct=False, ts="1700000200.000001"), "event_id": "EvOther"}
    )
    await desk.caller.send(event("for 20 people", direct=False, thread="1700000200.000001"))
    assert [message.text for message in desk.reception.messages] == ["what does it cost?", "for 20 people"]
    assert desk.reception.conversation == f"slack:shared:{ROOM}:1700000200.000001"


async def test_that_colleagues_may_be_left_alone(embedded_store: Store) -> None:
    async with around(embedded_store.notes, prospects="other_workspaces") as desk:
        await desk.caller.send(event("hello", team=TEAM))
        await desk.caller.send(event("hello", team=TEAM, user_team=THEIR_TEAM))
        assert [message.visitor for message in desk.reception.messages] == [f"slack:shared:{THEIR_TEAM}:{VISITOR}"]


async def test_that_a_press_counts_once_whoever_presses(desk: Around) -> None:
    message = {
        "ts": "1700000300.000001",
        "blocks": [{"type": "actions", "elements": [
            {"type": "button", "action_id": "frontdesk_reply:0", "value": "Compare plans"},
            {"type": "button", "action_id": "frontdesk_reply:1", "value": "Book a demo"},
        ]}],
    }  # fmt: skip
    assert await desk.caller.send(press(message, 0), form=True) == 200
    assert await desk.caller.send(press(message, 1, user="U0SOMEBODY"), form=True) == 200
    (said,) = desk.reception.messages
    assert (said.kind, said.text) == (MessageKind.BUTTON, "Compare plans")
    foreign = {**message, "blocks": [{"type": "actions", "elements": [{"action_id": "other_app", "value": "x"}]}]}
    assert await desk.caller.send(press(foreign, 0), form=True) == 200
    assert len(desk.reception.messages) == 1
