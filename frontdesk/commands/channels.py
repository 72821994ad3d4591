"""`frontdesk channels`: what each kind of channel can do."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from adapters.capabilities import Capabilities
from adapters.kind import ChannelKind
from frontdesk.desk import channel_kinds

_ROWS: Mapping[str, Callable[[Capabilities], str]] = {
    "buttons beside a message": lambda one: str(one.buttons) if one.buttons else "written out",
    "cards": lambda one: _yes(one.cards),
    "own messages edited": lambda one: _yes(one.edits),
    "own messages taken back": lambda one: _yes(one.deletes),
    "typing shown": lambda one: _yes(one.typing),
    "files of visitors": lambda one: "to the team" if one.attachments else "no",
    "files of reps": lambda one: "to the visitor" if one.sends_files else "stay in the thread",
    "threads": lambda one: _yes(one.threads),
    "deep links": lambda one: _yes(one.deep_links),
    "may write first": lambda one: _yes(one.proactive),
    "longest message": lambda one: f"{one.max_length:,} {one.unit.value}",
    "format": lambda one: one.formatting.value,
    "doubtful sends": lambda one: "looked up" if one.lookup else "listed",
}


def run(options: argparse.Namespace) -> int:
    """Print the table, for people, for a README, or as JSON."""
    kinds = channel_kinds()
    if options.json:
        print(json.dumps({name: asdict(kind.capabilities) for name, kind in kinds.items()}, indent=1))
    elif options.markdown:
        print(markdown(kinds))
    else:
        print(_aligned(_table(kinds)))
    return 0


def markdown(kinds: Mapping[str, ChannelKind]) -> str:
    """The table as the README has it."""
    head, *rows = _table(kinds)
    return "\n".join(["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)])


def _table(kinds: Mapping[str, ChannelKind]) -> list[list[str]]:
    head = ["", *kinds]
    return [head, *([label, *(told(kind.capabilities) for kind in kinds.values())] for label, told in _ROWS.items())]


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _yes(able: bool) -> str:  # noqa: FBT001  a word for it
    return "yes" if able else "no"
