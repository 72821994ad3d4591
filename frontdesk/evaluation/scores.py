"""The score sheet: every metric as a plain number, in the names and the order that conversation files are scored in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from frontdesk.evaluation import metrics, slot_metrics
from frontdesk.evaluation.answers import SiteFact, abstained, answered
from frontdesk.evaluation.figures import Counts, Figure
from frontdesk.evaluation.gold import Labels
from frontdesk.evaluation.metrics import Talk
from frontdesk.evaluation.values import SLOTS


def score_sheet(talks: Sequence[Talk], labels: Labels, facts: Mapping[str, SiteFact] | None = None) -> dict[str, Any]:
    """Numbers have three digits (probabilities four, turns late two). What there was no case of is 0."""
    sheet = _persona(talks) | _slots(talks, labels) | _intent(talks) | _asking(talks) | _readiness(talks)
    by_phenomenon = slot_metrics.must_not_by_phenomenon(talks, labels)
    sheet["must_not_by_phenomenon"] = {name: f"{held}/{of}" for name, (held, of) in by_phenomenon.items()}
    if facts is not None:
        sheet["grounded"] = {
            "answerable_correct": _with_cases(answered(talks, facts)),
            "unanswerable_abstain": _with_cases(abstained(talks)),
        }
    return sheet


def _persona(talks: Sequence[Talk]) -> dict[str, Any]:
    top1 = metrics.persona_top1(talks)
    return {
        "persona_top1": _number(top1),
        "persona_top1_ci": [round(end, 3) for end in top1.interval or (0.0, 0.0)],
        "persona_lag_turns_mean": _number(metrics.persona_turns_late(talks), 2),
        "persona_lag0_share": _number(metrics.persona_in_time(talks)),
    }


def _slots(talks: Sequence[Talk], labels: Labels) -> dict[str, Any]:
    counts = slot_metrics.slot_counts(talks, labels)
    together = slot_metrics.slots_together(counts)
    ever = slot_metrics.slots_together(slot_metrics.slot_counts_of_all_turns(talks, labels))
    return {
        "slot_micro_f1_final": _number(together.f1()),
        "slot_precision": _number(together.precision()),
        "slot_recall": _number(together.recall()),
        "slot_micro_f1_all_turns": _number(ever.f1()),
        "slot_f1": {slot: _number(counts.get(slot, Counts()).f1()) for slot in SLOTS},
        "group_f1": {group: _number(one.f1()) for group, one in slot_metrics.group_counts(counts).items()},
        "exact": {slot: _number(one) for slot, one in slot_metrics.exact(counts).items()},
        "correction_acc": _with_cases(slot_metrics.corrections(talks)),
        "must_not_violation": _with_cases(slot_metrics.must_not(talks, labels)),
        "bant_completeness": _with_cases(slot_metrics.bant_completeness(talks)),
        "bant_wrong": _with_cases(slot_metrics.bant_wrong(talks)),
    }


def _intent(talks: Sequence[Talk]) -> dict[str, Any]:
    return {
        "buying_intent": _precision_and_recall(metrics.buying_intent(talks)),
        "hot_intent": _precision_and_recall(metrics.hot_intent(talks)),
        "intent_mae": _number(metrics.intent_error(talks)),
    }


def _asking(talks: Sequence[Talk]) -> dict[str, Any]:
    return {
        "ask_regret": _number(metrics.ask_regret(talks)),
        "ask_redundant": metrics.asked_redundantly(talks).hits(),
        "ask_on_never": _hits_of(metrics.asked_on_never(talks)),
        "ask_in_window_on_must": _hits_of(metrics.asked_in_window(talks)),
    }


def _readiness(talks: Sequence[Talk]) -> dict[str, Any]:
    return {
        "readiness_acc": _number(metrics.readiness_strict(talks)),
        "readiness_acc_lenient": _number(metrics.readiness_lenient(talks)),
        "readiness_mae": _number(metrics.readiness_error(talks)),
        "brier_ready": _number(metrics.brier(talks), 4),
        "ece_ready": _number(metrics.calibration_error(talks), 4),
    }


def _number(figure: Figure, digits: int = 3) -> float:
    return round(figure.value or 0.0, digits)


def _with_cases(figure: Figure) -> list[float]:
    return [_number(figure), figure.n]


def _hits_of(figure: Figure) -> list[int]:
    return [figure.hits(), figure.n]


def _precision_and_recall(counts: Counts) -> dict[str, float]:
    return {"precision": _number(counts.precision()), "recall": _number(counts.recall())}
