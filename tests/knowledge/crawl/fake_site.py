"""A website on this machine that answers whatever a test wants, byte by byte, and keeps a log of who asked for what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_REASONS = {200: "OK", 302: "Found", 304: "Not Modified", 403: "Forbidden", 404: "Not Found", 500: "Oops"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`length` None sends no Content-Length; `drip` is the pause after every byte in seconds."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = -1
    drip: float = 0.0
    endless: bool = False
    silent: bool = False


Script = Answer | bytes | Callable[[Asked], "Answer | bytes"]


class FakeSite:
    """An async context manager. `pages` maps a path with its query to an answer; bytes go out as they are."""

    def __init__(self, pages: Mapping[str, Script] | None = None, *, otherwise: Script | None = None) -> None:
        self.pages: dict[str, Script] = dict(pages or {})
        self.otherwise = otherwise or Answer(status=404, body=b"<p>not here</p>")
        self.log: list[Asked] = []
        self.connections = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def asked(self, *, but: tuple[str, ...] = ("/robots.txt", "/sitemap.xml")) -> list[str]:
        """The paths asked for, in order, without those every crawl asks for."""
        return [one.path for one in self.log if one.path not in but]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._exchange(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return
        finally:
            writer.transport.abort() if task.cancelling() else writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()
            self._tasks.discard(task)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        asked = Asked(path=first.split(" ")[1], headers=headers)
        self.log.append(asked)
        script = self.pages.get(asked.path, self.otherwise)
        answer = script(asked) if callable(script) else script
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await _send(answer, writer)


async def _send(answer: Answer, writer: asyncio.StreamWriter) -> None:
    if answer.silent:
        await asyncio.Event().wait()
    length = len(answer.body) if answer.length == -1 else answer.length
    headers = {"Content-Type": "text/html; charset=utf-8", "Connection": "close", **answer.headers}
    if length is not None and not answer.endless:
        headers["Content-Length"] = str(length)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'X')}\r\n{lines}\r\n".encode("latin-1"))
    await writer.drain()
    if answer.drip:
        for byte in answer.body:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(answer.drip)
        return
    writer.write(answer.body)
    await writer.drain()
    while answer.endless:
        writer.write(b"<p>and more</p>" * 4_000)
        await writer.drain()


def html(text: str, *, links: Mapping[str, str] | None = None, head: str = "", menu: bool = False) -> Answer:
    """A page that says a text and links to addresses under names."""
    anchors = "".join(f'<li><a href="{url}">{name}</a></li>' for url, name in (links or {}).items())
    listed = f"<nav><ul>{anchors}</ul></nav>" if menu else f"<ul>{anchors}</ul>"
    page = f'<html lang="en"><head><title>{text[:40]}</title>{head}</head><body><main><h1>{text[:40]}</h1><p>{text}</p>'
    return Answer(body=f"{page}{listed}</main></body></html>".encode())


def moved(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to})
