"""From a transcript to a talk that can be held again."""

from __future__ import annotations

from core.ids import ConversationId, MessageId, VisitorId
from core.message import MessageKind, Page
from core.session import Said, Session
from frontdesk.replay import Conversation, talk_of
from frontdesk.talks import talk_in

PAGE = Page(url="https://fernlight.example/pricing", title="Pricing")
SESSION = Session(
    conversation=ConversationId("web:1"), visitor=VisitorId("v1"), channel="web", started_at=10.0, first_page=PAGE
)


def visitor(text: str, at: float) -> Said:
    return Said(author="visitor", text=text, at=at, message=MessageId(f"m{at:.0f}"))


def bot(at: float, asks: str = "") -> Said:
    return Said(author="bot", text="…", at=at, asks=asks)


def test_fragments_before_one_answer_are_one_burst_and_answer_what_was_asked_last() -> None:
    lines = (bot(10, "persona"), visitor("Hi", 12), visitor("we sell shoes", 13), bot(14, "volume"), visitor("40", 20))
    talk = talk_in(SESSION, lines)
    assert talk is not None
    opening, first, second = talk.bursts
    assert [one.kind for one in opening.messages] == [MessageKind.OPENED]
    assert opening.messages[0].page == PAGE
    assert (first.heard, first.asks) == ("Hi\nwe sell shoes", "persona")
    assert (second.heard, second.asks, second.messages[0].at) == ("40", "volume", 20)
    assert second.messages[0].page is None
    assert second.messages[0].channel == "web"


def test_a_talk_that_the_visitor_began_has_no_opening() -> None:
    talk = talk_in(SESSION, (visitor("What does it cost?", 11), bot(12)))
    assert talk is not None
    assert [one.heard for one in talk.bursts] == ["What does it cost?"]
    assert talk.bursts[0].messages[0].page == PAGE


def test_what_is_said_unasked_between_answers_begins_no_burst() -> None:
    talk = talk_in(SESSION, (visitor("Hi", 11), bot(12, "volume"), bot(60, "volume"), visitor("about 40", 70)))
    assert talk is not None
    assert [(one.heard, one.asks) for one in talk.bursts] == [("Hi", ""), ("about 40", "volume")]


def test_a_talk_ends_where_a_person_takes_over() -> None:
    rep = Said(author="rep", text="Ines here", at=20)
    talk = talk_in(SESSION, (visitor("Hi", 11), bot(12), visitor("a person, please", 15), rep, visitor("hello", 30)))
    assert talk is not None
    assert [one.heard for one in talk.bursts] == ["Hi", "a person, please"]


def test_a_chat_that_was_only_opened_is_no_talk() -> None:
    assert talk_in(SESSION, (bot(10, "persona"),)) is None
    assert talk_in(SESSION, ()) is None


def test_lines_of_a_file_follow_each_other_in_time() -> None:
    read = Conversation.model_validate(
        {"id": "c", "turns": [{"t": 1, "visitor": "Hi"}, {"t": 4, "visitor": "40", "bot_before": "How many?"}]}
    )
    talk = talk_of(read, 100.0)
    assert [(one.heard, one.before, one.messages[0].at) for one in talk.bursts] == [
        ("Hi", None, 120.0),
        ("40", "How many?", 140.0),
    ]
