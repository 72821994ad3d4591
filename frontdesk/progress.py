"""How far a long command is: a bar on a terminal, a line now and then elsewhere, nothing for programs."""

from __future__ import annotations

from time import monotonic
from typing import TextIO

_BAR = 30
_LINE_EVERY = 10.0


class Bar:
    """`total` is 0 where nobody knows how many there will be."""

    def __init__(self, stream: TextIO, total: int = 0, *, silent: bool) -> None:
        self._stream = stream
        self._total = total
        self._silent = silent
        self._live = stream.isatty()
        self._began = self._told_at = monotonic()

    def tell(self, done: int) -> None:
        if self._silent:
            return
        now = monotonic()
        if self._live:
            self._stream.write(f"\r{self._drawn(done)}{self._words(done, now)}   ")
            self._stream.flush()
        elif now - self._told_at >= _LINE_EVERY:
            self._told_at = now
            print(self._words(done, now), file=self._stream, flush=True)

    def close(self) -> None:
        if self._live and not self._silent:
            print(file=self._stream)

    def _drawn(self, done: int) -> str:
        if not self._total:
            return ""
        full = _BAR * done // self._total
        return f"[{'#' * full}{'.' * (_BAR - full)}] "

    def _words(self, done: int, now: float) -> str:
        of = f" of {self._total:,}" if self._total else ""
        return f"{done:,}{of}, {done / max(now - self._began, 0.001):,.0f} a second"
