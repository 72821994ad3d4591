"""The promise that a person will answer here: made only where roster and hours back it, and ended in one of three ways.

Kept: a rep has answered. Escalated: the time is up while a person has taken over, so that person's thread is told.
Told: the time is up and nobody is there, so the visitor hears it and is offered an e-mail or a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.phrases import Phrases

AFTER_A_BROKEN_ONE = 3_600.0
"""Seconds in which nothing is promised again to somebody who has waited in vain."""
PROMISE_TIMER = "rep.promise"
PROMISED = "human.open"
"""The phrase by which a person is promised; nothing else may promise one."""
_THIS_WEEK = 7
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    ESCALATED = "escalated"
    TOLD = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """That somebody of the team answers a visitor by a time. Times are seconds since the epoch."""

    made_at: float
    due: float
    state: PromiseState = PromiseState.OPEN
    ended_at: float = 0.0

    @property
    def is_open(self) -> bool:
        return self.state is PromiseState.OPEN

    def ended(self, state: PromiseState, at: float) -> Promise:
        """The promise with its end; one that has ended stays as it is."""
        return replace(self, state=state, ended_at=at) if self.is_open else self

    def bars_another(self, now: float) -> bool:
        """Whether no further promise may be made now."""
        in_vain = self.state in {PromiseState.TOLD, PromiseState.ESCALATED}
        return self.is_open or (in_vain and now - self.ended_at < AFTER_A_BROKEN_ONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    """Who is there for a visitor who asks for a person."""

    here: bool  # somebody is, and has room
    minutes: int = 0  # in which they usually answer; 0 unless `here`
    back_at: float = 0.0  # when somebody will be, seconds since the epoch; 0 where that is not known
    zone: str = "UTC"  # of the team, an IANA name


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPresence:
    """What a visitor who asks for a person can be told. `for_them` is False for whom no team is there at all."""

    for_them: bool = True
    availability: Availability | None = None  # None = roster and hours say nothing


def made(availability: Availability, now: float) -> Promise:
    return Promise(made_at=now, due=now + availability.minutes * 60.0)


def back_in_words(availability: Availability, now: float, phrases: Phrases) -> str:
    """When the team is back, by its own clock."""
    zone = ZoneInfo(availability.zone)
    back, today = datetime.fromtimestamp(availability.back_at, zone), datetime.fromtimestamp(now, zone).date()
    ahead = back.date() - today
    if ahead < timedelta(days=2):
        day = phrases.say("day.tomorrow" if ahead else "day.today")
    elif ahead < timedelta(days=_THIS_WEEK):
        day = phrases.say(f"day.{_DAYS[back.weekday()]}")
    else:
        day = phrases.say("day.date", date=back.date().isoformat())
    place = availability.zone.rpartition("/")[2].replace("_", " ")
    return phrases.say("day.at", day=day, time=f"{back.hour}:{back.minute:02d}", place=place)
