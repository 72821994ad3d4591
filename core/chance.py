"""How likely a visitor becomes a customer, and how well that is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A probability from 0 to 1 with an 80 % band. Without outcomes of the owner's own it is a prior, and says so."""

    value: float
    low: float
    high: float
    outcomes: int = 0  # leads won or lost that it was calibrated on
    brier: float | None = None  # mean squared error on those outcomes; None without any
    exact: bool = False  # there were enough outcomes for a percentage; otherwise only the band means anything

    def in_words(self) -> str:
        """For people: "5 to 40 %, a prior: no outcomes yet", "31 % (240 outcomes, Brier .14)"."""
        if self.exact and self.brier is not None:
            return f"{self.value:.0%} ({self.outcomes} outcomes, Brier {self.brier:.2f})".replace("%", " %")
        band = f"{round(self.low * 100)} to {round(self.high * 100)} %"
        if not self.outcomes:
            return f"{band}, a prior: no outcomes yet"
        return f"{band}, from only {self.outcomes} outcome{'s' * (self.outcomes > 1)}"


UNKNOWN = Chance(value=0.0, low=0.0, high=1.0)
