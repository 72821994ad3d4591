"""The bot's own token for the connector: fetched when needed, kept until shortly before its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import aiohttp

from adapters.teams.answers import read_answer
from adapters.teams.failures import decoded_token
from adapters.teams.settings import TeamsSettings
from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, Refused
from platforms.bounded_json import parse_object

CALL_SECONDS = 10.0
BEFORE_THE_END = 300.0
"""Seconds before a token's end from which on a new one is fetched."""
_LARGEST_ANSWER = 64 * 1024
_OK, _CLIENT_ERROR, _TOO_MANY, _SERVER_ERROR = 200, 400, 429, 500


class AccessTokens:
    """One token for all, fetched once however many ask."""

    def __init__(
        self, http: aiohttp.ClientSession, settings: TeamsSettings, *, ticks: Callable[[], float] = monotonic
    ) -> None:
        self._http = http
        self._settings = settings
        self._ticks = ticks
        self._lock = asyncio.Lock()
        self._token = ""
        self._good_until = float("-inf")

    async def get(self) -> str:
        """A token that holds. Raises `DeliveryDelayed`, or `DeliveryParked` when the bot's credentials are refused."""
        async with self._lock:
            if self._ticks() >= self._good_until:
                self._token, life = await self._fetch()
                self._good_until = self._ticks() + max(life - BEFORE_THE_END, life / 2)
            return self._token

    def forget(self, token: str) -> None:
        """The connector did not take it: the next one who asks gets another."""
        if token == self._token:
            self._good_until = float("-inf")

    async def _fetch(self) -> tuple[str, float]:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                status, body = await self._ask()
            if status == _OK:
                return decoded_token(parse_object(body, limit=_LARGEST_ANSWER))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, Refused) as error:
            raise DeliveryDelayed(f"Teams: no token could be had ({type(error).__name__})", retry_after=5.0) from None
        raise _refusal(status)

    async def _ask(self) -> tuple[int, bytes]:
        form: dict[str, Any] = {
            "grant_type": "client_credentials",
            "client_id": self._settings.app_id,
            "client_secret": self._settings.app_password.reveal(),
            "scope": self._settings.token_scope,
        }
        async with self._http.post(self._settings.token_address, data=form, allow_redirects=False) as response:
            return response.status, await read_answer(response, limit=_LARGEST_ANSWER)


def _refusal(status: int) -> DeliveryError:
    if _CLIENT_ERROR <= status < _SERVER_ERROR and status != _TOO_MANY:
        reason = f"Teams: the bot gets no token (status {status}). Next: check app_id, app_password and app_tenant."
        return DeliveryParked(reason)
    return DeliveryDelayed(f"Teams: no token could be had (status {status})", retry_after=5.0)
