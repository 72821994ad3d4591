"""The page about experiments: counts, lifts with their bounds, and claims only where they hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import isinf

from core.trial import Experiment
from core.trial_evidence import Comparison, Verdict
from dashboard.pages import Page, Shown, Visit
from dashboard.roles import Role

_CLAIMS = {"": "Nothing to claim yet", "better": "Better", "worse": "Worse"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted, and when; `tests` are the experiments in the order of the file."""

    counted_at: float
    tests: tuple[tuple[Experiment, Verdict], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentsPage:
    """`look` gives the newest counts, and None while the first are being made."""

    look: Callable[[], Awaitable[Tally | None]]

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/experiments", title="Experiments", role=Role.VIEWER, handler=self._show, nav="Experiments"),
        )

    async def _show(self, _visit: Visit) -> Shown:
        tally = await self.look()
        shown = [_shown(experiment, verdict) for experiment, verdict in tally.tests] if tally else []
        return Shown(template="experiments.html", values={"tally": tally, "shown": shown})


def _shown(experiment: Experiment, verdict: Verdict) -> dict[str, object]:
    compared = {one.variant: one for one in verdict.comparisons}
    return {
        "id": experiment.id,
        "goal": experiment.goal.value.replace("_", " "),
        "by": experiment.unit.value,
        "since": experiment.since,
        "until": experiment.until,
        "is_trustworthy": verdict.is_trustworthy,
        "due": " : ".join(f"{arm.weight:g}" for arm in verdict.arms),
        "rows": [(arm, *_said_of(compared.get(arm.variant), verdict)) for arm in verdict.arms],
    }


def _said_of(against: Comparison | None, verdict: Verdict) -> tuple[str, str]:
    """Lift and claim. While the shares are off, a lift is as little worth as a claim."""
    if against is None:
        return "", "Baseline"
    if not verdict.is_trustworthy:
        return "", "None"
    lift = "" if against.lift is None else f"{against.lift:+.0%}, "
    high = "and above" if isinf(against.high) else f"to {against.high:+.0%}"
    return f"{lift}{against.low:+.0%} {high}", _CLAIMS[against.claim]
