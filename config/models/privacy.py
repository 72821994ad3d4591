"""`privacy:` of `frontdesk.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, Field

from config.fields import Section, Slug, Text, WebUrl
from config.secret import refusal
from config.wording import did_you_mean
from core.fact import Field as Fact

ConsentDemand = Literal["none", "notice", "required"]
_COUNTRY = 2


@cache
def region_groups() -> Mapping[str, frozenset[str]]:
    """The countries of each region that has a name of its own, by their ISO 3166 letters."""
    text = (files("config") / "resources" / "regions.yaml").read_text("utf-8")
    return {name: frozenset(countries.split()) for name, countries in yaml.safe_load(text).items()}


def _region(name: str) -> str:
    if (len(name) == _COUNTRY and name.isascii() and name.isalpha() and name.isupper()) or name in region_groups():
        return name
    known = ", ".join(region_groups())
    raise refusal(f"{name!r} is no region", f"use the two letters of a country, as in DE, or one of {known}")


Region = Annotated[str, AfterValidator(_region)]


def _field(name: str) -> str:
    if name in {one.value for one in Fact}:
        return name
    near = did_you_mean(name, [one.value for one in Fact])
    raise refusal(f"{name!r} is no fact; {near}", "see docs/profiles.md")


FieldName = Annotated[str, AfterValidator(_field)]


class ConsentRule(Section):
    """Whom another demand holds for. With regions and channels, both have to fit."""

    consent: Annotated[ConsentDemand, Field(description="As `privacy.consent`.", examples=["required"])]
    regions: Annotated[
        tuple[Region, ...],
        Field(
            max_length=300,
            description="Countries by their letters, or EU or EEA; whose country is not known counts as in them.",
            examples=[["EEA", "GB", "CH"]],
        ),
    ] = ()
    channels: Annotated[
        tuple[Slug, ...], Field(max_length=100, description="Names of channels; empty: all.", examples=[["web"]])
    ] = ()


class PrivacySettings(Section):
    """What visitors are told and asked, and for how long what they said is kept."""

    notice: Annotated[
        Text | None,
        Field(
            description="What happens with an e-mail address, in one sentence; said when asking for it.",
            examples=["We use your address only to answer you."],
        ),
    ] = None
    url: Annotated[
        WebUrl | None, Field(description="The privacy policy.", examples=["https://fernlight.example/privacy"])
    ] = None
    consent: Annotated[
        ConsentDemand,
        Field(
            description="Before anything is learned of a visitor: `none`, `notice` (told once) or `required` (a yes).",
            examples=["notice"],
        ),
    ] = "none"
    consent_rules: Annotated[
        tuple[ConsentRule, ...],
        Field(
            max_length=100,
            description="Where something else than `consent` is demanded; the first that fits counts.",
            examples=[[{"regions": ["EEA", "GB"], "consent": "required"}]],
        ),
    ] = ()
    keep_days: Annotated[
        int | None,
        Field(
            ge=1,
            le=36_500,
            description="A conversation is erased this long after its last word; empty: kept until somebody erases it.",
            examples=[180],
        ),
    ] = None
    transcripts_days: Annotated[
        int | None,
        Field(
            ge=1,
            le=36_500,
            description="What was said, word for word, goes this long after the last word; empty: with all the rest.",
            examples=[30],
        ),
    ] = None
    facts_days: Annotated[
        int | None,
        Field(
            ge=1,
            le=36_500,
            description="What was learned of a visitor who became no lead goes this long after their last word.",
            examples=[90],
        ),
    ] = None
    fields_days: Annotated[
        Mapping[FieldName, Annotated[int, Field(ge=1, le=36_500)]],
        Field(
            max_length=100,
            description="The same for single facts, by the field's name, where that is earlier than `facts_days`.",
            examples=[{"phone": 14, "email": 30}],
        ),
    ] = {}
    keep_leads_days: Annotated[
        int | None,
        Field(
            ge=1,
            le=36_500,
            description="The same for conversations that became a lead, card included; empty: as `keep_days` says.",
            examples=[730],
        ),
    ] = None
