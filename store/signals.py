"""Signals between worker processes: one publish channel a worker. They are hints; the streams are the truth."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from core.ids import ConversationId, Shard
from core.store_ports import Changed, Forgotten, LinesWritten, ShardWoken, Signal, SignalsLost
from store.keys import Keys

_log = logging.getLogger(__name__)

SILENCE = 10.0
"""Seconds without a word before the server is pinged; as long again without an answer and the line is dead."""

FIRST_WAIT, LONGEST_WAIT = 0.05, 2.0


class RedisSignals:
    """Implements `core.store_ports.Signals`.

    The first signal is always `SignalsLost`: what was written before the subscription stood has to be looked at, and
    from there on nothing is missed without another `SignalsLost`.
    """

    def __init__(self, connect: Callable[[], Redis], keys: Keys) -> None:
        self._connect = connect
        self._keys = keys

    async def listen(self, worker: str) -> AsyncIterator[Signal]:
        channel = self._keys.signals + worker.encode()
        wait = FIRST_WAIT
        while True:
            try:
                async with self._connect() as client, client.pubsub() as subscription:
                    await _subscribe(subscription, channel)
                    wait = FIRST_WAIT
                    yield SignalsLost()
                    while True:
                        signal = await _next(subscription)
                        if signal is not None:
                            yield signal
            except (RedisError, OSError) as error:
                _log.warning("the subscription of worker %s broke and is renewed: %s", worker, error)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)


async def _subscribe(subscription: PubSub, channel: bytes) -> None:
    await subscription.subscribe(channel)
    confirmed = await subscription.get_message(timeout=SILENCE)
    if confirmed is None or confirmed["type"] != "subscribe":
        raise ConnectionError("the server did not confirm the subscription")


async def _next(subscription: PubSub) -> Signal | None:
    """The next signal; None for a sign of life. Raises ConnectionError on a dead line."""
    message = await subscription.get_message(timeout=SILENCE)
    if message is None:
        await subscription.ping()
        message = await subscription.get_message(timeout=SILENCE)
        if message is None:
            raise ConnectionError("the server is silent")
    return _signal(message["data"]) if message["type"] == "message" else None


def _signal(data: bytes) -> Signal | None:
    kind, _, what = data.decode().partition(":")
    if kind == "s":
        return ShardWoken(shard=Shard(int(what)))
    if kind == "l":
        return LinesWritten(conversation=ConversationId(what))
    if kind == "e":
        return Forgotten(conversation=ConversationId(what))
    if kind == "c":
        return Changed(conversation=ConversationId(what))
    return None  # of a newer release
