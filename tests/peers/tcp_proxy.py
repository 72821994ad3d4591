"""A proxy for raw TCP and Unix streams that can lose replies: what the other side did is then unknown to the client."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

CHUNK = 65536


class TcpProxy:
    """Forwards `127.0.0.1:port` to a Unix socket, in both directions, until told to misbehave.

    `drop_reply_after` names bytes to look for in what a client sends: the chunk that holds them is forwarded, and the
    connection is cut as soon as the answer arrives, before a byte of it reaches the client. It works once.
    """

    def __init__(self, upstream: Path) -> None:
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._marker: bytes | None = None
        self.requests = 0  # chunks that came from clients
        self.dropped = 0  # connections cut before a reply
        self.port = 0

    def drop_reply_after(self, marker: bytes) -> None:
        self._marker = marker

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        upstream_reader, upstream_writer = await asyncio.open_unix_connection(str(self._upstream))
        cut = asyncio.Event()
        pumps = (
            asyncio.create_task(self._requests(reader, upstream_writer, cut)),
            asyncio.create_task(self._replies(upstream_reader, writer, cut)),
        )
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            for side in (writer, upstream_writer):
                side.close()
                with contextlib.suppress(OSError):
                    await side.wait_closed()
            self._tasks.discard(task)

    async def _requests(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while chunk := await reader.read(CHUNK):
            self.requests += 1
            if self._marker is not None and self._marker in chunk:
                self._marker = None
                cut.set()
            upstream.write(chunk)
            await upstream.drain()

    async def _replies(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while chunk := await upstream.read(CHUNK):
            if cut.is_set():
                self.dropped += 1
                return
            writer.write(chunk)
            await writer.drain()
