"""Going on with a chat in another channel: a link that works once, for whoever holds the session."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from aiohttp import web

from adapters.rates import Rates, client_key
from adapters.web.door import bearer, json_response, read_json
from adapters.web.settings import ContinueSettings
from adapters.web.tokens import SessionTokens
from core.continuing import LIFE
from core.errors import Refused
from core.people import Thread
from core.reception import Continuations

_PER_SECOND = 1 / 60
_BURST = 3
_PER_SECOND_OF_ADDRESS = 0.5
_BURST_OF_ADDRESS = 20


class Departures:
    """`POST continue` with the token as a bearer. Answers `{url, expiresIn}`.

    Refused with `no_continuation` (404) where none is set up, and while the other channel has not started.
    """

    def __init__(
        self,
        channel: str,
        settings: ContinueSettings | None,
        tokens: SessionTokens,
        continuations: Continuations | None,
        *,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._channel = channel
        self._settings = settings
        self._tokens = tokens
        self._continuations = continuations
        self._by_session = Rates(per_second=_PER_SECOND, burst=_BURST, ticks=ticks)
        self._by_address = Rates(per_second=_PER_SECOND_OF_ADDRESS, burst=_BURST_OF_ADDRESS, ticks=ticks)

    async def leave(self, request: web.Request, origin: str) -> web.StreamResponse:
        claims = self._tokens.verify(bearer(request), origin=origin)
        await read_json(request)
        self._by_session.take(claims.conversation)
        self._by_address.take(client_key(request.remote))
        thread = Thread(conversation=claims.conversation, visitor=claims.visitor, channel=self._channel)
        url = await self._address(thread)
        if url is None:
            raise Refused("no_continuation", status=404)
        return json_response({"url": url, "expiresIn": int(LIFE)})

    async def _address(self, thread: Thread) -> str | None:
        if self._settings is None or self._continuations is None:
            return None
        return await self._continuations.mint(thread, channel=self._settings.channel)
