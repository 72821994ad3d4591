"""Socket Mode: Slack's events over connections we open, for hubs without a public address.

Two connections at once, since one may be refreshed or die silently; Slack gives each envelope to one of them. The SDK
pings every `PING_SECONDS` and connects anew when four pings in a row stay unanswered, so a dead line is found within
half a minute.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.errors import DependencyError, StoreUnavailable
from platforms.slack.client import SlackClient
from platforms.slack.door import SLASH_COMMAND, Take

if TYPE_CHECKING:
    from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

_log = logging.getLogger(__name__)

CONNECTIONS = 2
PING_SECONDS = 5.0
OPENING_SECONDS = 20.0
_TAKEN = frozenset({"events_api", "interactive", "slash_commands"})


class Sockets:
    """Connections of one app-level token."""

    def __init__(
        self,
        client: SlackClient,
        app_token: str,
        take: Take,
        *,
        ping: float = PING_SECONDS,
    ) -> None:
        self._client = client
        self._app_token = app_token
        self._take = take
        self._ping = ping
        self._open: list[Any] = []

    async def open(self) -> None:
        """Connect. Raises `DependencyError` when that takes too long: the SDK itself would try for ever."""
        await self.close()
        self._open = [self._line() for _ in range(CONNECTIONS)]
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                await asyncio.gather(*(line.connect() for line in self._open))
        except TimeoutError:
            await self.close()
            raise DependencyError("Slack opens no socket; is `app_token` right, and Socket Mode switched on?") from None

    async def close(self) -> None:
        lines, self._open = self._open, []
        await asyncio.gather(*(line.close() for line in lines), return_exceptions=True)

    def _line(self) -> Any:  # the SDK's client, half of whose methods have no types
        from slack_sdk.socket_mode.aiohttp import SocketModeClient

        quiet = logging.getLogger("platforms.slack_sdk")
        quiet.setLevel(logging.ERROR)  # below, the SDK writes whole envelopes
        line = SocketModeClient(
            app_token=self._app_token, web_client=self._client.sdk, logger=quiet, ping_interval=self._ping
        )
        line.socket_mode_request_listeners.append(self._hear)
        return line

    async def _hear(self, line: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Record, then acknowledge; what is not acknowledged comes again."""
        from slack_sdk.socket_mode.response import SocketModeResponse

        payload: Mapping[str, Any] = request.payload if isinstance(request.payload, dict) else {}
        answer = None
        if request.type == "slash_commands":
            payload = {**payload, "type": SLASH_COMMAND}
        if request.type in _TAKEN:
            try:
                answer = await self._take(payload)
            except StoreUnavailable:
                _log.warning("an envelope of Slack's is not acknowledged: the store does not answer")
                return
        await line.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer))
