"""The lexicon in the terms of one index: stems instead of words, concepts instead of phrases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.search.lexicon import Lexicon
from knowledge.search.spelling import Spelling
from knowledge.sentences import Leaning
from knowledge.words import Phrases, Stemmer, words_of

RELATED = 0.5
"""How much a word counts that is matched by a word for something near it."""
MONEY = "money"
PRICE = "@price"
DURATION = "duration"
NEED = "need"
OVERVIEW = "overview"
ADDRESSED = "addressed"
CHEAPEST = "cheapest"
DEAREST = "dearest"
OPEN = "open"
NEXT = "next"

_PARTS = re.compile(r"(?<=[?.!;,:])\s+|\s+[–—-]\s+")
_COUNTS = frozenset(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty")
)
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"(?<=[^\s.!?:] )[A-Z][\w+-]*|\b(?:[A-Z]{2,}\w*|[A-Z]+\d+\w*)\b")
_NAMED = 0.5
"""Share of a word's uses with a capital inside a line from which on it counts as a name."""
_SHORTEST_WORD = 3
_DESIGNATOR = re.compile(r"\b([A-Za-z]{2,6})[ -]?(\d{1,5}(?:-\d+)?)\b")
_SHORTEST_QUESTION = 3
_LONGEST_ELLIPSIS = 6
"""Words that may follow "and" or "what about" before it is a question of its own."""
_REQUIREMENT = "requirement"
_ASIDE = "aside"
_CACHED_WORDS = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One meaningful word or phrase of a question: the terms that match it and how well each does, 0 to 1."""

    terms: tuple[tuple[str, float], ...]
    faint: bool = False  # says little by itself
    modifier: bool = False  # says how rather than what


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question as search sees it: its meaningful words and phrases as written, and the cues it holds.

    A cue is `need`, `overview`, `addressed` (the company is spoken to), `open` (yes or no is no answer), `next` (how
    things go on from here), or what an answer must hold: `money`, `number`, `duration`.
    """

    parts: tuple[str, ...]
    cues: frozenset[str]


class Language:
    """Reads texts into terms and questions into pieces. A term is a stem, or `@name` for a concept of the lexicon."""

    def __init__(self, lexicon: Lexicon, stemmer: Stemmer) -> None:
        self.stemmer = stemmer
        self.leaning = Leaning(
            openings=frozenset(lexicon.leaning),
            conditions=frozenset(lexicon.conditions),
            pronouns=frozenset(lexicon.pronouns),
        )
        self.negations = frozenset(lexicon.negations)
        bills = "|".join(lexicon.bills)
        self.bill = re.compile(rf"(?P<who>(?:\b[^\W\d_a-z][\w&'’-]*\s+){{1,3}})(?:\w+ly\s+)?(?:{bills})\b")
        self.place = re.compile(rf"\b(?i:{'|'.join(lexicon.places)})\s+(?:[A-Z]\w+\s+)?[A-Z][a-zà-ÿ]+")
        self._particle = re.compile(rf"(?:{'|'.join(lexicon.yes_or_no)})\b[.!]+\s+", re.IGNORECASE)
        self._demand = re.compile(rf"\b(?:{'|'.join(lexicon.demands)})\b", re.IGNORECASE)
        self._troubles = re.compile("|".join(lexicon.troubles), re.IGNORECASE)
        self._relieved = re.compile(lexicon.relieved, re.IGNORECASE)
        self._no_designators = frozenset(lexicon.no_designators)
        self._elliptic = re.compile(rf"\W*(?:{'|'.join(lexicon.elliptic)})\b[\s,:]*", re.IGNORECASE)
        self._own = frozenset(lexicon.own)
        self._pointing = frozenset((*lexicon.pronouns, *lexicon.pointing))
        self._product = frozenset(lexicon.product)
        joined, asking = ("|".join(map(re.escape, words)) for words in (lexicon.conjunctions, lexicon.asking))
        self._joint = re.compile(rf"(?:,?\s+(?:{joined})|[,;])\s+(?=(?:{asking})\b)", re.IGNORECASE)
        self._patterns = {
            f"@{name}": re.compile("|".join(expressions), re.IGNORECASE)
            for name, expressions in lexicon.patterns.items()
        }
        phrases: dict[str, list[str]] = {
            kind.holds: [ask for ask in kind.asks if " " in ask] for kind in lexicon.answers
        }
        self._asking_for = {
            kind: re.compile(rf"\b(?:{'|'.join(sorted(asks, key=len, reverse=True))})\b", re.IGNORECASE)
            for kind, asks in phrases.items()
            if asks
        }
        self._open = frozenset(lexicon.open_questions)
        self._asking = frozenset(lexicon.asking)
        self._named = lexicon.capitals
        self._capitals = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in lexicon.capitals))
        self._modifiers = lexicon.modifiers
        self._stopwords = frozenset(stem for words in lexicon.stopwords.values() for stem in stemmer.stems(words))
        self._little = frozenset(word for words in lexicon.stopwords.values() for word in words.split())
        self._faint = frozenset(stemmer.stems(lexicon.faint))
        self._light = frozenset(stemmer.stems(lexicon.light))
        self._concepts = Phrases(stemmer, _concepts(lexicon))
        related = {word: tuple(self._term(other) for other in others) for word, others in lexicon.related.items()}
        self._related = Phrases(stemmer, related)
        self._cues = Phrases(stemmer, _cues(lexicon))
        self._stem = stemmer.stem
        self._known: Callable[[str], bool] = lambda _: False

    def learn(self, texts: Iterable[str]) -> None:
        """Take the words of these texts for correctly spelled, so that slips in questions can be mended."""
        spelling, stem = Spelling(self.stemmer, texts), self.stemmer.stem
        self._known = spelling.knows
        self._stem = lru_cache(_CACHED_WORDS)(lambda word: stem(spelling.mend(word)))

    def terms(self, text: str) -> list[str]:
        """The terms of a text of the site, repeated as often as they occur."""
        stems = self.stemmer.stems(text)
        told = [term for term, pattern in self._patterns.items() if pattern.search(text)]
        return [stem for stem in stems if stem not in self._stopwords] + list(self._concepts.found(stems)) + told

    def read(self, question: str) -> Reading:
        """The parts of a question in order, and the cues it holds."""
        words = words_of(self._capitals.sub(lambda found: self._named[found[0]], question))
        stem = self._stem
        stems = [stem(word) for word in words]
        parts: list[str] = []
        place = 0
        while place < len(stems):
            skipped = self._about_the_answer(stems, place)
            if skipped:
                place += skipped
                continue
            length = self._concepts.at(stems, place)[0]
            joined = "".join(words[place : place + 2])
            if not length and self._stopwords.isdisjoint(stems[place : place + 2]) and self._known(joined):
                parts.append(joined)
                length = 2
            elif length > 1:
                parts.append(" ".join(words[place : place + length]))
            elif length or stems[place] not in self._stopwords:
                parts.append(words[place])
            place += length or 1
        cues = set(self._cues.found(stems))
        cues.discard(_ASIDE)
        if not self._open.isdisjoint(words):
            cues.add(OPEN)
        if _REQUIREMENT in cues:
            cues -= {NEED, _REQUIREMENT}
        return Reading(parts=tuple(parts), cues=frozenset(cues))

    def _about_the_answer(self, stems: Sequence[str], place: int) -> int:
        """How many words from here on name nothing to look for: "what do you do", "in one sentence"."""
        length, cues = self._cues.at(stems, place)
        return length if {OVERVIEW, _ASIDE, NEXT}.intersection(cues) else 0

    def asked(self, question: str) -> str:
        """The part of a question that asks for a price, where the rest only tells of the visitor.

        As in "12 agents on Zendesk, how much is it?"; a part that names a thing of its own is never cut away.
        """
        parts = [part for part in _PARTS.split(question) if part.strip()]
        asking = [part for part in parts if MONEY in self.read(part).cues]
        if len(parts) < 2 or not asking or not all(self.tells(part) for part in parts if part not in asking):  # noqa: PLR2004
            return question
        return " ".join(asking) if all(self._names_price_only(part) for part in asking) else question

    def tells(self, part: str) -> bool:
        """Whether a part of a question tells of the visitor, and asks nothing."""
        return self.speaks_of_self(part) or (not part.endswith("?") and any(map(self._counts, words_of(part))))

    def speaks_of_self(self, part: str) -> bool:
        """Whether a part of a question is a statement about whoever says it: "we are a clinic"."""
        return not self.asks(part) and not self._own.isdisjoint(words_of(part))

    def phrases_for(self, kind: str) -> re.Pattern[str]:
        """The phrases of several words that ask for a kind of thing."""
        return self._asking_for[kind]

    def demands(self, part: str) -> bool:
        """Whether a statement says what is needed rather than what is."""
        return self._demand.search(part) is not None

    def troubles(self, text: str) -> bool:
        """Whether a heading or a question is about what goes wrong for customers, rather than what is done about it."""
        return self._troubles.search(text) is not None and not self._relieved.search(text)

    def _counts(self, word: str) -> bool:
        return word.isdecimal() or word in _COUNTS

    def _names_price_only(self, part: str) -> bool:
        pieces = [self.piece(one) for one in self.read(part).parts]
        return all(piece.faint or piece.terms[0][0] == PRICE for piece in pieces)

    def piece(self, part: str) -> Piece:
        """What one part of a question is matched by."""
        words = part.split(" ")
        stems = [self._stem(word) for word in words]
        _, concepts = self._concepts.at(stems, 0)
        matches = concepts or (stems[0],)
        return Piece(
            terms=tuple((term, 1.0) for term in matches)
            + tuple((term, RELATED) for term in self._related.at(stems, 0)[1] if term not in matches),
            faint=not concepts and self.says_little(stems[0]),
            modifier=len(words) == 1 and part.endswith(self._modifiers),
        )

    def is_light(self, part: str) -> bool:
        """Whether a part of a question is an ordinary verb or adjective, for which a site may well use another."""
        return self._stem(part) in self._light

    def is_little(self, word: str) -> bool:
        """Whether a word carries no meaning of its own: of, your, at."""
        return word in self._little

    def vocabulary(self, texts: Iterable[str]) -> dict[str, str]:
        """The telling words of texts: stem -> its commonest spelling, in small letters."""
        spelled: dict[str, Counter[str]] = {}
        names: Counter[str] = Counter()
        for text in texts:
            for match in _WORD.finditer(text):
                word = match[0].casefold()
                stem = self.stemmer.stem(word)
                if len(stem) < _SHORTEST_WORD or stem in self._stopwords or self.says_little(stem):
                    continue
                spelled.setdefault(stem, Counter())[word] += 1
                names[stem] += match[0][0].isupper() and match.start() > 0
        return {
            stem: max(found, key=found.__getitem__)
            for stem, found in spelled.items()
            if names[stem] < _NAMED * found.total()
        }

    def asks(self, text: str) -> bool:
        """Whether a text has the form of a question."""
        return "?" in text or next(iter(words_of(text)), "") in self._asking

    def names(self, question: str) -> dict[str, str]:
        """The words of a question that are written like names: in small letters, and as written."""
        return {match[0].casefold(): match[0] for match in _NAME.finditer(question)}

    def designations(self, text: str) -> Iterator[tuple[str, str]]:
        """What letters and a number name together, as in ISO 9001: the letters as they are written, and the number."""
        for match in _DESIGNATOR.finditer(text):
            if match[1].casefold() not in self._no_designators:
                yield match[1], match[2]

    def questions_in(self, question: str) -> tuple[str, ...]:
        """The questions that one holds: two for "how long does it take and do you support SSO?"."""
        parts = [part.strip() for part in self._joint.split(question)]
        whole = all(len(words_of(part)) >= _SHORTEST_QUESTION and self.asks(part) for part in parts)
        return tuple(parts) if whole else (question,)

    def ellipsis(self, question: str) -> str:
        """What is asked by a question that leans on the one before it: "annual" of "what about annual?", else ""."""
        opening = self._elliptic.match(question)
        rest = question[opening.end() :].strip(" ?!.") if opening else ""
        words = words_of(rest)
        own = not words or len(words) > _LONGEST_ELLIPSIS or words[0] in self._asking
        return "" if own else rest

    def points(self, question: str) -> bool:
        """Whether a question holds a word that stands for something said before: it, those.

        In "what does it cost?" and "how long does it take?" the word stands for the whole product.
        """
        words = {word.replace("’", "'").partition("'")[0] for word in words_of(question)}
        pointing = self._pointing & words
        return bool(pointing - self._product if {MONEY, DURATION} & self.read(question).cues else pointing)

    def without_yes_or_no(self, sentence: str) -> str:
        """A statement without the "Yes." or "No, " that answers the question it stands under; "" if nothing is left."""
        particle = self._particle.match(sentence)
        return sentence[particle.end() :] if particle else sentence

    def _term(self, phrase: str) -> str:
        stems = self.stemmer.stems(phrase)
        length, labels = self._concepts.at(stems, 0)
        return labels[0] if labels and length == len(stems) else stems[-1]

    def says_little(self, stem: str) -> bool:
        """Whether a stem helps to rank, but proves nothing by being found or missed."""
        return stem in self._faint or stem.isdecimal() or len(stem) == 1


def _concepts(lexicon: Lexicon) -> dict[str, Sequence[str]]:
    members: dict[str, list[str]] = {}
    for group in lexicon.synonyms:
        for phrase in group:
            members.setdefault(phrase, []).append(f"@{group[0]}")
    return {phrase: tuple(concepts) for phrase, concepts in members.items()}


def _cues(lexicon: Lexicon) -> dict[str, Sequence[str]]:
    cues: dict[str, Sequence[str]] = {ask: (kind.holds,) for kind in lexicon.answers for ask in kind.asks}
    cues |= dict.fromkeys(lexicon.addressing, (ADDRESSED,))
    cues |= dict.fromkeys(lexicon.cheapest, (CHEAPEST,))
    cues |= dict.fromkeys(lexicon.dearest, (DEAREST,))
    cues |= dict.fromkeys(lexicon.needs, (NEED,))
    cues |= dict.fromkeys(lexicon.requirements, (_REQUIREMENT,)) | dict.fromkeys(lexicon.asides, (_ASIDE,))
    cues |= dict.fromkeys(lexicon.next_steps, (NEXT,))
    return cues | dict.fromkeys(lexicon.overviews, (OVERVIEW,))
