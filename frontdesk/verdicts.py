"""What reps said became of their leads: outcomes that calibrate the chance of a sale, and counts by what led there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.lead import Lead
from profiles.calibration import Outcome

WON = "won"
NO_OUTCOME = frozenset({"duplicate", "existing_customer"})
"""Reasons that say nothing of how ready somebody was to buy: the sale was made elsewhere, or before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Leads of one kind: how many there are, and what became of them."""

    name: str  # "" = of none
    leads: int
    won: int
    lost: int
    disqualified: int

    @property
    def share_won(self) -> float | None:
        """Of those with a verdict; None without any."""
        decided = self.won + self.lost + self.disqualified
        return self.won / decided if decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """`reasons` are those given for leads that were lost or disqualified, the most frequent first."""

    total: Tally
    by_persona: tuple[Tally, ...]
    by_rule: tuple[Tally, ...]
    by_team: tuple[Tally, ...]
    reasons: tuple[tuple[str, int], ...]


def outcomes_of(leads: Iterable[Lead]) -> tuple[Outcome, ...]:
    """Score and result of every lead with a verdict that is one about buying."""
    decided = (lead for lead in leads if lead.verdict and lead.verdict_reason not in NO_OUTCOME)
    return tuple(Outcome(min(100.0, max(0.0, lead.readiness.score)), lead.verdict == WON) for lead in decided)


def verdicts_of(leads: Sequence[Lead]) -> Verdicts:
    """Counts over these leads."""
    reasons = Counter(lead.verdict_reason for lead in leads if lead.verdict and lead.verdict != WON)
    reasons.pop("", None)
    return Verdicts(
        total=_tally("", leads),
        by_persona=_by(leads, lambda lead: lead.persona_name or lead.persona or ""),
        by_rule=_by(leads, lambda lead: lead.route.rule if lead.route else ""),
        by_team=_by(leads, lambda lead: lead.route.team if lead.route else ""),
        reasons=tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0]))),
    )


def _by(leads: Sequence[Lead], kind: Callable[[Lead], str]) -> tuple[Tally, ...]:
    """The largest kind first."""
    kinds: dict[str, list[Lead]] = {}
    for lead in leads:
        kinds.setdefault(kind(lead), []).append(lead)
    return tuple(_tally(name, kinds[name]) for name in sorted(kinds, key=lambda name: (-len(kinds[name]), name)))


def _tally(name: str, leads: Sequence[Lead]) -> Tally:
    counted = Counter(lead.verdict for lead in leads)
    return Tally(
        name=name, leads=len(leads), won=counted[WON], lost=counted["lost"], disqualified=counted["disqualified"]
    )
