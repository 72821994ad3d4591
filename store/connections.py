"""How this room speaks to a server through redis-py: one place for retries, timeouts and the protocol version."""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from core.errors import ConfigError
from store.address import Address
from store.coalescing import Connection, Lane

CONNECT_TIMEOUT = 2.0
REPLY_TIMEOUT = 5.0
"""Seconds for the few commands that do not go through a lane: INFO at the start, the subscription's own."""


def options() -> dict[str, Any]:
    """redis-py sends a command again when its reply was lost, which writes twice: every retry is off."""
    return {
        "protocol": 2,
        "retry": Retry(NoBackoff(), 0),
        "socket_connect_timeout": CONNECT_TIMEOUT,
        "socket_timeout": REPLY_TIMEOUT,
    }


def client_of(url: str) -> Redis:
    return Redis.from_url(url, **options())


def node_client(address: Address, host: str, port: int) -> Redis:
    """One node of a cluster."""
    return Redis(
        host=host,
        port=port,
        username=address.username,
        password=address.password,
        ssl=address.tls,
        **options(),
    )


class SingleLane:
    """All tags on one server. Raises `ConfigError` for a URL redis-py cannot read."""

    def __init__(self, url: str, *, shown: str) -> None:
        self._url = url
        self._shown = shown
        try:
            self._lane = Lane(lane_connection(client_of(url)), address=shown)
        except (ValueError, TypeError) as error:
            raise ConfigError(f"store url {shown!r}: {error}") from error

    def lane(self, tag: str) -> Lane:  # noqa: ARG002  one server holds every tag
        return self._lane

    def primaries(self) -> tuple[tuple[str, Redis], ...]:
        return ((self._shown, client_of(self._url)),)

    def client(self) -> Redis:
        return client_of(self._url)

    async def close(self) -> None:
        await self._lane.close()


def lane_connection(client: Redis) -> Connection:
    """A connection of the lane's own; the lane bounds a whole exchange, a timer for each reply would cost more."""
    pool: Any = client.connection_pool  # this part of redis-py carries no types
    connection: Any = pool.make_connection()
    connection.socket_timeout = None
    made: Connection = connection
    return made
