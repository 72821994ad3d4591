"""Persona, intent, asking and readiness. Functions take labelled conversations and say what they measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from frontdesk.evaluation.figures import Counts, Figure, mean, proportion
from frontdesk.evaluation.gold import Asking, GoldConversation, Labels

BUYING = 2
"""The intent from which a turn counts as buying: evaluates for their own organisation, or acts."""
HOT = 3
MOST_ASKS = 2
EARLY, LATE, VOLUNTEERED, TOO_OFTEN, MOST_EARLY = 0.25, 0.34, 0.5, 0.5, 0.75
LEVELS = ("low", "medium", "high")
CALIBRATION_GROUPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is predicted after one visitor turn; one line of `replay`."""

    persona: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    intent: int = 0
    ask_email: bool = False
    readiness: str = "low"
    p_ready: float = 0.0
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A labelled conversation, the predictions after each of its turns, and the persona ids that are right."""

    gold: GoldConversation
    predictions: tuple[Prediction, ...]
    right: frozenset[str | None]

    def persona_is_right(self) -> tuple[bool, ...]:
        return tuple(one.persona in self.right for one in self.predictions)

    def asks(self) -> list[int]:
        """The turns in whose reply the address is asked for."""
        return [t for t, one in enumerate(self.predictions, 1) if one.ask_email]


def talk_of(gold: GoldConversation, predictions: Sequence[Prediction], labels: Labels) -> Talk:
    """Raises ValueError unless there is one prediction a turn."""
    if len(predictions) != len(gold.turns):
        raise ValueError(f"{gold.id}: {len(predictions)} predictions for {len(gold.turns)} turns")
    return Talk(gold=gold, predictions=tuple(predictions), right=right_personas(gold, labels))


def right_personas(gold: GoldConversation, labels: Labels) -> frozenset[str | None]:
    wanted = [gold.persona, *gold.persona_alt]
    named: set[str | None] = {identity for label in wanted if label for identity in labels.ids(label)}
    return frozenset(named | ({None} if None in wanted else set()))


def persona_top1(talks: Sequence[Talk]) -> Figure:
    """Share of conversations whose last guess is right; where nobody fits, "none" is what is right."""
    return proportion(talk.persona_is_right()[-1] for talk in talks)


def persona_top1_of_somebody(talks: Sequence[Talk]) -> Figure:
    """The same among conversations that have a persona."""
    return persona_top1([talk for talk in talks if talk.gold.persona])


def persona_top1_of_nobody(talks: Sequence[Talk]) -> Figure:
    """The same among conversations that have none: how often the detector rightly keeps quiet."""
    return persona_top1([talk for talk in talks if not talk.gold.persona])


def persona_turns_late(talks: Sequence[Talk]) -> Figure:
    """Mean turns by which the persona is found late, in conversations that have one.

    Counted from the turn that allows to tell to the turn from which on every guess is right. Never right counts as if
    it came one turn after the end; early counts as in time.
    """
    return mean([float(late) for late in _lateness(talks)])


def persona_in_time(talks: Sequence[Talk]) -> Figure:
    """Share of conversations with a persona that is found in time and kept."""
    return proportion(late == 0 for late in _lateness(talks))


def _lateness(talks: Sequence[Talk]) -> Iterator[int]:
    for talk in talks:
        if talk.gold.persona:
            right = talk.persona_is_right()
            settled = next((t for t in range(1, len(right) + 1) if all(right[t - 1 :])), len(right) + 1)
            yield max(0, settled - talk.gold.persona_decidable_turn)


def persona_wrongly_named(talks: Sequence[Talk]) -> Figure:
    """Share of all turns in which a persona is named that is not the visitor's; abstaining is never wrong here."""
    return proportion(
        one.persona is not None and one.persona not in talk.right for talk in talks for one in talk.predictions
    )


def buying_intent(talks: Sequence[Talk]) -> Counts:
    """Turns of intent 2 or 3 found, over all turns with a labelled intent."""
    return _intent_from(BUYING, talks)


def hot_intent(talks: Sequence[Talk]) -> Counts:
    """Turns of intent 3 found: the visitor acts."""
    return _intent_from(HOT, talks)


def intent_error(talks: Sequence[Talk]) -> Figure:
    """Mean absolute error of the intent over all turns, 0 to 3."""
    return mean([float(abs(meant - taken)) for meant, taken in _intents(talks)])


def _intent_from(level: int, talks: Sequence[Talk]) -> Counts:
    counts = Counts()
    for meant, taken in _intents(talks):
        yes, said = meant >= level, taken >= level
        counts.add(Counts(right=yes and said, wrong=said and not yes, missed=yes and not said))
    return counts


def _intents(talks: Sequence[Talk]) -> Iterator[tuple[int, int]]:
    for talk in talks:
        for turn, prediction in zip(talk.gold.turns, talk.predictions, strict=True):
            if turn.intent is not None:
                yield turn.intent, prediction.intent


def ask_regret(talks: Sequence[Talk]) -> Figure:
    """Mean regret a conversation, 0 to 1, over when the address was asked for.

    1 for any request to somebody who is no buyer, after it was given, or after a refusal, and for a request that must
    be made and never is (0.5 when the visitor gives the address unasked). Each turn too early costs 0.25, at most 0.75,
    each turn too late 0.34; more than two requests cost at least 0.5.
    """
    return mean([_regret(talk) for talk in talks if talk.gold.ask is not None])


def asked_redundantly(talks: Sequence[Talk]) -> Figure:
    """Share of conversations in which the address is asked for in the turn that gives it unasked, or later."""
    return proportion(_redundant(talk) for talk in talks if talk.gold.ask is not None)


def asked_on_never(talks: Sequence[Talk]) -> Figure:
    """Share of visitors who must never be asked that were."""
    return proportion(bool(talk.asks()) for talk in talks if talk.gold.ask and talk.gold.ask.mode == "never")


def asked_in_window(talks: Sequence[Talk]) -> Figure:
    """Share of visitors who must be asked whose first request came in its window."""
    return proportion(
        _in_window(wanted, talk.asks()) for talk in talks if (wanted := talk.gold.ask) and wanted.mode == "must"
    )


def readiness_strict(talks: Sequence[Talk]) -> Figure:
    """Share of conversations whose readiness at the end is exactly the labelled one."""
    return proportion(talk.predictions[-1].readiness == talk.gold.readiness for talk in talks if talk.gold.readiness)


def readiness_lenient(talks: Sequence[Talk]) -> Figure:
    """Share of conversations whose readiness at the end is one that can be defended."""
    return proportion(
        talk.predictions[-1].readiness in talk.gold.readiness_accept for talk in talks if talk.gold.readiness
    )


def readiness_error(talks: Sequence[Talk]) -> Figure:
    """Mean number of levels by which readiness is off, 0 to 2."""
    return mean(
        [
            float(abs(LEVELS.index(talk.predictions[-1].readiness) - LEVELS.index(talk.gold.readiness)))
            for talk in talks
            if talk.gold.readiness
        ]
    )


def brier(talks: Sequence[Talk]) -> Figure:
    """Mean squared error of the probability of readiness "high" at the end (Brier 1950); lower is better."""
    return mean([(chance - high) ** 2 for chance, high in _chances(talks)])


def calibration_error(talks: Sequence[Talk]) -> Figure:
    """Expected calibration error of the same probability over five groups of equal size, from lowest to highest."""
    chances = sorted(_chances(talks))
    size = max(1, len(chances) // CALIBRATION_GROUPS)
    groups = [chances[start : start + size] for start in range(0, len(chances), size)]
    off = sum(abs(sum(chance - high for chance, high in group)) for group in groups)
    return Figure(value=off / len(chances) if chances else None, n=len(chances))


def _chances(talks: Sequence[Talk]) -> list[tuple[float, bool]]:
    return [
        (min(1.0, max(0.0, talk.predictions[-1].p_ready)), talk.gold.readiness == "high")
        for talk in talks
        if talk.gold.readiness
    ]


def _redundant(talk: Talk) -> bool:
    given = talk.gold.email_volunteered_turn
    return given is not None and any(ask >= given for ask in talk.asks())


def _in_window(wanted: Asking, asks: Sequence[int]) -> bool:
    earliest, by = wanted.earliest or 1, wanted.by or 1
    return bool(asks) and earliest <= asks[0] <= max(by, earliest)


def _regret(talk: Talk) -> float:
    return max(_costs(talk), default=0.0)


def _costs(talk: Talk) -> Iterator[float]:
    wanted, given = talk.gold.ask, talk.gold.email_volunteered_turn
    asks = talk.asks()
    if wanted is None:
        return
    if wanted.mode == "never":
        yield float(bool(asks))
        return
    if not asks:
        if wanted.mode == "must":
            yield VOLUNTEERED if given else 1.0
        return
    if wanted.earliest is not None and asks[0] < wanted.earliest:
        yield min(MOST_EARLY, EARLY * (wanted.earliest - asks[0]))
    elif wanted.mode == "must" and wanted.by is not None and asks[0] > wanted.by:
        yield min(1.0, LATE * (asks[0] - wanted.by))
    if _redundant(talk):
        yield 1.0
    if any(wanted.forbidden_from is not None and ask >= wanted.forbidden_from for ask in asks):
        yield 1.0
    if len(asks) > MOST_ASKS:
        yield TOO_OFTEN
