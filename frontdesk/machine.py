"""What the dashboard's pages about the machine are told by this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config import Desk, Inspection
from core.store_ports import Store
from dashboard.config_page import AdminFile, Look
from dashboard.machine import Machine, ModelState, Reloaded, Undelivered
from frontdesk.desk import inspect_desk
from frontdesk.edits import compare
from frontdesk.lead_deliveries import SALES, send_again, undelivered
from frontdesk.reloading import Reloader


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauges:
    """What is asked of the running parts; `resting` is whether the chat model is left alone for a while."""

    parked: Callable[[], Collection[str]]
    channels: Callable[[], Mapping[str, str]]
    resting: Callable[[], bool] = lambda: False


def machine_of(reloader: Reloader, store: Store, gauges: Gauges) -> Machine:
    """The machine as pages see it."""

    async def send(name: str) -> None:
        await send_again(reloader.desk, store, name)

    async def apply() -> Reloaded:
        await reloader.reload()
        return _reloaded(reloader)

    return Machine(
        reloaded=lambda: _reloaded(reloader),
        parked=gauges.parked,
        channels=gauges.channels,
        model=lambda: _model(reloader.desk, gauges),
        undelivered=lambda: _undelivered(reloader.desk, store),
        send_again=send,
        apply=apply,
    )


def folder_of(reloader: Reloader) -> Callable[[], Awaitable[Look]]:
    """Looks at the admin's folder; one that has not changed is read once."""
    known: dict[tuple[tuple[str, int, int], ...], Inspection] = {}

    async def look() -> Look:
        stamps = await asyncio.to_thread(_stamps, reloader.desk.directory)
        if stamps not in known:
            inspection = await asyncio.to_thread(inspect_desk, reloader.desk.directory)
            known.clear()
            known[stamps] = inspection
        return await asyncio.to_thread(_looked, reloader.desk, known[stamps])

    return look


def _looked(running: Desk, inspection: Inspection) -> Look:
    files = tuple(_file(running, name) for name in sorted(running.sources))
    if inspection.desk is None or inspection.errors:
        return Look(files=files, problems=inspection.errors)
    edits = compare(running, inspection.desk, data={})
    return Look(files=files, taken=edits.taken, waiting=edits.waiting)


def _file(running: Desk, name: str) -> AdminFile:
    source = running.sources[name]
    try:
        text = source.path.read_text("utf-8", errors="replace")
    except OSError:
        text = ""
    return AdminFile(name=name, running=source.text, edited=None if text == source.text else text)


def _stamps(directory: Path) -> tuple[tuple[str, int, int], ...]:
    found = [*directory.glob("*.y*ml"), *directory.glob("channels/*.y*ml")]
    return tuple(sorted((str(path), stat.st_mtime_ns, stat.st_size) for path in found if (stat := path.stat())))


def _reloaded(reloader: Reloader) -> Reloaded:
    last = reloader.last
    return Reloaded(at=last.at, problems=last.problems, taken=last.edits.taken, waiting=last.edits.waiting)


def _model(desk: Desk, gauges: Gauges) -> ModelState | None:
    chat = desk.settings.models.chat
    if chat is None:
        return None
    return ModelState(name=chat.model, tokens_a_day=chat.max_tokens_per_day, resting=gauges.resting())


async def _undelivered(desk: Desk, store: Store) -> Sequence[Undelivered]:
    return [
        Undelivered(id=one.id, revision=one.revision, reason=one.reason, again=one.sink != SALES)
        for one in await undelivered(desk, store)
    ]
