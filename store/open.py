"""Opening the store: connect, see that the server is fit, agree on the number of shards, hand out the ports."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from redis.asyncio import Redis

from core.errors import ConfigError, DependencyError, StoreUnavailable
from core.ids import ConversationId, PersonId, Shard
from core.store_ports import Store
from store import fitness
from store.address import Address, Kind, parse
from store.allowances import RedisAllowances
from store.backlog import Backlog, backlog_of
from store.cluster import ClusterLanes
from store.coalescing import Commands, Lanes
from store.compaction import compact
from store.connections import SingleLane
from store.conversations import RedisConversations
from store.dead_letters import RedisBacklog
from store.directory import RedisDirectory
from store.embedded import EmbeddedServer, served_at
from store.erasure import RedisErasure
from store.inbox import RedisInbox
from store.keys import WORKERS, Keys
from store.lead_book import RedisLeadBook
from store.leads import RedisLeads
from store.ledger import RedisLedger
from store.notes import RedisNotes
from store.outbox import RedisOutbox
from store.ownership import RedisOwnership
from store.people import RedisPeople
from store.records import RedisJournal, RedisRecords, RedisTries
from store.rota import RedisRota
from store.saving import Progress, saved
from store.signals import RedisSignals
from store.transcripts import RedisTranscripts
from store.unmatched import RedisUnmatched

SECRET_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is open, fit for a health page: no password in it."""

    address: str
    kind: str  # embedded | single | cluster
    servers: tuple[str, ...]  # name and version of each primary
    tenant: str
    shards: int


class OpenStore:
    """An open store. `close` ends its connections, and the embedded server with them."""

    def __init__(
        self, *, store: Store, description: Description, lanes: Lanes, keys: Keys, closing: AsyncExitStack
    ) -> None:
        self.store = store
        self._keys = keys
        self._description = description
        self._lanes = lanes
        self._commands = Commands(lanes)
        self._closing = closing

    def describe(self) -> Description:
        return self._description

    async def ping(self) -> None:
        """Raises `StoreUnavailable` when a server that holds any shard does not answer."""
        tags = [str(shard) for shard in range(self._description.shards)]
        await asyncio.gather(*(self._commands.command(tag, b"PING") for tag in (WORKERS, *tags)))

    async def backlog(self, shards: Iterable[Shard]) -> Backlog:
        """What waits in these shards. Raises `StoreUnavailable`."""
        return await backlog_of(self._commands, self._keys, shards)

    async def shared_secret(self, name: str, candidate: str) -> str:
        """The secret all processes of the tenant share under `name`: `candidate` where there was none yet.

        Asked for while a process starts, often on a busy machine, so a server that is slow once is asked again: whoever
        sets it first has set it, which makes that safe. Raises `StoreUnavailable` after `SECRET_ATTEMPTS`.
        """
        for _ in range(SECRET_ATTEMPTS - 1):
            with contextlib.suppress(StoreUnavailable):
                return await self._secret(name, candidate)
        return await self._secret(name, candidate)

    async def _secret(self, name: str, candidate: str) -> str:
        key = self._keys.secret(name)
        await self._commands.command(WORKERS, b"SET", key, candidate, b"NX")
        held: bytes = await self._commands.command(WORKERS, b"GET", key)
        return held.decode()

    async def conversations(self) -> AsyncIterator[ConversationId]:
        """Every conversation that is stored; for work on the whole store, since every key is looked at."""
        async for name in self._named("state", "lines"):
            yield ConversationId(name)

    async def people(self) -> AsyncIterator[PersonId]:
        """Everybody of whom something is known across conversations; as `conversations`."""
        async for name in self._named("ledger", "links", "user"):
            yield PersonId(name)

    async def _named(self, *kinds: str) -> AsyncIterator[str]:
        seen: set[str] = set()
        for _, client in self._lanes.primaries():
            async with client:
                for kind in kinds:
                    async for key in client.scan_iter(match=self._keys.named(kind), count=1_000):
                        name = key.partition(f"}}:{kind}:".encode())[2].decode()
                        if name not in seen:
                            seen.add(name)
                            yield name

    async def compact(self) -> None:
        """Write what is kept anew, so that what was erased is in no file of the servers any more.

        Raises `DependencyError` where a server refuses, `StoreUnavailable` where one does not answer.
        """
        for name, client in self._lanes.primaries():
            async with client:
                await compact(client, shown=name)

    @asynccontextmanager
    async def saved(self, progress: Progress) -> AsyncIterator[Path]:
        """One file with all an embedded store holds at this moment; it is removed at the end of the context.

        Raises `ConfigError` for a store of another kind: its files are not here.
        """
        if self._description.kind != Kind.EMBEDDED.value:
            raise ConfigError(
                f"the store {self._description.address} is a server of your own: back it up by its own means, as"
                " docs/operations.md shows"
            )
        ((name, client),) = self._lanes.primaries()
        async with client, saved(client, shown=name, progress=progress) as path:
            yield path

    async def close(self) -> None:
        await self._closing.aclose()


async def open_store(
    url: str, *, tenant: str, shards: int, data_dir: Path | None = None, beside: bool = False
) -> OpenStore:
    """Open the store at `url`; a relative directory of `redis+embedded://` starts at `data_dir`.

    An embedded store serves one process; with `beside`, one that is served already is shared for a short look.
    Raises `ConfigError` for a URL, tenant or number of shards that cannot be, `DependencyError` for a server that is
    unfit or laid out otherwise, `StoreUnavailable` for one that does not answer. `shards` is fixed at first use.
    """
    try:
        keys = Keys(tenant, shards)
    except ValueError as error:
        raise ConfigError(str(error)) from error
    address = parse(url, relative_to=data_dir)
    async with AsyncExitStack() as opening:
        lanes = await _connect(address, opening, beside=beside)
        servers = await _check_all(lanes, address)
        commands = Commands(lanes)
        await _agree_on_shards(commands, keys, shards, address.shown)
        return OpenStore(
            store=_ports(commands, keys, lanes.client),
            description=Description(
                address=address.shown,
                kind=address.kind.value,
                servers=servers,
                tenant=tenant,
                shards=shards,
            ),
            lanes=lanes,
            keys=keys,
            closing=opening.pop_all(),
        )


async def _connect(address: Address, opening: AsyncExitStack, *, beside: bool) -> Lanes:
    if address.kind is Kind.CLUSTER:
        cluster = ClusterLanes(address)
        opening.push_async_callback(cluster.close)
        await cluster.open()
        return cluster
    url = address.url
    if address.directory is not None:
        socket = await served_at(address.directory) if beside else None
        if socket is None:
            server = EmbeddedServer(address.directory)
            await server.start()
            opening.push_async_callback(server.stop)
            socket = server.socket
        url = f"unix://{quote(str(socket))}"
    single = SingleLane(url, shown=address.shown)
    opening.push_async_callback(single.close)
    return single


async def _check_all(lanes: Lanes, address: Address) -> tuple[str, ...]:
    """Every primary is fit and knows the scripts."""
    servers = []
    for name, client in lanes.primaries():
        async with client:
            servers.append(await fitness.check(client, shown=name, in_cluster=address.kind is Kind.CLUSTER))
            await fitness.load_scripts(client, shown=name)
    return tuple(servers)


async def _agree_on_shards(commands: Commands, keys: Keys, shards: int, shown: str) -> None:
    await commands.command(WORKERS, b"SET", keys.layout, shards, b"NX")
    recorded = int(await commands.command(WORKERS, b"GET", keys.layout))
    if recorded != shards:
        raise DependencyError(
            f"the store {shown} was laid out with {recorded} shards and {shards} are configured: set the number of "
            f"shards to {recorded} again; what is stored could not be found under another one",
        )


def _ports(commands: Commands, keys: Keys, connect: Callable[[], Redis]) -> Store:
    return Store(
        inbox=RedisInbox(commands, keys),
        conversations=RedisConversations(commands, keys),
        outbox=RedisOutbox(commands, keys),
        ownership=RedisOwnership(commands, keys),
        transcripts=RedisTranscripts(commands, keys),
        signals=RedisSignals(connect, keys),
        leads=RedisLeads(commands, keys),
        lead_book=RedisLeadBook(commands, keys),
        ledger=RedisLedger(commands, keys),
        people=RedisPeople(commands, keys),
        unmatched=RedisUnmatched(commands, keys),
        allowances=RedisAllowances(commands, keys),
        notes=RedisNotes(commands, keys),
        rota=RedisRota(commands, keys),
        directory=RedisDirectory(commands, keys),
        records=RedisRecords(commands, keys),
        journal=RedisJournal(commands, keys),
        tries=RedisTries(commands, keys),
        erasure=RedisErasure(commands, keys),
        backlog=RedisBacklog(commands, keys),
    )
