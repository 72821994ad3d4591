"""Three-way merge of what the compiler wrote last time, what the admin made of it, and what the site says now.

What only one side changed is taken from that side; where both did, the admin's stays and is reported. Lists are merged
item by item: an item the admin removed stays removed, one the admin added stays, the site's come and go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from personas.yaml_values import Tree

KEYS = ("id", "name", "question", "amount", "field", "url")
"""What tells the mappings of a list apart, by the first of these keys they have; see `identity`."""
_WITH = {"amount": ("plan", "currency", "period", "unit", "billed", "url"), "url": ("url", "quote")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A place where the admin's value stays although the site says otherwise now; None stands for nothing."""

    where: str
    yours: Tree | None
    site: Tree | None


@dataclass(slots=True)
class Merge:
    """One merge. `kept` fills while merging; `touched` names items that carry comments of the admin's."""

    touched: frozenset[str] = frozenset()
    kept: list[Kept] = field(default_factory=list)

    def mapping(
        self, base: Mapping[str, Tree], mine: Mapping[str, Tree], theirs: Mapping[str, Tree], where: str = ""
    ) -> dict[str, Tree]:
        """The admin's keys in the admin's order, then new ones of the site's."""
        merged: dict[str, Tree] = {}
        for key in dict.fromkeys((*mine, *theirs)):
            value = self._value(base.get(key), mine.get(key), theirs.get(key), f"{where}.{key}" if where else key)
            if value is not None:
                merged[key] = value
        return merged

    def _value(self, base: Tree | None, mine: Tree | None, theirs: Tree | None, where: str) -> Tree | None:
        if mine == theirs or (mine == base and not (where == "personas" and self.touched)):
            return theirs
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            return self.mapping(base if isinstance(base, Mapping) else {}, mine, theirs, where)
        own, new = _as_list(mine), _as_list(theirs)
        if own is not None and new is not None:
            return self._listing(_as_list(base) or (), own, new, where)
        if theirs != base:
            self.kept.append(Kept(where=where, yours=mine, site=theirs))
        return mine

    def _listing(self, base: Sequence[Tree], mine: Sequence[Tree], theirs: Sequence[Tree], where: str) -> list[Tree]:
        before, own, new = by_identity(base), by_identity(mine), by_identity(theirs)
        kept: dict[str, Tree] = {}
        for name, item in own.items():
            place = f"{where}[{name}]" if isinstance(item, Mapping) else where
            if name in new:
                value = self._value(before.get(name), item, new[name], place)
                kept[name] = item if value is None else value
            elif name not in before:
                kept[name] = item
            elif item != before[name] or (where == "personas" and name in self.touched):
                self.kept.append(Kept(where=place, yours=item, site=None))
                kept[name] = item
        added = {name: item for name, item in new.items() if name not in own and name not in before}
        ordered = _ordered(list(before), list(own), list(new), {**kept, **added})
        return [{**kept, **added}[name] for name in ordered]


def identity(item: Tree) -> str:
    """What tells an item from the others of its list."""
    if not isinstance(item, Mapping):
        return item if isinstance(item, str) else repr(item)
    key = next((key for key in KEYS if key in item), "")
    return " | ".join(str(item.get(part, "")) for part in _WITH.get(key, (key,)))


def by_identity(items: Sequence[Tree]) -> dict[str, Tree]:
    """Items by what tells them apart; the second of a kind is numbered."""
    found: dict[str, Tree] = {}
    for item in items:
        name, number = identity(item), 1
        while name in found:
            number += 1
            name = f"{identity(item)} ({number})"
        found[name] = item
    return found


def _ordered(before: Sequence[str], own: Sequence[str], new: Sequence[str], items: Mapping[str, Tree]) -> list[str]:
    """The admin's order if the admin changed it, else the site's; what one side alone has follows its neighbour."""
    moved = [name for name in own if name in before] != [name for name in before if name in own]
    first, second = (own, new) if moved else (new, own)
    ordered = [name for name in first if name in items]
    for place, name in enumerate(second):
        if name in items and name not in ordered:
            above = next((other for other in reversed(second[:place]) if other in ordered), None)
            ordered.insert(ordered.index(above) + 1 if above is not None else 0, name)
    return ordered


def _as_list(value: Tree | None) -> Sequence[Tree] | None:
    return None if value is None or isinstance(value, (str, Mapping)) else value
