"""Outgoing webhooks, signed after the Standard Webhooks specification (standardwebhooks.com)."""

from __future__ import annotations

import base64
import hmac
import json
import socket
from collections.abc import Collection, Sequence
from hashlib import sha256

import aiohttp

from core.errors import DeliveryParked
from core.lead import Lead, Posting
from core.ports import Clock
from handoff.events import delivery_id, events, heard, knows
from handoff.http_calls import CONTENT, Answer, Call, HttpCalls
from handoff.payload import lead_payload
from knowledge.crawl.addresses import WEB_PORTS, AddressRules
from knowledge.crawl.failures import ClosedSocket
from knowledge.crawl.guard import AddressInfo

SECRET_PREFIX = "whsec_"  # noqa: S105  what the specification puts before a secret's base64
_GONE = 410


class Signer:
    """Signs with each secret in turn, so that a receiver may hold either while they are changed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Raises ValueError for a secret that is no base64; the configuration lets none through."""
        self._keys = tuple(base64.b64decode(one.removeprefix(SECRET_PREFIX), validate=True) for one in secrets)

    def headers(self, identity: str, at: float, body: bytes) -> dict[str, str]:
        """The three headers of an attempt made at `at` (seconds since the epoch)."""
        stamp = str(int(at))
        signed = b".".join((identity.encode(), stamp.encode(), body))
        signatures = (base64.b64encode(hmac.digest(key, signed, sha256)).decode() for key in self._keys)
        return {
            "webhook-id": identity,
            "webhook-timestamp": stamp,
            "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
        }


class WebhookSink:
    """`LeadSink` over one address. An event has one id for all attempts at it, so repeating is harmless."""

    def __init__(self, *, url: str, calls: HttpCalls, signer: Signer, clock: Clock, wanted: Collection[str]) -> None:
        self._url = url
        self._calls = calls
        self._signer = signer
        self._clock = clock
        self._wanted = frozenset(wanted)

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """See `LeadSink`."""
        if posting is not None and knows(posting, lead):
            return posting
        for event in events(lead, posting, self._wanted):
            await self._send(lead, event)
        return heard(lead)

    async def _send(self, lead: Lead, event: str) -> None:
        body = webhook_body(lead, event)
        headers = {**CONTENT, **self._signer.headers(delivery_id(lead, event), self._clock.now(), body)}
        answer = await self._calls.make(Call(method="POST", url=self._url, body=body, headers=headers))
        if not answer.ok:
            raise self._refusal(answer)

    def _refusal(self, answer: Answer) -> DeliveryParked:
        gone = "the receiver has gone for good; take the webhook out of handoff.yaml" if answer.status == _GONE else ""
        return self._calls.refused(answer, step=gone)


def webhook_body(lead: Lead, event: str) -> bytes:
    """The same bytes for every attempt; `timestamp` is when the lead changed."""
    payload = lead_payload(lead)
    told = {"type": event, "timestamp": payload["updatedAt"], "data": payload}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def guarded_session(*, port: int | None, private: bool, connect: float) -> aiohttp.ClientSession:
    """A client that opens no socket to a private network, whatever a name resolves to, unless `private` allows it.

    Ports are those of the web and `port`, the one the admin wrote.
    """
    rules = AddressRules(private=private, ports=WEB_PORTS | ({port} if port else frozenset()))

    def opened(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, place = info
        if reason := rules.objection(str(place[0]), int(str(place[1]))):
            raise ClosedSocket(reason)
        return socket.socket(family=family, type=kind, proto=protocol)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=opened, ttl_dns_cache=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect),
        trust_env=False,
    )
