"""Policies that understand nothing. A figure says little unless it stands beside theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from frontdesk.evaluation.gold import GoldConversation, Labels
from frontdesk.evaluation.metrics import Prediction, Talk, right_personas

ASKING_TURN = 3
Policy = Callable[[GoldConversation, int], Prediction]


def always_none(_: GoldConversation, __: int) -> Prediction:
    return Prediction(persona=None)


def most_common_persona(golds: Sequence[GoldConversation], labels: Labels) -> Policy:
    """Names the persona that most conversations have, from the first turn on."""
    counted = Counter(
        identity for gold in golds for identity in sorted(filter(None, right_personas(gold, labels)))
    ).most_common(1)
    persona = counted[0][0] if counted else None
    return lambda _gold, _turn: Prediction(persona=persona)


def never_asks(_: GoldConversation, __: int) -> Prediction:
    return Prediction(ask_email=False)


def asks_in_reply_three(_: GoldConversation, turn: int) -> Prediction:
    return Prediction(ask_email=turn == ASKING_TURN)


def always_buying(_: GoldConversation, __: int) -> Prediction:
    return Prediction(intent=3)


def majority_readiness(golds: Sequence[GoldConversation]) -> Policy:
    """Says the commonest readiness, and the share of "high" as its probability."""
    levels = [gold.readiness for gold in golds if gold.readiness]
    level = Counter(levels).most_common(1)[0][0] if levels else "low"
    share = levels.count("high") / len(levels) if levels else 0.0
    return lambda _gold, _turn: Prediction(readiness=level, p_ready=share)


def played(policy: Policy, talks: Sequence[Talk]) -> list[Talk]:
    """The same conversations as the policy would have read them."""
    return [replace(talk, predictions=tuple(policy(talk.gold, turn.t) for turn in talk.gold.turns)) for talk in talks]
