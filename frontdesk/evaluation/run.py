"""Conversations through the engine, judged: the same replay as `frontdesk replay`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frontdesk.evaluation.gold import GoldConversation, Labels
from frontdesk.evaluation.metrics import Prediction, Talk, talk_of
from frontdesk.mind import Mind
from frontdesk.replay import Conversation, ReplayClock, replay

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A file of labelled conversations: `said` for the engine, `gold` for the judge, in the same order."""

    said: Sequence[Conversation]
    gold: Sequence[GoldConversation]
    labels: Labels


async def judged(material: Material, mind: Mind, clock: ReplayClock, *, progress: Progress) -> list[Talk]:
    """Every conversation, each from the date `clock` stands at, with the predictions after each of its turns."""
    talks, start = [], clock.seconds
    for number, (said, gold) in enumerate(zip(material.said, material.gold, strict=True), 1):
        clock.seconds = start
        rows = [row async for row in replay(said, mind.engine, clock, mind.questions)]
        talks.append(talk_of(gold, [prediction_of(row) for row in rows], material.labels))
        progress(number, len(material.gold))
    clock.seconds = start
    return talks


def prediction_of(row: Mapping[str, Any]) -> Prediction:
    """One line of `replay`'s output."""
    return Prediction(
        persona=row["persona"],
        slots=row["slots"],
        intent=row["intent"],
        ask_email=row["ask_email"],
        readiness=row["readiness"],
        p_ready=row["p_ready"],
        reply=row["reply"],
    )
