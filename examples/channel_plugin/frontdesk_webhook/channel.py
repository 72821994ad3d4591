"""The channel: a signed route in, a signed call out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus

import aiohttp
from aiohttp import web

from adapters.kind import ChannelPorts
from adapters.rates import Rates, SlowDown
from core.errors import (
    ConfigError,
    DeliveryDelayed,
    DeliveryError,
    DeliveryParked,
    DeliveryUncertain,
    Refused,
    StoreUnavailable,
)
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from core.reply import Reply
from core.store_ports import AcceptStatus
from frontdesk_webhook.settings import WebhookSettings
from frontdesk_webhook.signing import Signer
from platforms.bodies import read_body
from platforms.bounded_json import parse_object
from platforms.text import clean_text

BODY_LIMIT = 64 * 1024
_LONGEST_ID = 128
_RETRY = 5.0
_PASSING = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def build(settings: WebhookSettings, ports: ChannelPorts) -> WebhookChannel:
    """Raises `ConfigError` where the hub has no way to call out."""
    if ports.http is None:
        raise ConfigError(f"channel {ports.name!r}: this process makes no outgoing calls")
    return WebhookChannel(settings, ports, ports.http)


class WebhookChannel:
    """Serves `POST /channels/webhook/<name>`."""

    def __init__(self, settings: WebhookSettings, ports: ChannelPorts, http: aiohttp.ClientSession) -> None:
        self._ports = ports
        self._http = http
        self._deliver_to = settings.deliver_to
        self._timeout = settings.seconds
        self._signer = Signer(settings.secret.get_secret_value())
        self._prefix = f"webhook:{ports.name}:"
        self._rates = Rates(per_second=1.0, burst=10)

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post(f"/channels/webhook/{self._ports.name}", self._receive)]

    async def start(self) -> None:
        """Nothing to begin: the other side calls."""

    async def stop(self) -> None:
        """Nothing to end: every call stands for itself."""

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        """Post the reply. The other side tells a repetition by its id, so one more attempt does no harm."""
        content = {"conversation": conversation.removeprefix(self._prefix), "reply": reply.to_wire()}
        body = json.dumps(content, ensure_ascii=False).encode()
        headers = self._signer.headers(effect, body, now=self._ports.clock.now())
        headers["Content-Type"] = "application/json"
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._http.post(self._deliver_to, data=body, headers=headers, allow_redirects=False) as response,
            ):
                failure = _failure(response, again=again)
        except aiohttp.ClientConnectorError:
            raise DeliveryDelayed("the webhook's address cannot be reached", retry_after=_RETRY) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _unclear(type(error).__name__, again=again) from None
        if failure is not None:
            raise failure

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            await self._accept(self._signed(request, await read_body(request, limit=BODY_LIMIT)))
        except Refused as refused:
            wait = {"Retry-After": str(int(refused.retry_after) + 1)} if isinstance(refused, SlowDown) else {}
            return web.json_response({"error": refused.code}, status=refused.status, headers=wait)
        except StoreUnavailable:
            return web.json_response({"error": "unavailable"}, status=503, headers={"Retry-After": "2"})
        return web.json_response({"ok": True})

    def _signed(self, request: web.Request, body: bytes) -> bytes:
        """The body, once it is known to be the other side's. Raises `Refused`."""
        if not self._signer.verifies(request.headers, body, now=self._ports.clock.now()):
            raise Refused("unauthorised", status=401)
        return body

    async def _accept(self, body: bytes) -> None:
        """Raises `Refused` and `StoreUnavailable`; once it returns, the message is on disk."""
        message = self._message(parse_object(body, limit=BODY_LIMIT))
        if message is None:
            return
        self._rates.take(message.conversation)
        acceptance = await self._ports.reception.accept(message)
        if acceptance.status is AcceptStatus.CONFLICT:
            raise Refused("conflict", status=409)

    def _message(self, raw: dict[str, object]) -> InboundMessage | None:
        """None for a text with nothing to see in it. Raises `Refused`."""
        identity, conversation = _id(raw, "id"), _id(raw, "conversation")
        text = raw.get("text")
        if not isinstance(text, str):
            raise Refused("bad_message")
        cleaned = clean_text(text).text
        if not cleaned:
            return None
        return InboundMessage(
            id=MessageId(f"{self._prefix}{conversation}.{identity}"),
            channel=self._ports.name,
            conversation=ConversationId(f"{self._prefix}{conversation}"),
            visitor=VisitorId(f"{self._prefix}{conversation}"),
            kind=MessageKind.TEXT,
            text=cleaned,
            at=self._ports.clock.now(),
        )


def _id(raw: dict[str, object], name: str) -> str:
    value = raw.get(name)
    if not (isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isascii() and value.isprintable()):
        raise Refused("bad_message")
    return value


def _failure(response: aiohttp.ClientResponse, *, again: bool) -> DeliveryError | None:
    if response.status // 100 == 2:  # noqa: PLR2004
        return None
    if response.status in _PASSING:
        named = response.headers.get("Retry-After", "")
        wait = float(named) if named.isascii() and named.isdigit() and len(named) < len("100000") else _RETRY
        return DeliveryDelayed(f"the webhook answered {response.status}", retry_after=wait)
    if response.status // 100 == 5:  # noqa: PLR2004
        return _unclear(str(response.status), again=again)
    return DeliveryParked(f"the webhook answered {response.status}; see that it takes what is posted to it")


def _unclear(what: str, *, again: bool) -> DeliveryError:
    """A first failure may have arrived and is looked at again; from then on it is only a matter of time."""
    if again:
        return DeliveryDelayed(f"the webhook did not answer ({what})", retry_after=_RETRY)
    return DeliveryUncertain(f"the webhook did not answer ({what})")
