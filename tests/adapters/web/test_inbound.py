from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.inbound import (
    FRAME_LIMIT,
    MAX_SEQUENCE,
    Hello,
    Moved,
    Opened,
    Ping,
    Saying,
    Typing,
    client_id_of,
    read_frame,
    read_hello,
    read_last_event_id,
    read_session,
    to_message,
    to_opening,
)
from adapters.web.tokens import Claims
from core.errors import Refused
from core.ids import ConversationId, VisitorId
from core.message import MessageKind, Page
from platforms.text import CleanText, clean_text

ORIGIN = "https://shop.example"
CLAIMS = Claims(
    conversation=ConversationId("web:site:1"),
    visitor=VisitorId("v.1"),
    origin=ORIGIN,
    issued_at=0,
    expires_at=1,
    returning=True,
    locale="fr",
)
ID = "client-id-1"


def frame(**body: Any) -> str:
    return json.dumps(body)


def refusal(read: Callable[..., object], raw: str) -> int:
    """The status `read` refuses with, 0 when it does not."""
    try:
        read(raw, origin=ORIGIN)
    except Refused as refused:
        return refused.status
    return 0


def page_of(**page: Any) -> Page | None:
    read = read_frame(frame(type="page", page=page), origin=ORIGIN)
    assert isinstance(read, Moved)
    return read.page


def test_that_each_frame_reads_as_what_it_is() -> None:
    said = read_frame(frame(type="message", clientId=ID, text=" hi ", button=True), origin=ORIGIN)
    assert said == Saying(client_id=ID, text=CleanText("hi"), button=True)
    assert read_frame(frame(type="typing"), origin=ORIGIN) == Typing()
    assert read_frame(frame(type="ping"), origin=ORIGIN) == Ping()
    assert read_frame(frame(type="opened"), origin=ORIGIN) == Opened()
    assert read_hello(frame(type="hello", token="t", lastSeq=4), origin=ORIGIN) == Hello(
        token="t", last_seq=4, page=None
    )


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_frame"),
        ({"type": "shout"}, "bad_frame"),
        ({"type": None}, "bad_frame"),
        ({"type": ["message"]}, "bad_frame"),
        ({"type": "hello", "token": "t"}, "bad_frame"),
        ({"type": "message", "text": "hi"}, "bad_client_id"),
        ({"type": "message", "clientId": 7, "text": "hi"}, "bad_client_id"),
        ({"type": "message", "clientId": "short", "text": "hi"}, "bad_client_id"),
        ({"type": "message", "clientId": "x" * 65, "text": "hi"}, "bad_client_id"),
        ({"type": "message", "clientId": "web:site:2.abcdef", "text": "hi"}, "bad_client_id"),
        ({"type": "message", "clientId": ID + "\n", "text": "hi"}, "bad_client_id"),
        ({"type": "message", "clientId": ID}, "bad_frame"),
        ({"type": "message", "clientId": ID, "text": {"a": 1}}, "bad_frame"),
        ({"type": "message", "clientId": ID, "text": "hi", "button": "yes"}, "bad_frame"),
        ({"type": "message", "clientId": ID, "text": ""}, "empty_text"),
        ({"type": "message", "clientId": ID, "text": " \u200b\n"}, "empty_text"),
    ],
)
def test_that_a_wrong_frame_is_refused_by_name(body: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_frame(json.dumps(body), origin=ORIGIN)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "hello"}, "token_missing"),
        ({"type": "message", "token": "t"}, "token_missing"),
        ({"type": "hello", "token": None}, "token_missing"),
        ({"type": "hello", "token": "t", "lastSeq": -1}, "bad_sequence"),
        ({"type": "hello", "token": "t", "lastSeq": 1.5}, "bad_sequence"),
        ({"type": "hello", "token": "t", "lastSeq": True}, "bad_sequence"),
        ({"type": "hello", "token": "t", "lastSeq": "4"}, "bad_sequence"),
        ({"type": "hello", "token": "t", "lastSeq": MAX_SEQUENCE + 1}, "bad_sequence"),
    ],
)
def test_that_a_wrong_hello_is_refused_by_name(body: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_hello(json.dumps(body), origin=ORIGIN)
    assert caught.value.code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["type", "clientId", "text", "page", "url", "button", "token", "lastSeq"]) | st.text(),
                x,
            )
        ),
        max_leaves=12,
    )
)
def test_that_no_value_does_more_than_be_refused(value: Any) -> None:
    raw = json.dumps(value)
    assert refusal(read_frame, raw) in {0, 400, 413}
    assert refusal(read_hello, raw) in {0, 400, 401, 413}
    assert isinstance(client_id_of(raw), str)


@given(
    st.sampled_from(["message", "page", "opened"]),
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from(["url", "title", "heading", "language", "referrer", "campaign"]),
        st.text(max_size=60) | st.integers(-9, 9) | st.none(),
    ),
)
def test_that_a_frame_with_any_text_and_page_is_read(kind: str, text: str, page: dict[str, Any]) -> None:
    raw = frame(type=kind, clientId=ID, text=text, page=page)
    expected = 400 if kind == "message" and not clean_text(text).text else 0
    assert refusal(read_frame, raw) == expected


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (f"{ORIGIN}/pricing?utm_campaign=spring#plans", f"{ORIGIN}/pricing?utm_campaign=spring"),
        (ORIGIN, ORIGIN),
        (f"{ORIGIN}/" + "x" * 3_000, None),
        (f"{ORIGIN}/a?{'q' * 10_000}", f"{ORIGIN}/a"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://evil.example/", None),
        (f"{ORIGIN}.evil.example/", None),
        ("https://shop.example@evil.example/", None),
        ("https://user:secret@shop.example/", None),
        ("//shop.example/", None),
        ("https://[broken", None),
        (7, None),
        ("", None),
    ],
)
def test_that_only_pages_of_the_own_site_are_believed(url: Any, kept: str | None) -> None:
    page = page_of(url=url, title="T")
    assert (page and page.url) == kept


def test_that_page_fields_are_cleaned_and_cut() -> None:
    page = page_of(
        url=f"{ORIGIN}/",
        title="a\n\u202eb" + "c" * 500,
        heading=None,
        referrer="javascript:alert(1)",
        campaign=["x"],
        language="en",
    )
    assert page == Page(url=f"{ORIGIN}/", title="a b" + "c" * 197, language="en")
    assert page_of(url=f"{ORIGIN}/", referrer="https://search.example/q?x=1") == Page(
        url=f"{ORIGIN}/", referrer="https://search.example/q?x=1"
    )


@pytest.mark.parametrize("header", ["x", "-1", "1.5", "١٢", "9" * 400, str(MAX_SEQUENCE + 1), "web:site:2.5", " 4"])
def test_that_a_wrong_last_event_id_is_refused(header: str) -> None:
    with pytest.raises(Refused, match="bad_sequence"):
        read_last_event_id(header)


def test_that_a_last_event_id_is_a_number_or_nothing() -> None:
    assert [read_last_event_id(header) for header in (None, "", "0", "17")] == [0, 0, 0, 17]


def test_that_the_session_request_forgives_only_the_locale() -> None:
    assert read_session({"locale": "x" * 99}).locale == ""
    assert read_session({"locale": "pt-BR", "token": None}).locale == "pt-BR"
    for wrong in ({"token": 7}, {"fresh": "yes"}, {"token": ["t"]}):
        with pytest.raises(Refused, match="bad_frame"):
            read_session(wrong)


def test_that_messages_carry_the_claims_and_an_id_of_their_conversation() -> None:
    saying = Saying(client_id=ID, text=CleanText("hi"), button=True)
    message = to_message(saying, CLAIMS, channel="site", at=5.0, page=None)
    assert message.id == f"web:site:1.{ID}"
    assert (message.kind, message.locale, message.returning) == (MessageKind.BUTTON, "fr", True)
    opening = to_opening(CLAIMS, channel="site", at=5.0, page=None)
    assert (opening.id, opening.kind, opening.text) == ("opened.web:site:1", MessageKind.OPENED, "")


def test_that_a_refused_frame_still_names_itself() -> None:
    assert client_id_of(frame(type="message", clientId=ID, text="")) == ID
    assert client_id_of(frame(type="message", clientId="<script>")) == ""
    assert client_id_of("x" * (FRAME_LIMIT + 1)) == ""
