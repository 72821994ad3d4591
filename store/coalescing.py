"""Commands of one tick of the event loop leave together: one pipeline, one in flight at a time, replies in order.

A lane holds one connection to one server. Only the lane's own task touches that connection, so a caller that is
cancelled can never leave somebody else's reply behind. Nothing is ever sent twice, except a command that the server
has said it did not run (unknown script, moved slot).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError, ResponseError

from core.errors import Fenced, Held, StoreUnavailable
from store.scripts import Script

MAX_BATCH = 256
"""Commands in one pipeline; the next batch leaves when the replies are in."""

EXCHANGE_TIMEOUT = 2.0
"""Seconds for connecting, sending a batch and reading its replies; a webhook can still be acknowledged after it."""

Argument = bytes | str | int | float
Command = tuple[Argument, ...]


class Connection(Protocol):
    """What a lane uses of a redis-py connection."""

    async def connect(self) -> None: ...

    async def can_read(self) -> bool: ...

    async def disconnect(self, nowait: bool = ...) -> None: ...  # noqa: FBT001  redis-py's signature

    async def send_packed_command(self, command: Iterable[bytes], check_health: bool = ...) -> None: ...  # noqa: FBT001

    async def read_response(self, disable_decoding: bool = ...) -> Any: ...  # noqa: FBT001


class Call:
    """One command on its way: its reply is a future, which ends with a reply, `Fenced` or `StoreUnavailable`."""

    __slots__ = ("asking", "command", "redirects", "reloaded", "reply", "script", "tag")

    def __init__(self, tag: str, command: Command, reply: asyncio.Future[Any], script: Script | None = None) -> None:
        self.tag = tag
        self.command = command
        self.reply = reply
        self.script = script
        self.reloaded = False  # its script was loaded once already
        self.redirects = 0
        self.asking = False  # one-off permission to read a slot that is being moved

    def succeed(self, value: Any) -> None:
        if not self.reply.done():
            self.reply.set_result(value)

    def fail(self, error: Exception) -> None:
        if not self.reply.done():
            self.reply.set_exception(error)


class Lane:
    """One connection to the server `address`. `redirect` may take over a call that this server did not run."""

    def __init__(
        self,
        connection: Connection,
        *,
        address: str,
        timeout: float = EXCHANGE_TIMEOUT,
        redirect: Callable[[Call, ResponseError], bool] | None = None,
        on_failure: Callable[[], None] | None = None,
    ) -> None:
        self._connection = connection
        self._address = address
        self._timeout = timeout
        self._redirect = redirect
        self._on_failure = on_failure
        self._queue: deque[Call] = deque()
        self._sending: asyncio.Task[None] | None = None
        self._closed = False

    def submit(self, call: Call) -> None:
        if self._closed:
            call.fail(StoreUnavailable(f"the connection to {self._address} was closed"))
            return
        self._queue.append(call)
        if self._sending is None:
            # A new task starts in the loop's next pass: whatever else this tick submits travels along.
            self._sending = asyncio.get_running_loop().create_task(self._send_all())

    async def close(self) -> None:
        """Drop the connection; calls still waiting end with `StoreUnavailable`."""
        self._closed = True
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        self._fail(self._queue, "closed while a command was waiting")
        self._queue.clear()
        await self._connection.disconnect()

    async def _send_all(self) -> None:
        try:
            while self._queue:
                await self._exchange(self._next_batch())
        finally:
            self._sending = None

    def _next_batch(self) -> list[Call]:
        batch: list[Call] = []
        while self._queue and len(batch) < MAX_BATCH:
            call = self._queue.popleft()
            if not call.reply.cancelled():
                batch.append(call)
        return batch

    async def _exchange(self, batch: list[Call]) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await self._connect()
                await self._connection.send_packed_command(_packed(batch), check_health=False)
                unknown = [call for call in batch if await self._settle(call)]
        except (RedisError, OSError, TimeoutError) as error:
            await self._connection.disconnect(nowait=True)
            self._fail(batch, f"{type(error).__name__}: {error}")
            if self._on_failure is not None:
                self._on_failure()
        except BaseException:
            await self._connection.disconnect(nowait=True)
            self._fail(batch, "closed while a command was in flight")
            raise
        else:
            self._load_and_resend(unknown)

    async def _connect(self) -> None:
        await self._connection.connect()
        # Readable before anything was asked means the server hung up while the lane was idle.
        if await self._connection.can_read():
            await self._connection.disconnect(nowait=True)
            await self._connection.connect()

    async def _settle(self, call: Call) -> bool:
        """Read the call's reply and hand it over; True when the server does not know its script."""
        if call.asking:
            await self._read()
        reply = await self._read()
        if not isinstance(reply, ResponseError):
            call.succeed(reply)
        elif isinstance(reply, NoScriptError) and call.script is not None and not call.reloaded:
            return True
        elif self._redirect is None or not self._redirect(call, reply):
            call.fail(self._meaning(reply))
        return False

    async def _read(self) -> Any:
        try:
            return await self._connection.read_response(disable_decoding=True)
        except ResponseError as error:
            return error

    def _load_and_resend(self, unknown: list[Call]) -> None:
        loop = asyncio.get_running_loop()
        loads: dict[bytes, Call] = {}
        for call in unknown:
            call.reloaded = True
            if call.script is not None and call.script.sha not in loads:
                command = (b"SCRIPT", b"LOAD", call.script.source)
                loads[call.script.sha] = Call(call.tag, command, loop.create_future())
        for load in loads.values():
            # A refused load shows as a second unknown script at the call itself.
            load.reply.add_done_callback(_retrieve)
        self._queue.extendleft(reversed([*loads.values(), *unknown]))

    def _meaning(self, error: ResponseError) -> Exception:
        words = str(error)
        if words.startswith("FENCED"):
            return Fenced(words.removeprefix("FENCED "))
        if words.startswith("HELD"):
            return Held(words.removeprefix("HELD "))
        return StoreUnavailable(f"the store at {self._address} refused a command ({type(error).__name__}: {words})")

    def _fail(self, calls: list[Call] | deque[Call], why: str) -> None:
        for call in calls:
            call.fail(StoreUnavailable(f"the store at {self._address} did not answer ({why}); the effect is unknown"))


def _retrieve(reply: asyncio.Future[Any]) -> None:
    if not reply.cancelled():
        reply.exception()


def _packed(batch: list[Call]) -> list[bytes]:
    packed: list[bytes] = []
    for call in batch:
        if call.asking:
            packed.append(pack((b"ASKING",)))
        packed.append(pack(call.command))
    return packed


def pack(command: Command) -> bytes:
    """The command as an array of bulk strings, byte for byte what redis-py packs, in 40 % of the time."""
    words = [word if word.__class__ is bytes else str(word).encode() for word in command]
    return b"".join([b"*%d\r\n" % len(words), *[b"$%d\r\n%b\r\n" % (len(word), word) for word in words]])


class Lanes(Protocol):
    """The way to the servers of a store."""

    def lane(self, tag: str) -> Lane:
        """The lane to the server that holds the keys of this hash tag."""
        ...

    def primaries(self) -> tuple[tuple[str, Redis], ...]:
        """Each server that takes writes, by a name fit for messages, with a new client the caller closes."""
        ...

    def client(self) -> Redis:
        """A new client to any of the servers, for a subscription; the caller closes it."""
        ...

    async def close(self) -> None: ...


class Commands:
    """What the ports call: scripts and single commands, by hash tag. A reply is bytes, int, None or a list of them."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes

    def run(self, script: Script, tag: str, keys: tuple[bytes, ...], *args: Argument) -> asyncio.Future[Any]:
        """Run a script; a reply with the error `FENCED` raises `Fenced`, one with `HELD` raises `Held`."""
        return self._submit(tag, (b"EVALSHA", script.sha, len(keys), *keys, *args), script)

    def command(self, tag: str, *command: Argument) -> asyncio.Future[Any]:
        return self._submit(tag, command, None)

    def _submit(self, tag: str, command: Command, script: Script | None) -> asyncio.Future[Any]:
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._lanes.lane(tag).submit(Call(tag, command, reply, script))
        return reply
