"""Finds the elements of a page that their attributes mark as something else than the page's own text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from knowledge.reading.hidden import Sheet
from knowledge.reading.marks import Mark, label_mark, names_mark, property_mark, role_mark, type_mark
from knowledge.reading.styles import style_of

_MOST_LOOKS = 2_000
"""How many elements of a page may ask for a look at the colours behind them; the others then count as hidden."""
_STYLED = frozenset({"style", "color"})
_READERS: dict[str, Callable[[str], Mark]] = {
    "class": names_mark,
    "id": names_mark,
    "role": role_mark,
    "aria-label": label_mark,
    "itemtype": type_mark,
    "typeof": type_mark,
    "itemprop": property_mark,
    "hidden": lambda value: Mark.SHOWN if value.strip().lower() == "until-found" else Mark.HIDDEN,
    "aria-hidden": lambda value: Mark.HIDDEN if value.strip().lower() == "true" else Mark.SHOWN,
}


def marked_elements(elements: Iterable[Any], sheet: Sheet) -> dict[Any, Mark]:
    """Those elements that have a mark, with it."""
    marks: dict[Any, Mark] = {}
    looks, reader_of = _MOST_LOOKS, _READERS.get
    telling, shown = bool(sheet.telling), Mark.SHOWN
    for element in elements:
        mark, suspect = shown, telling and sheet.tells(element)
        for name, value in element.items():
            if (reader := reader_of(name)) is not None:
                found = reader(value)
                if found is not shown and found > mark:
                    mark = found
            elif name in _STYLED:
                suspect = suspect or name == "color" or _draws_attention(value)
        if suspect and mark < Mark.HIDDEN:
            looks -= 1
            if looks < 0 or sheet.hides(element):
                mark = Mark.HIDDEN
        if mark is not shown:
            marks[element] = mark
    return marks


def _draws_attention(declarations: str) -> bool:
    style = style_of(declarations)
    return style.hides or style.colour is not None


def links_inside(elements: Iterable[Any], *, fewer_than: int) -> set[Any]:
    """The links of those elements that have only a few: a closed submenu has several, a trap one."""
    found: set[Any] = set()
    for element in elements:
        links = list(islice(element.iter("a"), fewer_than))
        if len(links) < fewer_than:
            found.update(links)
    return found
