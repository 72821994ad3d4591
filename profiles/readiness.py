"""How ready a visitor is to buy, with a receipt whose lines sum to the score."""

from __future__ import annotations

from math import exp

from core.lead import Readiness, ScoreLine
from profiles.analysis_file import ReadinessFile
from profiles.standing import Standing, holds
from profiles.wording import Wording

CEILING = 100


def score(data: ReadinessFile, standing: Standing, wording: Wording) -> Readiness:
    """Pure: the same standing gives the same receipt. All points are whole numbers, so that sums are exact."""
    lines = [
        ScoreLine(reason=wording.filled(rule.reason, standing.known), points=float(rule.points))
        for rule in data.rules
        if holds(rule.when, standing)
    ]
    total = sum(line.points for line in lines)
    caps = [cap for cap in data.caps if cap.at < total and holds(cap.when, standing)]
    bound, reason = min(((cap.at, cap.reason) for cap in caps), default=(CEILING, "Most there is"))
    if total > bound:
        lines.append(ScoreLine(reason=f"Capped: {reason.lower()}" if caps else reason, points=bound - total))
        total = float(bound)
    if total < 0:
        lines.append(ScoreLine(reason="Least there is", points=-total))
        total = 0.0
    return Readiness(
        level="high" if total >= data.high else "medium" if total >= data.medium else "low",
        score=total,
        probability=1 / (1 + exp(-(total - data.midpoint) / data.spread)),
        receipt=tuple(lines),
    )
