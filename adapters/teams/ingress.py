"""What the connector posts: authenticated, bounded, stored, and only then acknowledged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
from aiohttp import web

from adapters.teams.cards import Cards
from adapters.teams.door import Door
from adapters.teams.inbound import Asked, Left, Pressed, Said, read, to_press
from adapters.teams.outbound import chosen
from adapters.teams.sending import Sending
from adapters.teams.whereabouts import Whereabouts
from core.errors import Refused, StoreUnavailable
from core.message import MessageKind
from core.ports import Clock
from core.reception import Reception
from core.store_ports import AcceptStatus
from platforms.bodies import read_body
from platforms.bounded_json import parse_object

_log = logging.getLogger(__name__)

BODY_LIMIT = 256 * 1024
STORE_RETRY = "2"
"""Seconds after which the connector may try again while the store is away."""
_REQUEST_ID_LENGTH = 16
_UNAUTHORISED = 401
_NO_SUCH_CARD = 410
_NO_SUCH_INVOKE = 404
_ENCODER = msgspec.json.Encoder()


class Ingress:
    """The one route of a bot. Nothing of a body is read, parsed or logged before its token has been verified."""

    def __init__(
        self,
        channel: str,
        reception: Reception,
        sending: Sending,
        whereabouts: Whereabouts,
        cards: Cards,
        clock: Clock,
    ) -> None:
        self._channel = channel
        self._reception = reception
        self._sending = sending
        self._whereabouts = whereabouts
        self._cards = cards
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    async def receive(self, activity: dict[str, Any]) -> web.Response:
        """Act on an activity that was let in. Raises `StoreUnavailable` when nothing was recorded."""
        match read(activity, channel=self._channel, at=self._clock.now()):
            case Said() as said:
                return await self._take(said)
            case Pressed() as press:
                return await self._press(press)
            case Left() as left:
                await self._whereabouts.lose(left.reference)
            case Asked():
                return invoke_refusal(_NO_SUCH_INVOKE, "NotSupported", "Nothing is behind this.")
            case None:
                _log.debug("teams: an activity of no use to us was let pass")
        return web.Response(status=200)

    async def stop(self) -> None:
        """Finish what was begun after an acknowledgement."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _take(self, said: Said) -> web.Response:
        await self._whereabouts.keep(said.reference)
        accepted = await self._reception.accept(said.message)
        if accepted.status is AcceptStatus.ACCEPTED and said.message.kind is MessageKind.TEXT:
            self._sending.show_typing(said.reference)
        return web.Response(status=202)

    async def _press(self, press: Pressed) -> web.Response:
        card = await self._cards.find(press)
        if card is None:
            expired = invoke_refusal(_NO_SUCH_CARD, "Expired", "These buttons have been used, or are too old.")
            return expired if press.invoked else web.Response(status=200)
        await self._whereabouts.keep(press.reference)
        label = card.labels[press.choice]
        message = to_press(press, label, channel=self._channel, at=self._clock.now())
        accepted = await self._reception.accept(message)
        if accepted.status is AcceptStatus.ACCEPTED:
            self._sending.show_typing(press.reference)
            self._later(self._sending.close_card(press, card))
        await self._cards.use_up(press.token)
        return invoke_answer(chosen(card.body, label)) if press.invoked else web.Response(status=202)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def guarded(
    door: Door, receive: Callable[[dict[str, Any]], Coroutine[Any, Any, web.Response]], new_id: Callable[[], str]
) -> Callable[[web.Request], Coroutine[Any, Any, web.Response]]:
    """The route's handler: `receive` is given activities that were let in, and every refusal has one fixed shape."""

    async def handle(request: web.Request) -> web.Response:
        try:
            bearer = await door.authenticate(request.headers.getall("Authorization", []))
            activity = await _read_json(request)
            door.admit(bearer, activity)
            return await receive(activity)
        except Refused as refused:
            return _refusal(refused.code, refused.status, new_id())
        except StoreUnavailable:
            return _refusal("unavailable", 503, new_id())

    return handle


async def _read_json(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Refused("bad_type", status=415)
    return parse_object(await read_body(request, limit=BODY_LIMIT), limit=BODY_LIMIT)


def invoke_answer(card: dict[str, Any]) -> web.Response:
    """The card that takes the place of the one that was pressed."""
    return _invoke(200, "application/vnd.microsoft.card.adaptive", card)


def invoke_refusal(status: int, code: str, message: str) -> web.Response:
    """An invoke's own kind of refusal: the request went well, what it asked for did not."""
    return _invoke(status, "application/vnd.microsoft.error", {"code": code, "message": message})


def _invoke(status: int, kind: str, value: dict[str, Any]) -> web.Response:
    body = {"statusCode": status, "type": kind, "value": value}
    return web.Response(body=_ENCODER.encode(body), content_type="application/json")


def _refusal(code: str, status: int, request_id: str) -> web.Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status == _UNAUTHORISED:
        headers["WWW-Authenticate"] = "Bearer"
    if code == "unavailable":
        headers["Retry-After"] = STORE_RETRY
    body = {"error": code, "requestId": request_id[:_REQUEST_ID_LENGTH]}
    return web.json_response(body, status=status, headers=headers)
