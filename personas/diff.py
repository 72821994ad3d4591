"""What a new reading of the site changes in `personas.yaml`, for review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from personas.merging import Kept, by_identity
from personas.yaml_values import Tree

Change = tuple[Tree | None, Tree | None]
"""Before and after; None stands for nothing."""
_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonasDiff:
    """`changed` is by persona and field, `site` by field of what is said of the offer; `kept` are edits that win."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: Mapping[str, Mapping[str, Change]] = field(default_factory=dict)
    site: Mapping[str, Change] = field(default_factory=dict)
    reordered: bool = False
    kept: tuple[Kept, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the file stays as it is."""
        return not (self.added or self.removed or self.changed or self.site or self.reordered)

    def to_json(self) -> dict[str, object]:
        """The same as JSON values."""
        return {
            "added": list(self.added),
            "removed": list(self.removed),
            "changed": {name: _as_json(fields) for name, fields in self.changed.items()},
            "site": _as_json(self.site),
            "reordered": self.reordered,
            "kept": [{"where": one.where, "yours": one.yours, "site": one.site} for one in self.kept],
            "empty": self.empty,
        }

    def lines(self) -> Iterator[str]:
        """A text for people, one change a line."""
        yield from (f"+ {name}: a new persona" for name in self.added)
        yield from (f"- {name}: the site no longer speaks of it" for name in self.removed)
        for name, fields in self.changed.items():
            for key, change in fields.items():
                yield from _told(f"{name}.{key}", change)
        for key, change in self.site.items():
            yield from _told(f"site.{key}", change)
        if self.reordered:
            yield "~ the order of the personas"
        for one in self.kept:
            says = f"the site says: {_short(one.site)}" if one.site is not None else "the site no longer says so"
            yield f"= {one.where}: yours stays ({_short(one.yours)}); {says}"


def difference(before: Mapping[str, Tree], after: Mapping[str, Tree], kept: Sequence[Kept]) -> PersonasDiff:
    """What changes between two contents of the file."""
    old, new = by_identity(_listed(before.get("personas"))), by_identity(_listed(after.get("personas")))
    changed = {
        name: found for name in new if name in old and (found := _fields(_mapped(old[name]), _mapped(new[name])))
    }
    stayed = [name for name in old if name in new]
    return PersonasDiff(
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=changed,
        site=_fields(_mapped(before.get("site")), _mapped(after.get("site"))),
        reordered=stayed != [name for name in new if name in old],
        kept=tuple(kept),
    )


def _fields(before: Mapping[str, Tree], after: Mapping[str, Tree]) -> dict[str, Change]:
    keys = dict.fromkeys((*before, *after))
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def _told(where: str, change: Change) -> Iterator[str]:
    before, after = change
    if isinstance(before, str) or isinstance(after, str) or (before is None and isinstance(after, Mapping)):
        yield f"~ {where}: {_short(before)} -> {_short(after)}"
        return
    old, new = by_identity(_listed(before)), by_identity(_listed(after))
    yield from (f"- {where}: {_short(item)}" for name, item in old.items() if name not in new)
    yield from (f"+ {where}: {_short(item)}" for name, item in new.items() if name not in old)
    yield from (f"~ {where}: {_short(new[name])}" for name in new if name in old and old[name] != new[name])
    if list(old) != list(new) and old == new:
        yield f"~ {where}: in another order"


def _short(value: Tree | None) -> str:
    match value:
        case None:
            return "nothing"
        case str():
            text = value
        case Mapping():
            text = ", ".join(
                f"{key} {_short(below)}" for key, below in value.items() if isinstance(below, str) and key != "hash"
            )
        case _:
            text = ", ".join(_short(one) for one in value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _as_json(fields: Mapping[str, Change]) -> dict[str, object]:
    return {key: {"before": before, "after": after} for key, (before, after) in fields.items()}


def _listed(value: Tree | None) -> Sequence[Tree]:
    return () if value is None or isinstance(value, (str, Mapping)) else value


def _mapped(value: Tree | None) -> Mapping[str, Tree]:
    return value if isinstance(value, Mapping) else {}
