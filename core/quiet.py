"""The rooms of an engine that answers and learns nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.ledger import Known
from core.message import InboundMessage
from core.ports import Interpreter
from core.question import Question
from core.session import Session
from core.turn import TurnView
from core.understanding import Act, Understanding, VisitorType

_ABOUT_THEM = frozenset({Act.WANTS_HUMAN, Act.GIVES_EMAIL})


class QuietInterpreter:
    """Hears what is asked, and nothing about who asks. Implements `core.ports.Interpreter`."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    async def interpret(self, messages: Sequence[InboundMessage], session: Session, known: Known) -> Understanding:
        """See `core.ports.Interpreter`."""
        heard = await self._interpreter.interpret(messages, session, known)
        return replace(
            heard, facts=(), email=None, visitor_type=VisitorType.UNKNOWN, acts=frozenset(heard.acts - _ABOUT_THEM)
        )


class NoQuestions:
    """Implements `core.ports.QuestionPlanner`."""

    def next_question(self, view: TurnView, known: Known) -> Question | None:  # noqa: ARG002  nothing is worth one
        return None

    def question_in(self, text: str) -> str:  # noqa: ARG002  none of ours
        return ""

    def question_field(self, question: str) -> str:  # noqa: ARG002  none of ours
        return ""
