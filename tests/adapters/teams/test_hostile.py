"""What the connector may bring that makes no sense: let pass, or answered in an invoke's own way; never an error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.message import TEXT_LIMIT
from tests.adapters.teams.harness import Bot
from tests.peers.bot_framework import APP_ID, TENANT

BOT = {"id": f"28:{APP_ID}", "name": "Acme Assistant"}
CHAT = {"id": "a:one", "conversationType": "personal", "tenantId": TENANT}

USELESS: dict[str, dict[str, Any]] = {
    "type missing": {"type": None},
    "type number": {"type": 7},
    "type unknown": {"type": "weather"},
    "type list": {"type": ["message"]},
    "typing": {"type": "typing"},
    "reaction": {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]},
    "event": {"type": "event", "name": "application/vnd.microsoft.meetingStart", "value": {}},
    "end": {"type": "endOfConversation"},
    "trace": {"type": "trace", "value": {"a": 1}},
    "text object": {"text": {"a": 1}},
    "text list": {"text": ["Hello"]},
    "text null": {"text": None},
    "text number": {"text": 12},
    "text empty": {"text": ""},
    "text of spaces": {"text": " \n\t "},
    "text that nobody sees": {"text": "\u200b\U000e0041\u202e"},
    "text controls": {"text": "\x00\x01\x02"},
    "from null": {"from": None},
    "from text": {"from": "29:pat"},
    "from without id": {"from": {"name": "Pat"}},
    "from id number": {"from": {"id": 5}},
    "from a bot": {"from": {"id": "28:another-bot"}},
    "from a bot by role": {"from": {"id": "29:x", "role": "bot"}},
    "from ourselves": {"from": BOT},
    "recipient null": {"recipient": None},
    "recipient list": {"recipient": [BOT]},
    "conversation id missing": {"conversation": {**CHAT, "id": None}},
    "conversation id empty": {"conversation": {**CHAT, "id": ""}},
    "conversation id long": {"conversation": {**CHAT, "id": "a" * 600}},
    "conversation id with a line end": {"conversation": {**CHAT, "id": "a:one\r\nX: y"}},
    "conversation id lone surrogate": {"conversation": {**CHAT, "id": "a:\ud800"}},
    "id missing": {"id": None},
    "id number": {"id": 1},
    "id long": {"id": "1" * 600},
    "id with null": {"id": "1\x00"},
    "value a foreign card": {"text": None, "value": {"frontdesk": "f" * 32, "choice": 0}},
    "value no token": {"text": None, "value": {"choice": 0}},
    "value a short token": {"text": None, "value": {"frontdesk": "abc", "choice": 0}},
    "value token of any shape": {"text": None, "value": {"frontdesk": {"$gt": ""}, "choice": 0}},
    "value token as a path": {"text": None, "value": {"frontdesk": "../" * 10 + "ab", "choice": 0}},
    "value choice negative": {"text": None, "value": {"frontdesk": "f" * 32, "choice": -1}},
    "value choice large": {"text": None, "value": {"frontdesk": "f" * 32, "choice": 10**6}},
    "value choice true": {"text": None, "value": {"frontdesk": "f" * 32, "choice": True}},
    "value choice text": {"text": None, "value": {"frontdesk": "f" * 32, "choice": "0"}},
    "value list": {"text": None, "value": [1, 2]},
    "value text": {"text": None, "value": "press"},
    "value prototype keys": {"text": None, "value": {"__proto__": {"choice": 0}, "constructor": {}}},
    "value large": {"text": None, "value": {"frontdesk": "f" * 32, "choice": 0, "more": "x" * 200_000}},
    "members null": {"type": "conversationUpdate", "membersAdded": None},
    "members of any shape": {"type": "conversationUpdate", "membersAdded": [None, 1, {"id": None}, ["x"]]},
    "members others": {"type": "conversationUpdate", "membersAdded": [{"id": "29:sam"}]},
    "renamed": {"type": "conversationUpdate", "channelData": {"tenant": {"id": TENANT}, "eventType": "teamRenamed"}},
    "installation unknown": {"type": "installationUpdate", "action": "upgrade"},
    "installation list": {"type": "installationUpdate", "action": ["add"]},
}


@pytest.mark.parametrize("name", USELESS)
async def test_that_what_is_of_no_use_is_let_pass(bot: Bot, name: str) -> None:
    status, _ = await bot.post(json.dumps({**bot.framework.activity(), **USELESS[name]}))
    assert status == 200
    assert not bot.messages


ODD: dict[str, tuple[dict[str, Any], str]] = {
    "entities null": ({"entities": None}, "Hello"),
    "entities of any shape": (
        {"entities": [None, 1, {"type": 7}, {"type": "mention"}, {"type": "mention", "mentioned": 3}]},
        "Hello",
    ),
    "entity text list": ({"entities": [{"type": "mention", "mentioned": BOT, "text": ["x"]}]}, "Hello"),
    "entity text empty": ({"entities": [{"type": "mention", "mentioned": BOT, "text": ""}]}, "Hello"),
    "many entities": ({"entities": [{"type": "clientInfo", "n": n} for n in range(1_000)]}, "Hello"),
    "many attachments": (
        {"attachments": [{"contentType": "image/png", "contentUrl": "https://evil.example/x"}] * 100},
        "Hello",
    ),
    "attachments text": ({"attachments": "x"}, "Hello"),
    "mention of the bot": (
        {
            "text": "<at>Acme Assistant</at> hi",
            "entities": [{"type": "mention", "mentioned": BOT, "text": "<at>Acme Assistant</at>"}],
        },
        "hi",
    ),
    "mention of somebody else": (
        {
            "text": "<at>Sam</at> likes it",
            "entities": [{"type": "mention", "mentioned": {"id": "29:sam"}, "text": "<at>Sam</at>"}],
        },
        "Sam likes it",
    ),
    "mention nested": ({"text": "<at><at>Acme</at></at> hi"}, "Acme hi"),
    "mention never closed": ({"text": "<at>Acme hi"}, "Acme hi"),
    "mention that is the whole text": (
        {"text": "hi", "entities": [{"type": "mention", "mentioned": {"id": "29:sam"}, "text": "hi"}]},
        "hi",
    ),
    "space behind a mention": ({"text": "<at>Acme</at>&nbsp;hi"}, "Acme hi"),
    "conversation type not told": ({"conversation": {"id": "a:one"}}, "Hello"),
    "markup stays text": ({"text": "<b>bold</b> & <script>x</script>"}, "<b>bold</b> & <script>x</script>"),
    "lone surrogate": ({"text": "a \ud83d b"}, "a \ufffd b"),
    "right to left override": ({"text": "a\u202eb"}, "ab"),
    "locale junk": ({"locale": "x" * 500}, "Hello"),
    "locale object": ({"locale": {}}, "Hello"),
    "timestamp junk": ({"timestamp": "yesterday", "localTimestamp": 1e18}, "Hello"),
    "conversation type unknown to us is no group": ({"conversation": {**CHAT, "name": {"a": 1}}}, "Hello"),
    "aad id junk": ({"from": {"id": "29:pat", "name": ["x"], "aadObjectId": 5}}, "Hello"),
    "value null": ({"value": None}, "Hello"),
    "unknown fields": ({"__proto__": {"admin": True}, "callerId": "urn:botframework:azure"}, "Hello"),
    "template injection": ({"text": "${jndi:ldap://x} {{7*7}}"}, "${jndi:ldap://x} {{7*7}}"),
}


@pytest.mark.parametrize("name", ODD)
async def test_that_what_is_odd_about_a_message_takes_nothing_from_it(bot: Bot, name: str) -> None:
    more, text = ODD[name]
    status, _ = await bot.post(json.dumps({**bot.framework.activity(), **more}))
    assert status == 202
    (message,) = bot.messages
    assert message.text == text
    assert message.locale in {"", "en-US"}


INVOKES: dict[str, dict[str, Any]] = {
    "no name": {"name": None},
    "unknown name": {"name": "composeExtension/query", "value": {"commandId": "x"}},
    "task": {"name": "task/fetch", "value": {"data": {}}},
    "sign-in": {"name": "signin/verifyState", "value": {"state": "1"}},
    "file consent": {"name": "fileConsent/invoke", "value": {"action": "accept"}},
    "value null": {"name": "adaptiveCard/action", "value": None},
    "value list": {"name": "adaptiveCard/action", "value": [1]},
    "action null": {"name": "adaptiveCard/action", "value": {"action": None}},
    "data text": {"name": "adaptiveCard/action", "value": {"action": {"type": "Action.Execute", "data": "x"}}},
    "unknown verb": {"name": "adaptiveCard/action", "value": {"action": {"verb": "drop", "data": {"lead": "lead.1"}}}},
    "stale card": {"name": "adaptiveCard/action", "value": {"action": {"data": {"frontdesk": "0" * 32, "choice": 0}}}},
    "no conversation id": {"name": "adaptiveCard/action", "conversation": {"tenantId": TENANT}},
    "a bot": {"name": "adaptiveCard/action", "from": {"id": "28:other"}},
}


@pytest.mark.parametrize("name", INVOKES)
async def test_that_an_invoke_without_sense_gets_a_refusal_it_understands(bot: Bot, name: str) -> None:
    status, body = await bot.post(bot.framework.activity(type="invoke", id="i1", text=None, **INVOKES[name]))
    assert status == 200
    assert 400 <= body["statusCode"] < 500
    assert body["type"] == "application/vnd.microsoft.error"
    assert not bot.messages


BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "null": (b"null", 400),
    "one": (b"1", 400),
    "list": (b"[]", 400),
    "text": (b'"x"', 400),
    "cut": (b'{"type": "message"', 400),
    "many brackets": (b"[" * 200_000, 400),
    "many braces": (b'{"a":' * 40_000, 400),
    "nested": (b'{"a":' * 40 + b"1" + b"}" * 40, 400),
    "many keys": (json.dumps({str(n): 1 for n in range(15_000)}).encode(), 400),
    "twice the same key": (b'{"type":"message","type":"invoke"}', 400),
    "not a number": (b'{"a": NaN}', 400),
    "infinite": (b'{"a": 1e999}', 400),
    "long number": (b'{"a": ' + b"9" * 10_000 + b"}", 400),
    "utf-16": ('{"type": "message"}'.encode("utf-16"), 400),
    "no utf-8": (b'{"text": "\xff\xfe"}', 400),
    "byte order mark": (b'\xef\xbb\xbf{"type": "message"}', 400),
    "too long": (b'{"text": "' + b"x" * 300_000 + b'"}', 413),
}


@pytest.mark.parametrize("name", BODIES)
async def test_that_a_body_that_is_no_activity_is_refused(bot: Bot, name: str) -> None:
    body, expected = BODIES[name]
    status, answer = await bot.post(body)
    assert (status, set(answer)) == (expected, {"error", "requestId"})
    assert not bot.messages


async def test_that_only_json_is_read(bot: Bot) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/xml"):
        status, _ = await bot.post(b"{}", headers={"Content-Type": kind})
        assert status == 415
    status, _ = await bot.post(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert status == 415


async def test_that_a_very_long_message_is_cut(bot: Bot) -> None:
    assert await bot.says("word " * 40_000) == 202
    assert len(bot.messages[0].text) <= TEXT_LIMIT


async def test_that_nothing_is_acknowledged_while_the_store_is_away(bot: Bot) -> None:
    bot.reception.away = True
    status, answer = await bot.post(bot.framework.activity())
    assert (status, answer["error"]) == (503, "unavailable")
    bot.reception.away = False
    assert await bot.says() == 202
