"""The `site:` part of `personas.yaml`: what the company's site says of its offer, as `core.offering.Offering`."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from config.fields import Page, Section, Slug, Verbatim
from core.offering import Faq, Named, Offering, Plan, PlanPrice, Price
from core.site import SiteSource

_MANY = 2_000

Told = Annotated[Verbatim, Field(min_length=1)]
"""Words of the site, never empty."""


class SourceEntry(Section):
    """A place on the site that something rests on."""

    url: Annotated[Page, Field(description="The page.", examples=["https://fernlight.example/solutions/startups"])]
    quote: Annotated[
        Verbatim,
        Field(
            min_length=1, description="A sentence of that page, letter for letter.", examples=["Built for small teams."]
        ),
    ]
    hash: Annotated[
        Verbatim, Field(description="Fingerprint of the page when it was read.", examples=["9f2c41d07be3a586"])
    ] = ""
    fields: Annotated[
        tuple[Slug, ...],
        Field(max_length=30, description="What rests on the quote; all of it when empty.", examples=[["pains"]]),
    ] = ()

    def to_source(self) -> SiteSource:
        """The same as the engine's value."""
        return SiteSource(url=self.url, quote=self.quote, hash=self.hash, fields=self.fields)


_SOURCE = Field(
    description="Where the site says so.",
    examples=[{"url": "https://fernlight.example/pricing", "quote": "The Pro plan costs $49 a month."}],
)


class NamedEntry(Section):
    """Something the site names."""

    name: Annotated[Told, Field(description="Its name, in the site's words.", examples=["Fernlight Inbox"])]
    source: Annotated[SourceEntry, _SOURCE]

    def to_named(self) -> Named:
        """The same as the engine's value."""
        return Named(name=self.name, source=self.source.to_source())


class PlanEntry(Section):
    """A plan one can choose."""

    name: Annotated[Told, Field(description="What the site calls it.", examples=["Pro"])]
    description: Annotated[
        Verbatim, Field(description="Whom it is made for.", examples=["For teams of up to ten."])
    ] = ""
    public: Annotated[
        bool, Field(description="False where the site sends people to sales for a price.", examples=[True])
    ] = True
    features: Annotated[
        tuple[Told, ...], Field(max_length=_MANY, description="What is in it.", examples=[["Three seats"]])
    ] = ()
    sources: Annotated[
        tuple[SourceEntry, ...],
        Field(
            max_length=_MANY,
            description="Where the site speaks of it.",
            examples=[[{"url": "https://fernlight.example/pricing", "quote": "For teams of up to ten."}]],
        ),
    ] = ()

    def to_plan(self) -> Plan:
        """The same as the engine's value."""
        return Plan(
            name=self.name,
            description=self.description,
            public=self.public,
            features=self.features,
            sources=tuple(one.to_source() for one in self.sources),
        )


class PriceEntry(Section):
    """A price as published."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=18, description="How much; 0 is free.", examples=[49])]
    currency: Annotated[
        str, Field(pattern=r"^([A-Z]{3})?$", description="ISO 4217; empty for what is free.", examples=["USD"])
    ] = ""
    plan: Annotated[Verbatim, Field(description="The plan; empty for a price outside any plan.", examples=["Pro"])] = ""
    period: Annotated[
        Literal["", "hour", "day", "week", "month", "quarter", "year", "once"],
        Field(description="How often it is due; empty where the site says nothing.", examples=["month"]),
    ] = ""
    unit: Annotated[Verbatim, Field(description="What one of costs that much.", examples=["agent"])] = ""
    billed: Annotated[
        Literal["", "hour", "day", "week", "month", "quarter", "year", "once"],
        Field(description="The term one commits to, where it is another.", examples=["year"]),
    ] = ""
    at_least: Annotated[bool, Field(description="Whether prices begin there.", examples=[False])] = False
    source: Annotated[SourceEntry, _SOURCE]

    def to_price(self) -> PlanPrice:
        """The same as the engine's value."""
        price = Price(
            amount=self.amount,
            currency=self.currency,
            period=self.period,
            unit=self.unit,
            billed=self.billed,
            at_least=self.at_least,
        )
        return PlanPrice(plan=self.plan, price=price, source=self.source.to_source())


class FaqEntry(Section):
    """A question the site answers."""

    question: Annotated[Told, Field(description="The question.", examples=["Is there a free trial?"])]
    answer: Annotated[Told, Field(description="The answer, in the site's words.", examples=["Yes, for 14 days."])]
    source: Annotated[SourceEntry, _SOURCE]

    def to_faq(self) -> Faq:
        """The same as the engine's value."""
        return Faq(question=self.question, answer=self.answer, source=self.source.to_source())


_PLACE = {"url": "https://fernlight.example/pricing", "quote": "The Pro plan costs $49 a month."}
_NAMED = [[{"name": "Fernlight", "source": _PLACE}]]


class OfferingEntry(Section):
    """What is sold, to whom not, and for how much."""

    products: Annotated[
        tuple[NamedEntry, ...], Field(max_length=_MANY, description="What is sold.", examples=_NAMED)
    ] = ()
    plans: Annotated[
        tuple[PlanEntry, ...],
        Field(max_length=_MANY, description="The plans.", examples=[[{"name": "Pro"}]]),
    ] = ()
    prices: Annotated[
        tuple[PriceEntry, ...],
        Field(
            max_length=_MANY,
            description="Every price the site publishes.",
            examples=[[{"amount": 49, "currency": "USD", "plan": "Pro", "period": "month", "source": _PLACE}]],
        ),
    ] = ()
    faqs: Annotated[
        tuple[FaqEntry, ...],
        Field(
            max_length=_MANY,
            description="Questions the site answers.",
            examples=[[{"question": "Is there a trial?", "answer": "Yes.", "source": _PLACE}]],
        ),
    ] = ()
    competitors: Annotated[
        tuple[NamedEntry, ...],
        Field(max_length=_MANY, description="Products the site sets itself beside.", examples=_NAMED),
    ] = ()
    industries: Annotated[
        tuple[NamedEntry, ...], Field(max_length=_MANY, description="Industries it addresses.", examples=_NAMED)
    ] = ()
    not_for: Annotated[
        tuple[NamedEntry, ...], Field(max_length=_MANY, description="Whom it turns away.", examples=_NAMED)
    ] = ()
    pricing: Annotated[
        tuple[NamedEntry, ...],
        Field(max_length=_MANY, description="How it charges: per seat, usage, flat, tiered, free.", examples=_NAMED),
    ] = ()

    def to_offering(self) -> Offering:
        """The same as the engine's value."""
        return Offering(
            products=tuple(one.to_named() for one in self.products),
            plans=tuple(one.to_plan() for one in self.plans),
            prices=tuple(one.to_price() for one in self.prices),
            faqs=tuple(one.to_faq() for one in self.faqs),
            competitors=tuple(one.to_named() for one in self.competitors),
            industries=tuple(one.to_named() for one in self.industries),
            not_for=tuple(one.to_named() for one in self.not_for),
            pricing=tuple(one.to_named() for one in self.pricing),
        )
