"""A hub with a sales team: visitors on the web and on a phone, a Slack workspace with people in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from core.ids import ConversationId, LeadId, MessageId, VisitorId, lead_of
from core.lead import Lead
from core.message import InboundMessage, MessageKind
from core.transcript import TranscriptEntry
from frontdesk.app import Running, running
from frontdesk.clock import SystemClock
from frontdesk.demo.people import SlackPeople
from frontdesk.demo.slack import Json, Member, SlackStandIn
from frontdesk.desk import read_desk
from frontdesk.sales import PATH

TOKEN, SECRET, SALES = "xoxb-stand-in-token", "the-apps-signing-secret", "C0SALES"
ANN, BOB = Member(id="U0ANN", name="Ann Archer"), Member(id="U0BOB", name="Bob Baker")
GUEST = Member(id="U0GUEST", name="Gus Guest", guest=True)
WITHIN = 8.0

SETTINGS = """\
company: {name: Fernlight, site: "https://fernlight.example", assistant: Fern}
store: {url: "redis+embedded://state", shards: 4}
server: {host: 127.0.0.1, port: 0}
conversation: {burst_quiet_seconds: 0}
models: {builtin_embeddings: false}
"""
HANDOFF = """\
slack:
  bot_token: ${{env:TEAM_BOT_TOKEN}}
  signing_secret: ${{env:TEAM_SIGNING_SECRET}}
  channel: C0SALES
  api_base_url: {api}
"""
WEB = 'kind: web\nallowed_origins: ["https://fernlight.example"]\nfollow_ups: {enabled: false}\n'


@dataclass(kw_only=True)
class Team:
    """Everything a test does and looks at."""

    hub: Running
    slack: SlackStandIn
    people: SlackPeople

    async def says(self, talk: str, text: str) -> None:
        """A visitor writes on the web."""
        message = InboundMessage(
            id=MessageId(f"{talk}.{text}"),
            channel="web",
            conversation=ConversationId(talk),
            visitor=VisitorId(f"visitor-{talk}"),
            kind=MessageKind.TEXT,
            text=text,
            at=SystemClock().now(),
        )
        await self.hub.hub.accept(message)

    async def lines(self, talk: str, author: str = "") -> list[str]:
        found: tuple[TranscriptEntry, ...] = await self.hub.hub.transcript(ConversationId(talk), after=0, limit=500)
        return [line.text for line in found if author in {"", line.author}]

    async def lead(self, talk: str) -> Lead | None:
        return await self.hub.store.store.leads.load(lead_of(ConversationId(talk)))

    async def card(self, talk: str) -> Json:
        """The lead's card, once it stands with the lead's newest revision."""
        found: list[Json] = []

        async def stands() -> bool:
            lead = await self.lead(talk)
            found[:] = [one for one in self.slack.messages(SALES) if lead and _shows(one, lead)]
            return bool(found)

        await until(stands, f"no card of {talk}")
        return found[0]

    def thread(self, card: Json) -> list[str]:
        """The texts of the notes under a card, oldest first."""
        return [one["text"] for one in self.slack.messages(SALES) if one.get("thread_ts") == card["ts"]]

    async def new_lead(self, talk: str, *, name: str = "Nadia") -> Json:
        """The card of a visitor who asked something and left an address."""
        await self.says(talk, f"Hi, I'm {name}. We handle 400 orders a month and want a demo of the Grow plan.")
        await self.says(talk, f"Sure: {name.lower()}@northwind-robotics.io")
        return await self.card(talk)

    async def clicks(self, who: Member, card: Json, act: str, **more: Any) -> Json | None:
        """A button under the card, by its act; the form that opens."""
        action = {
            "type": "button",
            "action_id": f"lead:{act}",
            "block_id": "b",
            "value": more.pop("lead", lead_id(card)),
        }
        return await self.people.act(who.id, SALES, more.pop("ts", card["ts"]), {**action, **more})

    async def chooses(self, who: Member, card: Json, act: str) -> Json | None:
        """An entry of the menu under the card."""
        option = {"text": {"type": "plain_text", "text": "x"}, "value": act}
        action = {"type": "overflow", "action_id": "lead:more", "selected_option": option}
        return await self.people.act(who.id, SALES, card["ts"], {**action, "block_id": f"lead:{lead_id(card)}"})

    async def fills(self, who: Member, form: Json | None, **values: str) -> Json:
        """Send a form off with these values; the errors."""
        assert form is not None
        kinds = {"until": _option, "reason": _option, "to": _user, "at": _moment}
        state = {name: {name: kinds.get(name, _typed)(text)} for name, text in values.items()}
        return await self.people.submit(who.id, form, state)


def lead_id(card: Json) -> LeadId:
    return LeadId(card["metadata"]["event_payload"]["lead_id"])


def _shows(message: Json, lead: Lead) -> bool:
    payload = message.get("metadata", {}).get("event_payload", {})
    return bool(payload.get("lead_id") == lead.id and payload.get("revision") == lead.revision)


def _option(value: str) -> Json:
    return {"type": "static_select", "selected_option": {"value": value, "text": {"type": "plain_text", "text": "x"}}}


def _user(value: str) -> Json:
    return {"type": "users_select", "selected_user": value}


def _moment(value: str) -> Json:
    return {"type": "datetimepicker", "selected_date_time": int(value)}


def _typed(value: str) -> Json:
    return {"type": "plain_text_input", "value": value}


async def until(true: Callable[[], bool | Awaitable[bool]], what: str, *, within: float = WITHIN) -> None:
    deadline = asyncio.get_running_loop().time() + within
    while True:
        answer = true()
        if answer if isinstance(answer, bool) else await answer:
            return
        assert asyncio.get_running_loop().time() < deadline, what
        await asyncio.sleep(0.01)


@asynccontextmanager
async def selling(folder: Path, monkeypatch: Any) -> AsyncIterator[Team]:
    """A desk in `folder` with a team of Ann, Bob and a guest."""
    monkeypatch.setenv("TEAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TEAM_SIGNING_SECRET", SECRET)
    slack = SlackStandIn(token=TOKEN, channels={SALES: "sales-leads"}, clock=SystemClock())
    async with _serving(slack.application()) as api:
        _write(folder, api)
        async with running(read_desk(folder)) as hub, aiohttp.ClientSession() as http:
            people = SlackPeople(slack, http, address=f"{hub.address}{PATH}", secret=SECRET, clock=SystemClock())
            people.invite(ANN, BOB, GUEST)
            yield Team(hub=hub, slack=slack, people=people)


def _write(folder: Path, api: str) -> None:
    example = Path(__file__).parents[2] / "examples" / "desk"
    (folder / "channels").mkdir()
    (folder / "channels" / "web.yaml").write_text(WEB)
    (folder / "frontdesk.yaml").write_text(SETTINGS)
    (folder / "handoff.yaml").write_text(HANDOFF.format(api=api))
    for name in ("personas.yaml", "knowledge.jsonl", "qualification.yaml"):
        (folder / name).write_bytes((example / name).read_bytes())


@asynccontextmanager
async def _serving(application: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
