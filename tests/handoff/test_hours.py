"""When a team is there: zones, summer time, nights and holidays, against a clock looked at every minute."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.models.routing import OpeningHours
from handoff.hours import DAYS, Hours, opening_hours

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo", "UTC")
HOUR, DAY = 3_600.0, 86_400.0
OFFICE = dict.fromkeys(DAYS[:5], ("9:00-12:00", "13:00-17:30"))


def hours(zone: str = "Europe/Berlin", week: Any = OFFICE, **more: Any) -> Hours:
    return opening_hours(OpeningHours.model_validate({"time_zone": zone, "week": week, **more}))


def at(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


@pytest.mark.parametrize(
    ("moment", "is_open", "next_opening"),
    [
        ("2026-11-23T09:00", True, "2026-11-23T09:00"),
        ("2026-11-23T08:59", False, "2026-11-23T09:00"),
        ("2026-11-23T12:00", False, "2026-11-23T13:00"),
        ("2026-11-23T17:30", False, "2026-11-24T09:00"),
        ("2026-11-27T18:00", False, "2026-11-30T09:00"),  # over the weekend
    ],
)
def test_that_it_is_open_by_the_clock_on_the_wall(moment: str, *, is_open: bool, next_opening: str) -> None:
    assert hours().is_open(at(moment)) is is_open
    assert hours().opens_at(at(moment)) == at(next_opening)


def test_that_a_night_runs_past_midnight_and_stops_where_a_closed_day_begins() -> None:
    night = hours(week={"friday": ("22:00-2:00",)})
    assert night.is_open(at("2026-11-27T23:30"))
    assert night.is_open(at("2026-11-28T01:59"))
    assert not night.is_open(at("2026-11-28T02:00"))
    closed = hours(week={"friday": ("22:00-2:00",)}, closed=[dt.date(2026, 11, 28)])
    assert closed.is_open(at("2026-11-27T23:59"))
    assert not closed.is_open(at("2026-11-28T00:00"))


def test_that_public_holidays_and_own_days_are_closed() -> None:
    bavaria = hours(holidays=["DE-BY"], closed=[dt.date(2026, 12, 24)])
    assert not bavaria.is_open(at("2026-01-06T10:00"))  # Epiphany, in Bavaria
    assert hours(holidays=["DE-BE"]).is_open(at("2026-01-06T10:00"))  # and not in Berlin
    assert bavaria.opens_at(at("2026-12-23T18:00")) == at("2026-12-28T09:00")


def test_that_a_night_in_which_the_clock_is_changed_is_neither_lost_nor_doubled() -> None:
    early = hours(week={"sunday": ("2:30-4:00",)})
    spring = at("2026-03-29T00:00")
    assert early.opens_at(spring) == at("2026-03-29T03:00")  # 2:30 is never shown
    assert not early.is_open(at("2026-03-29T01:59"))
    autumn = at("2026-10-25T00:00")
    assert early.opens_at(autumn) == at("2026-10-25T02:30")
    assert not early.is_open(at("2026-10-25T02:15", fold=1))
    assert early.opens_at(at("2026-10-25T02:15", fold=1)) == at("2026-10-25T02:30", fold=1)


def test_that_hours_that_never_come_have_no_opening() -> None:
    never = hours(week={"monday": ()})
    assert (never.is_open(at("2026-11-23T09:00")), never.opens_at(at("2026-11-23T09:00"))) == (False, 0.0)
    assert never.after(at("2026-11-23T09:00"), 60.0) == 0.0


def test_that_minutes_of_opening_hours_are_counted_over_breaks_and_nights() -> None:
    office = hours()
    assert office.after(at("2026-11-23T10:00"), 300) == at("2026-11-23T10:05")
    assert office.after(at("2026-11-23T11:58"), 300) == at("2026-11-23T13:03")
    assert office.after(at("2026-11-27T17:29"), 300) == at("2026-11-30T09:04")
    assert office.after(at("2026-11-28T03:00"), 300) == at("2026-11-30T09:05")


def test_that_a_team_that_is_always_there_is_always_there() -> None:
    always = hours(week=dict.fromkeys(DAYS, ("0:00-24:00",)))
    assert always.opens_at(at("2026-10-25T02:30", fold=1)) == at("2026-10-25T02:30", fold=1)
    assert always.after(at("2026-10-24T12:00"), 5 * DAY) == at("2026-10-24T12:00") + 5 * DAY


spans = st.builds(
    lambda start, end: f"{start // 60}:{start % 60:02d}-{end // 60}:{end % 60:02d}",
    st.integers(0, 1_439),
    st.integers(1, 1_439),
)
weeks = st.dictionaries(st.sampled_from(DAYS), st.lists(spans, max_size=2).map(tuple), min_size=1)
moments = st.integers(int(at("2026-03-20T00:00")), int(at("2026-11-10T00:00"))).map(float)


@settings(max_examples=150, deadline=None)
@given(zone=st.sampled_from(ZONES), week=weeks, now=moments, days=st.lists(st.integers(0, 240), max_size=5))
def test_that_nothing_is_open_before_the_next_opening_and_that_is_open(
    zone: str, week: dict[str, tuple[str, ...]], now: float, days: list[int]
) -> None:
    begin = dt.date(2026, 3, 20)
    shut = [begin + dt.timedelta(days=one) for one in days]
    team = hours(zone, week, closed=shut)
    opening = team.opens_at(now)
    if not opening:
        assert not any(team.is_open(now + step * HOUR / 2) for step in range(48 * 30))
        return
    assert opening >= now
    assert team.is_open(opening)
    assert dt.datetime.fromtimestamp(opening, team.zone).date() not in shut
    minutes = min(int((opening - now) // 60), 3 * 1_440)
    assert not any(team.is_open(opening - step * 60 - 1) for step in range(minutes))


@settings(max_examples=100, deadline=None)
@given(zone=st.sampled_from(ZONES), week=weeks, now=moments, minutes=st.integers(1, 600))
def test_that_opening_hours_are_counted_as_somebody_would_who_looks_every_minute(
    zone: str, week: dict[str, tuple[str, ...]], now: float, minutes: int
) -> None:
    team = hours(zone, week)
    now -= now % 60
    reached = team.after(now, minutes * 60.0)
    if reached and reached - now < 21 * DAY:
        looked = sum(team.is_open(now + step * 60) for step in range(int((reached - now) // 60)))
        assert looked == minutes
