"""Edited files are taken over while the hub runs: read, compared, learned, and put in place in one step.

A folder with a mistake in it changes nothing: the last good version stays, and the log says what is wrong and where. A
conversation goes on with the version its turn began with.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from config import Desk, Inspection, Problem, render
from core.errors import FrontdeskError
from core.ports import Clock
from frontdesk.edits import Edits, compare, merged
from frontdesk.live_mind import LiveMind
from frontdesk.mind import Mind
from frontdesk.outcomes import OUTCOMES

_log = logging.getLogger(__name__)

SETTLED_MILLISECONDS = 400
"""Editors write a file in several steps; what follows within this time is one edit."""
_READ = (".yaml", ".yml", ".jsonl", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """The last look at the files. With problems nothing was taken over."""

    at: float
    edits: Edits = field(default_factory=Edits)
    problems: tuple[Problem, ...] = ()


class Reloader:
    """Keeps a `LiveMind` in step with the admin's folder."""

    def __init__(
        self,
        desk: Desk,
        live: LiveMind,
        build: Callable[[Desk], Mind],
        *,
        inspect: Callable[[Path], Inspection],
        clock: Clock,
        keep: Callable[[Desk], None] = lambda _desk: None,
    ) -> None:
        """`desk` is what `live` was built from. `build` and `keep`, which is told what is in force, run in threads."""
        self._desk = desk
        self._live = live
        self._build = build
        self._inspect = inspect
        self._clock = clock
        self._keep = keep
        self._data = _fingerprints(desk)
        self._one_at_a_time = asyncio.Lock()
        self.last = Reload(at=clock.now())
        self.outcomes: Counter[str] = Counter()  # taken, unchanged, refused: since the start

    @property
    def desk(self) -> Desk:
        """What is in force."""
        return self._desk

    async def keep(self) -> None:
        """Have what is in force kept. Never raises; what fails is logged."""
        try:
            await asyncio.to_thread(self._keep, self._desk)
        except OSError as error:
            _log.warning("the files in force could not be kept, so no flight can start from them: %s", error)

    async def reload(self) -> Reload:
        """Look at the folder now. Never raises; what fails is kept as it was and logged."""
        async with self._one_at_a_time:
            try:
                self.last = await self._look()
            except FrontdeskError as error:
                self.last = self._refused(str(error))
                _log.error("edited files are not taken over, the last good version stays: %s", error)
            except Exception:
                self.last = self._refused("a defect; the log has it")
                _log.exception("edited files could not be taken over; the last good version stays")
            self.outcomes[_outcome(self.last)] += 1
            return self.last

    def _refused(self, reason: str) -> Reload:
        folder = str(self._desk.directory)
        return Reload(at=self._clock.now(), problems=(Problem(file=folder, line=0, column=0, message=reason),))

    async def watch(self) -> None:
        """Look whenever a file has changed, until cancelled."""
        from watchfiles import awatch

        folders = [one for one in (self._desk.directory, self._desk.directory / "channels") if one.is_dir()]
        async for _ in awatch(
            *folders,
            watch_filter=lambda _change, path: path.endswith(_READ),
            debounce=SETTLED_MILLISECONDS,
            recursive=False,  # the store's own files lie in a folder below
        ):
            await self.reload()

    async def _look(self) -> Reload:
        inspection = await asyncio.to_thread(self._inspect, self._desk.directory)
        now, new = self._clock.now(), inspection.desk
        if new is None or inspection.errors:
            _log.error("edited files are not taken over, the last good version stays:\n%s", render(inspection.errors))
            return Reload(at=now, problems=inspection.errors)
        data = await asyncio.to_thread(_fingerprints, new)
        edits = compare(self._desk, new, data={name: (self._data.get(name, ""), data[name]) for name in data})
        if edits.taken:
            desk = merged(self._desk, new)
            mind = await asyncio.to_thread(self._build, desk)
            await mind.learn()
            self._live.swap(mind)
            self._desk = desk
            await self.keep()
        self._data = data
        for line in edits.taken:
            _log.info("taken over: %s", line)
        for line in edits.waiting:
            if line not in self.last.edits.waiting:
                _log.warning("waits for a restart: %s", line)
        return Reload(at=now, edits=edits)


def _outcome(reload: Reload) -> str:
    if reload.problems:
        return "refused"
    return "taken" if reload.edits.taken else "unchanged"


def _fingerprints(desk: Desk) -> dict[str, str]:
    return {name: _fingerprint(desk.locate(name)) for name in (desk.settings.knowledge.file, OUTCOMES)}


def _fingerprint(path: Path) -> str:
    """SHA-256 of the content, "" without a file."""
    try:
        with path.open("rb") as file:
            digest = sha256()
            while part := file.read(1 << 20):
                digest.update(part)
            return digest.hexdigest()
    except OSError:
        return ""
