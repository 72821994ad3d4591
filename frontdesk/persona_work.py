"""Work on the personas of a desk that is being served: proposals, and new readings of the site."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path

from config import Desk, Inspection, render
from core.errors import ConfigError, FrontdeskError
from core.ids import PersonaId
from core.people_ports import Dismissal, Unmatched
from core.persona import Persona
from core.ports import Clock
from dashboard.persona_desk import PersonaDesk, Proposals, Proposed, ReadingState, SiteReading
from frontdesk.commands.personas import proposals_of
from frontdesk.learning import Found, read_site, take_over
from knowledge.crawl.outcome import CrawlProgress
from knowledge.crawl.settings import CrawlSettings
from personas.file import FILE, add

_log = logging.getLogger(__name__)

FRESH_SECONDS = 3_600.0
"""Proposals are worked out again after this time: reading all chats is no work for every look at a page."""
_UNREADABLE = "the site could not be read; the log has the reason"

Inspect = Callable[[Path], Inspection]


class PersonaWork:
    """One piece of work of each kind at a time; `close` gives up what is under way."""

    def __init__(
        self, desk: Callable[[], Desk], unmatched: Unmatched, clock: Clock, *, inspect: Inspect, site: str = ""
    ) -> None:
        """`site` is read in the place of the company's own: an address, or a folder of pages."""
        self._desk = desk
        self._unmatched = unmatched
        self._clock = clock
        self._inspect = inspect
        self._site = site
        self._known = Proposals()
        self._reading = SiteReading()
        self._found: Found | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def page(self) -> PersonaDesk:
        """What the page calls."""
        return PersonaDesk(
            proposals=self._proposals,
            accept=self._accept,
            dismiss=self._dismiss,
            reading=lambda: self._reading,
            read=self._read,
            take_over=self._take_over,
            leave=self._leave,
        )

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def settled(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._tasks.values())

    # --- proposals

    async def _proposals(self) -> Proposals:
        if self._clock.now() - self._known.at >= FRESH_SECONDS:
            self._begin("proposals", self._work_out)
        return self._known

    async def _work_out(self) -> None:
        try:
            chats = await self._unmatched.chats()
            found = await proposals_of(self._desk(), self._unmatched, chats)
        except FrontdeskError as error:
            _log.warning("proposals for personas were not worked out: %s", error)
            return
        self._known = Proposals(
            at=self._clock.now(),
            chats=len(chats),
            found=tuple(
                Proposed(id=one.id, name=one.name, why=one.why, cues=one.cues, examples=one.examples, words=one.words)
                for one in found
            ),
        )

    async def _accept(self, identity: str) -> None:
        one = self._proposed(identity)
        persona = Persona(id=PersonaId(one.id), name=one.name, cues=one.cues)
        await asyncio.to_thread(_added, self._desk().directory, persona, self._inspect)
        self._forget(identity)

    async def _dismiss(self, identity: str) -> None:
        await self._unmatched.dismiss(Dismissal(id=identity, words=self._proposed(identity).words))
        self._forget(identity)

    def _proposed(self, identity: str) -> Proposed:
        found = next((one for one in self._known.found if one.id == identity), None)
        if found is None:
            raise ConfigError("This proposal is not there any more.")
        return found

    def _forget(self, identity: str) -> None:
        left = tuple(one for one in self._known.found if one.id != identity)
        self._known = Proposals(at=self._known.at, chats=self._known.chats, found=left)

    # --- the site

    async def _read(self) -> None:
        if self._reading.state is not ReadingState.READING:
            site = self._site or str(self._desk().settings.company.site)
            self._reading = SiteReading(state=ReadingState.READING, site=site)
            self._begin("site", self._read_site)

    async def _read_site(self) -> None:
        site = self._reading.site

        def told(progress: CrawlProgress) -> None:
            self._reading = SiteReading(state=ReadingState.READING, site=site, pages=progress.pages)

        try:
            found = await read_site(
                self._desk().directory, site, clock=self._clock, settings=CrawlSettings(), progress=told
            )
        except FrontdeskError as error:
            self._reading = SiteReading(state=ReadingState.FAILED, site=site, reason=str(error))
        except Exception:
            _log.exception("the site could not be read")
            self._reading = SiteReading(state=ReadingState.FAILED, site=site, reason=_UNREADABLE)
        else:
            self._found = found
            pages, lines = len(found.summary.crawled.pages), tuple(found.summary.lines())
            self._reading = SiteReading(state=ReadingState.FOUND, site=site, pages=pages, lines=lines)

    async def _take_over(self) -> None:
        found = self._found
        if found is None:
            raise ConfigError("There is nothing to accept; read the site first.")
        await asyncio.to_thread(take_over, self._desk().directory, found)
        await self._leave()

    async def _leave(self) -> None:
        if self._reading.state is not ReadingState.READING:
            self._found, self._reading = None, SiteReading()

    def _begin(self, name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        running = self._tasks.get(name)
        if running is None or running.done():
            self._tasks[name] = asyncio.get_running_loop().create_task(work())


def _added(folder: Path, persona: Persona, inspect: Inspect) -> None:
    """Put back as it was where the whole folder would not be taken over with it."""
    path = folder / FILE
    before = path.read_bytes() if path.exists() else b""
    add(folder, persona)
    errors = inspect(folder).errors
    if errors:
        path.write_bytes(before)
        raise ConfigError(f"The files would not be taken over with it: {render(errors)}")
