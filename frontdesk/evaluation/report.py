"""All figures of one run, as JSON and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from frontdesk.evaluation import metrics, policies
from frontdesk.evaluation.figures import Figure
from frontdesk.evaluation.gold import GoldConversation, Labels
from frontdesk.evaluation.metrics import Talk
from frontdesk.evaluation.policies import Policy, played

LOWER_IS_BETTER = frozenset(
    {"persona_turns_late", "persona_wrongly_named", "ask_regret", "brier_high", "must_not_held"}
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
    "must_not_held": "forbidden values held",
    "intent_precision": "buying intent, precision",
    "intent_recall": "  recall",
    "ask_regret": "asking for the address, regret",
    "readiness_strict": "readiness exactly right",
    "brier_high": "  Brier score of high",
}


def figures(talks: Sequence[Talk], labels: Labels) -> dict[str, Figure]:
    """Every metric by its name, with what trivial policies reach; see `metrics` for what each one means."""
    golds = [talk.gold for talk in talks]
    counts = metrics.slot_counts(talks, labels)
    together, intent = metrics.slots_together(counts), metrics.buying_intent(talks)
    buying = metrics.buying_intent(played(policies.always_buying, talks))
    found = _persona_figures(talks, golds, labels) | {
        "slots_f1": together.f1(),
        "slots_precision": together.precision(),
        "slots_recall": together.recall(),
        "must_not_held": metrics.must_not(talks, labels),
        "intent_precision": _beside(intent.precision(), {"always buying": buying.precision()}),
        "intent_recall": _beside(intent.recall(), {"always buying": buying.recall()}),
        "ask_regret": _against(
            metrics.ask_regret,
            talks,
            {"never ask": policies.never_asks, "ask in reply 3": policies.asks_in_reply_three},
        ),
        "readiness_strict": _against(metrics.readiness_strict, talks, {"majority": policies.majority_readiness(golds)}),
        "brier_high": _against(metrics.brier, talks, {"base rate": policies.majority_readiness(golds)}),
    }
    return found | {f"slot_f1.{slot}": one.f1() for slot, one in sorted(counts.items())}


def _persona_figures(talks: Sequence[Talk], golds: Sequence[GoldConversation], labels: Labels) -> dict[str, Figure]:
    ignorant = {"always none": policies.always_none, "most common": policies.most_common_persona(golds, labels)}
    return {
        "persona_top1": _against(metrics.persona_top1, talks, ignorant),
        "persona_top1_somebody": _against(metrics.persona_top1_of_somebody, talks, ignorant),
        "persona_top1_nobody": _against(metrics.persona_top1_of_nobody, talks, ignorant),
        "persona_turns_late": _against(metrics.persona_turns_late, talks, ignorant),
        "persona_wrongly_named": _against(metrics.persona_wrongly_named, talks, ignorant),
    }


def _against(metric: Any, talks: Sequence[Talk], rivals: Mapping[str, Policy]) -> Figure:
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
        one = found[name]
        if one.value is None:
            continue
        between = f"{_short(one.interval[0])} - {_short(one.interval[1])}" if one.interval else ""
        beside = ", ".join(f"{policy} {_short(value)}" for policy, value in one.trivial.items())
        mark = " (lower is better)" if name in LOWER_IS_BETTER else ""
        yield f"{title + mark:54} {_short(one.value):>6}  {between:13} {one.n:>5}  {beside}".rstrip()
    yield from _slots(found)


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
