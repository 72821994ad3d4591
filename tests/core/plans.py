"""Turns to plan replies for, and the planner that does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.brief import Brief
from core.fact import Fact, Field
from core.ids import PersonaId
from core.ledger import Known, fold
from core.message import MessageKind, Page
from core.persona import Persona
from core.plan import Planner
from core.question import Question
from core.reply import Mode, Reply
from core.research import Research
from core.situation import Situation
from core.turn import TurnView
from core.understanding import Act, EmailReading, Intent, Understanding
from core.writer import LocalWriter
from tests.core.pieces import count, fact, finding, message, session, view
from tests.core.talking import english

VOLUME = Question(id="volume", field=Field.VOLUME, text="How many tickets reach you a month?", options=("Under 500",))
TOOL = Question(id="tool", field=Field.TECH_STACK, text="Which tool do you use?", options=("Zendesk", "A shared inbox"))
PRICE = "Small costs $49 a month."
PAGE = Page(url="https://harbour.example/plans/", title="Our plans")
GROWER = Persona(
    id=PersonaId("grower"), name="Grower", quick_replies=("Seeds", "Soil", "Prices", "Far too long for a button")
)
ADDRESS = fact(Field.EMAIL, "kim@oak.example")
SIZE = fact(Field.COMPANY_SIZE, count(30, "employees"))
NEEDS = (fact(Field.VOLUME, count(100, "tickets", "day")), fact(Field.INTEGRATIONS, "Shopify"))


@dataclass
class Questions:
    """Asks its questions in order, none twice and none whose field is known."""

    bank: tuple[Question, ...] = (VOLUME, TOOL)
    asked_for: list[TurnView] = field(default_factory=list)

    def next_question(self, turn: TurnView, known: Known) -> Question | None:
        self.asked_for.append(turn)
        return next((one for one in self.bank if one.id not in turn.session.asked and one.field not in known), None)

    def question_in(self, text: str) -> str:
        return next((one.id for one in self.bank if one.text in text), "")

    def question_field(self, question: str) -> str:
        return next((one.field.value for one in self.bank if one.id == question), "")


def planner(questions: Questions | None = None) -> Planner:
    return Planner(
        questions=questions or Questions(),
        phrases=lambda _: english(),
        company="Harbour Desk",
        assistant="Mole",
        notice="No newsletter.",
    )


def situation(
    *acts: Act,
    said: str = "well then",
    questions: tuple[str, ...] = (),
    intent: Intent = Intent.LOOKING,
    email: EmailReading | None = None,
    known: Iterable[Fact] = (),
    news: tuple[Fact, ...] = (),
    before: Iterable[Fact] = (),
    talk: dict[str, Any] | None = None,
    **more: Any,
) -> Situation:
    """A turn in the middle of a talk."""
    mode = more.get("mode", Mode.LEAD)
    state = {"turns": 2, "introduced": True, "said": said, "intent": intent, "mode": mode, **(talk or {})}
    heard = Understanding(acts=frozenset(acts), questions=questions, intent=intent, email=email)
    held = fold((*known, *before, *news))
    turn = view(said, session=session(**state), understanding=heard, news=news, facts=(*before, *news))
    defaults: dict[str, Any] = {
        "view": turn,
        "known": held,
        "before": fold(before),
        "research": Research(),
        "mode": mode,
        "entered_sales": False,
        "pending": "",
    }
    return Situation(**{**defaults, **more})


def planned(given: Situation, questions: Questions | None = None) -> Brief:
    brief = planner(questions).plan(given)
    assert brief is not None
    return brief


def said_in(brief: Brief) -> Reply:
    return LocalWriter(lambda _: english()).compose(brief).reply


def phrases_in(brief: Brief) -> list[str]:
    return [move.phrase or "text" for move in brief.moves]


def found(*sentences: str) -> Research:
    return Research(
        findings=tuple(finding(one, url=f"https://harbour.example/{number}") for number, one in enumerate(sentences))
    )


NOTHING = Questions(())


def opened(**more: Any) -> Situation:
    talk = session(**{"page": PAGE, **more.pop("talk", {})})
    messages = (message("", MessageKind.OPENED, returning=more.pop("returning", False)),)
    turn = view(session=talk, messages=messages)
    defaults: dict[str, Any] = {"research": Research(), "known": {}, "before": {}, "mode": Mode.LEAD}
    return Situation(**{**defaults, "view": turn, "entered_sales": False, "pending": "", **more})
