"""Search by words and by meaning at once, for questions that the words alone do not settle."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf
from operator import attrgetter

from core.passage import Finding
from core.ports import Embedder
from knowledge.search.fusion import (
    Asked,
    Query,
    Ranked,
    doubts,
    fusion_weights,
    ranked_statements,
    sureness,
    told,
    unanswered,
)
from knowledge.search.index import Entry, lead_of
from knowledge.search.meaning import Meaning
from knowledge.search.topic_meaning import Meant, TopicMeaning
from knowledge.search.topics import Topic, Touched, telling
from knowledge.search.weighing import Scales, Weighed

SURE = 0.57
"""Sureness from which a finding counts as an answer, after the doubts: honest to 95 in 100 questions without one."""

NEAR = 0.05
"""Sureness from which the closest statement is worth telling as the closest."""

_CERTAIN = 0.93
"""Sureness from which the best passage hardly ever leaves it to the next one to answer."""
_PER_RANK, _PER_RANK_CERTAIN = 0.08, 0.2
"""Score that a passage loses for every step of rank below the best: half as likely to be the one is 0.7 of a step."""
_SAME_QUESTION = 0.25
"""Nearness, in eighths of a deviation, from which a heading asks much the same: two deviations above the average."""
_BESIDE = 2.0
"""Rank that the best statement of a second passage may lie behind, to be told as the closest, too."""
_ON_TOPIC = 0.9
"""Sureness of a statement that tells of the very thing that is asked for, as what is asked for is known."""
_MAYBE_ON_TOPIC = 0.6
"""The same where what is asked for is told by its meaning alone, and not clearly."""
_PLAINLY, _FOREIGN = 1.5, 0.4
"""How much the rank by a page's own question counts against the visitor's, and what theirs does if translated."""
_OURS = 3.0
_REMEMBERED_PARTS = 4_096
_MAX_PARTS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTopic:
    """What tells of a topic, and its rank by which it is compared with what tells of another one."""

    finding: Finding
    rank: float


class FusedSearch:
    """Finds what answers a question among the passages of one site."""

    def __init__(
        self,
        entries: Sequence[Entry],
        scales: Scales,
        meaning: Meaning,
        topics: TopicMeaning | None,
        embedder: Embedder,
    ) -> None:
        self._entries = entries
        self._scales = scales
        self._meaning = meaning
        self._topics = topics
        self._embedder = embedder
        self._likened: OrderedDict[str, Weighed] = OrderedDict()
        self._telling: dict[str, dict[int, frozenset[int]]] = {}

    async def find(self, query: Query, *, limit: int) -> tuple[Finding, ...]:
        """Findings that answer, best first; else the closest one, marked so, where it is close enough to be told.

        Raises `ModelError` when the question cannot be read for its meaning.
        """
        passages, asked = await self.ranked(query)
        if not passages:
            return ()
        first = passages[0]
        entry = self._entries[first[0].entry]
        ahead = first[0].rank - passages[1][0].rank if len(passages) > 1 else 0.0
        sure = sureness(first, entry, asked, _worded(query, entry), fusion_weights(), ahead=ahead)
        if sure * doubts(first, entry, asked, query.reading) < SURE:
            return self._closest(passages, sure, query) if sure >= NEAR else ()
        found: dict[str, Finding] = {}
        per_rank = _PER_RANK if sure < _CERTAIN else _PER_RANK_CERTAIN
        for ranked in passages:
            behind = (first[0].rank - ranked[0].rank) * per_rank
            if behind >= 1 or len(found) >= limit:
                break
            entry = self._entries[ranked[0].entry]
            own = sureness(ranked, entry, asked, _worded(query, entry), fusion_weights(), ahead=0.0)
            if ranked is first or (own >= SURE and _stands_alone(entry, ranked[0])):
                finding = _finding(entry, ranked, sure * (1 - behind), query)
                found.setdefault(finding.sentences[0], finding)
        return tuple(found.values())

    async def meant(self, question: str) -> Meant | None:
        """The topic that a question means, of which the site tells; None for most.

        Raises `ModelError` when the question cannot be read for its meaning.
        """
        if self._topics is None:
            return None
        (vector,) = await self._embedder.embed([question])
        meant = self._topics.of(vector)
        return meant if meant is not None and self.telling(meant.topic) else None

    async def on_topic(self, query: Query, touched: Touched, asked_plainly: Query, *, loosely: bool) -> OnTopic | None:
        """The best of the statements that tell of a topic, by the visitor's words and by those of a page; None if none.

        `loosely`: the visitor's words are translated, or ask for something else besides.

        Raises `ModelError` when the question cannot be read for its meaning.
        """
        places = self.telling(touched.topic)
        if not places:
            return None
        own, asked = await self.ranked(query, also=places)
        plain, _ = await self.ranked(asked_plainly, also=places)
        ranks = {(one.entry, one.place): one.rank for ranked in own for one in ranked}
        own_share = _FOREIGN if loosely or not touched.words else 1.0
        best: list[Ranked] = []
        for ranked in plain:
            kept = [
                replace(one, rank=self._on_topic(one, touched) + own_share * ranks[one.entry, one.place])
                for one in ranked
                if one.place in places.get(one.entry, ()) and (one.entry, one.place) in ranks
            ]
            kept.sort(key=attrgetter("rank"), reverse=True)
            if kept and (not best or kept[0].rank > best[0].rank):
                best = kept
        if not best:
            return None
        entry = self._entries[best[0].entry]
        sure = _ON_TOPIC if touched.words or touched.clearly else _MAYBE_ON_TOPIC
        finding = _finding(entry, best, sure, query)
        loosely = loosely or query.text == touched.topic.question
        open_ = () if loosely or touched.clearly else unanswered(asked, best, entry, but=touched.words)
        return OnTopic(finding=replace(finding, near=bool(open_)), rank=best[0].rank)

    def _on_topic(self, ranked: Ranked, touched: Touched) -> float:
        ours = touched.topic.ours and self._entries[ranked.entry].sentences[ranked.place].about_us
        return _PLAINLY * ranked.rank + _OURS * ours

    def telling(self, topic: Topic) -> dict[int, frozenset[int]]:
        """Where the site tells of a topic: passage -> the places of its statements that do."""
        if topic.question not in self._telling:
            self._telling[topic.question] = telling(topic, self._entries)
        return self._telling[topic.question]

    def _closest(self, passages: Sequence[Sequence[Ranked]], sure: float, query: Query) -> tuple[Finding, ...]:
        """The closest statements, marked so: those of the best passage, or the best of the two best ones."""
        first, *others = passages
        second = first[1].rank if len(first) > 1 else -inf
        beside = [one for one in others[:1] if one[0].rank > max(second, first[0].rank - _BESIDE)]
        found = (_finding(self._entries[one[0].entry], one, sure, query) for one in (first, *beside))
        return tuple(replace(finding, near=True) for finding in found)

    async def ranked(self, query: Query, *, also: Iterable[int] = ()) -> tuple[list[list[Ranked]], list[Asked]]:
        """The candidates' statements by passage, best first, and the question as it was weighed."""
        parts = query.reading.parts[:_MAX_PARTS]
        weighed = [self._likened.get(part) or self._scales.weigh(part) for part in parts]
        unlike = [
            one for one in weighed if one.part not in self._likened and not one.faint and one.part not in query.names
        ]
        vectors = await self._embedder.embed([query.text, *(one.part for one in unlike)])
        for one, vector in zip(unlike, vectors[1:], strict=True):
            self._remember(self._scales.likened(one, () if one.impacts else self._meaning.like(vector)))
        asked = [
            Asked(
                terms=one.terms,
                weight=one.weight,
                impacts=one.impacts,
                name=query.names.get(one.part, ""),
                telling=not one.faint,
                vital=self._scales.is_vital(one),
                part=one.part,
                light=self._scales.is_light(one),
            )
            for one in (self._likened.get(one.part, one) for one in weighed)
            if not one.company
        ]
        near = self._meaning.near(vectors[0])
        candidates = {number: self._entries[number] for number in (*near.candidates, *query.candidates, *also)}
        return ranked_statements(candidates, asked, near, query, fusion_weights()), asked

    def _remember(self, weighed: Weighed) -> None:
        self._likened[weighed.part] = weighed
        if len(self._likened) > _REMEMBERED_PARTS:
            self._likened.popitem(last=False)


def _stands_alone(entry: Entry, ranked: Ranked) -> bool:
    """Whether a statement may stand beside another: not the answer to a question that is unlike the one asked."""
    return not entry.heading.endswith("?") or ranked.features["asked_above"] >= _SAME_QUESTION


def _worded(query: Query, entry: Entry) -> float:
    return next((one.score for one in query.worded if one.passage is entry.passage), 0.0)


def _finding(entry: Entry, ranked: Sequence[Ranked], sure: float, query: Query) -> Finding:
    said = [entry.sentences[one.place].text for one in told(ranked, entry, query.reading)]
    lead = lead_of(entry, entry.sentences[ranked[0].place])
    return Finding(passage=entry.passage, sentences=tuple(said), score=min(sure, 1.0), lead=lead)
