"""Which sightings speak of the same customers: synonyms, wider and narrower names, and pages of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from personas.compiler.evidence import Evidence, Ground
from personas.compiler.naming import Name
from personas.compiler.phrasebook import Phrasebook
from personas.compiler.words import Words

_AGAIN = 0.3
"""What further sightings of one kind count beside the best of them."""
_MOST_AGAIN = 1.0
_ROUNDS = 2  # what one round joins may cover more in the next
_MANY_LABELS = 3
"""More labels than this for one page: it is a page about several kinds of customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sightings of the same customers, best first, and the keys they go by."""

    keys: frozenset[str]
    evidence: tuple[Evidence, ...]
    score: float

    @property
    def structural(self) -> bool:
        return any(one.ground.structural for one in self.evidence)


class Keys:
    """The key of a name: its words in the singular without those that say nothing, synonyms under one of them."""

    def __init__(self, words: Words, phrases: Phrasebook) -> None:
        self._words = words
        self._synonyms = {
            other: group[0] for group in reversed(phrases.synonyms) for other in map(words.singular, group)
        } | {other: group[0] for group in reversed(phrases.synonyms) for other in group}
        self._wider = tuple(phrases.wider)

    def of(self, name: Name) -> str:
        whole = (
            " ".join((*name.modifiers, name.head))
            if not self._words.head_first
            else " ".join((name.head, *name.modifiers))
        )
        for phrase in (whole, self._words.singular(whole)):
            if phrase in self._synonyms:
                return self._synonyms[phrase]
        before = " ".join(name.modifiers)
        if name.modifiers and not self._words.head_first and self._is_plain(name.head):
            known = self._synonyms.get(before) or self._synonyms.get(self._words.singular(before))
            if known:
                return known
            if before in self._words.fields or before in self._words.sizes or self._words.knows(before):
                return self._words.singular(before)
        return whole

    def _is_plain(self, head: str) -> bool:
        """Whether a head adds nothing: "healthcare organisations" are healthcare, an estate manager is no estate."""
        return self._words.is_generic(head) and not self._words.is_post(head)

    def covers(self, wide: str, narrow: str) -> bool:
        """Whether one key is a wider name of another: "agency" of "marketing agency"."""
        if (wide, narrow) in self._wider:
            return True
        if wide == narrow or self._words.is_bland(wide):
            return False
        wide_words, narrow_words = wide.split(), narrow.split()
        if wide in self._words.fields and wide in narrow_words:
            return True
        place = 0 if self._words.head_first else -1
        if wide_words[place] != narrow_words[place]:
            return False
        if set(wide_words) < set(narrow_words):
            return True
        before_wide, before_narrow = set(wide_words) - set(narrow_words), set(narrow_words) - set(wide_words)
        return bool(before_wide) and all(
            any((one, other) in self._wider for other in before_narrow) for one in before_wide
        )


def group(evidence: Sequence[Evidence], keys: Keys) -> tuple[Group, ...]:
    """The sightings by customers, most prominent first."""
    owned = _owned(evidence, keys)
    loose = frozenset(key for key, pages in owned.items() if len(pages) > 1)
    joined = _Union({key: pages for key, pages in owned.items() if key not in loose})
    for one in evidence:
        found = [keys.of(name) for name in one.names]
        for key in found:
            joined.add(key)
    for labels in _of_one_page(evidence, keys, loose):
        for key in labels[1:]:
            joined.join(labels[0], key)
    for one in sorted(evidence, key=lambda one: (one.own is None, one.page, one.place, one.quote)):
        found = [keys.of(name) for name in one.names]
        for key in found if one.ground.structural else ():
            joined.join(found[0], key)
    for _ in range(_ROUNDS):
        _absorb(evidence, keys, joined, loose)
    by_root: dict[str, list[Evidence]] = defaultdict(list)
    for one in evidence:
        for root in dict.fromkeys(joined.root(keys.of(name)) for name in one.names):
            by_root[root].append(one)
    groups = (_group(joined.members(root), told) for root, told in by_root.items())
    return tuple(sorted(groups, key=lambda one: (-round(one.score, 6), min(one.keys))))


def _group(members: Iterable[str], evidence: Sequence[Evidence]) -> Group:
    best = sorted(evidence, key=lambda one: (-one.weight, one.page, one.place, one.quote))
    return Group(keys=frozenset(members), evidence=tuple(best), score=score(best))


def score(evidence: Sequence[Evidence]) -> float:
    """Kinds of evidence, times pages, times how prominent those are; each further page of a kind counts less."""
    by_ground: dict[Ground, dict[int, float]] = defaultdict(dict)
    for one in evidence:
        pages = by_ground[one.ground]
        pages[one.page] = max(pages.get(one.page, 0.0), one.weight)
    total = 0.0
    for pages in by_ground.values():
        best, *others = sorted(pages.values(), reverse=True)
        total += best + min(_AGAIN * sum(others), _MOST_AGAIN * best)
    return total


def _of_one_page(evidence: Sequence[Evidence], keys: Keys, loose: frozenset[str]) -> Iterable[list[str]]:
    """What each page of its own calls its customers, less names that several such pages use: "all your stores"."""
    labels: dict[int, list[str]] = defaultdict(list)
    for one in evidence:
        if one.own is not None and one.names:
            labels[one.own].append(keys.of(one.names[0]))
    unique = ([key for key in dict.fromkeys(found) if key not in loose] for found in labels.values())
    return (found for found in unique if 0 < len(found) <= _MANY_LABELS)


def _owned(evidence: Sequence[Evidence], keys: Keys) -> dict[str, frozenset[int]]:
    """The pages that are all about somebody, by the key of whom they name first."""
    owned: dict[str, set[int]] = defaultdict(set)
    for one in evidence:
        if one.own is not None and one.names and one.ground in {Ground.OWN_PAGE, Ground.NAVIGATION}:
            owned[keys.of(one.names[0])].add(one.own)
    return {key: frozenset(pages) for key, pages in owned.items()}


def _absorb(evidence: Sequence[Evidence], keys: Keys, joined: _Union, loose: frozenset[str]) -> None:
    """Let names that only sentences give go to the presented name they are a wider or narrower form of."""
    weights: dict[str, float] = defaultdict(float)
    presented: set[str] = set()
    for one in evidence:
        for name in one.names:
            root = joined.root(keys.of(name))
            weights[root] += one.weight
            if one.ground.structural and root not in loose:
                presented.add(root)
    ranked = sorted(weights, key=lambda root: (root not in presented, -round(weights[root], 6), root))
    for place, strong in enumerate(ranked):
        for weak in ranked[place + 1 :]:
            if weak in presented or joined.root(weak) != weak:
                continue
            pairs = [(a, b) for a in joined.members(strong) for b in joined.members(weak)]
            if any(keys.covers(a, b) or keys.covers(b, a) for a, b in pairs):
                joined.join(strong, weak)


class _Union:
    """Keys that go together; those with different pages of their own never do."""

    def __init__(self, owned: Mapping[str, frozenset[int]]) -> None:
        self._parents: dict[str, str] = {}
        self._pages = dict(owned)

    def add(self, key: str) -> None:
        self._parents.setdefault(key, key)

    def root(self, key: str) -> str:
        while self._parents[key] != key:
            key = self._parents[key]
        return key

    def join(self, first: str, second: str) -> None:
        one, other = self.root(first), self.root(second)
        pages, others = self._pages.get(one, frozenset()), self._pages.get(other, frozenset())
        if one != other and not (pages and others and pages.isdisjoint(others)):
            self._parents[other] = one
            self._pages[one] = pages | others

    def members(self, root: str) -> tuple[str, ...]:
        return tuple(sorted(key for key in self._parents if self.root(key) == root))
