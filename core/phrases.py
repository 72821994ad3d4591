"""The sentences of the local writer: data, one file a language, several wordings a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """`variants` maps a key such as "email.ask" to its wordings, at least one, each with `{slot}` places."""

    language: str  # BCP 47
    variants: Mapping[str, tuple[str, ...]]

    def has(self, key: str) -> bool:
        return key in self.variants

    def variants_of(self, key: str) -> tuple[str, ...]:
        """All wordings of a key, () for an unknown one."""
        return self.variants.get(key, ())

    def say(self, key: str, **slots: str) -> str:
        """The first wording of a key, filled. Raises KeyError for an unknown key or a missing slot."""
        return self.variants[key][0].format(**slots)

    def vary(self, key: str, used: Sequence[str], offset: int, **slots: str) -> tuple[str, str]:
        """A wording not in `used`, starting the search at `offset`; when all are, the one said longest ago.

        `used` holds tags, oldest first. Returns the wording filled, with its tag.
        """
        wordings = self.variants[key]
        said_at = {tag: place for place, tag in enumerate(used)}
        tags = [f"{key}#{(offset + step) % len(wordings)}" for step in range(len(wordings))]
        tag = min(tags, key=lambda one: said_at.get(one, -1))
        return wordings[int(tag.rpartition("#")[2])].format(**slots), tag

    def unsaid(self, key: str, used: Sequence[str]) -> int:
        """How many wordings of a key are not in `used`."""
        return sum(f"{key}#{place}" not in used for place in range(len(self.variants_of(key))))
