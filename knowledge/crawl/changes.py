"""What a new crawl changes in the passages, page by page, for review. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from core.passage import Passage

_SHOWN_TEXT = 100
_SHOWN_PAGES = 30
_SHOWN_PASSAGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChange:
    """The texts of one page that are new and those that are gone, in the page's order."""

    url: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesDiff:
    """Pages that are new, gone, or say something else. A page whose passages only changed places is in `moved`."""

    added: tuple[PageChange, ...] = ()
    removed: tuple[PageChange, ...] = ()
    changed: tuple[PageChange, ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.added or self.removed or self.changed or self.moved)

    def to_json(self) -> dict[str, Any]:
        """Counts by page; texts are left to the file itself."""
        kinds = {"added": self.added, "removed": self.removed, "changed": self.changed}
        return {**{kind: [_counted(one) for one in pages] for kind, pages in kinds.items()}, "moved": list(self.moved)}

    def lines(self) -> Iterator[str]:
        """For people: one line a page, and the first passages of those that changed."""
        yield from _cut(f"+ {one.url}  ({_passages(len(one.added))})" for one in self.added)
        yield from _cut(f"- {one.url}  ({_passages(len(one.removed))})" for one in self.removed)
        for one in self.changed[:_SHOWN_PAGES]:
            yield f"~ {one.url}"
            yield from _shown("+", one.added)
            yield from _shown("-", one.removed)
        if (more := len(self.changed) - _SHOWN_PAGES) > 0:
            yield f"  … and {more} more"
        yield from _cut(f"~ {url}  (order or language)" for url in self.moved)


def passages_diff(before: Sequence[Passage], after: Sequence[Passage]) -> PassagesDiff:
    """What has to be done to `before` to get `after`. Empty exactly when both are equal."""
    old, new = _by_page(before), _by_page(after)
    changes = {url: _change(url, old[url], new[url]) for url in new if url in old and old[url] != new[url]}
    moved = [url for url, one in changes.items() if not one.added and not one.removed]
    if old == new and list(before) != list(after):
        moved = list(new)
    return PassagesDiff(
        added=tuple(_change(url, (), new[url]) for url in new if url not in old),
        removed=tuple(_change(url, old[url], ()) for url in old if url not in new),
        changed=tuple(one for one in changes.values() if one.added or one.removed),
        moved=tuple(moved),
    )


def _by_page(passages: Iterable[Passage]) -> Mapping[str, tuple[Passage, ...]]:
    pages: dict[str, list[Passage]] = {}
    for passage in passages:
        pages.setdefault(passage.url, []).append(passage)
    return {url: tuple(found) for url, found in pages.items()}


def _change(url: str, old: Sequence[Passage], new: Sequence[Passage]) -> PageChange:
    return PageChange(url=url, added=_beyond(new, old), removed=_beyond(old, new))


def _beyond(these: Sequence[Passage], those: Sequence[Passage]) -> tuple[str, ...]:
    """The texts of these that those lack, counted, with their headings: a passage moved below another one is new."""
    left = Counter((one.headings, one.text) for one in those)
    found = []
    for one in these:
        if left[one.headings, one.text] > 0:
            left[one.headings, one.text] -= 1
        else:
            found.append(one.text)
    return tuple(found)


def _counted(change: PageChange) -> dict[str, Any]:
    return {"url": change.url, "added": len(change.added), "removed": len(change.removed)}


def _passages(number: int) -> str:
    return "1 passage" if number == 1 else f"{number} passages"


def _shown(sign: str, texts: Sequence[str]) -> Iterator[str]:
    for text in texts[:_SHOWN_PASSAGES]:
        flat = " ".join(text.split())
        yield f"    {sign} {flat[: _SHOWN_TEXT - 1]}…" if len(flat) > _SHOWN_TEXT else f"    {sign} {flat}"
    if (more := len(texts) - _SHOWN_PASSAGES) > 0:
        yield f"    {sign} … and {more} more"


def _cut(lines: Iterable[str]) -> Iterator[str]:
    rest = iter(lines)
    yield from islice(rest, _SHOWN_PAGES)
    if more := sum(1 for _ in rest):
        yield f"  … and {more} more"
