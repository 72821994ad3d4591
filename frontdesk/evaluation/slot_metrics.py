"""How well the slots are filled: values right, wrong, missed, put right, and held although they must not be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from frontdesk.evaluation.figures import Counts, Figure, proportion
from frontdesk.evaluation.gold import Expectations, Forbidden, Labels
from frontdesk.evaluation.metrics import Prediction, Talk
from frontdesk.evaluation.values import LISTS, SLOTS, allows, held, item_in, matches, plain, violates

EXACT = ("email", "phone", "name")
"""Slots in which nearly right is useless."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "contact": ("email", "phone", "name"),
    "firmographic": ("company", "company_size", "team_size", "industry", "role"),
    "bant": ("budget", "timeline", "decision_maker", "volume", "use_case", "pains"),
    "technical": ("tech_stack", "integrations", "security", "competitors"),
}
BANT: Mapping[str, tuple[str, ...]] = {
    "budget": ("budget",),
    "authority": ("decision_maker", "role"),
    "need": ("use_case", "pains"),
    "timeline": ("timeline",),
}
"""Slots any of which, held right, answers a criterion."""
PERSONA, BUYER = "persona", "buyer"
Tally = dict[str, Counts]


def slot_counts(talks: Sequence[Talk], labels: Labels) -> Tally:
    """Right, wrong and missed values of each slot after the last turn of conversations that say what holds then."""
    return _together(tallies[-1] for talk in talks if (tallies := list(turn_tallies(talk, labels))))


def slot_counts_of_all_turns(talks: Sequence[Talk], labels: Labels) -> Tally:
    """The same after every turn that says what holds then: what is learned late counts as missed until then."""
    return _together(tally for talk in talks for tally in turn_tallies(talk, labels))


def turn_tallies(talk: Talk, labels: Labels) -> Iterator[Tally]:
    """The counts after each turn that has a state; values that are optional at a turn stay so."""
    optional: dict[str, list[Any]] = defaultdict(list)
    for turn, prediction in zip(talk.gold.turns, talk.predictions, strict=True):
        for slot, values in turn.gold.opt.items():
            optional[slot] += values if slot in LISTS and isinstance(values, list) else [values]
        if turn.state is not None:
            yield _tally(prediction.slots, turn.state, optional, labels.slots_not_scored)


def slots_together(counts: Mapping[str, Counts]) -> Counts:
    """All slots added up, so that frequent ones weigh more (micro average)."""
    together = Counts()
    for one in counts.values():
        together.add(one)
    return together


def group_counts(counts: Mapping[str, Counts]) -> Tally:
    """The slots of each group added up."""
    return {
        group: slots_together({slot: counts[slot] for slot in slots if slot in counts})
        for group, slots in GROUPS.items()
    }


def exact(counts: Mapping[str, Counts]) -> dict[str, Figure]:
    """Share of the labelled addresses, numbers and names at the end that are held right."""
    return {slot: counts.get(slot, Counts()).recall() for slot in EXACT}


def corrections(talks: Sequence[Talk]) -> Figure:
    """Share of corrected values held as corrected, and of withdrawn ones gone, right after the turn."""
    return proportion(
        right
        for talk in talks
        for before, turn, one in zip((None, *talk.gold.turns), talk.gold.turns, talk.predictions, strict=False)
        for right in _followed((before.state if before else None) or {}, turn.gold, one)
    )


def must_not(talks: Sequence[Talk], labels: Labels) -> Figure:
    """Share of forbidden values that are held after the last turn; lower is better."""
    return proportion(violated for talk in talks for violated in _violations(talk, labels))


def must_not_by_phenomenon(talks: Sequence[Talk], labels: Labels) -> dict[str, tuple[int, int]]:
    """The same by what makes a conversation hard: how many are held, of how many."""
    found: dict[str, tuple[int, int]] = {}
    for talk in talks:
        violations = list(_violations(talk, labels))
        for phenomenon in talk.gold.phenomena if violations else ():
            held_ones, of = found.get(phenomenon, (0, 0))
            found[phenomenon] = held_ones + sum(violations), of + len(violations)
    return dict(sorted(found.items()))


def bant_completeness(talks: Sequence[Talk]) -> Figure:
    """Share of the criteria that buyers disclosed of which at least one slot is held right at the end."""
    return proportion(
        any(_answers(talk, slot) for slot in slots)
        for talk in talks
        if talk.gold.visitor_type == BUYER
        for criterion, slots in BANT.items()
        if talk.gold.bant_available.get(criterion)
    )


def bant_wrong(talks: Sequence[Talk]) -> Figure:
    """Share of the criteria a rep is shown an answer to of which no held value holds; lower is better.

    A criterion that was never disclosed and is answered all the same is wrong, too.
    """
    return proportion(
        not any(_answers(talk, slot) or _is_optional(talk, slot) for slot in slots)
        for talk in talks
        if talk.gold.visitor_type == BUYER
        for slots in BANT.values()
        if any(held(talk.predictions[-1].slots, slot) is not None for slot in slots)
    )


def _is_optional(talk: Talk, slot: str) -> bool:
    """Whether what is held is at least no mistake."""
    value = held(talk.predictions[-1].slots, slot)
    given = [turn.gold.opt[slot] for turn in talk.gold.turns if slot in turn.gold.opt]
    if slot in LISTS:
        known = [item for items in given for item in (items if isinstance(items, list) else [items])]
        return any(item_in(one, known) is not None for one in value or ())
    return value is not None and allows(slot, value, given)


def _answers(talk: Talk, slot: str) -> bool:
    if slot not in talk.gold.final:
        return False
    value, wanted = talk.predictions[-1].slots.get(slot), talk.gold.final[slot]
    if slot in LISTS:
        return any(item_in(one, wanted) is not None for one in value or ())
    return matches(slot, value, wanted)


def _followed(before: Mapping[str, Any], change: Expectations, prediction: Prediction) -> Iterator[bool]:
    slots = prediction.slots
    for slot, value in change.set.items():
        if slot in before and before[slot] != value:
            yield matches(slot, slots.get(slot), value)
    for slot in change.drop:
        yield held(slots, slot) is None
    for slot, values in change.rem.items():
        yield from (item_in(value, slots.get(slot) or ()) is None for value in values)


def _violations(talk: Talk, labels: Labels) -> Iterator[bool]:
    for one in talk.gold.must_not:
        if one.from_turn <= len(talk.gold.turns) and one.slot not in labels.slots_not_scored:
            yield _holds(talk.predictions[-1], one, labels)


def _holds(prediction: Prediction, forbidden: Forbidden, labels: Labels) -> bool:
    if forbidden.slot == PERSONA:
        return prediction.persona in labels.ids(str(forbidden.value))
    slot, _, part = forbidden.slot.partition(".")
    value = prediction.slots.get(slot)
    if part:
        return isinstance(value, dict) and value.get(part) == forbidden.value
    return value is not None and violates(slot, value, forbidden.value)


def _together(tallies: Iterator[Tally]) -> Tally:
    counts: Tally = defaultdict(Counts)
    for tally in tallies:
        for slot, one in tally.items():
            counts[slot].add(one)
    return dict(counts)


def _tally(
    slots: Mapping[str, Any], state: Mapping[str, Any], optional: Mapping[str, Sequence[Any]], unscored: frozenset[str]
) -> Tally:
    return {
        slot: (_count_list if slot in LISTS else _count_single)(
            slot, held(slots, slot), state.get(slot), optional.get(slot, ())
        )
        for slot in SLOTS
        if slot not in unscored and (slot in state or slot in slots)
    }


def _count_single(slot: str, value: Any, wanted: Any, optional: Sequence[Any]) -> Counts:
    if wanted is None:
        return Counts(wrong=int(value is not None and not allows(slot, value, optional)))
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
