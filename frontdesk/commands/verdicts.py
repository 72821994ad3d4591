"""`frontdesk verdicts`: what became of leads, by persona, rule and team, and how far their scores told it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.lead import Lead
from frontdesk.beside import store_beside
from frontdesk.desk import QUALIFICATION, read_desk
from frontdesk.loop import run_async
from frontdesk.outcomes import OUTCOMES, read_outcomes
from frontdesk.verdicts import Tally, Verdicts, outcomes_of, verdicts_of
from profiles.analyst import ProfileAnalyst
from profiles.calibration import ISOTONIC_FROM, PERCENT_FROM, Calibration
from profiles.qualification_file import QualificationFile

SCORES = (20.0, 50.0, 80.0)
"""For these the chance of a sale is shown."""


def run(options: argparse.Namespace) -> int:
    """Print the counts and the calibration they lead to."""
    desk = read_desk(options.config)

    async def look() -> tuple[Lead, ...]:
        async with store_beside(desk) as store:
            return await store.lead_book.leads()

    leads = run_async(look())
    outcomes = (*read_outcomes(desk.locate(OUTCOMES)), *outcomes_of(leads))
    calibration = ProfileAnalyst(desk.file_of(QUALIFICATION, QualificationFile), outcomes=outcomes).calibration
    found = verdicts_of(leads)
    if options.json:
        print(json.dumps(_as_json(found, calibration), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found, calibration)))
    return 0


def _lines(found: Verdicts, calibration: Calibration) -> Iterator[str]:
    total = found.total
    yield f"{total.leads} leads: {total.won} won, {total.lost} lost, {total.disqualified} disqualified"
    for title, tallies in (("persona", found.by_persona), ("rule", found.by_rule), ("team", found.by_team)):
        yield from _table(title, tallies)
    if found.reasons:
        yield "reasons: " + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in found.reasons)
    yield f"calibration: {_method(calibration)}"
    for score in SCORES:
        yield f"  score {score:.0f}: {calibration.chance(score).in_words()}"


def _table(title: str, tallies: Sequence[Tally]) -> Iterator[str]:
    if not any(one.name for one in tallies):
        return
    yield f"by {title}:"
    for one in tallies:
        share = "" if one.share_won is None else f", {one.share_won:.0%} won of those decided".replace("%", " %")
        yield f"  {one.name or 'none'}: {one.leads} leads, {one.won} won, {one.lost} lost, {one.disqualified} no{share}"


def _method(calibration: Calibration) -> str:
    if not calibration.n:
        return "a prior, no outcomes yet"
    how = "isotonic" if calibration.n >= ISOTONIC_FROM else "the prior, moved towards the outcomes"
    brier = "" if calibration.brier is None else f", Brier {calibration.brier:.3f}"
    few = f"; bands only below {PERCENT_FROM}" if calibration.n < PERCENT_FROM else ""
    return f"{how}, {calibration.n} outcomes{brier}{few}"


def _as_json(found: Verdicts, calibration: Calibration) -> Mapping[str, Any]:
    return {
        "total": _tally_json(found.total),
        "byPersona": [_tally_json(one) for one in found.by_persona],
        "byRule": [_tally_json(one) for one in found.by_rule],
        "byTeam": [_tally_json(one) for one in found.by_team],
        "reasons": dict(found.reasons),
        "calibration": {
            "outcomes": calibration.n,
            "brier": calibration.brier,
            "isotonic": calibration.n >= ISOTONIC_FROM,
            "chances": {f"{score:.0f}": calibration.chance(score).value for score in SCORES},
        },
    }


def _tally_json(one: Tally) -> Mapping[str, Any]:
    return {**asdict(one), "shareWon": one.share_won}
