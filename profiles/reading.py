"""One message as the readers of this room see it: its words, its sentences and the cues in it."""

from __future__ import annotations

import re
from bisect import bisect_right

from core.message import InboundMessage
from profiles.cues import Hit, Lexicon, folded
from profiles.sources import lowered, own_of, shown

QUOTE_LIMIT = 160
"""Characters of a quote at most: enough for a clause, short enough for a card."""

_SENTENCE_END = re.compile(r"[.!?…\n。！？]+[\"'”)]*\s*")
_CLAUSE_END = re.compile(r"[,;:–—-]\s+")
_DIGIT = re.compile(r"\d")
_ANY_MORE = re.compile(r"\bn[ãa]o\b[^.!?,;]*\bmais$")
"""Portuguese "no longer", which holds the French "but"."""
_SCRIPTS = re.compile(r"(?<=[a-z])(?=[\u3040-\u30ff\u3400-\u9fff])|(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[a-z])")
"""Where a word in Latin letters meets Japanese, which puts no space there."""
_SEAMS = re.compile(rf"( {{2,}})|{_SCRIPTS.pattern}")
_NONE: list[Hit] = []


class Reading:
    """Offsets are those of `message.text` throughout.

    `low` is the text in lower case with other people's words blanked out, `shown` the same in the visitor's own case;
    `digits` says whether there are any.
    """

    __slots__ = ("_clauses", "_sentences", "digits", "hits", "low", "message", "shown", "text")

    def __init__(self, message: InboundMessage, lexicon: Lexicon) -> None:
        self.message = message
        self.text = message.text
        lower = lowered(self.text)
        self.low = own_of(lower)
        self.shown = self.text if self.low is lower else shown(self.text, self.low)
        self.digits = _DIGIT.search(self.low) is not None
        self.hits = self._scan(lexicon)
        self._sentences: list[int] | None = None
        self._clauses: list[int] | None = None

    def _scan(self, lexicon: Lexicon) -> dict[str, list[Hit]]:
        """Hits in offsets of the text: the folded form begins with a space, and its words stand one space apart."""
        plain = f" {folded(self.low)} "
        if "  " not in plain and (plain.isascii() or not _SCRIPTS.search(plain)):
            return lexicon.scan(plain, (0,), (-1,))
        starts, shifts, parts, size = [0], [-1], list[str](), 0
        for piece in _SEAMS.split(plain):
            if piece and not piece.isspace():
                parts.append(piece)
                size += len(piece)
            elif piece != "":
                parts.append(" ")
                size += 1
                starts.append(size)
                shifts.append(shifts[-1] + len(piece or "") - 1)  # nothing stands where two scripts meet
        return lexicon.scan("".join(parts), starts, shifts)

    def of(self, group: str) -> list[Hit]:
        """The hits of one group of cues, in order; empty when there are none."""
        return self.hits.get(group, _NONE)

    def has(self, group: str, name: str) -> bool:
        """Whether any cue called `name` of `group` was found."""
        return any(hit.name == name for hit in self.hits.get(group, _NONE))

    @property
    def sentences(self) -> list[int]:
        """Where each sentence starts, the end of the text last."""
        if self._sentences is None:
            text = self.text
            starts = [0]
            for match in _SENTENCE_END.finditer(text):
                end = match.end()
                # A dot within a word ("node.js", "3.5") ends nothing.
                if end < len(text) and (text[end - 1].isspace() or text[end - 1] in "。！？"):
                    starts.append(end)
            starts.append(len(text))
            self._sentences = starts
        return self._sentences

    @property
    def clauses(self) -> list[int]:
        """Where each clause starts, the end of the text last; every sentence start is one."""
        if self._clauses is None:
            cuts = [match.end() for match in _CLAUSE_END.finditer(self.text)]
            cuts += [
                hit.start for hit in self.of("turn") if not _ANY_MORE.search(self.low, max(0, hit.start - 40), hit.end)
            ]
            self._clauses = sorted({*cuts, *self.sentences}) if cuts else self.sentences
        return self._clauses

    def sentence(self, at: int) -> tuple[int, int]:
        """Start and end of the sentence around an offset."""
        return _around(self.sentences, at)

    def clause(self, at: int) -> tuple[int, int]:
        """Start and end of the clause around an offset."""
        return _around(self.clauses, at)

    def quote(self, start: int, end: int) -> str:
        """The words that say it: the clause, or the sentence where the clause is only a word or two."""
        first, last = self.clause(start)[0], self.clause(max(start, end - 1))[1]
        if self.text.count(" ", first, last) < 3:  # noqa: PLR2004  fewer than four words do not stand alone
            first, last = self.sentence(start)[0], max(last, self.sentence(max(start, end - 1))[1])
        if last - first > QUOTE_LIMIT:
            first, last = self._window(start, end, first, last)
        return self.text[first:last].strip() or self.text[start:end]

    def _window(self, start: int, end: int, first: int, last: int) -> tuple[int, int]:
        room = max(0, QUOTE_LIMIT - (end - start)) // 2
        low, high = max(first, start - room), min(last, end + room)
        if low > first:
            space = self.text.find(" ", low, start)
            low = space + 1 if space >= 0 else start
        if high < last:
            space = self.text.rfind(" ", end, high)
            high = space if space >= 0 else end
        return low, high


def _around(starts: list[int], at: int) -> tuple[int, int]:
    index = min(max(bisect_right(starts, at), 1), len(starts) - 1)
    return starts[index - 1], starts[index]
