"""`frontdesk experiments`: what they show so far, and nothing that the counts do not carry."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from math import exp, isinf

from config import Desk
from core.errors import ConfigError
from core.trial import Experiment
from core.trial_evidence import Arm, Comparison, Verdict, judged
from frontdesk.beside import store_beside
from frontdesk.desk import EXPERIMENTS, read_desk
from frontdesk.loop import run_async
from frontdesk.trial_counts import counted
from frontdesk.variants import experiments_of

CLAIMS = {"": "nothing to claim yet", "better": "better", "worse": "worse"}


def run(options: argparse.Namespace) -> int:
    """Print every experiment of the file with its counts."""
    desk = read_desk(options.config)
    experiments = experiments_of(desk)
    if not experiments:
        raise ConfigError(
            f"{desk.locate(EXPERIMENTS)}: there are no experiments; `frontdesk schema {EXPERIMENTS}` tells how"
        )
    arms = run_async(_counted(desk, experiments))
    verdicts = {one.id: judged(arms[one.id]) for one in experiments}
    if options.json:
        shown = [as_json(one, verdicts[one.id]) for one in experiments]
        print(json.dumps({"experiments": shown}, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join("\n".join(_lines(one, verdicts[one.id])) for one in experiments))
    return 0


async def _counted(desk: Desk, experiments: Sequence[Experiment]) -> Mapping[str, tuple[Arm, ...]]:
    async with store_beside(desk) as store:
        return await counted(store.directory, experiments)


def as_json(experiment: Experiment, verdict: Verdict) -> dict[str, object]:
    """One experiment for programs; a bound that is not known yet is null."""
    compared = {one.variant: one for one in verdict.comparisons}
    return {
        "id": experiment.id,
        "goal": experiment.goal.value,
        "by": experiment.unit.value,
        "since": experiment.since.isoformat() if experiment.since else None,
        "until": experiment.until.isoformat() if experiment.until else None,
        "shareMismatch": round(verdict.mismatch, 6),
        "trustworthy": verdict.is_trustworthy,
        "variants": [_arm_as_json(arm, compared.get(arm.variant)) for arm in verdict.arms],
    }


def _arm_as_json(arm: Arm, against: Comparison | None) -> dict[str, object]:
    counts: dict[str, object] = {
        "id": arm.variant,
        "weight": arm.weight,
        "units": arm.units,
        "reached": arm.reached,
        "rate": round(arm.rate, 6),
    }
    if against is None:
        return counts
    return counts | {
        "lift": against.lift,
        "low": against.low,
        "high": None if isinf(against.high) else against.high,
        "pValue": round(min(1.0, exp(-against.evidence)), 6),
        "claim": against.claim or None,
    }


def _lines(experiment: Experiment, verdict: Verdict) -> Iterator[str]:
    days = " ".join(f"{word} {day}" for word, day in (("since", experiment.since), ("until", experiment.until)) if day)
    yield f"{experiment.id}: {', '.join(filter(None, (f'goal {experiment.goal}', f'by {experiment.unit}', days)))}"
    yield f"  {'variant':<20}{'met it':>9}{'reached':>9}{'rate':>9}   against {verdict.arms[0].variant}"
    compared = {one.variant: one for one in verdict.comparisons}
    for arm in verdict.arms:
        line = f"  {arm.variant:<20}{arm.units:>9,}{arm.reached:>9,}{arm.rate:>9.1%}"
        against = compared.get(arm.variant)
        yield f"{line}   {_in_words(against)}" if against and verdict.is_trustworthy else line
    if not verdict.is_trustworthy:
        due = " : ".join(f"{arm.weight:g}" for arm in verdict.arms)
        yield f"  The shares are off: {due} was due; by chance this happens less than once in a thousand times."
        yield "  Something loses or doubles visitors of a variant, so nothing is claimed until that is found."


def _in_words(against: Comparison) -> str:
    lift = "-" if against.lift is None else f"{against.lift:+.0%}"
    high = "any" if isinf(against.high) else f"{against.high:+.0%}"
    return f"{lift} (between {against.low:+.0%} and {high}): {CLAIMS[against.claim]}"
