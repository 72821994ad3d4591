"""Facts, passages and briefs, made with as few words as a test needs."""

from __future__ import annotations

from typing import Any

from core.brief import Brief, Move
from core.fact import LIST_FIELDS, Fact, FactValue, Field, Operation, Quantity
from core.ids import ConversationId, FactId, MessageId, VisitorId
from core.ledger import fold
from core.message import InboundMessage, MessageKind
from core.passage import Finding, Passage
from core.reply import Citation, Mode, Reply
from core.session import Session
from core.turn import TurnView
from core.understanding import Understanding

URL = "https://harbour.example/plans/"


def fact(field: Field, value: FactValue, **more: Any) -> Fact:
    operation = Operation.ADD if field in LIST_FIELDS else Operation.SET
    defaults: dict[str, Any] = {
        "id": FactId(f"{field.value}.{value}"),
        "operation": operation,
        "quote": "words",
        "message": MessageId("m1"),
        "channel": "web",
        "at": 0.0,
    }
    return Fact(field=field, value=value, **{**defaults, **more})


def count(number: float, unit: str = "", period: str = "", currency: str = "") -> Quantity:
    return Quantity(low=number, high=number, unit=unit, period=period, currency=currency)


def finding(*sentences: str, url: str = URL, score: float = 0.9, more: str = "") -> Finding:
    text = " ".join((*sentences, more)).strip()
    passage = Passage(url=url, title="Plans", headings=("Plans",), text=text, hash="h")
    return Finding(passage=passage, sentences=sentences, score=score)


def session(**more: Any) -> Session:
    return Session(conversation=ConversationId("c1"), visitor=VisitorId("v1"), channel="web", **more)


def message(text: str, kind: MessageKind = MessageKind.TEXT, **more: Any) -> InboundMessage:
    defaults: dict[str, Any] = {"id": MessageId("m1"), "at": 60.0}
    return InboundMessage(
        channel="web",
        conversation=ConversationId("c1"),
        visitor=VisitorId("v1"),
        kind=kind,
        text=text,
        **{**defaults, **more},
    )


def view(text: str = "", **more: Any) -> TurnView:
    """A turn in which `text` was said; `session`, `understanding`, `facts` and `news` may be given."""
    defaults: dict[str, Any] = {
        "session": session(said=text, turns=1, messages=1, introduced=True),
        "understanding": Understanding(),
        "facts": (),
        "news": (),
        "persona": None,
        "messages": (message(text),),
        "now": 60.0,
    }
    return TurnView(**{**defaults, **more})


def brief(*moves: Move, said: str = "", **more: Any) -> Brief:
    defaults: dict[str, Any] = {
        "mode": Mode.LEAD,
        "language": "en",
        "session": session(said=said),
        "understanding": Understanding(),
        "known": fold(()),
        "heard": said,
    }
    return Brief(moves=moves, **{**defaults, **more})


def reply(text: str, **more: Any) -> Reply:
    return Reply(main_text=text, mode=Mode.LEAD, **more)


def quote(sentence: str, url: str = URL) -> Move:
    return Move(text=sentence, citation=Citation(url=url, quote=sentence))
