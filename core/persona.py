"""Personas: the kinds of customer the company's own site addresses, and the live guess at which one is talking."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.ids import PersonaId
from core.site import SiteSource


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaQuestion:
    """A question worth asking such a visitor: `field` is the fact it fills, `options` are short answers to press."""

    field: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One kind of visitor. Free text is in the site's language."""

    id: PersonaId
    name: str
    kind: str = "segment"  # segment | industry | role | use_case
    description: str = ""
    company_sizes: tuple[str, ...] = ()  # solo | small_business | startup | mid_market | enterprise
    industries: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    pains: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()  # phrases such a visitor says
    objections: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    quick_replies: tuple[str, ...] = ()  # at most 20 characters each
    technical_level: str = ""
    buying_patterns: tuple[str, ...] = ()  # how such customers come to a decision
    budget: str = ""  # what they usually spend, in the site's words
    plan: str = ""  # name of the plan made for them
    questions: tuple[PersonaQuestion, ...] = ()  # budget, authority, need, timeline
    pages: tuple[str, ...] = ()  # pages that speak to this persona
    sources: tuple[SiteSource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaGuess:
    """A probability for every persona and for none of them.

    `probabilities` sums to 1 with `none` included, most likely first. `chosen` is None while the detector abstains.
    `signals` name what moved it, for the rep and the admin, most telling first.
    """

    probabilities: tuple[tuple[PersonaId, float], ...] = ()
    none: float = 1.0
    chosen: PersonaId | None = None
    signals: tuple[str, ...] = field(default=())

    def probability(self, persona: PersonaId | None) -> float:
        """The probability of one persona, 0 for an unknown id."""
        return next((p for name, p in self.probabilities if name == persona), 0.0)


UNKNOWN = PersonaGuess()
