"""What the company sells, to whom, and for how much, as its own site says it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.site import SiteSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One price as published. An amount of 0 is a plan that is free."""

    amount: Decimal
    currency: str  # ISO 4217
    period: str = ""  # hour | day | week | month | quarter | year | once; "" where the site names none
    unit: str = ""  # what one of costs that much, in the site's words: "agent", "1,000 conversations"
    billed: str = ""  # the term one commits to where that differs from `period`: month | year
    at_least: bool = False  # "from", "starting at"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPrice:
    """A price of a plan and the sentence, row or card that publishes it. `plan` is "" for a price outside any plan."""

    plan: str
    price: Price
    source: SiteSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What a plan costs `count` of what it is paid by: `base` with so many `included`, and `each` of the rest."""

    count: int
    each: PlanPrice
    base: PlanPrice | None = None
    included: int = 0

    @property
    def plan(self) -> str:
        """The plan that is added up."""
        return self.base.plan if self.base else self.each.plan

    @property
    def times(self) -> int:
        """How many are paid for one by one."""
        return max(0, self.count - self.included)

    @property
    def total(self) -> Decimal:
        """Base and each together."""
        return (self.base.price.amount if self.base else Decimal()) + self.times * self.each.price.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`description` says whom it is made for; `public` is False where the site sends people to sales for a price."""

    name: str
    description: str = ""
    public: bool = True
    features: tuple[str, ...] = ()
    sources: tuple[SiteSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something the site names (a product, a competitor, an industry, a group it does not serve), and where."""

    name: str
    source: SiteSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Faq:
    question: str
    answer: str
    source: SiteSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """Everything the site says about what is sold. `pricing` is a strategy, e.g. "per seat", "usage", "quote only"."""

    products: tuple[Named, ...] = ()
    plans: tuple[Plan, ...] = ()
    prices: tuple[PlanPrice, ...] = ()
    faqs: tuple[Faq, ...] = ()
    competitors: tuple[Named, ...] = ()
    industries: tuple[Named, ...] = ()
    not_for: tuple[Named, ...] = ()
    pricing: tuple[Named, ...] = ()
