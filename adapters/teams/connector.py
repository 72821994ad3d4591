"""The connector's calls, with every way they fail translated."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec
from yarl import URL

from adapters.teams.access import AccessTokens
from adapters.teams.addresses import is_connector
from adapters.teams.answers import read_answer
from adapters.teams.failures import UNAUTHORISED, code_of, failure
from adapters.teams.reference import Reference
from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain, Refused
from platforms.bounded_json import parse

CALL_SECONDS = 10.0
_LARGEST_ANSWER = 16 * 1024
_FINE = range(200, 300)
_ENCODER = msgspec.json.Encoder()

Answer = tuple[int, str, str]  # status, error word, Retry-After


class Connector:
    """Raises only `DeliveryError`s; none holds a token or a visitor's words."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        access: AccessTokens,
        service_hosts: tuple[str, ...],
        *,
        timeout: float = CALL_SECONDS,
    ) -> None:
        self._http = http
        self._access = access
        self._service_hosts = service_hosts
        self._timeout = timeout

    async def send(self, reference: Reference, activity: Mapping[str, Any]) -> None:
        """Show an activity in the conversation. `DeliveryUncertain` when it may have arrived without our knowing."""
        await self._call("POST", reference, "", activity)

    async def update(self, reference: Reference, shown: str, activity: Mapping[str, Any]) -> None:
        """Put an activity in the place of one that is shown. Doing it again does no harm."""
        await self._call("PUT", reference, shown, {**activity, "id": shown})

    async def delete(self, reference: Reference, shown: str) -> None:
        """Take back an activity that is shown."""
        await self._call("DELETE", reference, shown, None)

    async def _call(self, method: str, reference: Reference, shown: str, activity: Mapping[str, Any] | None) -> None:
        if not is_connector(reference.service_url, self._service_hosts):
            raise DeliveryParked("Teams: the conversation's connector is not on the list. Next: see service_hosts.")
        url = address_of(reference, shown)
        body = None if activity is None else _ENCODER.encode(activity)
        token = await self._access.get()
        answer = await self._attempt(method, url, body, token)
        if answer[0] == UNAUTHORISED:  # a token may be taken back before its end
            self._access.forget(token)
            answer = await self._attempt(method, url, body, await self._access.get())
        if answer[0] not in _FINE:
            raise failure(*answer)

    async def _attempt(self, method: str, url: str, body: bytes | None, token: str) -> Answer:
        """`from None`: the causes' texts may hold what was sent."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._http.request(
                    method, URL(url, encoded=True), data=body, headers=headers, allow_redirects=False
                ) as response,
            ):
                return await _answer(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            reason = f"Teams could not be reached ({type(error).__name__})"
            raise DeliveryDelayed(reason, retry_after=5.0) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = f"Teams gave no clear answer ({type(error).__name__}); the message may have arrived"
            raise DeliveryUncertain(reason) from None


def address_of(reference: Reference, shown: str = "") -> str:
    """Where activities of a conversation go; ids stand in the address as they are, however they are written."""
    root = f"{reference.service_url.rstrip('/')}/v3/conversations/{quote(reference.chat, safe='')}/activities"
    return f"{root}/{quote(shown, safe='')}" if shown else root


async def _answer(response: aiohttp.ClientResponse) -> Answer:
    """A success counts from its first line on: how its body ends is nothing to us."""
    if response.status in _FINE:
        return response.status, "", ""
    code = ""
    try:
        code = code_of(parse(await read_answer(response, limit=_LARGEST_ANSWER), limit=_LARGEST_ANSWER))
    except (Refused, ValueError, aiohttp.ClientError, OSError):
        code = ""
    return response.status, code, response.headers.get("Retry-After", "")
