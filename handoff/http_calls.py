"""One call to somebody else's HTTP service, and what its failures mean for a delivery that may be repeated."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from handoff.gate import Gate
from knowledge.crawl.failures import ClosedSocket

CONTENT = {"Content-Type": "application/json", "User-Agent": "frontdesk"}
TIMEOUT = 15.0
ANSWER_LIMIT = 256 * 1024
"""Bytes of an answer that are read; none of these services needs more."""
DEFAULT_RETRY_AFTER = 10.0
LONGEST_RETRY_AFTER = 3_600.0
_SLOW_DOWN = frozenset({425, 429, 503})
_UNCLEAR = frozenset({408})
_SERVER_ERROR = 500
_REDIRECTS = range(300, 400)
_SUCCESSES = range(200, 300)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`headers` carry the credentials: they are sent, and never shown."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    retry_after: str
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        return self.status in _SUCCESSES

    def json(self) -> Any:
        """The decoded body; None when it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class HttpCalls:
    """Calls to one service through its gate. Follows no redirect, so that credentials go where the admin said."""

    def __init__(
        self, service: str, session: aiohttp.ClientSession, gate: Gate, *, setting: str, timeout: float = TIMEOUT
    ) -> None:
        """`service` and `setting` are for messages: who was called, and which setting names its address."""
        self._service = service
        self._session = session
        self._gate = gate
        self._setting = setting
        self._timeout = timeout

    async def make(self, call: Call) -> Answer:
        """Any answer but those that only ask to come again later.

        Raises `DeliveryDelayed` for these and where no connection was made, `DeliveryUncertain` without a clear answer.
        """
        async with self._gate.turn():
            try:
                async with asyncio.timeout(self._timeout):
                    answer = await self._request(call)
            except (aiohttp.ClientError, OSError, RuntimeError, ValueError) as error:  # uvloop raises RuntimeError
                raise self._unanswered(error) from None
            if answer.status in _SLOW_DOWN:
                raise DeliveryDelayed(f"{self._service} asks for a pause", retry_after=seconds(answer.retry_after))
            if answer.status in _UNCLEAR or answer.status >= _SERVER_ERROR:
                raise DeliveryUncertain(f"{self._service} failed with status {answer.status}")
            return answer

    def refused(self, answer: Answer, *, code: object = "", step: str = "") -> DeliveryParked:
        """The lasting refusal to raise for an answer; `code` is the service's own word, and no other text gets in."""
        word = code if isinstance(code, str) and _CODE.fullmatch(code) else ""
        if answer.status in _REDIRECTS:
            step = f"write the address it redirects to into {self._setting}"
        said = f"status {answer.status}{f', {word}' if word else ''}"
        return DeliveryParked(f"{self._service} refused the lead ({said}). Next: {step or f'check {self._setting}'}.")

    async def _request(self, call: Call) -> Answer:
        async with self._session.request(
            call.method, call.url, data=call.body, headers=call.headers, allow_redirects=False
        ) as response:
            body = await response.content.read(ANSWER_LIMIT)
            return Answer(status=response.status, retry_after=response.headers.get("Retry-After", ""), body=body)

    def _unanswered(self, error: Exception) -> DeliveryError:
        """No text of the client's gets out: it may hold the address with what is secret in it."""
        if isinstance(error, aiohttp.InvalidURL):
            return DeliveryParked(f"{self._service} has no usable address. Next: mend {self._setting}.")
        if isinstance(getattr(error, "os_error", None), ClosedSocket):
            step = "use a public address, or set allow_private_hosts"
            return DeliveryParked(f"{self._service} leads to a private or reserved network address. Next: {step}.")
        if isinstance(error, aiohttp.ClientConnectorCertificateError):
            return DeliveryParked(f"{self._service} has no valid certificate. Next: renew it, or mend {self._setting}.")
        if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
            return DeliveryDelayed(f"{self._service} cannot be reached ({self._setting})")
        return DeliveryUncertain(f"{self._service} gave no clear answer ({type(error).__name__})")


def seconds(retry_after: str) -> float:
    """A Retry-After header in seconds; a date or nonsense counts as unknown."""
    if retry_after.isascii() and retry_after.isdigit():
        return min(max(float(retry_after[:9]), 1.0), LONGEST_RETRY_AFTER)
    return DEFAULT_RETRY_AFTER
