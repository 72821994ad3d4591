"""Knowledge that answers by the words of a query, and turns to look things up for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.fact import Fact
from core.ledger import fold
from core.message import Page
from core.offering import Sum
from core.passage import Finding
from core.research import Research, look_up
from core.turn import TurnView
from core.understanding import Act, Understanding
from tests.core.pieces import finding, view

PRICE, LENGTH, SUPPORT = "Small costs $49 a month.", "A contract runs for a month.", "Support answers on weekdays."
ROBOT = frozenset({Act.ASKS_IF_ROBOT})
PAGE = Page(url="https://harbour.example/plans/", title="Plans", heading="What it costs")
NEAR = replace(finding(SUPPORT, score=0.3), near=True)


@dataclass
class Shelf:
    """A `Knowledge` that answers a query holding a word with the findings listed for the word."""

    pages: dict[str, tuple[Finding, ...]]
    queries: list[str] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def search(
        self, query: str, *, page: str = "", hints: Sequence[str] = (), limit: int = 3
    ) -> tuple[Finding, ...]:
        self.queries.append(query)
        self.seen.append({"page": page, "hints": tuple(hints), "limit": limit})
        return next((found[:limit] for word, found in self.pages.items() if word in query), ())


class Exactly(Shelf):
    """Answers a query that is one of its words, and no longer one."""

    async def search(self, query: str, **more: Any) -> tuple[Finding, ...]:
        return await super().search(query, **more) if query in self.pages else ()


def shelf(**more: tuple[Finding, ...]) -> Shelf:
    own = {
        "cost": (finding(PRICE), finding(LENGTH, url="https://harbour.example/terms/", score=0.85)),
        "contract": (finding(LENGTH),),
        "support": (finding(SUPPORT),),
    }
    return Shelf({**own, **more})


def asking(*questions: str, acts: frozenset[Act] = frozenset(), **more: Any) -> TurnView:
    said = Understanding(questions=questions, acts=acts | {Act.ASKS})
    return view(" ".join(questions), **{"understanding": said, **more})


def telling(text: str, *news: Fact, acts: frozenset[Act] = frozenset(), **more: Any) -> TurnView:
    said = Understanding(topic=text, acts=acts, facts=news)
    return view(text, **{"understanding": said, "news": news, "facts": news, **more})


async def found(knowledge: Shelf, one: TurnView) -> Research:
    return await look_up(knowledge, one, fold(one.facts))


def sentences(research: Research) -> list[str]:
    return [sentence for one in research.findings for sentence in one.sentences]


class Talking(Shelf):
    """A knowledge room that understands what belongs to a conversation, by what is written in the question."""

    def completed(self, question: str, before: str) -> str:
        return f"{before.strip()} {question}" if question.startswith("and") else ""

    def beside(self, question: str, told: str) -> str:
        return f"{told.strip()} {question}" if question.startswith("is that") and told.strip() else ""

    def questions_in(self, question: str) -> tuple[str, ...]:
        return tuple(question.split(" + "))

    def summed(self, finding: Finding, told: str) -> Finding:
        if "of us" not in told or not finding.prices:
            return finding
        return replace(finding, sums=(Sum(count=6, each=finding.prices[0]),))

    def compared(self, told: str) -> tuple[Finding, ...]:
        sides = (finding(PRICE), finding(LENGTH))
        return tuple(replace(one, together=True) for one in sides) if "Solo or Crew" in told else ()

    def tells(self, part: str) -> bool:
        return part.startswith("we ")

    def demands(self, part: str) -> bool:
        return "must" in part

    def asks(self, part: str) -> bool:
        return part.startswith(("is", "what"))

    def required(self, part: str) -> tuple[str, ...]:
        return ("is there support?",) if "helpers" in part else ()

    def asks_what_comes_next(self, question: str) -> bool:
        return "next" in question
