"""What an admin may say about invitations beside the closed chat. The browser decides when a rule applies."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS, UNASKED_WORDS

TEASER = "teaser"
"""The id of the rule that the simple form makes."""
TEXT_LIMIT = 240
_GLOB_LIMIT = 300
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if available_timezones():  # without a database of zones, browsers still have theirs
            raise ValueError(f"{name!r} is no time zone; write it like Europe/Berlin") from None
    return name


def _time(value: str) -> str:
    if not _TIME.fullmatch(value):
        raise ValueError(f"{value!r} is no time of day; write it like 09:30, in quotes")
    return value


def _glob(value: str) -> str:
    if not value.startswith(("/", "*", "https://", "http://")):
        raise ValueError(f"{value!r} begins neither with / nor with * or https://")
    return value


def _short(text: str) -> str:
    if len(text.split()) > UNASKED_WORDS:
        raise ValueError(f"an invitation has at most {UNASKED_WORDS} words")
    return text


Glob = Annotated[str, Field(min_length=1, max_length=_GLOB_LIMIT), AfterValidator(_glob)]
Label = Annotated[str, Field(min_length=1, max_length=MAX_BUTTON_LENGTH)]
Locale = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*(-\*)?$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(_Model):
    """A part of the week. Where `until` is before `since`, it goes past midnight."""

    zone: Annotated[str, Field(max_length=64), AfterValidator(_zone)] = Field(
        description="The time zone.", examples=["Europe/Berlin"]
    )
    days: tuple[Day, ...] = Field(
        _WEEK, min_length=1, max_length=7, description="Days on which it begins.", examples=[["mon", "tue", "wed"]]
    )
    since: Annotated[str, AfterValidator(_time)] = Field("00:00", description="From, in quotes.", examples=["09:00"])
    until: Annotated[str, AfterValidator(_time)] = Field("24:00", description="To, in quotes.", examples=["17:30"])


class Campaign(_Model):
    """Campaign tags of the address the visit began with; `*` stands for anything."""

    source: str = Field("", max_length=100, description="utm_source", examples=["newsletter*"])
    medium: str = Field("", max_length=100, description="utm_medium", examples=["cpc"])
    campaign: str = Field("", max_length=100, description="utm_campaign", examples=["spring-*"])


class When(_Model):
    """All that is given must hold. `exit` and `event` are moments; without them a rule applies once the rest does."""

    url: tuple[Glob, ...] = Field(
        (),
        max_length=50,
        description="Pages: a path, or a whole address; `*` stands for anything.",
        examples=[["/pricing*", "https://www.example.com/solutions/*"]],
    )
    seconds: float = Field(0.0, ge=0, le=3600, description="Seconds the page has been looked at.", examples=[20])
    scroll: int = Field(0, ge=0, le=100, description="How far down the page was read, in per cent.", examples=[50])
    exit: bool = Field(False, description="The pointer leaves towards the browser's own bar.", examples=[True])
    visits: int = Field(1, ge=1, le=1000, description="It is at least this visit.", examples=[2])
    utm: Campaign | None = Field(None, description="Where the visit came from.", examples=[{"campaign": "spring-*"}])
    locale: tuple[Locale, ...] = Field(
        (), max_length=50, description="Languages of the browser; `en` is any English.", examples=[["de", "en-GB"]]
    )
    hours: Hours | None = Field(
        None, description="When somebody is there.", examples=[{"zone": "Europe/Berlin", "since": "09:00"}]
    )
    event: str = Field(
        "", max_length=64, description="The page calls `frontdesk.track` with this name.", examples=["plan_compared"]
    )


class Rule(_Model):
    """One invitation. Nobody gets a conversation by being shown one; pressing a button begins it with those words."""

    id: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$",
        description="A name of its own, by which browsers remember it.",
        examples=["pricing_hesitation"],
    )
    when: When = Field(default_factory=When, description="When it is shown.", examples=[{"url": ["/pricing*"]}])
    once_per: Literal["visit", "visitor"] | Annotated[int, Field(ge=1, le=365)] = Field(
        "visit", description="`visit`, `visitor`, or a number of days.", examples=["visitor", 7]
    )
    text: Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_short)] = Field(
        "",
        description="The invitation, 30 words at most. Without it a sentence of the site is found that fits the page.",
        examples=["Comparing plans? I can tell you which one fits your volume."],
    )
    buttons: tuple[Label, ...] = Field(
        (),
        max_length=MAX_BUTTONS,
        description="What can be pressed, 20 characters each; it is sent as the visitor's first words.",
        examples=[["Which plan fits?", "Free trial"]],
    )

    @model_validator(mode="after")
    def _text_for_buttons(self) -> Rule:
        if self.buttons and not self.text.strip():
            raise ValueError("buttons need a text; leave both out to have them found on the site")
        return self

    def shown(self) -> dict[str, object]:
        """The rule as browsers get it, without what holds by itself."""
        when = self.when.model_dump(exclude_defaults=True)
        said = {"text": self.text, "buttons": list(self.buttons)} if self.text else {}
        return {"id": self.id, "when": when, "oncePer": self.once_per, **said}
