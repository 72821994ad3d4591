"""`offers.yaml`: what the assistant may promise beyond what the site says."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from config.fields import LanguageTag, Section, Slug
from config.secret import refusal
from config.shape import UNIQUE_BY
from core.ids import PersonaId
from core.offer import Offer

OFFER_WORDS = 30
"""Words of an offer: it stands beside an answer in one reply."""

Doubt = Literal["price", "trust_in_bots", "lock_in", "effort", "timing", "need", "authority"]
"""What the assistant hears as an objection."""
OfferText = Annotated[str, Field(min_length=1, max_length=240)]
EXAMPLE = {
    "id": "pilot",
    "text": {"en": "I can offer you a four-week pilot with your own data, at no charge."},
    "objections": ["effort"],
    "until": "2027-03-31",
}


class OfferEntry(Section):
    """One approved offer; made once to a visitor, word for word, and only while it holds."""

    id: Annotated[Slug, Field(description="Stable name; a new name makes it a new offer.", examples=["pilot"])]
    text: Annotated[
        dict[LanguageTag, OfferText],
        Field(
            min_length=1,
            description="The offer by language, ready to be said; the first stands in for languages that are missing.",
            examples=[EXAMPLE["text"]],
        ),
    ]
    objections: Annotated[
        tuple[Doubt, ...],
        Field(
            max_length=7,
            description="Doubts it answers, as soon as one is voiced. Without any it is made once an address is known.",
            examples=[["price", "effort"]],
        ),
    ] = ()
    personas: Annotated[
        tuple[Slug, ...],
        Field(max_length=100, description="Ids of the personas it is for; empty: everybody.", examples=[["agency"]]),
    ] = ()
    since: Annotated[date | None, Field(description="The first day, in UTC.", examples=["2027-01-01"])] = None
    until: Annotated[date | None, Field(description="The last day, in UTC.", examples=["2027-03-31"])] = None

    @model_validator(mode="after")
    def _in_order(self) -> OfferEntry:
        if self.since and self.until and self.until < self.since:
            raise refusal("the last day is before the first", "exchange `since` and `until`")
        if any(len(text.split()) > OFFER_WORDS for text in self.text.values()):
            raise refusal(f"an offer has at most {OFFER_WORDS} words", "shorten it, details belong on a page")
        return self

    def to_offer(self) -> Offer:
        """The offer as the engine uses it."""
        return Offer(
            id=self.id,
            texts=self.text,
            objections=self.objections,
            personas=tuple(map(PersonaId, self.personas)),
            since=self.since,
            until=self.until,
        )


class OffersFile(Section):
    """The whole of `offers.yaml`. Without the file nothing is offered beyond what the site says."""

    offers: Annotated[
        tuple[OfferEntry, ...],
        Field(
            max_length=100,
            description="Offers in the order in which they are made.",
            examples=[[EXAMPLE]],
            json_schema_extra={UNIQUE_BY: "id"},
        ),
    ] = ()
