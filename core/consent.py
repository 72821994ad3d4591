"""Whether somebody may be profiled: who has to be asked, what was answered to which words, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

REGION_LETTERS = 2


class Demand(StrEnum):
    """What has to happen before anything is learned of a visitor."""

    NONE = "none"
    NOTICE = "notice"  # they are told, once
    REQUIRED = "required"  # they say yes


class Decision(StrEnum):
    OPEN = ""
    GIVEN = "given"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a visitor was told and has decided; the evidence of it."""

    demand: Demand = Demand.NONE
    decision: Decision = Decision.OPEN
    at: float = 0.0  # of the decision
    told_at: float = 0.0  # when notice or question was said, 0 = never
    wording: str = ""  # language and digest of the words that were said then

    @property
    def learns(self) -> bool:
        """Whether what is said may be learned from."""
        return self.decision is Decision.GIVEN or (
            self.decision is Decision.OPEN and self.demand is not Demand.REQUIRED
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRule:
    """What is demanded of whom. Empty sets mean everybody; with both, both have to fit."""

    demand: Demand
    regions: frozenset[str] = frozenset()  # ISO 3166 letters
    channels: frozenset[str] = frozenset()

    def fits(self, region: str, channel: str) -> bool:
        """Somebody of whom the region is not known may be in any."""
        here = not self.regions or not region or region in self.regions
        return here and (not self.channels or channel in self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPolicy:
    """The first rule that fits holds, else `otherwise`. `zones` maps time zones to regions."""

    otherwise: Demand = Demand.NONE
    rules: tuple[ConsentRule, ...] = ()
    zones: Mapping[str, str] = field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """Whether nothing is ever demanded of anybody."""
        return all(one is Demand.NONE for one in (self.otherwise, *(rule.demand for rule in self.rules)))

    def demand(self, *, channel: str, locale: str, zone: str) -> Demand:
        """A time zone tells more of where somebody is than a language does."""
        region = self.zones.get(zone, "") or _region_of(locale)
        fitting = (rule.demand for rule in self.rules if rule.fits(region, channel))
        return next(fitting, self.otherwise)


def _region_of(locale: str) -> str:
    """The region subtag of a BCP 47 tag, "" for none."""
    parts = (part for part in locale.split("-")[1:] if len(part) == REGION_LETTERS and part.isalpha())
    return next(parts, "").upper()
