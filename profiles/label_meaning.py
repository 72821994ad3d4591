"""Labels by what is meant: a visitor's clauses compared with the examples of the company's own labels."""

from __future__ import annotations

import asyncio
import logging
import re
from array import array
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from math import exp
from typing import Any, NamedTuple, TypeAlias

from core.errors import DependencyError, ModelError
from core.fact import Field, Source
from core.ports import Embedder
from core.understanding import VisitorType
from profiles.context import Context
from profiles.facts import Finding
from profiles.gloss import Glosses, GlossFile
from profiles.label_classes import LabelClasses
from profiles.label_examples import LabelMeaningFile, Sounding, soundings
from profiles.labels import AMONG_STAFF, NOT_NEEDED, forbids, is_unwanted
from profiles.often import told_often
from profiles.qualification_file import LabelSets
from profiles.quantity_grammar import either
from profiles.reading import Reading
from profiles.resources import load
from profiles.visitor_meaning import VisitorHead, VisitorMeaningFile

ENGLISH = "en"
"""What the weights were learned in, and all that the small model that ships knows."""
FEWEST_GLOSSED = 3
"""English words that must be left of a clause of another language."""
PIECES = 6
"""Clauses of one message that are compared: a longer message costs no more."""
SHORTEST, LONGEST = 3, 300
"""Words a clause needs to mean something, and characters of it that are read."""
_SEVERAL = 3
_SURE = 0.75
"""Confidence of what was merely meant stays below that of words that say it."""
_CUT = re.compile(r",\s+|\s[-–—]\s|[;:]\s+|\s(?=(?:but|and|because|so|aber|und|mais|et|pero|y|mas|e|maar|en)\s)")

_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_TIMES = re.compile(r"\b(\d+)x\b")
_SAID_TWICE = re.compile(
    r"(?<!\w)(?P<said>[^\W\d_]['’\w]*(?:\s['’\w]+){1,5})(?!\w)"
    r"(?=[^.!?]*?[,;.–-]\s*(?:and |und |et |y |e |en )?(?P=said)(?!\w))"
)
"""Some words that come twice in one breath, which is how people tell what they hear all day."""
_TAIL = 9
"""Words of what is asked again and again; more would drown that it is."""
_ALWAYS = "always the same questions"
AGAIN = "always the same question: "
_TITLES = ("role", "authority", "duty")
_DECIDING = ("authority", "deciding")
_WORD = re.compile(r"\w+")

_log = logging.getLogger(__name__)


Learn: TypeAlias = "Callable[[Sequence[str]], Awaitable[Mapping[str, array[float]]]]"
"""Texts to their vectors, by the text. Raises `ModelError`."""


class Piece(NamedTuple):
    """A clause or sentence, by its place in the text."""

    text: str
    start: int
    end: int
    asks: bool  # of a question
    titled: bool  # names somebody's job, or who else a company has inside, which is no trade


class LabelMeaning:
    """Recognises labels by meaning, beside the cue phrases. Until `prepare` is done it recognises none."""

    def __init__(self, labels: LabelSets, embedder: Embedder, *, learn: Learn | None = None) -> None:
        """`learn` gives the vectors of the examples where something keeps them over restarts."""
        self._data = load("label_meaning.yaml", LabelMeaningFile)
        self._soundings = [one for one in soundings(labels) if one.field in self._data.threshold]
        self._short = re.compile(rf"(?<![\w'’])(?:{either(tuple(self._data.short_forms))})(?![\w'’])")
        self._embedder = embedder
        self._learn = learn or self._learned
        self._glosses = Glosses(load("gloss.yaml", GlossFile))
        self._visitors = load("visitor_meaning.yaml", VisitorMeaningFile)
        self._own = re.compile(rf"\b(?:{'|'.join(map(re.escape, self._visitors.own))})\b")
        self._visitor_head: VisitorHead | None = None
        self._head: LabelHead | None = None
        self._failing = False

    async def prepare(self) -> bool:
        """Embed the examples: seconds the first time. False, and a line in the log, when that failed."""
        if not self._soundings:
            return False
        texts, visitors = [*(one.text for one in self._soundings), *self._data.nothing], self._visitors.texts()
        try:
            vectors = await self._learn(list(dict.fromkeys([*texts, *visitors])))
            self._visitor_head = VisitorHead(self._visitors, [vectors[text] for text in visitors])
            rows = [vectors[text] for text in texts]
            self._head = await asyncio.to_thread(LabelHead, self._data, self._soundings, rows)
        except ImportError as error:
            _log.warning("labels are recognised by words alone: the package %s is not installed", error.name)
        except (ModelError, DependencyError) as error:
            _log.warning("labels are recognised by words alone: %s", error)
        return self._head is not None

    async def _learned(self, texts: Sequence[str]) -> Mapping[str, array[float]]:
        return dict(zip(texts, await self._embedder.embed(texts), strict=True))

    def speaks(self, language: str) -> bool:
        """Whether what is meant can be told in a visitor's language, if only word for word."""
        return language == ENGLISH or self._glosses.knows(language)

    async def read(
        self, reading: Reading, context: Context, *, language: str, settled: Collection[Field]
    ) -> list[Finding]:
        """What the message means of use cases, pains, security and industry, each label once.

        Fields in `settled` are left alone. Never raises: an embedding model that fails is told in the log, once.
        """
        pieces = [*self._again(reading, language), *self._in_english(pieces_of(reading), language)][:PIECES]
        if self._head is None or not pieces:
            return []
        vectors = await self._vectors([piece.text for piece in pieces])
        if not vectors:
            return []
        return list(self._findings(pieces, self._head.likely(vectors), context, reading, settled))

    def _again(self, reading: Reading, language: str) -> Iterator[Piece]:
        """What a message says twice, or says to come all day, as what it means: that of one question."""
        said = next(_repeated(reading), None)
        span = (said.start, said.end) if said else next(told_often(reading), None)
        if span is None:
            return
        tail = " ".join(reading.text[slice(*span)].split()[:_TAIL])
        text = self._spelled_out(tail) if language == ENGLISH else self._glosses.english(tail, language)
        for again in (_ALWAYS, f"{AGAIN}{text}"):
            yield Piece(again, *span, asks=False, titled=False)

    def _in_english(self, pieces: Iterator[Piece], language: str) -> Iterator[Piece]:
        if language == ENGLISH:
            yield from (piece._replace(text=self._spelled_out(piece.text)) for piece in pieces)
            return
        for piece in pieces:
            text = self._glosses.english(piece.text, language)
            if text.count(" ") >= FEWEST_GLOSSED - 1:
                yield piece._replace(text=text)

    def _spelled_out(self, text: str) -> str:
        """A text without what people type for short: "can ppl move appts" asks whether they can move appointments."""
        plain = _DRAWN_OUT.sub(r"\1", _TIMES.sub(r"\1 times", text.replace("%", " percent")))
        return self._short.sub(lambda match: self._data.short_forms[match[0]], plain)

    async def visitor(
        self, reading: Reading, language: str, *, asks: bool = False, doubtful: bool = False
    ) -> VisitorType | None:
        """Which kind of visitor who does not buy writes such a message; None where none is clear. Never raises.

        `doubtful` says that the words tell of a buyer's business: it takes more then.
        """
        vectors = await self._said(reading, language)
        if self._visitor_head is None or not vectors:
            return None
        aloof = asks and not self._own.search(reading.low)
        return self._visitor_head.kind(vectors, glossed=language != ENGLISH, aloof=aloof, doubtful=doubtful)

    async def is_buyers(self, reading: Reading, language: str) -> bool:
        """Whether a message can hardly be anybody else's than a buyer's. Never raises."""
        vectors = await self._said(reading, language) if language == ENGLISH else ()
        return self._visitor_head.is_buyers(vectors) if self._visitor_head and vectors else False

    async def _said(self, reading: Reading, language: str) -> Sequence[array[float]]:
        texts = [piece.text for piece in self._in_english(pieces_of(reading), language)][:PIECES]
        return await self._vectors(texts) if self._visitor_head and texts else ()

    async def _vectors(self, texts: list[str]) -> Sequence[array[float]]:
        """None at all where the model fails."""
        try:
            vectors = await self._embedder.embed(texts)
        except (ModelError, DependencyError) as error:
            if not self._failing:
                _log.warning("labels are recognised by words alone for now: %s", error)
            self._failing = True
            return []
        self._failing = False
        return vectors

    def _findings(
        self,
        pieces: list[Piece],
        likely: list[tuple[float, int, Field, str]],
        context: Context,
        reading: Reading,
        settled: Collection[Field],
    ) -> Iterator[Finding]:
        seen: set[Field | tuple[Field, str]] = set(settled)
        for share, number, field, label in likely:
            piece = pieces[number]
            key = field if field is Field.INDUSTRY else (field, label)
            if field in settled or key in seen or not is_meant(field, piece, context, reading):
                continue
            seen.add(key)
            confidence = min(_SURE, 0.4 + share / 2)
            yield Finding(field, label, piece.start, piece.end, source=Source.INFERRED, confidence=confidence)


class LabelHead:
    """The learned head: how likely a clause shows a label, from how close it is to what the label sounds like.

    Needs numpy. `vectors` are those of the soundings, then those of the sentences that show nothing.
    """

    def __init__(self, data: LabelMeaningFile, known: Sequence[Sounding], vectors: Sequence[array[float]]) -> None:
        import numpy as np

        self._numpy: Any = np
        self._data = data
        rows = np.array([np.frombuffer(vector, np.float32) for vector in vectors])
        self._rows, self._nothing = rows[: len(known)], rows[len(known) :]
        places: dict[Field, dict[str, list[int]]] = {}
        for place, one in enumerate(known):
            places.setdefault(one.field, {}).setdefault(one.label, []).append(place)
        self._places = places
        self._classes = LabelClasses(data.classes, known, rows)

    def likely(self, vectors: Sequence[array[float]]) -> list[tuple[float, int, Field, str]]:
        """Probability, number of the text, field and label, for all above their field's threshold, likeliest first."""
        np = self._numpy
        texts = np.array([np.frombuffer(vector, np.float32) for vector in vectors])
        cosines, nothing = texts @ self._rows.T, self._few(texts @ self._nothing.T)
        found = [
            (share, number, field, label)
            for field, labels in self._places.items()
            for number, label, share in self._shares(cosines, nothing, labels)
            if share >= self._data.threshold[field]
        ]
        return sorted([*found, *self._classes.likely(texts)], key=lambda one: -one[0])

    def _shares(self, cosines: Any, nothing: Any, labels: dict[str, list[int]]) -> Iterator[tuple[int, str, float]]:
        np, data = self._numpy, self._data
        closest = np.stack([cosines[:, places].max(axis=1) for places in labels.values()], axis=1)
        several = np.stack([self._few(cosines[:, places]) for places in labels.values()], axis=1)
        ranked = np.sort(closest, axis=1)
        second = ranked[:, -2:-1] if len(labels) > 1 else np.zeros((len(closest), 1))
        ahead = closest - np.where(closest == ranked[:, -1:], second, ranked[:, -1:])
        beyond = several - nothing[:, None]
        logits = data.intercept + data.closest * closest + data.several * several
        logits += data.ahead * ahead + data.beyond_nothing * beyond
        for number, row in enumerate(logits.tolist()):
            yield from ((number, label, 1 / (1 + exp(-logit))) for label, logit in zip(labels, row, strict=True))

    def _few(self, cosines: Any) -> Any:
        some = min(_SEVERAL, cosines.shape[1])
        return self._numpy.sort(cosines, axis=1)[:, -some:].mean(axis=1)


def is_meant(field: Field, piece: Piece, context: Context, reading: Reading) -> bool:
    """Whether a clause speaks of the visitor's own present. A pain may well be a denial: "nobody picks up"."""
    if (field is Field.PAINS and piece.asks) or (field is Field.INDUSTRY and piece.titled):
        return False
    if field is Field.PAINS and _is_of_deciding(piece, reading):
        return False
    places = (piece.start, (piece.start + piece.end) // 2, piece.end - 1)
    if _is_declined(field, piece, context, reading):
        return False
    forbidding = field is Field.SECURITY and forbids(reading, piece.start)
    return all(_is_told(field, context, at, forbidding=forbidding) for at in places)


def _is_of_deciding(piece: Piece, reading: Reading) -> bool:
    """Whether a clause tells who decides, which is no trouble: "the board does, and hardly before October"."""
    return any(piece.start <= hit.start < piece.end for group in _DECIDING for hit in reading.of(group))


def _is_told(field: Field, context: Context, at: int, *, forbidding: bool) -> bool:
    if context.past(at) or context.withdrawn(at) or (context.hypothetical(at) and field is not Field.SECURITY):
        return False
    if field is not Field.PAINS and context.negated(at) and not forbidding:
        return False
    return not (field is Field.INDUSTRY and context.foreign(at))


def _is_declined(field: Field, piece: Piece, context: Context, reading: Reading) -> bool:
    """Whether the clause says that something is fine, not needed or disliked, or how the visitor is to be reached."""
    if any(piece.start <= hit.start < piece.end for hit in reading.of("well")):
        return True
    if field is not Field.PAINS and NOT_NEEDED.search(reading.low, piece.start, piece.end):
        return True
    words = (match.start() for match in _WORD.finditer(reading.low, piece.start, piece.end))
    return field is not Field.PAINS and any(is_unwanted(reading, context, at, at + 1) for at in words)


def pieces_of(reading: Reading) -> Iterator[Piece]:
    """The sentences of the visitor's own words, and the clauses of those that have several."""
    bounds = reading.sentences
    for first, last in pairwise(bounds):
        yield from _piece(reading, first, last)
        cuts = [match.span() for match in _CUT.finditer(reading.shown, first, last)]
        if cuts:
            starts, ends = [first, *(end for _, end in cuts)], [*(start for start, _ in cuts), last]
            for start, end in zip(starts, ends, strict=True):
                yield from _piece(reading, start, end)


def _repeated(reading: Reading) -> Iterator[Piece]:
    """What a message says twice, as what it means: "where is my box, where is my box" tells of one question."""
    for match in list(_SAID_TWICE.finditer(reading.low))[:1]:
        yield Piece(f"{AGAIN}{match['said']}", match.start(), match.end(), asks=False, titled=False)


def _piece(reading: Reading, start: int, end: int) -> Iterator[Piece]:
    raw = reading.shown[start:end]
    text = raw.strip()
    if len(text.split(None, SHORTEST)) >= SHORTEST:
        begin = start + len(raw) - len(raw.lstrip())
        finish = begin + min(len(text), LONGEST)
        asks = "?" in reading.shown[finish - 1 : reading.sentence(begin)[1]]
        titled = any(begin <= hit.start < finish for group in _TITLES for hit in reading.of(group))
        titled = titled or AMONG_STAFF.search(reading.low, begin, finish) is not None
        yield Piece(text[:LONGEST], begin, finish, asks, titled)
