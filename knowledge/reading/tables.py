"""Tables: rows with their cells, under the header cells that say what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from knowledge.reading.blocks import MAX_BLOCK_LENGTH, Block, fold

_MOST_CELLS = 100
_WIDEST_SPAN = 50
_SPAN_DIGITS = 2
_LAYOUT_ROLES = frozenset({"presentation", "none"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def is_layout(table: Any) -> bool:
    """Whether a table only places things on the page: its cells are parts of a page, not values."""
    if table.get("role") in _LAYOUT_ROLES:
        return True
    if len(list(islice(table.iter("table"), 2))) > 1:
        return True
    return next(table.iter("th"), None) is None and next(table.iter(*_HEADINGS), None) is not None


class Table:
    """The rows of one table as they are read."""

    def __init__(self) -> None:
        self._columns: tuple[str, ...] = ()
        self._cells: list[str] = []
        self._begin = 0
        self._span = 1
        self._only_headers = True

    def open_cell(self, cell: Any, begin: int) -> None:
        """`begin` is the number of parts of the line that stand before the cell's own."""
        self._begin = begin
        self._only_headers = self._only_headers and cell.tag == "th"
        span = cell.get("colspan") or ""
        # A span has up to nine thousand million million columns on a page that means harm.
        self._span = min(int(span), _WIDEST_SPAN) if span.isdecimal() and len(span) <= _SPAN_DIGITS else 1

    def close_cell(self, parts: Sequence[str]) -> None:
        if len(self._cells) < _MOST_CELLS:
            self._cells += [fold("".join(parts[self._begin :]))] + [""] * (self._span - 1)

    def row(self, parts: Sequence[str]) -> Block | None:
        """The row that ends here with all its parts, None when nothing stands in it."""
        cells, only_headers = tuple(self._cells), self._only_headers
        self._cells, self._only_headers = [], True
        text = (" ".join(filter(None, cells)) if cells else fold("".join(parts)))[:MAX_BLOCK_LENGTH]
        if not text:
            return None
        if only_headers and len(cells) > 1:
            self._columns = cells
            return Block(text=text, cells=cells, heads=True)
        return Block(text=text, cells=cells, columns=self._columns)
