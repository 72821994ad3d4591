"""The API's figures: what the overview and the page about questions show, for programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field, WithJsonSchema

from dashboard.api import ApiModel, Call, Endpoint
from dashboard.api_tokens import Scope
from dashboard.figures import DIMENSIONS, Level
from dashboard.overview_page import Seen, Spans
from dashboard.span import span_between

Day = Annotated[date | None, WithJsonSchema({"type": "string", "format": "date"})]


class SpanQuery(ApiModel):
    """Days in UTC; the last thirty without them. Above 92 days whole months count, of five years at most."""

    first: Day = Field(default=None, alias="from")
    last: Day = Field(default=None, alias="to")


class LevelAnswer(ApiModel):
    """How many conversations reached a stage; `share` is of those that began, from 0 to 1."""

    stage: str
    count: int
    share: float


class GroupAnswer(ApiModel):
    """The same of those with one value of a dimension (persona, channel, campaign)."""

    dimension: str
    value: str
    funnel: tuple[LevelAnswer, ...]


class PointAnswer(ApiModel):
    """One day or month."""

    period: str
    counts: dict[str, int]


class WaitAnswer(ApiModel):
    """Seconds within which half and nine tenths were done, null beyond a week."""

    wait: str
    count: int
    half: int | None
    most: int | None


class QuestionAnswer(ApiModel):
    """How often a question was asked and answered, and was the last thing before silence."""

    question: str
    asked: int
    answered: int
    left: int


class CostAnswer(ApiModel):
    """What models used; prices are in the company's currency, null where none is configured."""

    tokens: int
    leads: int
    tokens_a_lead: float | None
    price_a_lead: float | None


class Analytics(ApiModel):
    """Of conversations that began from `first` to `last`, both included, by what they have reached since."""

    first: date
    last: date
    funnel: tuple[LevelAnswer, ...]
    groups: tuple[GroupAnswer, ...]
    points: tuple[PointAnswer, ...]
    waits: tuple[WaitAnswer, ...]
    questions: tuple[QuestionAnswer, ...]
    costs: CostAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsApi:
    spans: Spans
    now: Callable[[], float]

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path="/analytics",
                summary="Funnel, waiting times, questions and costs of some days",
                scope=Scope.READ,
                answer=Analytics,
                handler=self._analytics,
                query=SpanQuery,
            ),
        )

    async def _analytics(self, call: Call) -> Analytics:
        return _told(await self.spans.of(span_between(call.query.first, call.query.last, now=self.now())))


def _told(seen: Seen) -> Analytics:
    figures, costs = seen.figures, seen.costs
    return Analytics(
        first=seen.span.first,
        last=seen.span.last,
        funnel=tuple(map(_level, figures.funnel())),
        groups=tuple(
            GroupAnswer(dimension=name, value=group.value, funnel=tuple(map(_level, group.levels)))
            for name in DIMENSIONS
            for group in figures.groups(name)
        ),
        points=tuple(
            PointAnswer(period=one.period, counts={stage.value: count for stage, count in one.counts.items()})
            for one in figures.points
        ),
        waits=tuple(
            WaitAnswer(wait=one.wait.value, count=one.count, half=one.half, most=one.most) for one in figures.waits()
        ),
        questions=tuple(
            QuestionAnswer(question=one.question, asked=one.asked, answered=one.answered, left=one.left)
            for one in figures.questions()
        ),
        costs=CostAnswer(
            tokens=costs.tokens,
            leads=costs.leads,
            tokens_a_lead=costs.tokens_a_lead,
            price_a_lead=costs.price_a_lead,
        ),
    )


def _level(level: Level) -> LevelAnswer:
    return LevelAnswer(stage=level.stage.value, count=level.count, share=level.share)
