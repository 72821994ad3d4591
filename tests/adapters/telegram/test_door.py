"""Who may knock: the secret before anything else; what Telegram brought is recorded once or left aside."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.inbound import Bot, Reader, Said, Started, place_of
from core.message import TEXT_LIMIT, MessageKind
from core.store_ports import Store
from tests.adapters.telegram.bots import HEADER, SECRET, TOKEN, Around, around
from tests.peers.telegram_api import TelegramApi

WORDS = "hello from a stranger"


@pytest.fixture
async def desk(embedded_store: Store) -> AsyncIterator[Around]:
    async with around(embedded_store.notes) as found:
        yield found


def update(words: str = WORDS, **more: Any) -> dict[str, Any]:
    return TelegramApi(token=TOKEN).text(words, **more)


def forgeries() -> list[tuple[bytes, list[tuple[str, str]]]]:
    body = json.dumps(update()).encode()
    wrong = [
        "", SECRET[:-1], SECRET + "x", SECRET.upper(), SECRET[::-1], f" {SECRET[1:]}", "é" * 31, "null", "0", "true",
        "Bearer " + SECRET, f"{SECRET},{SECRET}", SECRET.replace("-", "_"), TOKEN, "x" * 6_000, "a" * 31, "\u0661" * 9,
        SECRET.replace("a", "а"), "[]", "{}", "%61" + SECRET[1:], SECRET[:16], SECRET[16:], "1234",
    ]  # fmt: skip
    headers = [[(HEADER, one.encode().decode("latin-1"))] for one in wrong]
    headers += [
        [],
        [(HEADER, SECRET), (HEADER, SECRET)],
        [(HEADER, "x"), (HEADER, SECRET)],
        [("X-Telegram-Bot-Api-Secret", SECRET)],
        [("Authorization", f"Bearer {SECRET}")],
        [("Cookie", f"{HEADER}={SECRET}")],
    ]
    bodies = [body, b"{" * 50_000, b"\xff\xfe"]
    return [(one, head) for head in headers for one in bodies]


async def test_that_no_forgery_is_accepted_parsed_or_logged(desk: Around, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cases = forgeries()
    assert len(cases) >= 60
    for body, headers in cases:
        status, answer = await desk.raw(body, [("Content-Type", "application/json"), *headers])
        assert 400 <= status < 500, headers
        assert "stranger" not in answer
    assert desk.reception.messages == []
    assert "stranger" not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "text/plain", ""])
async def test_that_what_telegram_brought_is_recorded_once(desk: Around, kind: str) -> None:
    brought = json.dumps(update("Hi, what does it cost?")).encode()
    for _ in range(3):
        headers = {HEADER: SECRET, **({"Content-Type": kind} if kind else {})}
        assert await desk.raw(brought, headers) == (200, "")
    (message,) = desk.reception.messages
    assert (message.text, message.kind, message.locale) == ("Hi, what does it cost?", MessageKind.TEXT, "en")
    assert (message.conversation, message.visitor) == ("telegram:bot:501", "telegram:bot:501")


async def test_that_a_store_that_is_away_asks_telegram_to_come_again(desk: Around) -> None:
    desk.reception.away = True
    brought = update()
    assert await desk.bring(brought) == 503
    desk.reception.away = False
    assert await desk.bring(brought) == 200
    assert len(desk.reception.messages) == 1


async def test_that_junk_of_telegrams_is_left_aside(desk: Around, caplog: pytest.LogCaptureFixture) -> None:
    for junk in (b"", b"{", b"[]", b"null", b"1", b'{"a":' * 5_000, b"\xff", b'{"a":1,"a":2}', b"NaN", b"[" * 9_000):
        assert await desk.raw(junk, {HEADER: SECRET}) == (200, "")
    assert (await desk.raw(b" " * 300_000, {HEADER: SECRET}))[0] == 413
    assert desk.reception.messages == []
    assert "left aside" in caplog.text


async def test_that_what_fails_here_does_not_hold_up_what_comes_after(
    desk: Around, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as here:
        here.setattr("adapters.telegram.inbound.Reader.update", broken)
        assert await desk.bring(update("first")) == 200
    assert await desk.bring(update("second")) == 200
    assert [message.text for message in desk.reception.messages] == ["second"]
    assert "left aside" in caplog.text


async def test_that_the_menu_is_there_in_each_language(desk: Around) -> None:
    def offered() -> list[dict[str, Any]]:
        return [arguments for method, arguments in desk.api.calls if method == "setMyCommands"]

    await desk.api.until(lambda: len(offered()) == 7)
    by_language = {one.get("language_code"): one["commands"] for one in offered()}
    assert set(by_language) == {"", "en", "de", "fr", "es", "pt", "nl"}
    for commands in by_language.values():
        assert [one["command"] for one in commands] == ["start", "menu", "human", "language", "privacy", "delete"]
        assert all(1 <= len(one["description"]) <= 256 for one in commands)


_JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


def _rarely_junk(right: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.integers(0, 12).flatmap(lambda drawn: right if drawn else _JUNK)


def _mostly(*right: object) -> st.SearchStrategy[object]:
    return _rarely_junk(st.sampled_from(right))


def _object(
    optional: Mapping[str, st.SearchStrategy[object]] = MappingProxyType({}), /, **fields: st.SearchStrategy[object]
) -> st.SearchStrategy[object]:
    named: dict[str, st.SearchStrategy[object]] = {name.removesuffix("_"): field for name, field in fields.items()}
    return _rarely_junk(st.fixed_dictionaries(named, optional=dict(optional)))


_PERSON = _object(id=_mostly(501, 7), is_bot=_mostly(False), language_code=_mostly("en", "pt-BR"))
_CHAT = _object(id=_mostly(501, -100), type=_mostly("private", "supergroup"))
_WORDS = _mostly("hello", "/start", "/start Ab3_x-9Z", "/human", "@fern_bot hi", "/x@fern_bot y", "😀" * 5_000)
_CONTACT = _object(user_id=_mostly(501), phone_number=_mostly("4930901820"))
_SOMETIMES = {
    "caption": _WORDS, "contact": _CONTACT, "edit_date": _mostly(9), "forward_origin": _mostly({}), "photo": _JUNK,
    "is_topic_message": _mostly(True), "message_thread_id": _mostly(9), "migrate_to_chat_id": _mostly(0, -100),
    "reply_to_message": _object(from_=_PERSON), "text": _WORDS,
}  # fmt: skip
_MESSAGE = _object(_SOMETIMES, from_=_PERSON, chat=_CHAT, message_id=_mostly(1))
_QUERY = _object(from_=_PERSON, id=_mostly("q"), data=_mostly("0123456789abcdef:0"), message=_MESSAGE)
_MEMBER = _object(chat=_CHAT, new_chat_member=_object(status=_mostly("kicked", "member")))


@given(
    st.one_of(
        st.fixed_dictionaries({"message": _MESSAGE}),
        st.fixed_dictionaries({"edited_message": _MESSAGE}),
        st.fixed_dictionaries({"callback_query": _QUERY}),
        st.fixed_dictionaries({"my_chat_member": _MEMBER}),
    )
)
def test_that_no_shape_of_an_update_is_an_error(brought: dict[str, Any]) -> None:
    found = Reader("bot").update(brought, Bot(id=7, username="fern_bot"), at=0.0)
    if isinstance(found, Said | Started):
        assert place_of("bot", found.message.conversation).chat == found.chat
        assert len(found.message.text) <= TEXT_LIMIT


def _with(path: str, value: object) -> dict[str, Any]:
    found = update()
    inner: Any = found["message"]
    *way, last = path.split(".")
    for step in way:
        inner = inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("from", ...),
        ("from", None),
        ("from", []),
        ("from.id", "501"),
        ("from.id", True),
        ("from.id", 2**70),
        ("from.is_bot", True),
        ("chat", ...),
        ("chat.id", 1.5),
        ("chat.id", None),
        ("chat.type", "channel"),
        ("chat.type", ["private"]),
        ("chat.type", 7),
        ("message_id", ...),
        ("message_id", "1"),
        ("text", ...),
        ("text", 7),
        ("text", {"a": 1}),
        ("text", ""),
        ("text", "\u200b \n"),
        ("migrate_to_chat_id", "x"),
    ],
)
async def test_that_odd_shapes_give_nothing(desk: Around, path: str, value: object) -> None:
    if path == "migrate_to_chat_id":
        changed = _with(path, value)
        del changed["message"]["text"]
    else:
        changed = _with(path, value)
    assert await desk.bring(changed) == 200
    assert desk.reception.messages == []


@pytest.mark.parametrize(
    "brought",
    [
        {},
        {"update_id": 1},
        {"update_id": "x", "message": None},
        {"update_id": -1, "channel_post": {"text": "x"}},
        {"update_id": 1, "poll": {}},
        {"update_id": 1, "callback_query": None},
        {"update_id": 1, "callback_query": {"id": 5, "data": "x"}},
        {"update_id": 1, "callback_query": {"id": "q", "data": "0123456789abcdef:0", "from": {"id": 1}}},
        {"update_id": 1, "callback_query": {"id": "q", "data": "x" * 65, "from": {"id": 1}, "message": None}},
        {"update_id": 1, "my_chat_member": []},
        {"update_id": 1, "my_chat_member": {"chat": {"id": 5}, "new_chat_member": {"status": {}}}},
        {"update_id": 1, "edited_message": {"text": "x"}},
    ],
)
async def test_that_other_updates_give_nothing(desk: Around, brought: dict[str, Any]) -> None:
    assert await desk.bring(brought) == 200
    assert desk.reception.messages == []


async def test_what_counts_as_said(desk: Around) -> None:
    api = desk.api
    said = [
        api.text("", caption="Our shelf, see the picture", photo=[{"file_id": "not an id!"}]),
        api.text("/human please"),
        api.text("/pricing@fern_bot for 20"),
        api.text("", contact={"phone_number": "4930901820", "user_id": 501, "first_name": "Jo"}),
        api.text("x" * 5_000),
        api.text("wrong offsets", entities=[{"type": "mention", "offset": -5, "length": 10**9}] * 100),
        api.text("from long ago", date=10**18),
    ]
    for one in said:
        assert await desk.bring(one) == 200
    texts = [message.text for message in desk.reception.messages]
    assert texts[:4] == ["Our shelf, see the picture", "human please", "pricing for 20", "+4930901820"]
    assert [len(text) for text in texts[4:]] == [4_000, 13, 13]


async def test_that_an_edit_names_the_message_as_it_was_first_sent(desk: Around) -> None:
    said = desk.api.text("We are 20 people")
    assert await desk.bring(said) == 200
    for text, at in (("We are 30 people", 1_700_000_100), ("We are 20 people", 1_700_000_200)):
        edited = {**said["message"], "text": text, "edit_date": at}
        for _ in range(2):
            assert await desk.bring(desk.api.queue({"edited_message": edited})) == 200
    first, *edits = desk.reception.messages
    assert [(one.kind, one.text) for one in edits] == [
        (MessageKind.EDITED, "We are 30 people"),
        (MessageKind.EDITED, "We are 20 people"),
    ]
    assert {one.about for one in edits} == {first.id}


async def test_what_does_not_and_is_told_once(desk: Around) -> None:
    api = desk.api
    unread = [
        api.text("", sticker={"file_id": "x"}),
        api.text("", voice={"file_id": "x", "file_size": 2 * 10**9}),
        api.text("", location={"latitude": 1, "longitude": 1}),
        api.text("I have 900 seats", forward_origin={"type": "user"}),
    ]
    for one in unread:
        assert await desk.bring(one) == 200
    assert await desk.bring(api.text("", contact={"phone_number": "+4930901820", "user_id": 777})) == 200
    await api.until(lambda: bool(api.messages[501]))
    assert desk.reception.messages == []
    assert [one["text"] for one in api.messages[501]] == ["I can only read text here. Could you write it to me?"]


async def test_that_in_a_group_the_bot_is_only_there_where_it_was_called(desk: Around) -> None:
    group: dict[str, Any] = {"chat": -100_500, "kind": "supergroup", "user": 42}
    bot = {"from": {"id": desk.api.bot, "is_bot": True}, "message_id": 5}
    talk: list[tuple[str, dict[str, Any]]] = [
        ("lunch, anyone?", {}),
        ("@fern_bot what does it cost?", {}),
        ("for 20 people", {"reply_to_message": bot}),
        ("/price@other_bot", {}),
        ("and @FERN_BOT, a trial?", {"message_thread_id": 9, "is_topic_message": True}),
    ]
    for words, more in talk:
        assert await desk.bring(desk.api.text(words, **{**group, **more})) == 200
    found = [(message.text, message.conversation) for message in desk.reception.messages]
    assert found == [
        ("what does it cost?", "telegram:bot:-100500:42:0"),
        ("for 20 people", "telegram:bot:-100500:42:0"),
        ("and , a trial?", "telegram:bot:-100500:42:9"),
    ]


async def test_that_a_link_says_where_it_was_found(desk: Around, embedded_store: Store) -> None:
    from adapters.telegram.campaigns import Campaign, keep

    campaign = Campaign(name="spring", source="newsletter", page="https://fernlight.example/pricing")
    assert await keep(embedded_store.notes, "bot", "Ab3_x-9Z", campaign)
    assert not await keep(embedded_store.notes, "bot", "Ab3_x-9Z", campaign)
    for start in ("/start Ab3_x-9Z", "/start", "/start another1", "/start " + "x" * 65, "/start bad!alphabet"):
        assert await desk.bring(desk.api.text(start)) == 200
    first, *others = desk.reception.messages
    assert first.kind is MessageKind.OPENED
    assert first.page is not None
    assert (first.page.campaign, first.page.referrer, first.page.url) == (
        "spring",
        "newsletter",
        "https://fernlight.example/pricing",
    )
    assert [(one.kind, one.page) for one in others[:2]] == [(MessageKind.OPENED, None)] * 2
    assert all(one.page is None for one in others)
