"""Tables as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> web.Response:
    """A file to download. `name` is a word of ours: it stands in a header."""
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow(head)
    lines.writerows([_cell(value) for value in row] for row in rows)
    return web.Response(
        body=written.getvalue().encode("utf-8-sig", "replace"),  # with the mark, Excel reads it as UTF-8
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _cell(value: object) -> object:
    """Numbers as they are; words so that nothing runs."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
