"""The words of the lead card, read from `resources/card.yaml`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Labels(_Frozen):
    latest: str
    why: str
    persona: str
    readiness: str
    qualification: str
    needs: str
    objections: str
    looked_at: str
    next_step: str
    opener: str


class CardWords(_Frozen):
    labels: Labels
    unnamed: str
    persona_unknown: str
    missing: str
    nothing_missing: str
    came_in_on: str
    campaign: str
    referred_by: str
    via: str
    owned_by: str
    new_lead: str
    first_message: str
    reasons: dict[str, str]
    email_notes: dict[str, str]
    frameworks: dict[str, tuple[str, ...]]


@cache
def card_words() -> CardWords:
    """The shipped words; parsed once."""
    return CardWords.model_validate(yaml.safe_load((files("handoff") / "resources" / "card.yaml").read_text("utf-8")))
