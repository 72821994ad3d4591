"""Search over the company's own pages: sentences that answer, letter for letter, with where they stand."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DependencyError, ModelError
from core.passage import Finding, Passage
from core.ports import Embedder
from knowledge.search.conflicts import Contradictions
from knowledge.search.connections import Connections
from knowledge.search.doors import Doors, doors
from knowledge.search.following import Following
from knowledge.search.fusion import Query
from knowledge.search.index import Entry, company_terms, entry_of, path_of
from knowledge.search.instructions import quotable
from knowledge.search.language import MONEY, NEED, NEXT, OVERVIEW, Language, Reading
from knowledge.search.lexicon import Lexicon, lexicon
from knowledge.search.on_topic import OnTopicSearch
from knowledge.search.plan_comparison import PlanComparison
from knowledge.search.price_book import PriceBook
from knowledge.search.price_questions import OF_EVERY_PLAN, PriceQuestions
from knowledge.search.strangers import Strangers
from knowledge.search.strict import Strict
from knowledge.search.tongues import ENGLISH, Tongues, Translated, tongue_data
from knowledge.search.topics import Topics, tells_of, topics
from knowledge.search.vectors import vectors_of
from knowledge.search.verdicts import Verdicts
from knowledge.search.weighing import Scales
from knowledge.search.worded import WordSearch
from knowledge.words import Stemmer

if TYPE_CHECKING:
    from knowledge.search.fused import FusedSearch

ANSWERED = 0.43
"""Score from which a finding by words counts as an answer; calibrated on questions about an example site."""
SETTLED = 0.95
"""Score of a finding by words from which a question is not read for its meaning: hardly one of them is wrong."""
_SEVERAL = 2
"""Telling words of a question that words alone may settle: one may stand on any page."""
QUERY_LIMIT = 500
"""Characters of a query that are read."""

_CACHED_HINTS = 64
_WORDED = 3
_THIS_PAGE = 1.08
_HINTED = 1.04

_NO_MEANING = (ModelError, DependencyError)

_log = logging.getLogger(__name__)


class PassageIndex:
    """Implements `core.ports.Knowledge` over passages that do not change. Building takes about 1 ms a passage.

    Text on a page that gives orders to an assistant is left out of the passages.
    """

    def __init__(self, passages: Sequence[Passage], *, threshold: float = ANSWERED) -> None:
        data = lexicon()
        kept = [passage for passage in map(quotable, passages) if passage is not None]
        languages = Counter(passage.language for passage in kept)
        language = languages.most_common(1)[0][0] if languages else "en"
        self._language = Language(data, Stemmer(language, data.forms(language)))
        self._language.learn(_texts(kept, data))
        company = company_terms(kept, self._language)
        self._entries = [entry_of(passage, self._language, data.pages, company) for passage in kept]
        self._by_passage = {entry.passage: entry for entry in self._entries}
        self._scales = Scales(self._entries, self._language, company)
        self._words = WordSearch(self._entries, self._scales, threshold=threshold)
        book = PriceBook(self._entries, self._language, company)
        self._prices = PriceQuestions(book, self._language, self._scales.weigh, self._entries)
        self._comparison = PlanComparison(self._entries, book.names, self._language.stemmer)
        self._following = Following(
            self._language, book.names, things=self._things, translated=lambda text: self._in_its_tongue(text).text
        )
        self._contradictions = Contradictions(self._entries, self._language.says_little)
        self._doors = Doors(self._entries, doors())
        nouns = language in data.capitalised_nouns
        self._strangers = Strangers(
            _lines(self._entries), self._language, self._scales.weigh, nouns_are_capitalised=nouns
        )
        self._strict = Strict(data.strict)
        self._verdicts = Verdicts(self._language, self._scales.weigh)
        self._connections = Connections(self._entries, self._language)
        self._topics = Topics(topics() if language == ENGLISH else ())
        self._on_topic = OnTopicSearch(self._topics, self._connections, self._by_passage, self.query)
        english = frozenset(data.stopwords[ENGLISH].split())
        self._tongues = Tongues(tongue_data(), english) if language == ENGLISH else None
        self._hinted = lru_cache(_CACHED_HINTS)(self._pages_hinted)
        self._fused: FusedSearch | None = None

    async def learn(self, embedder: Embedder, cache: Path | None = None) -> bool:
        """Search by meaning, too, from now on. False, and a line in the log, where the embedder gives no vectors.

        Takes about 10 ms for each text whose vector the file `cache` does not hold yet.
        """
        # Both need numpy, which is there only with an embedder.
        from knowledge.search.fused import FusedSearch
        from knowledge.search.meaning import Meaning, texts_of
        from knowledge.search.topic_meaning import TopicMeaning, example_texts

        if not self._entries:
            return True
        words = self._language.vocabulary(_lines(self._entries))
        try:
            texts = [*texts_of(self._entries, words), *(example_texts() if any(self._topics) else ())]
            vectors = await vectors_of(texts, embedder, cache)
        except _NO_MEANING as error:
            _log.warning("the site is searched by words alone: %s", error)
            return False
        meaning = Meaning(self._entries, words, vectors)
        means = TopicMeaning(tuple(self._topics), vectors) if any(self._topics) else None
        self._fused = FusedSearch(self._entries, self._scales, meaning, means, embedder)
        return True

    async def search(
        self, query: str, *, page: str = "", hints: Sequence[str] = (), limit: int = 3
    ) -> tuple[Finding, ...]:
        """See `core.ports.Knowledge`. A hint is an address of a page to prefer, or words to prefer.

        Where nothing answers a question, the closest finding may come instead, marked as `near`.
        """
        translated = self._in_its_tongue(query)
        asked = self.query(translated.text, page=page, hints=hints, said=query)
        found = self._settled(asked, limit)
        if self._fused is not None:
            try:
                if found is None:
                    found = await self._fused.find(asked, limit=limit)
                on_topic = await self._on_topic.find(query[:QUERY_LIMIT], asked, found, self._fused)
                if on_topic is not None:  # what is asked for is known, whatever else was not understood
                    said = (
                        "" if self._has_strange(translated) else translated.said
                    )  # no verdict on what was not understood
                    return self._told(replace(translated, unknown=(), said=said), on_topic)
            except _NO_MEANING as error:
                _log.warning("searched by words alone: %s", error)
        return self._told(translated, asked.worded[:limit] if found is None else found)

    def completed(self, question: str, before: str) -> str:
        """See `core.site_search.Conversing`."""
        return self._following.completed(question[:QUERY_LIMIT], before[-QUERY_LIMIT:])

    def beside(self, question: str, told: str) -> str:
        """See `core.site_search.Conversing`."""
        return self._following.beside(question[:QUERY_LIMIT], told[-QUERY_LIMIT:])

    def questions_in(self, question: str) -> tuple[str, ...]:
        """See `core.site_search.Conversing`."""
        return self._language.questions_in(question[:QUERY_LIMIT])

    def summed(self, finding: Finding, told: str) -> Finding:
        """See `core.site_search.Conversing`."""
        return self._prices.summed(finding, self._in_its_tongue(told).text)

    def compared(self, told: str) -> tuple[Finding, ...]:
        """See `core.site_search.Conversing`."""
        return self._comparison.find(told[:QUERY_LIMIT])

    def tells(self, part: str) -> bool:
        """See `core.site_search.Conversing`."""
        return self._language.speaks_of_self(part[:QUERY_LIMIT])

    def demands(self, part: str) -> bool:
        """See `core.site_search.Conversing`."""
        return self._language.demands(part[:QUERY_LIMIT])

    def asks(self, part: str) -> bool:
        """See `core.site_search.Conversing`."""
        return self._language.asks(part[:QUERY_LIMIT])

    def required(self, part: str) -> tuple[str, ...]:
        """See `core.site_search.Conversing`."""
        return self._topics.required(part[:QUERY_LIMIT])

    def asks_what_comes_next(self, question: str) -> bool:
        """See `core.site_search.Conversing`."""
        reading = self._language.read(question[:QUERY_LIMIT])
        about_this_talk = NEXT in reading.cues and not any(map(self._is_telling, reading.parts))
        return about_this_talk and not self._topics.of(question[:QUERY_LIMIT])

    def door(self, kind: str) -> Finding | None:
        """See `core.site_search.Directing`."""
        return self._doors.of(kind)

    def find(self, query: str, *, page: str = "", hints: Sequence[str] = (), limit: int = 3) -> tuple[Finding, ...]:
        """What words alone find, for callers that do not wait."""
        translated = self._in_its_tongue(query)
        asked = self.query(translated.text, page=page, hints=hints, said=query)
        return self._told(translated, asked.priced[:limit] or asked.worded[:limit])

    def query(self, text: str, *, page: str = "", hints: Sequence[str] = (), said: str = "") -> Query:
        """A question as its words are understood, with what they find; `said` is how it was put, in any language."""
        asked, reading = self._read(text[:QUERY_LIMIT])
        boosts = self._boosts(page, hints)
        priced = self.compared(said) or self._prices.find(asked, reading, text[:QUERY_LIMIT])
        return Query(
            text=asked,
            reading=reading,
            names=self._language.names(asked),
            candidates=self._words.candidates(reading),
            priced=priced,
            worded=() if priced else self._words.find(reading, boosts, limit=_WORDED),
            boosts=boosts,
        )

    def _settled(self, query: Query, limit: int) -> tuple[Finding, ...] | None:
        """What words find where the meaning would add nothing; None where it would."""
        if query.priced:
            return query.priced[:limit]
        cues = query.reading.cues
        told = bool(query.worded) and not self._language.asks(query.text)
        several = sum(map(self._is_telling, query.reading.parts)) >= _SEVERAL
        sure = several and bool(query.worded) and query.worded[0].score >= SETTLED
        general = OVERVIEW in cues and not any(map(self._is_telling, query.reading.parts))
        return query.worded[:limit] if told or sure or general or NEED in cues else None

    def _things(self, text: str) -> dict[str, bool]:
        """The things that a sentence of any language names, but prices and plans: whether the site speaks of each."""
        parts = self._language.read(self._in_its_tongue(text).text).parts
        weighed = (self._scales.weigh(part) for part in parts)
        things = (one for one in weighed if not one.faint and one.terms[0][0] not in OF_EVERY_PLAN)
        return {one.part: bool(one.impacts) for one in things}

    def _is_telling(self, part: str) -> bool:
        return not self._scales.weigh(part).faint

    def _in_its_tongue(self, question: str) -> Translated:
        """A question in the language of the site, as far as that is known here."""
        kept = question[:QUERY_LIMIT]
        translated = (self._tongues and self._tongues.in_english(kept)) or Translated(text=kept)
        return replace(translated, said=kept)

    def _told(self, query: Translated, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings with what other pages say instead; only as the closest where the question names a stranger."""
        strange = self._has_strange(query)
        telling = [one for one in found if not self._strict.misses(query.text, one, self._by_passage[one.passage])]
        missed = not telling
        found = telling or found
        strange = strange or self._strangers.in_question(query.text)
        if found and (missed or (strange and not self._covered(query.text, found[0]))):
            found = tuple(replace(one, near=True, conflicts=()) for one in found)
        told = (self._with_conflicts(self._with_verdict(finding, query)) for finding in found)
        return tuple(self._as_near(finding) if finding.near else finding for finding in told)

    def _covered(self, question: str, found: Finding) -> bool:
        """Whether a finding speaks for whatever the question names: "42 languages" answers for Welsh."""
        covering = (one.topic for one in self._topics.of(question) if one.topic.covers)
        return any(tells_of(one, self._by_passage[found.passage], found.sentences[:1]) for one in covering)

    def _has_strange(self, query: Translated) -> bool:
        """Whether a word was not translated that the site does not know either."""
        return any(not self._scales.weigh(word).impacts for word in query.unknown)

    def _with_verdict(self, finding: Finding, query: Translated) -> Finding:
        if finding.near or finding.prices or finding.columns or finding.together or finding.lead:
            return finding
        first = finding.sentences[0]
        if not query.said or self._has_strange(query) or self._language.without_yes_or_no(first) != first:
            return finding
        return replace(finding, verdict=self._verdicts.of(query.said, query.text, first))

    def _as_near(self, finding: Finding) -> Finding:
        """The closest finding without a "Yes." that would answer another question than its own."""
        bare = (self._language.without_yes_or_no(sentence) for sentence in finding.sentences)
        return replace(finding, sentences=tuple(filter(None, bare)) or finding.sentences)

    def _with_conflicts(self, finding: Finding) -> Finding:
        if finding.conflicts or finding.near:
            return finding
        conflicts = self._contradictions.of(self._by_passage[finding.passage], finding.sentences[0])
        return replace(finding, conflicts=conflicts) if conflicts else finding

    def _read(self, text: str) -> tuple[str, Reading]:
        reading = self._language.read(text)
        if MONEY in reading.cues:
            text = self._language.asked(text)
            reading = self._language.read(text)
        return text, reading

    def _boosts(self, page: str, hints: Sequence[str]) -> Mapping[str, float]:
        boosts = dict.fromkeys(self._hinted(tuple(hints)), _HINTED)
        if page:
            boosts[path_of(page)] = _THIS_PAGE
        return boosts

    def _pages_hinted(self, hints: tuple[str, ...]) -> frozenset[str]:
        """The pages that hints name or speak of. The same few hints, a persona's, come with every search."""
        pages: set[str] = set()
        for hint in hints:
            if hint.startswith(("/", "http://", "https://")):
                pages.add(path_of(hint))
                continue
            for part in self._language.read(hint[:QUERY_LIMIT]).parts:
                pages.update(self._entries[number].path for number in self._scales.weigh(part).impacts)
        return frozenset(pages)


def _lines(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        yield from (entry.passage.title, *entry.passage.headings, *entry.passage.text.split("\n"))


def _texts(passages: Sequence[Passage], data: Lexicon) -> Iterator[str]:
    for passage in passages:
        yield from (passage.title, *passage.headings, passage.text)
    yield data.faint
    for group in data.synonyms:
        yield " ".join(group)
