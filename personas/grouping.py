"""Texts that say alike things, put together: no number of groups is given, and most texts may stay alone."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log, sqrt
from operator import mul

Vector = Mapping[str, float]
Similarities = list[list[float]]


class Rarity:
    """How telling a word is: the fewer of the texts say it, the more."""

    def __init__(self, texts: Sequence[Collection[str]], *, at_least: int) -> None:
        self._of = Counter(word for words in texts for word in set(words))
        self._texts = max(len(texts), at_least)

    def __getitem__(self, word: str) -> float:
        """Inverse document frequency, 0 for a word that all texts say."""
        return max(0.0, log((1 + self._texts) / (1 + self._of[word])))


def weighed(words: Collection[str], rarity: Rarity | Vector) -> Vector:
    """A text's words by how telling they are, of unit length; empty for a text without any."""
    weights = {word: rarity[word] for word in sorted(set(words))}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()} if length else {}


def by_words(vectors: Sequence[Vector]) -> Similarities:
    """Cosines of all pairs."""
    found = [[0.0] * len(vectors) for _ in vectors]
    holders: dict[str, list[int]] = {}
    for number, vector in enumerate(vectors):
        for word, weight in vector.items():
            for other in holders.setdefault(word, []):
                found[number][other] += weight * vectors[other][word]
            holders[word].append(number)
    return _mirrored(found)


def by_meaning(vectors: Sequence[array[float]]) -> Similarities:
    """Cosines of all pairs of unit vectors."""
    found = [
        [sum(map(mul, one, other)) for other in vectors[:number]] + [0.0] * (len(vectors) - number)
        for number, one in enumerate(vectors)
    ]
    return _mirrored(found)


def mixed(first: Similarities, second: Similarities, share: float) -> Similarities:
    """`share` of the first and the rest of the second."""
    return [
        [share * a + (1 - share) * b for a, b in zip(row, other, strict=True)]
        for row, other in zip(first, second, strict=True)
    ]


def groups(similarities: Similarities, *, threshold: float) -> list[list[int]]:
    """Average linkage: the two closest groups are joined for as long as they are at least `threshold` alike.

    Answers every group, singles included, each sorted; the same input gives the same answer.
    """
    pool = _Pool(similarities)
    while len(pool.members) > 1:
        score, one = pool.closest()
        if score < threshold:
            break
        pool.join(one)
    return sorted(sorted(members) for members in pool.members.values())


class _Pool:
    """Groups by the number of their first text, how close each two are, and whom each is closest to."""

    def __init__(self, similarities: Similarities) -> None:
        self.members = {number: [number] for number in range(len(similarities))}
        self._close = [list(row) for row in similarities]
        self._best = {number: self._best_of(number) for number in self.members}

    def closest(self) -> tuple[float, int]:
        """The similarity of the closest two, and the first of them."""
        score, negative = max((self._close[one][best], -one) for one, best in self._best.items())
        return score, -negative

    def join(self, one: int) -> None:
        """Join a group with its closest; the similarity to both together is the mean over their members."""
        kept, gone = sorted((one, self._best[one]))
        mine, theirs = len(self.members[kept]), len(self.members[gone])
        self.members[kept] += self.members.pop(gone)
        del self._best[gone]
        for other in self.members:
            if other != kept:
                mean = (mine * self._close[kept][other] + theirs * self._close[gone][other]) / (mine + theirs)
                self._close[kept][other] = self._close[other][kept] = mean
        for other, best in self._best.items():
            if best in (kept, gone) or other == kept or self._close[other][kept] > self._close[other][best]:
                self._best[other] = self._best_of(other)

    def _best_of(self, one: int) -> int:
        row = self._close[one]
        return max(
            (other for other in self.members if other != one), key=lambda other: (row[other], -other), default=one
        )


def _mirrored(lower: Similarities) -> Similarities:
    size = len(lower)
    return [[lower[max(row, column)][min(row, column)] for column in range(size)] for row in range(size)]
