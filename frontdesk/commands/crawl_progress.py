"""How far a crawl is: a bar on a terminal, a plain line now and then without one, nothing for programs."""

from __future__ import annotations

import shutil
import sys
from types import TracebackType
from typing import Self, TextIO

from core.offering import Offering
from core.ports import Clock
from knowledge.crawl.outcome import CrawlProgress
from knowledge.reading.page import SitePage
from personas.compiler import compile_personas

_BAR = 20
_LINE_EVERY = 10.0
"""Seconds between two plain lines."""
_RECOUNT_SHARE = 4
"""Personas are counted anew only after this many times as long as counting took the last time."""
_MINUTE = 60


class Watcher:
    """A context manager; `progress` is called after every page."""

    def __init__(self, clock: Clock, stream: TextIO, *, silent: bool) -> None:
        self._clock = clock
        self._stream = stream
        self._silent = silent
        self._live = stream.isatty()
        self._told_at = clock.now()
        self._open = False
        self._personas = _PersonaCount(clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def progress(self, now: CrawlProgress) -> None:
        if self._silent:
            return
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r{self._bar(now)[:width]:<{width}}")
            self._stream.flush()
            self._open = True
        elif self._clock.now() - self._told_at >= _LINE_EVERY:
            self._told_at = self._clock.now()
            print(self._counts(now), file=self._stream, flush=True)

    def tell(self, line: str) -> None:
        """A line of its own about what follows the crawl."""
        self.close()
        if not self._silent:
            print(line, file=self._stream, flush=True)

    def close(self) -> None:
        """End the line of the bar, so that what follows begins on its own."""
        if self._open:
            self._stream.write("\n")
            self._stream.flush()
            self._open = False

    def _bar(self, now: CrawlProgress) -> str:
        share = now.pages / max(now.pages + now.queued, 1)
        filled = round(_BAR * share)
        return f"{'█' * filled}{'░' * (_BAR - filled)} {self._counts(now)}  {now.url}"

    def _counts(self, now: CrawlProgress) -> str:
        personas = self._personas.after(now.page)
        return (
            f"{now.pages} pages, {now.words:,} words, personas found: {personas}, {now.queued} waiting,"
            f" {_left(now.seconds_left)} left"
        )


def watcher(clock: Clock, *, silent: bool) -> Watcher:
    """A watcher that writes to stderr, so that stdout holds results only."""
    return Watcher(clock, sys.stderr, silent=silent)


class _PersonaCount:
    """The personas of the pages so far, counted now and then: it is for the eye, and must not slow the crawl."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pages: list[SitePage] = []
        self._count = 0
        self._not_before = 0.0

    def after(self, page: SitePage | None) -> int:
        if page is not None:
            self._pages.append(page)
        began = self._clock.now()
        if page is not None and began >= self._not_before:
            language = self._pages[0].language
            self._count = len(compile_personas(self._pages, offering=Offering(), language=language))
            took = self._clock.now() - began
            self._not_before = began + _RECOUNT_SHARE * took
        return self._count


def _left(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < _MINUTE else f"{whole // _MINUTE} min {whole % _MINUTE:02d} s"
