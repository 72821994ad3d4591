"""`personas.yaml`: the kinds of customer the company's site addresses, field by field as `core.persona.Persona`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.fields import Line, Page, Section, Slug, Text
from config.models.offering import OfferingEntry, SourceEntry
from config.shape import UNIQUE_BY
from core.ids import PersonaId
from core.offering import Offering
from core.persona import Persona, PersonaQuestion
from core.reply import MAX_BUTTON_LENGTH

CompanySize = Literal["solo", "small_business", "startup", "mid_market", "enterprise"]
QuickReply = Annotated[str, Field(min_length=1, max_length=MAX_BUTTON_LENGTH)]

_MANY = 200


class QuestionEntry(Section):
    """A question for such visitors."""

    field: Annotated[Slug, Field(description="The fact an answer fills.", examples=["budget"])]
    text: Annotated[Text, Field(description="The question, ready to be asked.", examples=["How many agents reply?"])]
    options: Annotated[
        tuple[QuickReply, ...], Field(max_length=5, description="Short answers to press.", examples=[["1-5", "6-20"]])
    ] = ()


class PersonaEntry(Section):
    """One kind of customer."""

    id: Annotated[Slug, Field(description="Stable name used by rules and reports.", examples=["saas_startup"])]
    name: Annotated[Line, Field(description="What people call it.", examples=["SaaS startup"])]
    kind: Annotated[
        Literal["segment", "industry", "role", "use_case"],
        Field(description="What sets these customers apart.", examples=["segment"]),
    ] = "segment"
    description: Annotated[
        str,
        Field(max_length=2_000, description="Who they are, in a sentence or two.", examples=["Young software firms."]),
    ] = ""
    company_sizes: Annotated[
        tuple[CompanySize, ...], Field(max_length=5, description="Sizes of their companies.", examples=[["startup"]])
    ] = ()
    industries: Annotated[
        tuple[Line, ...], Field(max_length=_MANY, description="Their industries.", examples=[["software"]])
    ] = ()
    roles: Annotated[
        tuple[Line, ...], Field(max_length=_MANY, description="Who of them gets in touch.", examples=[["founder"]])
    ] = ()
    pains: Annotated[
        tuple[Text, ...], Field(max_length=_MANY, description="What troubles them.", examples=[["slow answers"]])
    ] = ()
    features: Annotated[
        tuple[Text, ...], Field(max_length=_MANY, description="What of the product they want.", examples=[["REST API"]])
    ] = ()
    cues: Annotated[
        tuple[Text, ...], Field(max_length=_MANY, description="Phrases such visitors say.", examples=[["our MVP"]])
    ] = ()
    objections: Annotated[
        tuple[Text, ...], Field(max_length=_MANY, description="What holds them back.", examples=[["price"]])
    ] = ()
    proof: Annotated[
        tuple[Text, ...], Field(max_length=_MANY, description="What convinces them.", examples=[["live in two days"]])
    ] = ()
    openers: Annotated[
        tuple[Text, ...],
        Field(max_length=_MANY, description="How to begin a talk with them.", examples=[["How many tickets a day?"]]),
    ] = ()
    quick_replies: Annotated[
        tuple[QuickReply, ...],
        Field(max_length=_MANY, description="Buttons for them, 20 characters each.", examples=[["Startup pricing"]]),
    ] = ()
    technical_level: Annotated[
        Literal["", "low", "medium", "high", "expert"],
        Field(description="How technical they usually are.", examples=["high"]),
    ] = ""
    buying_patterns: Annotated[
        tuple[Text, ...],
        Field(max_length=_MANY, description="How they come to a decision.", examples=[["a pilot first"]]),
    ] = ()
    budget: Annotated[
        str, Field(max_length=200, description="What they usually spend.", examples=["$49 to $199 a month"])
    ] = ""
    plan: Annotated[str, Field(max_length=200, description="Name of the plan made for them.", examples=["Starter"])] = (
        ""
    )
    questions: Annotated[
        tuple[QuestionEntry, ...],
        Field(
            max_length=_MANY,
            description="What to ask them about budget, authority, need and timeline.",
            examples=[[{"field": "volume", "text": "How many tickets a month?", "options": ["under 500", "more"]}]],
        ),
    ] = ()
    pages: Annotated[
        tuple[Page, ...],
        Field(max_length=_MANY, description="Pages that speak to them.", examples=[["https://fernlight.example/api"]]),
    ] = ()
    sources: Annotated[
        tuple[SourceEntry, ...],
        Field(
            max_length=_MANY,
            description="Where on the site the persona comes from.",
            examples=[[{"url": "https://fernlight.example/startups", "quote": "Built for small teams."}]],
        ),
    ] = ()

    def to_persona(self) -> Persona:
        """The same as the engine's value."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Persona(
            **{
                **fields,
                "id": PersonaId(self.id),
                "questions": tuple(PersonaQuestion(**one.model_dump()) for one in self.questions),
                "sources": tuple(one.to_source() for one in self.sources),
            }
        )


class PersonasFile(Section):
    """The whole of `personas.yaml`."""

    personas: Annotated[
        tuple[PersonaEntry, ...],
        Field(
            max_length=_MANY,
            description="The kinds of customer, most important first.",
            examples=[[{"id": "saas_startup", "name": "SaaS startup"}]],
            json_schema_extra={UNIQUE_BY: "id"},
        ),
    ]
    site: Annotated[
        OfferingEntry,
        Field(
            description="What the site says of the offer itself.",
            examples=[{"plans": [{"name": "Pro"}]}],
        ),
    ] = OfferingEntry()

    def to_offering(self) -> Offering:
        """What is sold, as the engine's value."""
        return self.site.to_offering()
