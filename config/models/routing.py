"""Which team a lead goes to, and when that team is there: sections of `handoff.yaml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from config.fields import LanguageTag, Line, Section, Slug
from config.secret import refusal
from config.shape import UNIQUE_BY
from config.wording import closest, did_you_mean

_CHANNEL_ID = r"^[CGD][A-Z0-9]{6,20}$"
_USER_ID = r"^[UW][A-Z0-9]{2,20}$"
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"

ChannelId = Annotated[str, Field(pattern=_CHANNEL_ID)]
UserId = Annotated[str, Field(pattern=_USER_ID)]
Span = Annotated[str, Field(pattern=rf"^{_CLOCK}-(?:{_CLOCK}|24:00)$")]
"""From and until by the clock on the wall; an end that is not after the beginning is on the next day."""
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Visitor = Literal["buyer", "customer", "student", "job_seeker", "competitor", "vendor", "spam", "unknown"]
Level = Literal["low", "medium", "high"]
Reason = Literal["email_captured", "human_requested", "hot_signal", "unanswered_question", "high_value"]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Pattern = Annotated[str, Field(min_length=1, max_length=200)]
"""A text in which `*` stands for anything."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        near = closest(name, available_timezones())
        hint = f"did you mean `{near}`?" if near else "write it as in `Europe/Berlin`"
        raise refusal(f"there is no time zone '{name[:60]}'", hint)
    return name


@cache
def _calendars() -> frozenset[str]:
    from holidays import list_supported_countries

    regions = list_supported_countries()
    return frozenset((*regions, *(f"{one}-{region}" for one, within in regions.items() for region in within)))


def _calendar(name: str) -> str:
    if name not in _calendars():
        raise refusal(
            f"no public holidays are known for '{name[:60]}'", "write a country or a part of it: `DE`, `DE-BY`"
        )
    return name


Zone = Annotated[str, AfterValidator(_zone), Field(max_length=60)]
"""A name of the IANA time zone database."""


class OpeningHours(Section):
    """When somebody of a team is there."""

    time_zone: Annotated[Zone, Field(description="The clock these hours go by.", examples=["Europe/Berlin"])]
    week: Annotated[
        dict[Day, tuple[Span, ...]],
        Field(
            description="The hours of each day; a day that is left out is closed.",
            examples=[{"monday": ["9:00-12:00", "13:00-17:30"], "friday": ["22:00-2:00"]}],
            min_length=1,
        ),
    ]
    holidays: Annotated[
        tuple[Annotated[str, AfterValidator(_calendar)], ...],
        Field(
            description="Countries, or parts of them, on whose public holidays nobody is there.",
            examples=[["DE-BY"]],
            max_length=20,
        ),
    ] = ()
    closed: Annotated[
        tuple[dt.date, ...],
        Field(description="Further days on which nobody is there.", examples=[["2026-12-24"]], max_length=400),
    ] = ()


class Member(Section):
    """Somebody of a team."""

    slack: Annotated[
        UserId, Field(description="The member's ID in Slack: profile, ⋮, Copy member ID.", examples=["U01ABCDEF"])
    ]
    name: Annotated[Line | None, Field(description="What colleagues read.", examples=["Ada Nowak"])] = None
    languages: Annotated[
        tuple[LanguageTag, ...],
        Field(description="Languages of visitors they take; without any: all.", examples=[["en", "de"]], max_length=50),
    ] = ()
    skills: Annotated[
        tuple[Slug, ...],
        Field(description="What rules may ask for by `skills`.", examples=[["integrations"]], max_length=50),
    ] = ()
    capacity: Annotated[
        int,
        Field(description="Leads without a verdict they may have at a time.", examples=[10], ge=1, le=10_000),
    ] = 50


class Rung(Section):
    """A step that is taken while nobody has claimed a lead."""

    after: Annotated[
        int,
        Field(
            description="Minutes of opening hours after the lead came in, or after the step before.",
            examples=[5],
            ge=1,
            le=10_080,
        ),
    ]
    tell: Annotated[
        Literal["thread", "assigned", "manager", "next"],
        Field(
            description="Who hears of it: the lead's thread, the assigned rep or the manager by direct message, or "
            "the next rep, who is assigned then.",
            examples=["thread"],
        ),
    ]


class Team(Section):
    """People who share leads."""

    id: Annotated[Slug, Field(description="What rules call the team.", examples=["emea"])]
    channel: Annotated[
        ChannelId | None,
        Field(description="Where its cards go; without it, to the `channel` of `slack`.", examples=["C0123ABCDEF"]),
    ] = None
    members: Annotated[
        tuple[Member, ...],
        Field(
            description="Who takes turns. Without any, the card is offered to all.",
            examples=[[{"slack": "U01ABCDEF", "name": "Ada Nowak", "languages": ["en", "de"]}]],
            json_schema_extra={UNIQUE_BY: "slack"},
            max_length=500,
        ),
    ] = ()
    manager: Annotated[UserId | None, Field(description="Who is told when nobody comes.", examples=["U09MANAGER"])] = (
        None
    )
    hours: Annotated[
        OpeningHours | None,
        Field(
            description="When somebody is there. Without it, visitors are promised nothing.",
            examples=[{"time_zone": "Europe/Berlin", "week": {"monday": ["9:00-17:30"]}}],
        ),
    ] = None
    answers_within: Annotated[
        int,
        Field(description="Minutes in which somebody usually answers a chat.", examples=[5], ge=1, le=480),
    ] = 10
    sla: Annotated[
        tuple[Rung, ...],
        Field(
            description="What happens, step by step, while nobody claims a lead.",
            examples=[[{"after": 5, "tell": "thread"}, {"after": 10, "tell": "assigned"}]],
            max_length=20,
        ),
    ] = ()


class Conditions(Section):
    """All that are given must hold. A rule that names no `visitors` is about people who may buy."""

    personas: Annotated[
        tuple[Slug, ...],
        Field(description="IDs of personas, one of which it is.", examples=[["agency"]], max_length=100),
    ] = ()
    visitors: Annotated[
        tuple[Visitor, ...], Field(description="Kinds of visitor, one of which it is.", examples=[["customer"]])
    ] = ()
    readiness: Annotated[Level | None, Field(description="At least so ready to buy.", examples=["high"])] = None
    score: Annotated[float | None, Field(description="At least this score.", examples=[60], ge=0, le=100)] = None
    languages: Annotated[
        tuple[LanguageTag, ...], Field(description="The visitor's language.", examples=[["fr", "nl"]], max_length=50)
    ] = ()
    countries: Annotated[
        tuple[Country, ...],
        Field(
            description="The visitor's country, where their phone number or the address of their e-mail tells it.",
            examples=[["FR", "BE"]],
            max_length=250,
        ),
    ] = ()
    employees_from: Annotated[
        int | None, Field(description="The company has at least so many employees.", examples=[200], ge=0)
    ] = None
    employees_to: Annotated[
        int | None, Field(description="The company has at most so many employees.", examples=[50], ge=0)
    ] = None
    pages: Annotated[
        tuple[Pattern, ...],
        Field(description="A page they have been on; `*` is anything.", examples=[["/solutions/*"]], max_length=100),
    ] = ()
    channels: Annotated[
        tuple[Slug, ...],
        Field(
            description="The channel they came in by: the name of its file.", examples=[["telegram"]], max_length=100
        ),
    ] = ()
    campaigns: Annotated[
        tuple[Pattern, ...],
        Field(description="The campaign they came by; `*` is anything.", examples=[["fair-*"]], max_length=100),
    ] = ()
    reasons: Annotated[
        tuple[Reason, ...], Field(description="Why it is a lead, one of these.", examples=[["human_requested"]])
    ] = ()


class Destination(Section):
    """Where a lead goes. One of `team`, `channel`, `quiet` and `drop`; `channel` also beside `team`."""

    team: Annotated[Slug | None, Field(description="To this team.", examples=["emea"])] = None
    channel: Annotated[ChannelId | None, Field(description="To this channel in Slack.", examples=["C0123ABCDEF"])] = (
        None
    )
    skills: Annotated[
        tuple[Slug, ...],
        Field(description="Of the team, to somebody who has all of these.", examples=[["integrations"]], max_length=50),
    ] = ()
    quiet: Annotated[
        bool, Field(description="No card: it is listed with others, until more is known of it.", examples=[True])
    ] = False
    drop: Annotated[bool, Field(description="It is no lead.", examples=[True])] = False

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        chosen = (self.team is not None or self.channel is not None) + self.quiet + self.drop
        if chosen != 1:
            raise refusal("a rule leads to one place", "write one of `team`, `channel`, `quiet: true`, `drop: true`")
        if self.skills and self.team is None:
            raise refusal("skills are those of a team's members", "name the `team`", at=("skills",))
        return self


class Rule(Section):
    """Where leads of a kind go."""

    name: Annotated[Line, Field(description="What explanations call it.", examples=["enterprise"])]
    when: Annotated[
        Conditions, Field(description="For which leads; without it, for all.", examples=[{"readiness": "high"}])
    ] = Conditions()
    then: Annotated[Destination, Field(description="Where they go.", examples=[{"team": "emea"}])]


def refuse_unknown_teams(rules: Iterable[Rule], teams: Iterable[Team]) -> None:
    """Raises a `refusal` at the first rule that names a team or a skill nobody has."""
    skills = {team.id: {skill for member in team.members for skill in member.skills} for team in teams}
    for place, rule in enumerate(rules):
        team = rule.then.team
        if team is None:
            continue
        if team not in skills:
            hint = did_you_mean(team, skills) or "write it below `teams:`"
            raise refusal(f"there is no team '{team}'", hint, at=("rules", place, "then", "team"))
        for index, skill in enumerate(rule.then.skills):
            if skill not in skills[team]:
                hint = did_you_mean(skill, sorted(skills[team])) or "give a member this skill"
                message = f"nobody of '{team}' has the skill '{skill}'"
                raise refusal(message, hint, at=("rules", place, "then", "skills", index))
