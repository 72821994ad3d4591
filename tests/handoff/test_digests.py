"""Each rep's morning message: at nine by their clock, once, and not without anything to say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from core.ids import LeadId
from core.lead import Lead, Route
from core.rep import Rep, RepId
from core.store_ports import Store
from frontdesk.demo.slack import TEAM, Member, SlackStandIn
from frontdesk.demo.slack_faults import Fault, rate_limited, refusing, resetting
from handoff.colleagues import Colleagues
from handoff.digests import Digests
from handoff.pace import ChannelPace
from handoff.team_api import Home, TeamApi
from handoff.view import TeamView
from platforms.slack.client import SlackClient
from tests.contracts.stores import embedded_server, embedded_store
from tests.handoff.conftest import TOKEN, ManualClock

__all__ = ["embedded_server", "embedded_store"]

AMSTERDAM, NEW_YORK = "Europe/Amsterdam", "America/New_York"
ANN, YAN = Member(id="U0ANN", name="Ann", zone=AMSTERDAM), Member(id="U0YAN", name="Yan", zone=NEW_YORK)


def at(clock: str, zone: str = AMSTERDAM) -> float:
    return datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone)).timestamp()


@dataclass(frozen=True, kw_only=True)
class Morning:
    """A workspace, a store with leads, and any number of processes that look after digests."""

    slack: SlackStandIn
    store: Store
    make: Callable[[Mapping[RepId, set[str]]], Digests]
    make_lead: Callable[..., Lead]

    async def holds(self, name: str, **changes: Any) -> None:
        await self.store.lead_book.enter(self.make_lead(id=LeadId(f"lead.{name}"), name=name, **changes))

    async def looks(self, now: float, *reps: Member, of: str = "") -> int:
        teams = {RepId(one.id): {of} if of else set() for one in reps}
        return await self.make(teams).send_due(Home(user="U0BOT", team=TEAM), now)

    def told(self, who: Member) -> list[str]:
        direct = self.slack.direct.get(who.id)
        return [str(one) for one in direct.messages] if direct else []


@pytest.fixture
async def morning(
    slack: SlackStandIn,
    slack_url: str,
    session: aiohttp.ClientSession,
    clock: ManualClock,
    embedded_store: Store,
    make_lead: Callable[..., Lead],
) -> Morning:
    slack.members = {one.id: one for one in (ANN, YAN)}
    client = SlackClient(token=TOKEN, session=session, base_url=slack_url, setting="api")
    for lead in await embedded_store.lead_book.leads():
        await embedded_store.lead_book.strike(lead.id)

    def make(teams: Mapping[RepId, set[str]]) -> Digests:
        api = TeamApi(client)
        colleagues = Colleagues(api, embedded_store.notes, session, ticks=clock.now)
        pace = ChannelPace(clock.now, sleep=clock.sleep)
        return Digests(
            api, colleagues, embedded_store.notes, embedded_store.lead_book, teams=teams, pace=pace, view=TeamView()
        )

    return Morning(slack=slack, store=embedded_store, make=make, make_lead=make_lead)


async def test_that_it_comes_at_nine_by_the_reps_own_clock_and_once_a_day(morning: Morning) -> None:
    await morning.holds("Kim")
    assert await morning.looks(at("2031-03-03T08:59"), ANN, YAN) == 0
    assert await morning.looks(at("2031-03-03T09:00"), ANN, YAN) == 1
    assert await morning.looks(at("2031-03-03T09:02"), ANN, YAN) == 0
    assert await morning.looks(at("2031-03-03T09:00", NEW_YORK), ANN, YAN) == 1
    assert (len(morning.told(ANN)), len(morning.told(YAN))) == (1, 1)
    assert "Kim" in morning.told(ANN)[0]
    assert await morning.looks(at("2031-03-04T09:00"), ANN) == 1


async def test_that_summer_time_does_not_move_it(morning: Morning) -> None:
    await morning.holds("Kim")
    assert await morning.looks(at("2031-03-30T08:59"), ANN) == 0
    assert await morning.looks(at("2031-03-30T09:00"), ANN) == 1


async def test_that_several_processes_send_one(morning: Morning) -> None:
    await morning.holds("Kim")
    sent = await asyncio.gather(*(morning.looks(at("2031-05-05T10:00"), ANN) for _ in range(8)))
    assert (sum(sent), len(morning.told(ANN))) == (1, 1)


async def test_that_nothing_is_said_where_there_is_nothing_to_say(morning: Morning) -> None:
    await morning.holds("Kim", verdict="won")
    assert await morning.looks(at("2031-05-06T10:00"), ANN) == 0
    assert morning.told(ANN) == []


async def test_that_who_comes_back_late_sends_it_late_and_not_at_night(morning: Morning) -> None:
    await morning.holds("Kim")
    assert await morning.looks(at("2031-05-07T18:00"), ANN) == 0
    assert await morning.looks(at("2031-05-07T17:59"), ANN) == 1


@pytest.mark.parametrize(
    ("fault", "day"), [(rate_limited("5"), "2031-05-08"), (refusing("token_revoked"), "2031-05-09")]
)
async def test_that_what_surely_did_not_arrive_is_sent_again(morning: Morning, fault: Fault, day: str) -> None:
    await morning.holds("Kim")
    morning.slack.order("chat.postMessage", fault)
    assert await morning.looks(at(f"{day}T09:00"), ANN) == 0
    assert await morning.looks(at(f"{day}T09:02"), ANN) == 1
    assert len(morning.told(ANN)) == 1


async def test_that_what_may_have_arrived_is_not_sent_twice(morning: Morning) -> None:
    await morning.holds("Kim")
    morning.slack.order("chat.postMessage", resetting(applied=True))
    await morning.looks(at("2031-05-12T09:00"), ANN)
    await morning.looks(at("2031-05-12T09:02"), ANN)
    assert len(morning.told(ANN)) == 1


async def test_that_quiet_leads_are_in_it_under_their_own_title(morning: Morning) -> None:
    await morning.holds("Kim", route=Route(rule="early", quiet=True))
    assert await morning.looks(at("2031-05-13T09:00"), ANN) == 1
    assert "Listed without a card" in morning.told(ANN)[0]


async def test_that_a_team_is_told_of_its_own_leads_and_owners_of_theirs(morning: Morning) -> None:
    await morning.holds("Kim", route=Route(team="apac"))
    assert await morning.looks(at("2031-05-14T09:00"), ANN, of="emea") == 0
    await morning.holds("Lou", route=Route(team="apac"), owner=Rep(id=RepId(YAN.id), name="Yan"))
    assert await morning.looks(at("2031-05-14T15:00")) == 1, "who has a lead is found without being named"
    assert "Lou" in morning.told(YAN)[0]
