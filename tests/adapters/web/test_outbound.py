from __future__ import annotations

import json

from adapters.web.outbound import ack_frame, encode, entry_frame, error_frame, event, welcome_frame
from core.ids import ConversationId, MessageId
from core.transcript import TranscriptEntry

CONVERSATION = ConversationId("web:site:1")
VISITORS = TranscriptEntry(
    seq=3, author="visitor", at=9.5, text="hi </script>\u2028", message=MessageId("web:site:1.client-id-1")
)
BOTS = TranscriptEntry(seq=4, author="bot", at=9.6, text="hello", reply={"mainText": "hello", "buttons": []})


def test_that_lines_have_the_public_shape() -> None:
    assert entry_frame(VISITORS, CONVERSATION) == {
        "type": "entry",
        "seq": 3,
        "author": "visitor",
        "at": 9.5,
        "text": "hi </script>\u2028",
        "clientId": "client-id-1",
    }
    bots = entry_frame(BOTS, CONVERSATION)
    assert bots["reply"] == BOTS.reply
    assert "clientId" not in bots


def test_that_a_foreign_message_id_is_not_shown() -> None:
    assert "clientId" not in entry_frame(VISITORS, ConversationId("web:site:2"))


def test_that_a_welcome_carries_the_lines() -> None:
    frame = welcome_frame((VISITORS, BOTS), CONVERSATION, seq=4, reset=True)
    assert (frame["seq"], frame["reset"]) == (4, True)
    assert [line["seq"] for line in frame["entries"]] == [3, 4]


def test_that_optional_fields_are_left_out() -> None:
    assert ack_frame("client-id-1", seq=3, cut=False) == {"type": "ack", "clientId": "client-id-1", "seq": 3}
    assert ack_frame("client-id-1", seq=3, cut=True)["cut"] is True
    assert ack_frame("client-id-1", seq=3, cut=False, by_person=True)["byPerson"] is True
    assert error_frame("bad_frame") == {"type": "error", "code": "bad_frame"}
    assert error_frame("slow_down", client_id="client-id-1", retry_after=0.96)["retryAfter"] == 1.0


def test_that_an_event_is_one_block_that_parses_back() -> None:
    frame = entry_frame(VISITORS, CONVERSATION)
    head, kind, data, *rest = event(frame, seq=3).decode().split("\n")
    assert (head, kind, rest) == ("id: 3", "event: entry", ["", ""])
    assert json.loads(data.removeprefix("data: ")) == frame == json.loads(encode(frame))
