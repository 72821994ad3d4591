"""What of a lead's change is worth a note to the team. Pure; how often a note may come is decided elsewhere."""

from __future__ import annotations

from core.enrich import REASON_HUMAN
from core.lead import Lead

LEVELS = ("low", "medium", "high")
ANSWER = 120
"""Characters of a criterion's answer that a note quotes."""


def worth_telling(before: Lead, after: Lead) -> tuple[str, ...]:
    """What changed so that a rep would act otherwise; () for everything the card shows quietly by itself.

    An item is words ("Budget: $500 a month"), or the key of what has words of its own in each language: a reason for
    the handoff ("human_requested") or a new level of readiness ("level.high").
    """
    if before.verdict and after.verdict:
        return ()
    return (*_reasons(before, after), *_level(before, after), *_answers(before, after))


def _reasons(before: Lead, after: Lead) -> tuple[str, ...]:
    """Reasons that were not there; the wish for a person comes first, since somebody waits."""
    fresh = [reason for reason in after.reasons if reason not in before.reasons]
    return tuple(sorted(fresh, key=lambda reason: reason != REASON_HUMAN))


def _level(before: Lead, after: Lead) -> tuple[str, ...]:
    changed = before.readiness.level != after.readiness.level and after.readiness.level in LEVELS
    return (f"level.{after.readiness.level}",) if changed else ()


def _answers(before: Lead, after: Lead) -> tuple[str, ...]:
    """Criteria answered for the first time, or answered otherwise; one that merely says more is left to the card."""
    known = {one.id: one.answer.strip() for one in before.qualification}
    return tuple(
        f"{one.name}: {one.answer.strip()[:ANSWER]}"
        for one in after.qualification
        if one.answer.strip() and not _says_the_same(known.get(one.id, ""), one.answer.strip())
    )


def _says_the_same(before: str, after: str) -> bool:
    return bool(before) and before.casefold() in after.casefold()
