"""Reading messages of invented visitors with the example company's own file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.fact import LIST_FIELDS, Fact, FactValue, Field, Operation
from core.ids import ConversationId, FactId, MessageId, VisitorId
from core.ledger import fold
from core.message import InboundMessage, MessageKind
from core.session import Session
from core.turn import TurnView
from core.understanding import Understanding
from profiles.interpreter import LocalInterpreter
from profiles.qualification_file import QualificationFile

DESK = Path(__file__).parents[2] / "examples" / "desk" / "qualification.yaml"
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC).timestamp()


def session(**values: Any) -> Session:
    return Session(conversation=ConversationId("c1"), visitor=VisitorId("v1"), channel="web", **values)


def message(text: str, number: int = 1, **values: Any) -> InboundMessage:
    return InboundMessage(
        id=MessageId(f"m{number}"),
        channel="web",
        conversation=ConversationId("c1"),
        visitor=VisitorId("v1"),
        kind=values.pop("kind", MessageKind.TEXT),
        text=text,
        at=values.pop("at", MONDAY + number * 60),
        **values,
    )


@dataclass
class Talk:
    """A conversation as the engine would keep it: every burst sees what was learned before."""

    interpreter: LocalInterpreter
    session: Session = field(default_factory=session)
    facts: tuple[Fact, ...] = ()
    said: list[InboundMessage] = field(default_factory=list)
    last: Understanding = field(default_factory=Understanding)

    def hears(self, *texts: str, **changes: Any) -> Understanding:
        """One burst; `changes` are made to the session first."""
        self.session = replace(self.session, **changes)
        burst = [message(text, len(self.said) + index + 1) for index, text in enumerate(texts)]
        self.said += burst
        self.last = asyncio.run(self.interpreter.interpret(burst, self.session, fold(self.facts)))
        self.facts += self.last.facts
        self.session = replace(
            self.session,
            turns=self.session.turns + 1,
            messages=self.session.messages + len(texts),
            language=self.last.language,
            visitor_type=self.last.visitor_type,
            intent=self.last.intent,
            intent_peak=max(self.session.intent_peak, self.last.intent),
        )
        return self.last

    def knows(self, name: Field) -> Any:
        """The value of a scalar field, the values of a list field; None or () for an unknown one."""
        held = fold(self.facts).get(name, ())
        if name in LIST_FIELDS:
            return tuple(fact.value for fact in held)
        return held[-1].value if held else None

    def view(self, **values: Any) -> TurnView:
        return TurnView(
            session=self.session,
            facts=self.facts,
            understanding=self.last,
            news=values.pop("news", self.last.facts),
            persona=values.pop("persona", None),
            messages=values.pop("messages", tuple(self.said[-1:])),
            now=values.pop("now", MONDAY + 600),
        )


def fact(name: Field, value: FactValue, **values: Any) -> Fact:
    number = values.pop("number", 1)
    return Fact(
        id=FactId(f"f{number}:{name}:{value}"),
        field=name,
        value=value,
        operation=values.pop("operation", Operation.ADD if name in LIST_FIELDS else Operation.SET),
        quote=values.pop("quote", "their words"),
        message=MessageId(f"m{number}"),
        channel="web",
        at=MONDAY + number,
        **values,
    )


def facts(pairs: Iterable[tuple[Field, FactValue]]) -> tuple[Fact, ...]:
    return tuple(fact(name, value, number=index + 1) for index, (name, value) in enumerate(pairs))


@pytest.fixture(scope="session")
def desk() -> QualificationFile:
    return QualificationFile.model_validate(yaml.safe_load(DESK.read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def interpreter(desk: QualificationFile) -> LocalInterpreter:
    return LocalInterpreter(desk)


@pytest.fixture
def talk(interpreter: LocalInterpreter) -> Talk:
    return Talk(interpreter)


@pytest.fixture
def make_facts() -> Callable[[Iterable[tuple[Field, FactValue]]], tuple[Fact, ...]]:
    return facts


@pytest.fixture
def make_message() -> Callable[..., InboundMessage]:
    return message
