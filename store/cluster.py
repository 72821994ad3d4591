"""Lanes over a cluster: one a primary, found by the slot of a hash tag, redirected when slots move."""

from __future__ import annotations

import asyncio
import logging
from itertools import count

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.exceptions import (
    AskError,
    ClusterDownError,
    MovedError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TryAgainError,
)

from core.errors import StoreUnavailable
from store.address import Address
from store.coalescing import Call, Lane
from store.connections import lane_connection, node_client, options

_log = logging.getLogger(__name__)

_UNREACHABLE = (RedisError, RedisClusterException, OSError)

MAX_REDIRECTS = 12
WAIT = 0.05
"""Seconds before a command goes out again that the cluster could not place; grows with each try."""


class ClusterLanes:
    """Keeps the map of slots with redis-py's cluster client; commands go over lanes of our own, one a primary."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._topology = RedisCluster(
            startup_nodes=[ClusterNode(host, port) for host, port in address.nodes],
            username=address.username,
            password=address.password,
            ssl=address.tls,
            **options(),
        )
        self._lanes: dict[tuple[str, int], Lane] = {}
        self._by_tag: dict[str, Lane] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self._turn = count()

    async def open(self) -> None:
        """Read the map of slots. Raises `StoreUnavailable`."""
        try:
            await self._topology.initialize()
        except _UNREACHABLE as error:
            raise StoreUnavailable(f"no answer from the cluster {self._address.shown}: {error}") from error

    def lane(self, tag: str) -> Lane:
        found = self._by_tag.get(tag)
        if found is None:
            try:
                node = self._topology.get_node_from_key(f"{{{tag}}}")
            except _UNREACHABLE as error:
                self._refresh()
                raise StoreUnavailable(
                    f"the cluster {self._address.shown} has no primary for {tag}: {error}"
                ) from error
            if node is None:
                raise StoreUnavailable(f"the cluster {self._address.shown} has no primary for {tag}")
            found = self._by_tag[tag] = self._lane_at(node.host, int(node.port))
        return found

    def primaries(self) -> tuple[tuple[str, Redis], ...]:
        return tuple(
            (_target(self._address, node), node_client(self._address, node.host, int(node.port)))
            for node in self._topology.get_primaries()
        )

    def client(self) -> Redis:
        """Publishing reaches every node of a cluster, so any will do; the next call tries the next one."""
        nodes = self._topology.get_primaries() or self._topology.get_nodes()
        if not nodes:
            raise ConnectionError(f"no node of the cluster {self._address.shown} is known at the moment")
        node = nodes[next(self._turn) % len(nodes)]
        return node_client(self._address, node.host, int(node.port))

    async def close(self) -> None:
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)
        await asyncio.gather(*(lane.close() for lane in self._lanes.values()))
        await self._topology.aclose()

    def _lane_at(self, host: str, port: int) -> Lane:
        lane = self._lanes.get((host, port))
        if lane is None:
            lane = self._lanes[host, port] = Lane(
                lane_connection(node_client(self._address, host, port)),
                address=f"{host}:{port}",
                redirect=self._redirect,
                on_failure=self._refresh,
            )
        return lane

    def _redirect(self, call: Call, error: ResponseError) -> bool:
        """Take over a call that was refused for its place, so surely not run; False for any other refusal."""
        call.asking = False
        call.redirects += 1
        if call.redirects > MAX_REDIRECTS:
            return False
        if isinstance(error, AskError):
            call.asking = True
            self._lane_at(error.host, int(error.port)).submit(call)
        elif isinstance(error, MovedError):
            self._refresh()
            self._lane_at(error.host, int(error.port)).submit(call)
        elif isinstance(error, TryAgainError | ClusterDownError):
            self._refresh()
            asyncio.get_running_loop().call_later(WAIT * call.redirects, self._again, call)
        else:
            return False
        return True

    def _again(self, call: Call) -> None:
        try:
            self.lane(call.tag).submit(call)
        except StoreUnavailable as error:
            call.fail(error)

    def _refresh(self) -> None:
        if self._refreshing is None:
            self._refreshing = asyncio.get_running_loop().create_task(self._read_topology())

    async def _read_topology(self) -> None:
        try:
            await self._topology.aclose()
            await self._topology.initialize()
        except _UNREACHABLE as error:
            _log.warning("the map of the cluster %s could not be read: %s", self._address.shown, error)
        else:
            self._by_tag.clear()
        finally:
            self._refreshing = None


def _target(address: Address, node: ClusterNode) -> str:
    return f"{'rediss' if address.tls else 'redis'}://{node.host}:{node.port}"
