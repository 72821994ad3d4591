"""What must hold while the figures are taken: repeats, fragments and kill -9 lose nothing and double nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.corpus import conversations
from benchmarks.servers import Store, free_port, hub, valkey
from benchmarks.talkers import ORIGIN, ROOT, Wrong

VISITORS = 40  # of each kind
MESSAGES = 20  # of each visitor
KILLS = 2
SILENCE, AGAIN = 10.0, 0.1
PATIENCE = 90.0
"""Seconds after which a message that is still unanswered counts as lost. Taking over a dead worker's lease needs 6."""


class _Away(Exception):
    """The hub is not there, or has just gone."""


class Progress:
    """How many messages of the steady visitors are answered; others wait for it to get somewhere."""

    def __init__(self) -> None:
        self._answered = 0
        self._changed = asyncio.Condition()

    async def more(self, messages: int) -> None:
        async with self._changed:
            self._answered += messages
            self._changed.notify_all()

    async def reaches(self, share: float) -> None:
        """Until this share of all messages is answered."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._answered >= share * VISITORS * MESSAGES)


async def broken(directory: Path) -> list[str]:
    """What went wrong, [] when nothing did. Runs a hub of its own in an empty folder, under load, and kills it."""
    port, progress = free_port(), Progress()
    address = f"http://127.0.0.1:{port}"
    texts = list(chain.from_iterable(conversations()))
    async with valkey(directory / "store") as store, aiohttp.ClientSession() as http:
        visitors = [Visitor(http, address, texts[start : start + MESSAGES], progress) for start in range(2 * VISITORS)]
        steady, hurried = visitors[:VISITORS], visitors[VISITORS:]
        killing = asyncio.create_task(_hub_that_dies(store, directory, port, progress))
        try:
            return await _all_of(
                chain(
                    (one.talk() for one in steady),
                    (one.hurry(after=place / VISITORS) for place, one in enumerate(hurried)),
                )
            )
        finally:
            killing.cancel()
            await asyncio.gather(killing, return_exceptions=True)


async def _hub_that_dies(store: Store, directory: Path, port: int, progress: Progress) -> None:
    """Killed in the middle of the work, a few times; the last one stays."""
    for life in range(KILLS + 1):
        async with hub(store, directory / f"desk-{life}", port=port) as system:
            if life == KILLS:
                await asyncio.Event().wait()
            await progress.reaches((life + 1) / (KILLS + 2))
            os.kill(system.process, signal.SIGKILL)


async def _all_of(visits: Iterable[Any]) -> list[str]:
    found = await asyncio.gather(*visits, return_exceptions=True)
    unexpected = [one for one in found if isinstance(one, BaseException) and not isinstance(one, Wrong)]
    if unexpected:
        raise unexpected[0]
    return [str(one) for one in found if isinstance(one, Wrong)]


Lines = list[dict[str, Any]]


class Visitor:
    """Sends each message until it is answered, always under one client id, whatever happens to the connection."""

    def __init__(self, http: aiohttp.ClientSession, address: str, texts: list[str], progress: Progress) -> None:
        self._http = http
        self._progress = progress
        self._root = f"{address}{ROOT}"
        self._texts = texts
        self._token = ""

    async def talk(self) -> None:
        """One message after another; each must get one reply of its own. Raises `Wrong`."""
        answered = 0
        try:
            await self._stubbornly(self._begin)
            for number in range(1, len(self._texts) + 1):
                await self._stubbornly(self._send, range(number - 1, number), partial(_answered_each, number))
                answered = number
                await self._progress.more(1)
        finally:
            await self._progress.more(len(self._texts) - answered)  # who fails must not keep the others waiting
        lines = await self._stubbornly(self._send, range(0), bool)
        authors = [line["author"] for line in lines]
        if authors != ["visitor", "bot"] * len(self._texts):
            raise Wrong(f"authors of the lines: {' '.join(authors)}")
        self._check_said(lines)

    async def hurry(self, *, after: float) -> None:
        """Everything at once, twice, when the others are so far; fragments may share a reply, the bot speaks last."""
        await self._progress.reaches(after)
        await self._stubbornly(self._begin)
        everything = range(len(self._texts))
        lines = await self._stubbornly(self._send, (*everything, *everything), partial(_answered_all, len(self._texts)))
        self._check_said(lines)
        if sum(line["author"] == "bot" for line in lines) > len(self._texts):
            raise Wrong("more replies than messages")

    def _check_said(self, lines: Lines) -> None:
        said = [line["text"] for line in lines if line["author"] == "visitor"]
        if said != self._texts:
            raise Wrong(f"{len(said)} messages are kept where {len(self._texts)} were sent, or in another order")

    async def _stubbornly(self, attempt: Callable[..., Awaitable[Lines]], *arguments: object) -> Lines:
        """Try again while the hub is away. Raises `Wrong` when `PATIENCE` is over."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        return await attempt(*arguments)
                    except (aiohttp.ClientError, _Away, TimeoutError):
                        await asyncio.sleep(AGAIN)
        except TimeoutError:
            raise Wrong("a message was not answered in time") from None

    async def _begin(self) -> Lines:
        body, headers = {"locale": "en"}, {"Origin": ORIGIN}
        async with self._http.post(f"{self._root}/session", json=body, headers=headers) as answer:
            if answer.status != 200:
                raise _Away
            self._token = str((await answer.json())["token"])
            return []

    async def _send(self, numbers: Iterable[int], enough: Callable[[Lines], bool]) -> Lines:
        """Connect, send the messages of these numbers, and listen until the transcript holds enough."""
        async with self._http.ws_connect(f"{self._root}/socket", headers={"Origin": ORIGIN}) as socket:
            await socket.send_json({"type": "hello", "token": self._token, "lastSeq": 0})
            lines: Lines = (await _told(socket))["entries"]
            for number in numbers:
                frame = {"type": "message", "clientId": f"guard-{number:08d}", "text": self._texts[number]}
                await socket.send_json(frame)
            while not enough(lines):
                told = await _told(socket)
                if told["type"] == "entry":
                    lines.append(told)
            return lines


async def _told(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    message = await socket.receive(timeout=SILENCE)
    if message.type is not aiohttp.WSMsgType.TEXT:
        raise _Away
    told: dict[str, Any] = message.json()
    return told


def _answered_each(number: int, lines: Lines) -> bool:
    return len(lines) >= 2 * number


def _answered_all(messages: int, lines: Lines) -> bool:
    said = sum(line["author"] == "visitor" for line in lines)
    return said >= messages and bool(lines[-1]["author"] == "bot")
