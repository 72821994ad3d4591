"""A Slack workspace on loopback, a lead to deliver, and the sink between them."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from core.ids import ConversationId, LeadId, PersonaId, VisitorId
from core.lead import Criterion, Lead, Quote, Readiness, ScoreLine
from frontdesk.demo.slack import SlackStandIn
from handoff.pace import ChannelPace
from handoff.slack import SlackLeadSink
from handoff.slack_api import SlackApi
from platforms.slack.client import SlackClient

TOKEN = "xoxb-stand-in-token"
NOON = 1_790_000_000.0


class ManualClock:
    """Time that moves only when told, or when somebody sleeps on it."""

    def __init__(self) -> None:
        self.time = NOON
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def make_lead() -> Callable[..., Lead]:
    lead = Lead(
        id=LeadId("lead.web-7f3a"),
        conversation=ConversationId("web-7f3a"),
        visitor=VisitorId("v1"),
        channel="web",
        created_at=NOON,
        updated_at=NOON,
        revision=1,
        email="nadia@northwindrobotics.io",
        name="Nadia Kessler",
        company="Northwind Robotics",
        phone="+49 30 901820",
        source_page="https://example.test/solutions/startups?utm_source=x",
        source_title="For startups",
        campaign="spring-launch",
        referrer="https://news.example.org/item",
        first_message="we drown in support mail",
        reasons=("gave an address", "asked for a pilot"),
        persona=PersonaId("startup_lead"),
        persona_name="Startup team lead",
        persona_probability=0.82,
        readiness=Readiness(
            level="high",
            score=74,
            probability=0.7,
            receipt=(
                ScoreLine(reason="asked for a pilot", points=30),
                ScoreLine(reason="named a volume", points=12),
                ScoreLine(reason="price objection", points=-8),
                ScoreLine(reason="gave an address", points=40),
            ),
        ),
        qualification=(
            Criterion(id="budget", name="Budget", answer=""),
            Criterion(id="authority", name="Authority", answer="decides with the CTO"),
            Criterion(id="need", name="Need", answer="deflect 300 mails a day"),
            Criterion(id="timeline", name="Timeline", answer=""),
        ),
        requirements=(("Volume", "300 mails a day"), ("Integrations", "Zendesk, Jira")),
        quotes=(
            Quote(text="300 mails a day and two people", shows="volume"),
            Quote(text="must talk to Zendesk", shows="integration"),
            Quote(text="can we start a pilot next week?", shows="intent"),
        ),
        pages=("https://example.test/pricing", "https://example.test/integrations"),
        next_step="Offer a two-week pilot",
        opener="Hi Nadia, shall we set up the pilot with your Zendesk?",
    )

    def make(**changes: Any) -> Lead:
        return dataclasses.replace(lead, **changes)

    return make


@pytest.fixture
async def slack(clock: ManualClock) -> SlackStandIn:
    return SlackStandIn(token=TOKEN, channels={"C0SALES": "sales", "C0BACKUP": "backup"}, clock=clock)


@pytest.fixture
async def slack_url(slack: SlackStandIn) -> AsyncIterator[str]:
    runner = web.AppRunner(slack.application(), shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=2)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield session


@pytest.fixture
def make_sink(slack_url: str, session: aiohttp.ClientSession, clock: ManualClock) -> Callable[..., SlackLeadSink]:
    def make(**changes: Any) -> SlackLeadSink:
        client = SlackClient(
            token=changes.pop("token", TOKEN),
            session=session,
            base_url=changes.pop("base_url", slack_url),
            timeout=changes.pop("timeout", 5.0),
            setting="handoff.slack.api_base_url",
        )
        api = SlackApi(client)
        settings = {"channel": "C0SALES", "pace": ChannelPace(clock.now, sleep=clock.sleep), **changes}
        return SlackLeadSink(api=api, **settings)

    return make


@pytest.fixture
def sink(make_sink: Callable[..., SlackLeadSink]) -> SlackLeadSink:
    return make_sink()
