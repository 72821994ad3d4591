"""Cue phrases and the one pass that finds all of them.

The syntax of a cue is told in `cue_syntax`. Case, hyphens, slashes, commas and the shape of apostrophes do not matter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import ahocorasick

from profiles.cue_syntax import Items, Start, expression, parse

Cues = Mapping[str, Iterable[str]]
_TABLE = str.maketrans(
    dict.fromkeys(',:()[]{}"“”„«»<>/\\|*_~^=–—-\n\t\r\u00a0\u202f', " ") | dict.fromkeys("’‘´`", "'"),
)
_SPACES = re.compile(r" {2,}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
"""A cue that begins so may stand anywhere: Japanese and Chinese put no spaces between words."""


class Hit(NamedTuple):
    """A cue found in a text, as offsets into it."""

    start: int
    end: int
    name: str


def longest(hits: list[Hit]) -> list[Hit]:
    """Hits that do not overlap, in order: of two that do, the one that begins first, and of those the longer."""
    if len(hits) < 2:  # noqa: PLR2004
        return hits
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def folded(text: str) -> str:
    """`text` (in lower case) in the form cues are compared in; same length."""
    return text.translate(_TABLE)


class _Tail:
    """What must follow a literal head; compiled when a text first gets that far."""

    __slots__ = ("_opened", "_pattern", "_rest")

    def __init__(self, rest: Items, *, opened: bool) -> None:
        self._rest = rest
        self._opened = opened
        self._pattern: re.Pattern[str] | None = None

    def end(self, text: str, start: int) -> int:
        """Where the cue ends, -1 where it does not go on as it must."""
        if self._pattern is None:
            self._pattern = expression(self._rest, opened=self._opened)
        match = self._pattern.match(text, start)
        return match.end() if match else -1


def _tail(tails: dict[tuple[Items, bool], _Tail], start: Start) -> _Tail | None:
    if not start.rest:
        return None
    key = (start.rest, start.opened)
    tail = tails.get(key)
    if tail is None:
        tail = tails[key] = _Tail(start.rest, opened=start.opened)
    return tail


class Lexicon:
    """All cues of all groups in one automaton; one pass over a text finds every one of them."""

    def __init__(self, groups: Mapping[str, Cues]) -> None:
        entries: dict[str, list[tuple[str, str, _Tail | None, bool]]] = {}
        tails: dict[tuple[Items, bool], _Tail] = {}
        for group, named in groups.items():
            for name, cues in named.items():
                for start in (one for cue in cues for one in parse(cue)):
                    tail = _tail(tails, start)
                    inside = _UNSPACED.match(start.head) is not None
                    key = start.head if inside else " " + start.head
                    entries.setdefault(key, []).append((group, name, tail, start.opened or inside))
        self._automaton = ahocorasick.Automaton()
        for key, found in entries.items():
            self._automaton.add_word(key, (len(key.lstrip()), tuple(found)))
        self._automaton.make_automaton()

    def scan(self, plain: str, starts: Sequence[int], shifts: Sequence[int]) -> dict[str, list[Hit]]:
        """Hits by group, in the order they end.

        `plain` is folded, single-spaced, and has a space at both ends. An offset of it from `starts[i]` on is moved by
        `shifts[i]`, so that hits are offsets of the text it came from.
        """
        found: dict[str, list[Hit]] = {}
        straight = shifts[0] if len(shifts) == 1 else None
        for last, (length, entries) in self._automaton.iter(plain):
            end = last + 1
            whole = not plain[end].isalnum()
            for group, name, tail, opened in entries:
                if tail is not None:
                    stop = tail.end(plain, end)
                    if stop < 0:
                        continue
                elif whole or opened:
                    stop = end
                else:
                    continue
                first = end - length
                if straight is not None:
                    hit = Hit(first + straight, stop + straight, name)
                else:
                    hit = Hit(
                        first + shifts[bisect_right(starts, first) - 1],
                        stop + shifts[bisect_right(starts, stop - 1) - 1],
                        name,
                    )
                held = found.get(group)
                if held is None:
                    found[group] = [hit]
                else:
                    held.append(hit)
        return found
