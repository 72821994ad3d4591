"""The metrics. Each function takes labelled conversations and predictions, and says what it measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from frontdesk.evaluation.figures import Counts, Figure, mean, proportion
from frontdesk.evaluation.gold import Forbidden, GoldConversation, Labels
from frontdesk.evaluation.values import LISTS, allows, held, item_in, matches, plain, violates

BUYING = 2
"""The intent from which a turn counts as buying: evaluates for their own organisation, or acts."""
MOST_ASKS = 2
EARLY, LATE, VOLUNTEERED, TOO_OFTEN, MOST_EARLY = 0.25, 0.34, 0.5, 0.5, 0.75
PERSONA = "persona"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is predicted after one visitor turn; the wire shape of `replay` without the reply."""

    persona: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    intent: int = 0
    ask_email: bool = False
    readiness: str = "low"
    p_ready: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A labelled conversation, the predictions after each of its turns, and the persona ids that are right."""

    gold: GoldConversation
    predictions: tuple[Prediction, ...]
    right: frozenset[str | None]

    def persona_is_right(self) -> tuple[bool, ...]:
        return tuple(one.persona in self.right for one in self.predictions)


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
    late = []
    for talk in talks:
        if talk.gold.persona:
            right = talk.persona_is_right()
            settled = next((t for t in range(1, len(right) + 1) if all(right[t - 1 :])), len(right) + 1)
            late.append(float(max(0, settled - talk.gold.persona_decidable_turn)))
    return mean(late)


def persona_wrongly_named(talks: Sequence[Talk]) -> Figure:
    """Share of all turns in which a persona is named that is not the visitor's; abstaining is never wrong here."""
    return proportion(
        one.persona is not None and one.persona not in talk.right for talk in talks for one in talk.predictions
    )


def slot_counts(talks: Sequence[Talk], labels: Labels) -> dict[str, Counts]:
    """Right, wrong and missed values of each slot after the last turn of conversations that say what holds then."""
    counts: dict[str, Counts] = defaultdict(Counts)
    for talk in talks:
        state = talk.gold.turns[-1].state
        if state is None:
            continue
        slots, optional = talk.predictions[-1].slots, _optional(talk.gold)
        for slot in sorted({*state, *slots} - labels.slots_not_scored):
            count = _count_list if slot in LISTS else _count_single
            counts[slot].add(count(slot, held(slots, slot), state.get(slot), optional.get(slot, [])))
    return counts


def slots_together(counts: Mapping[str, Counts]) -> Counts:
    """All slots added up, so that frequent ones weigh more (micro average)."""
    together = Counts()
    for one in counts.values():
        together.add(one)
    return together


def buying_intent(talks: Sequence[Talk]) -> Counts:
    """Turns of intent 2 or 3 found, over all turns with a labelled intent."""
    counts = Counts()
    for talk in talks:
        for turn, prediction in zip(talk.gold.turns, talk.predictions, strict=True):
            if turn.intent is not None:
                meant, taken = turn.intent >= BUYING, prediction.intent >= BUYING
                counts.add(Counts(right=meant and taken, wrong=taken and not meant, missed=meant and not taken))
    return counts


def ask_regret(talks: Sequence[Talk]) -> Figure:
    """Mean regret a conversation, 0 to 1, over when the address was asked for.

    1 for any request to somebody who is no buyer, after it was given, or after a refusal, and for a request that must
    be made and never is (0.5 when the visitor gives the address unasked). Each turn too early costs 0.25, at most 0.75,
    each turn too late 0.34; more than two requests cost at least 0.5.
    """
    return mean([_regret(talk) for talk in talks if talk.gold.ask is not None])


def readiness_strict(talks: Sequence[Talk]) -> Figure:
    """Share of conversations whose readiness at the end is exactly the labelled one."""
    return proportion(talk.predictions[-1].readiness == talk.gold.readiness for talk in talks if talk.gold.readiness)


def brier(talks: Sequence[Talk]) -> Figure:
    """Mean squared error of the probability of readiness "high" at the end (Brier 1950); lower is better."""
    return mean(
        [
            (min(1.0, max(0.0, talk.predictions[-1].p_ready)) - (talk.gold.readiness == "high")) ** 2
            for talk in talks
            if talk.gold.readiness
        ]
    )


def must_not(talks: Sequence[Talk], labels: Labels) -> Figure:
    """Share of forbidden values that are held after the last turn; lower is better."""
    return proportion(
        _holds(talk.predictions[-1], one, labels)
        for talk in talks
        for one in talk.gold.must_not
        if one.from_turn <= len(talk.gold.turns) and one.slot not in labels.slots_not_scored
    )


def _holds(prediction: Prediction, forbidden: Forbidden, labels: Labels) -> bool:
    if forbidden.slot == PERSONA:
        return prediction.persona in labels.ids(str(forbidden.value))
    slot, _, part = forbidden.slot.partition(".")
    value = held(prediction.slots, slot)
    if part:
        return isinstance(value, dict) and value.get(part) == forbidden.value
    return value is not None and violates(slot, value, forbidden.value)


def _optional(gold: GoldConversation) -> dict[str, list[Any]]:
    optional: dict[str, list[Any]] = defaultdict(list)
    for allowed in (*(turn.gold.opt for turn in gold.turns), gold.final_optional):
        for slot, values in allowed.items():
            optional[slot] += values if slot in LISTS and isinstance(values, list) else [values]
    return optional


def _count_single(slot: str, value: Any, wanted: Any, optional: Sequence[Any]) -> Counts:
    if wanted is None:
        return Counts(wrong=value is not None and not allows(slot, value, optional))
    if value is None:
        return Counts(missed=1)
    if matches(slot, value, wanted):
        return Counts(right=1)
    return Counts(wrong=1, missed=1)


def _count_list(slot: str, values: Any, wanted: Any, optional: Sequence[Any]) -> Counts:
    counts, open_ones = Counts(), list(wanted or ())
    for value in {plain(one): one for one in values or ()}.values():
        found = item_in(value, open_ones)
        if found is not None:
            counts.right += 1
            open_ones.remove(found)
        elif item_in(value, wanted or ()) is None and not allows(slot, value, optional):
            counts.wrong += 1
    counts.missed = len(open_ones)
    return counts


def _regret(talk: Talk) -> float:
    return max(_costs(talk), default=0.0)


def _costs(talk: Talk) -> Iterator[float]:
    wanted, given = talk.gold.ask, talk.gold.email_volunteered_turn
    asks = [t for t, one in enumerate(talk.predictions, 1) if one.ask_email]
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
    if any(given is not None and ask >= given for ask in asks):
        yield 1.0
    if any(wanted.forbidden_from is not None and ask >= wanted.forbidden_from for ask in asks):
        yield 1.0
    if len(asks) > MOST_ASKS:
        yield TOO_OFTEN
