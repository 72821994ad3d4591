"""The demo's rep: what is clicked, filled in and written in the sales pane goes to the hub as Slack would send it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import Refused
from frontdesk.demo.people import SlackPeople
from frontdesk.demo.slack import BOT, BOT_USER, Member, SlackStandIn
from frontdesk.wire import refusal
from platforms.bodies import read_body
from platforms.bounded_json import parse_object

YOU, COLLEAGUE = Member(id="U0YOU", name="Robin Vale"), Member(id="U0NOOR", name="Noor Aziz")
LIMIT = 64 * 1024

Ts = Annotated[str, Field(pattern=r"^\d{1,12}\.\d{1,6}$")]


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Act(_Body):
    ts: Ts
    action: dict[str, Any]


class Form(_Body):
    id: Annotated[str, Field(max_length=40)]
    values: dict[str, Any]


class Words(_Body):
    thread: Ts
    text: Annotated[str, Field(min_length=1, max_length=4_000)]


class RepsWorkspace:
    """The workspace as one person sees it: the channel, and what was whispered to them."""

    def __init__(self, slack: SlackStandIn, user: str) -> None:
        self._slack = slack
        self._user = user

    def messages(self, channel: str) -> Sequence[Mapping[str, Any]]:
        whispers = [
            {
                "type": "message",
                "ts": one.ts,
                "text": one.text,
                "blocks": list(one.blocks),
                "user": BOT_USER,
                "bot_id": BOT,
                "whispered": True,
                **({"thread_ts": one.thread} if one.thread else {}),
            }
            for one in self._slack.whispers
            if (one.channel, one.user) == (channel, self._user)
        ]
        return sorted((*self._slack.messages(channel), *whispers), key=lambda message: float(message["ts"]))

    async def changed(self, *, after: int) -> int:
        return await self._slack.changed(after=after)


def rep_routes(slack: SlackStandIn, people: Callable[[], SlackPeople], channel: str) -> list[web.AbstractRouteDef]:
    """The addresses the sales pane talks to. `people` is asked for with each request: the hub starts after them."""

    async def act(body: Act) -> Mapping[str, Any]:
        return {"view": await people().act(YOU.id, channel, body.ts, body.action)}

    async def submit(body: Form) -> Mapping[str, Any]:
        view = slack.views.get(body.id)
        return {"errors": await people().submit(YOU.id, view, body.values) if view else {}}

    async def write(body: Words) -> Mapping[str, Any]:
        await people().write(YOU.id, channel, body.thread, body.text)
        return {}

    async def members(_request: web.Request) -> web.Response:
        return web.json_response([{"id": one.id, "name": one.name} for one in slack.members.values()])

    return [
        web.get("/demo/rep/members", members),
        web.post("/demo/rep/act", _taking(Act, act)),
        web.post("/demo/rep/submit", _taking(Form, submit)),
        web.post("/demo/rep/write", _taking(Words, write)),
    ]


def _taking(shape: type[Any], do: Callable[[Any], Awaitable[Mapping[str, Any]]]) -> Any:
    """A handler for one shape of body. Other origins cannot send JSON without asking first, and are refused."""

    async def handle(request: web.Request) -> web.Response:
        if request.content_type != "application/json" or request.headers.get("Sec-Fetch-Site", "same-origin") not in {
            "same-origin",
            "none",
        }:
            return refusal(415, "bad_type")
        try:
            body = shape.model_validate(parse_object(await read_body(request, limit=LIMIT), limit=LIMIT))
        except (Refused, ValidationError):
            return refusal(400, "bad_body")
        return web.json_response(await do(body))

    return handle
