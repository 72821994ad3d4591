"""The keys requests are signed with: fetched in the background, and kept while nobody tells newer ones."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import PyJWTError

from adapters.teams.addresses import web_address
from adapters.teams.answers import read_answer
from core.errors import Refused
from platforms.bounded_json import parse_object

_log = logging.getLogger(__name__)

FETCH_SECONDS = 5.0
REFRESH_SECONDS = 3_600.0
"""How often the keys are fetched without need; Microsoft asks for once a day at least."""
REFETCH_SECONDS = 60.0
"""An unknown key is asked for at most this often, whoever names it."""
_LARGEST_ANSWER = 1 << 20
_SMALLEST_KEY = 2_048
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigningKey:
    """One public key. Fetched anew it is another one, so whatever was verified with the old one is checked again."""

    key: RSAPublicKey
    endorsements: frozenset[str]  # channels the key may speak for


class SigningKeys:
    """The keys behind an OpenID metadata address. The last good ones stay while a newer answer fails."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        metadata_url: str,
        *,
        ticks: Callable[[], float] = monotonic,
        timeout: float = FETCH_SECONDS,
    ) -> None:
        self._http = http
        self._metadata_url = metadata_url
        self._ticks = ticks
        self._timeout = timeout
        self._keys: Mapping[str, SigningKey] = {}
        self._asked_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self._refreshing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Fetch the keys now and then every hour, in the background."""
        self._refreshing = self._refreshing or asyncio.get_running_loop().create_task(self._refresh())

    async def stop(self) -> None:
        for task in (self._refreshing, self._fetching):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        self._refreshing = self._fetching = None

    async def fetch(self) -> int:
        """Fetch the keys now; how many are known then."""
        await self._fetch_again()
        return len(self._keys)

    async def find(self, kid: str) -> SigningKey | None:
        """The key of an id. An unknown id waits for a fetch, at most once a minute for all who ask together."""
        if kid not in self._keys:
            await self._fetch_again()
        return self._keys.get(kid)

    async def _fetch_again(self) -> None:
        if self._fetching is None:
            if self._ticks() - self._asked_at < REFETCH_SECONDS:
                return
            self._begin()
        if self._fetching is not None:
            await asyncio.shield(self._fetching)

    async def _refresh(self) -> None:
        while True:
            if self._fetching is None:
                self._begin()
            if self._fetching is not None:
                await asyncio.shield(self._fetching)
            await asyncio.sleep(REFRESH_SECONDS if self._keys else REFETCH_SECONDS)

    def _begin(self) -> None:
        self._asked_at = self._ticks()
        self._fetching = asyncio.get_running_loop().create_task(self._fetch())

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                metadata = await self._read(self._metadata_url)
                self._keys = read_keys(await self._read(web_address(str(metadata.get("jwks_uri", "")))))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, Refused) as error:
            kept = "the last ones are kept" if self._keys else "nobody can be let in"
            _log.warning("teams: the signing keys could not be fetched (%s): %s", type(error).__name__, kept)
        finally:
            self._fetching = None

    async def _read(self, url: str) -> dict[str, Any]:
        async with self._http.get(url, allow_redirects=False) as response:
            if response.status != _OK:
                raise ValueError(f"status {response.status}")
            body = await read_answer(response, limit=_LARGEST_ANSWER)
        return parse_object(body, limit=_LARGEST_ANSWER)


def read_keys(answer: Mapping[str, Any]) -> dict[str, SigningKey]:
    """A JWK set's RSA keys for signatures by their id; others are left out. Raises `ValueError` when none is left."""
    listed = answer.get("keys")
    found: dict[str, SigningKey] = {}
    for one in listed if isinstance(listed, list) else ():
        kid = one.get("kid") if isinstance(one, dict) else None
        key = _read_key(one) if isinstance(kid, str) and kid else None
        if key is not None and isinstance(kid, str):
            found[kid] = key
    if not found:
        raise ValueError("no usable key")
    return found


def _read_key(one: dict[str, Any]) -> SigningKey | None:
    if one.get("kty") != "RSA" or one.get("use", "sig") != "sig":
        return None
    try:
        key = RSAAlgorithm.from_jwk({name: one[name] for name in ("kty", "n", "e")})
    except (PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_KEY:
        return None
    endorsed = one.get("endorsements")
    names = endorsed if isinstance(endorsed, list) else []
    return SigningKey(key=key, endorsements=frozenset(name for name in names if isinstance(name, str)))
