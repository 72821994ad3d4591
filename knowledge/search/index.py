"""What search knows about every passage and sentence before a question comes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import log
from urllib.parse import urlsplit

from core.passage import CELL, Passage
from knowledge.search.language import Language
from knowledge.search.lexicon import PageRole
from knowledge.sentences import split_statements
from knowledge.words import words_of

# How much a word of the question counts that stands not in the sentence itself but around it.
_IN_QUESTION = 0.97  # the heading is a question, and the passage its answer
_IN_HEADING = 0.85
_IN_PAGE = 0.65
_IN_PASSAGE = 0.5

_HEADING_WEIGHT = 2.0
_PAGE_WEIGHT = 0.8
_SATURATION = 1.2  # k1 of BM25
_LENGTH_NORM = 0.4  # b of BM25

_LEAD = 1.03
_LEAD_FOR_NEED = 1.3
"""Right under a page's title stands what the page, and on a front page the company, is about."""
_LATER = 0.98
"""Each sentence of a passage leans a little more on those before it."""
_LEAD_WORDS = 8
_COMMON_TITLE = 0.6
_MIN_PAGES = 4

_WORDS_GOOD = range(6, 36)
_STATEMENT = re.compile(r"[.!。！…][\"'”’»)\]]*$")
_SIGNPOST = re.compile(
    r"^The .{0,60}\b(?:page|guide|reference|study|documentation|list)\b"
    r" (?:describes|lists|shows|compares|covers|explains|tells|leads)\b",
)
_CONTINUES = re.compile(r"\b(?:then|instead|also|therefore|both|such)\b")
_HOLDS = {
    "money": re.compile(r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|USD|EUR|GBP)|\b(?:free|kostenlos|gratuit|gratis)\b"),
    "duration": re.compile(
        r"\b(?:second|minute|hour|day|week|fortnight|month|quarter|year|afternoon|(?:over)?night|sekunde|stunde|tag|woche|monat|jahr)\w*\b",
        re.IGNORECASE,
    ),
    "contact": re.compile(r"[\w.+-]+@[\w-]+\.\w|(?<![\d,.])\+?\(?\d[\d()/ -]{6,}\d(?![,.]?\d)"),
    "amount": re.compile(r"[$€£¥]\s?\d|\d\s?(?:[$€£¥]|[kp]\b(?! )|%)|\b[A-Z]{3}\s?\d|\d\s?[A-Z]{3}\b|\d+(?:p|c|ct)\b"),
    "frequency": re.compile(
        r"\b(?:every|each|once|twice|times? (?:a|per)|hourly|daily|weekly|monthly|quarterly|yearly|annually|nightly"
        r"|always|real[- ]time|jede\w*|täglich|wöchentlich|monatlich|chaque|cada|elke|ogni)\b",
        re.IGNORECASE,
    ),
    "person": re.compile(r"(?:[A-Z][\w'’-]+ ){1,2}(?:[a-z]{2,3} )?[A-Z][\w'’-]+"),
    "people": re.compile(
        r"\b(?:[Ww]e|[Oo]ur|us|you|your|teams?|people|persons?|staff|customers?|clients?|compan(?:y|ies)|firms?|agenc(?:y|ies)|\w+ists?|\w+(?:er|or|ee|ian)s?"
        r"|somebody|someone|anyone|nobody|chief|head of|founded|owned|named|led|businesses|shops|clinics|owns?)\b"
        r"|(?:[A-Z][\w'’-]+ ){1,2}(?:[a-z]{2,3} )?[A-Z][\w'’-]+"
    ),
    "number": re.compile(
        # an amount of money counts nothing
        r"(?<![$€£¥\d.,])(?<![$€£¥]\s)\d[\d.,]*+(?!\s?(?:[$€£¥]|USD|EUR|GBP))"
        r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
        r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|dozens?|half|unlimited|any|no)\b",
        re.IGNORECASE,
    ),
}
_TROUBLED = 0.5
"""Weight of a passage on what goes wrong without the company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of a passage. `quality` is how well it stands alone, about 0.3 to 1."""

    text: str
    terms: frozenset[str]
    quality: float
    leans: bool  # speaks of something that an earlier sentence names
    stated: bool  # a whole sentence, not a heading, a row of a table or an item of a list
    holds: frozenset[str]
    about_us: bool
    negative: bool
    billed: frozenset[str]  # whose expense or saving it tells of, unless the company's; empty for most


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A passage made ready. `troubles`: it tells what goes wrong for customers, which answers hardly a question.

    `around`: term -> how much it counts for every sentence of the passage; `weight` and `need`: what the kind of page
    is worth for a question and for a stated need.
    """

    passage: Passage
    path: str
    heading: str
    headed: frozenset[str]
    topic: frozenset[str]  # of the whole page: its address and first heading
    around: dict[str, float]
    sentences: tuple[Sentence, ...]
    weight: float
    need: float
    troubles: bool


def path_of(url: str) -> str:
    """The part of an address that names a page: no scheme, host, query, fragment, index file or last slash."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return path.removesuffix("index.html").rstrip("/") or "/"


def company_terms(passages: Iterable[Passage], language: Language) -> frozenset[str]:
    """The terms nearly every title shares: the company's name."""
    titles = {passage.url: passage.title for passage in passages}
    if len(titles) < _MIN_PAGES:
        return frozenset()
    counts = Counter(term for title in titles.values() for term in set(language.terms(title)))
    return frozenset(term for term, count in counts.items() if count >= _COMMON_TITLE * len(titles))


def entry_of(passage: Passage, language: Language, roles: Sequence[PageRole], company: frozenset[str]) -> Entry:
    """One passage made ready for search."""
    path = path_of(passage.url)
    role = _role(path, roles)
    leads = len(passage.headings) <= 1
    own = passage.headings[-1] if passage.headings else passage.title
    headed = frozenset(language.terms(own))
    page = language.terms(" ".join((passage.title, *passage.headings[:-1], path.replace("-", " "))))
    around = dict.fromkeys(language.terms(passage.text), _IN_PASSAGE)
    around |= dict.fromkeys(page, _IN_PAGE)
    around |= dict.fromkeys(headed, _IN_QUESTION if own.endswith("?") else _IN_HEADING)
    troubles = not own.endswith("?") and "“" not in own and language.troubles(own)
    texts = [text for line in passage.text.split("\n") for text in split_statements(line, language.leaning)]
    sentences = tuple(_sentence(text, place, language, company) for place, text in enumerate(texts))
    return Entry(
        passage=passage,
        path=path,
        heading=own,
        headed=headed,
        topic=frozenset(language.terms(" ".join((path.replace("-", " "), *passage.headings[:1])))),
        around=around,
        sentences=_answering(sentences) if own.endswith("?") else sentences,
        weight=role.weight * (_LEAD if leads else 1.0) * (_TROUBLED if troubles else 1.0),
        need=role.need * (_LEAD_FOR_NEED if leads else 1.0),
        troubles=troubles,
    )


def lead_of(entry: Entry, sentence: Sentence) -> str:
    """The heading that names what a sentence speaks of, where it does not do so itself; "" for most."""
    heading = entry.heading.strip()
    fits = heading and not heading.endswith("?") and len(heading.split()) <= _LEAD_WORDS and CELL not in sentence.text
    needs = (sentence.leans or not sentence.stated) and heading.casefold() not in sentence.text.casefold()
    return heading.rstrip(".:!") if fits and needs else ""


def postings_of(entries: Sequence[Entry], language: Language) -> dict[str, dict[int, float]]:
    """BM25 impacts: term -> entry number -> what the term adds to that entry's score when its weight is 1.

    Formula: Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, with weighted fields.
    """
    counts = [_counts(entry, language) for entry in entries]
    lengths = [sum(count.values()) for count in counts]
    average = (sum(lengths) / len(lengths) if lengths else 0.0) or 1.0
    postings: dict[str, dict[int, float]] = {}
    for number, count in enumerate(counts):
        norm = _SATURATION * (1 - _LENGTH_NORM + _LENGTH_NORM * lengths[number] / average)
        for term, frequency in count.items():
            postings.setdefault(term, {})[number] = frequency * (_SATURATION + 1) / (frequency + norm)
    return postings


def rarity(found: int, total: int) -> float:
    """Inverse document frequency, always positive; nothing found counts as half a passage."""
    return log(1 + (total - found + 0.5) / (found or 0.5))


def _role(path: str, roles: Sequence[PageRole]) -> PageRole:
    first = path.split("/")[1].removesuffix(".html") if path.startswith("/") and path != "/" else "/"
    neutral = PageRole(paths=(), weight=1.0, need=1.0)
    return next((role for role in roles if first in role.paths), neutral)


def _billed(text: str, language: Language, company: frozenset[str]) -> frozenset[str]:
    match = language.bill.search(text)
    return frozenset(language.terms(match["who"])) - company if match else frozenset()


def _sentence(text: str, place: int, language: Language, company: frozenset[str]) -> Sentence:
    words = words_of(text)
    first = words[0] if words else ""
    kinds = {"place": language.place, **_HOLDS}
    leans = language.leaning.leans(text)
    return Sentence(
        text=text,
        terms=frozenset(language.terms(text)),
        quality=_quality(text, leans=leans) * _LATER**place,
        leans=leans,
        stated=_STATEMENT.search(text) is not None,
        holds=frozenset(kind for kind, expression in kinds.items() if expression.search(text)),
        about_us=language.stemmer.stem(first) in company or first in {"we", "our", "wir", "nous", "nosotros"},
        billed=_billed(text, language, company),
        negative=not language.negations.isdisjoint(words),
    )


def _answering(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """The sentences under a question, the first of which answers it, however short it is."""
    return (replace(sentences[0], quality=max(sentences[0].quality, 1.0)), *sentences[1:]) if sentences else ()


def _quality(text: str, *, leans: bool) -> float:
    quality = 1.0 if len(text.split()) in _WORDS_GOOD else 0.8
    if text.endswith("?"):
        quality *= 0.45
    elif not _STATEMENT.search(text):
        quality *= 0.7  # a heading, a table row, a fragment of a list
    if text.startswith(("“", '"', "„", "«")):
        quality *= 0.8  # somebody else's words
    if _SIGNPOST.search(text):
        quality *= 0.8  # says where something stands, not what
    if _CONTINUES.search(text):
        quality *= 0.93
    if "@" in text:
        quality *= 0.9  # where to write, not what holds
    return quality * (0.85 if leans else 1.0)


def _counts(entry: Entry, language: Language) -> dict[str, float]:
    counts = dict.fromkeys(entry.headed, _HEADING_WEIGHT)
    for term in language.terms(entry.passage.text):
        counts[term] = counts.get(term, 0.0) + 1.0
    for term in entry.around:
        counts.setdefault(term, _PAGE_WEIGHT)
    return counts
