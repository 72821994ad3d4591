"""All figures of one run, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from frontdesk.evaluation import metrics, policies, slot_metrics
from frontdesk.evaluation.baseline import baseline
from frontdesk.evaluation.bootstrap import with_interval
from frontdesk.evaluation.figures import Counts, Figure
from frontdesk.evaluation.gold import GoldConversation, Labels
from frontdesk.evaluation.metrics import Talk
from frontdesk.evaluation.policies import Policy, played
from frontdesk.evaluation.values import SLOTS

LOWER_IS_BETTER = frozenset(
    {
        *("persona_turns_late", "persona_wrongly_named", "ask_regret", "brier_high", "must_not_held"),
        *("intent_error", "calibration_error"),
    }
)

TITLES: Mapping[str, str] = {
    "persona_top1": "persona right at the end, none included",
    "persona_top1_somebody": "  of visitors with a persona",
    "persona_top1_nobody": "  of visitors with none",
    "persona_turns_late": "  turns late, mean",
    "persona_wrongly_named": "  turns naming a wrong one",
    "slots_f1": "slots, micro F1",
    "slots_precision": "  precision",
    "slots_recall": "  recall",
    "slots_f1_all_turns": "  micro F1 over all turns",
    "email_exact": "e-mail exact",
    "phone_exact": "phone exact",
    "name_exact": "name exact",
    "corrections": "corrections and withdrawals right",
    "must_not_held": "forbidden values held",
    "intent_precision": "buying intent, precision",
    "intent_recall": "  recall",
    "hot_precision": "acting intent, precision",
    "hot_recall": "  recall",
    "intent_error": "  error of the level, mean",
    "ask_regret": "asking for the address, regret",
    "readiness_strict": "readiness exactly right",
    "readiness_lenient": "  or one that can be defended",
    "brier_high": "  Brier score of high",
    "calibration_error": "  calibration error of high",
    "bant": "disclosed BANT criteria answered",
    "bant_wrong": "  answered, and nothing of it holds",
    "answered": "documented questions answered",
    "abstained": "undocumented questions admitted",
}


BASELINE = "patterns"
Rivals = Mapping[str, Policy]


def figures(talks: Sequence[Talk], labels: Labels) -> dict[str, Figure]:
    """Every metric by its name, with what trivial policies and a baseline of patterns reach."""
    golds = [talk.gold for talk in talks]
    return (
        _persona_figures(talks, golds, labels)
        | _slot_figures(talks, labels)
        | _intent_figures(talks)
        | _deciding_figures(talks, golds)
    )


def _slot_figures(talks: Sequence[Talk], labels: Labels) -> dict[str, Figure]:
    plain = played(baseline, talks)
    counts, theirs = slot_metrics.slot_counts(talks, labels), slot_metrics.slot_counts(plain, labels)
    exact, their_exact = slot_metrics.exact(counts), slot_metrics.exact(theirs)
    rivals: Rivals = {BASELINE: baseline}
    return (
        {
            "slots_f1": _counted(talks, plain, labels, Counts.f1),
            "slots_precision": _counted(talks, plain, labels, Counts.precision),
            "slots_recall": _counted(talks, plain, labels, Counts.recall),
            "slots_f1_all_turns": slot_metrics.slots_together(
                slot_metrics.slot_counts_of_all_turns(talks, labels)
            ).f1(),
            "must_not_held": _against(lambda some: slot_metrics.must_not(some, labels), talks, rivals),
            "corrections": _against(slot_metrics.corrections, talks, rivals),
            "bant": _against(slot_metrics.bant_completeness, talks, rivals),
            "bant_wrong": _against(slot_metrics.bant_wrong, talks, rivals),
        }
        | {f"{slot}_exact": _beside(exact[slot], {BASELINE: their_exact[slot]}) for slot in exact}
        | {
            f"slot_f1.{slot}": _beside(one.f1(), {BASELINE: theirs.get(slot, Counts()).f1()})
            for slot, one in sorted(counts.items())
        }
    )


def _counted(talks: Sequence[Talk], plain: Sequence[Talk], labels: Labels, read: Callable[[Counts], Figure]) -> Figure:
    """A figure of all slots; conversations count as drawn, since the slots of one are not independent."""
    rival = read(slot_metrics.slots_together(slot_metrics.slot_counts(plain, labels)))
    parts = [slot_metrics.slots_together(slot_metrics.slot_counts([talk], labels)) for talk in talks]
    return _beside(with_interval(parts, read), {BASELINE: rival})


def _intent_figures(talks: Sequence[Talk]) -> dict[str, Figure]:
    rivals: Rivals = {"always buying": policies.always_buying, BASELINE: baseline}
    return {
        "intent_precision": _against(lambda some: metrics.buying_intent(some).precision(), talks, rivals),
        "intent_recall": _against(lambda some: metrics.buying_intent(some).recall(), talks, rivals),
        "hot_precision": _against(lambda some: metrics.hot_intent(some).precision(), talks, rivals),
        "hot_recall": _against(lambda some: metrics.hot_intent(some).recall(), talks, rivals),
        "intent_error": _against(metrics.intent_error, talks, rivals),
    }


def _deciding_figures(talks: Sequence[Talk], golds: Sequence[GoldConversation]) -> dict[str, Figure]:
    majority = policies.majority_readiness(golds)
    asking: Rivals = {
        "never ask": policies.never_asks,
        "ask in reply 3": policies.asks_in_reply_three,
        BASELINE: baseline,
    }
    ready: Rivals = {"majority": majority, BASELINE: baseline}
    chance: Rivals = {"base rate": majority, BASELINE: baseline}
    return {
        "ask_regret": _against(metrics.ask_regret, talks, asking),
        "readiness_strict": _against(metrics.readiness_strict, talks, ready),
        "readiness_lenient": _against(metrics.readiness_lenient, talks, ready),
        "brier_high": _against(metrics.brier, talks, chance),
        "calibration_error": _against(metrics.calibration_error, talks, chance),
    }


def _persona_figures(talks: Sequence[Talk], golds: Sequence[GoldConversation], labels: Labels) -> dict[str, Figure]:
    ignorant = {"always none": policies.always_none, "most common": policies.most_common_persona(golds, labels)}
    return {
        "persona_top1": _against(metrics.persona_top1, talks, ignorant),
        "persona_top1_somebody": _against(metrics.persona_top1_of_somebody, talks, ignorant),
        "persona_top1_nobody": _against(metrics.persona_top1_of_nobody, talks, ignorant),
        "persona_turns_late": _against(metrics.persona_turns_late, talks, ignorant),
        "persona_wrongly_named": _against(metrics.persona_wrongly_named, talks, ignorant),
    }


def _against(metric: Callable[[Sequence[Talk]], Figure], talks: Sequence[Talk], rivals: Rivals) -> Figure:
    return _beside(metric(talks), {name: metric(played(policy, talks)) for name, policy in rivals.items()})


def _beside(figure: Figure, rivals: Mapping[str, Figure]) -> Figure:
    return replace(figure, trivial={name: one.value for name, one in rivals.items() if one.value is not None})


def as_json(found: Mapping[str, Figure]) -> dict[str, Any]:
    """Figures with at most four digits; what was not measured is null with n 0."""
    return {
        name: {
            "value": _rounded(one.value),
            "n": one.n,
            "interval": [_rounded(end) for end in one.interval] if one.interval else None,
            "trivial": {policy: _rounded(value) for policy, value in one.trivial.items()},
        }
        for name, one in found.items()
    }


def as_table(found: Mapping[str, Figure]) -> Iterator[str]:
    """One line a metric: value, 95 % interval, cases, and the trivial policies."""
    yield f"{'':54} {'value':>6}  {'95 % interval':13} {'n':>5}  beside"
    for name, title in TITLES.items():
        one = found.get(name, Figure(value=None, n=0))
        if one.value is None:
            continue
        between = f"{_short(one.interval[0])} - {_short(one.interval[1])}" if one.interval else ""
        beside = ", ".join(f"{policy} {_short(value)}" for policy, value in one.trivial.items())
        mark = " (lower is better)" if name in LOWER_IS_BETTER else ""
        yield f"{title + mark:54} {_short(one.value):>6}  {between:13} {one.n:>5}  {beside}".rstrip()
    yield from _slots(found)


def as_markdown(found: Mapping[str, Figure]) -> Iterator[str]:
    """The same as a table to paste."""
    yield "| what | value | 95 % interval | n | beside |"
    yield "|---|---|---|---|---|"
    named = {f"slot_f1.{slot}": f"F1 of {slot}" for slot in SLOTS}
    for name, title in {**TITLES, **named}.items():
        one = found.get(name, Figure(value=None, n=0))
        if one.value is not None and one.n:
            between = f"{_short(one.interval[0])} - {_short(one.interval[1])}" if one.interval else ""
            beside = ", ".join(f"{policy} {_short(value)}" for policy, value in one.trivial.items())
            yield f"| {title.strip()} | {_short(one.value)} | {between} | {one.n} | {beside} |"


def _slots(found: Mapping[str, Figure]) -> Iterator[str]:
    each = [
        f"{name.removeprefix('slot_f1.')} {_short(one.value)} ({one.n})"
        for name, one in found.items()
        if name.startswith("slot_f1.") and one.value is not None and one.n
    ]
    if each:
        yield "F1 by slot (required values):"
    for start in range(0, len(each), 5):
        yield f"  {', '.join(each[start : start + 5])}"


def _short(value: float) -> str:
    return f"{value:.3f}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
