"""What a question asks for by its topic, where what was found by its words tells of something else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from core.passage import Finding, Passage
from knowledge.search.connections import Connections
from knowledge.search.fusion import Query
from knowledge.search.index import Entry
from knowledge.search.topics import Topics, Touched, tells_of

if TYPE_CHECKING:
    from knowledge.search.fused import FusedSearch

CERTAIN = 0.93
"""Score from which a finding stands whatever topic the question may mean beside."""

_JOINS = re.compile(r"\b(?:and|und|sowie|et|y|e|en|plus|also|as well as)\b|[,/&、と]", re.IGNORECASE)
"""What joins two things that are asked about at once."""


class _Understands(Protocol):
    def __call__(self, text: str) -> Query: ...


class OnTopicSearch:
    """Finds what tells of the topics a question asks for, by their words or by what it means."""

    def __init__(
        self, topics: Topics, connections: Connections, entries: Mapping[Passage, Entry], query: _Understands
    ) -> None:
        self._topics = topics
        self._connections = connections
        self._entries = entries
        self._query = query

    async def find(
        self, question: str, asked: Query, found: tuple[Finding, ...], fused: FusedSearch
    ) -> tuple[Finding, ...] | None:
        """What tells of the topic that is asked for, where what was found does not; None where that may stand."""
        touched = [
            one
            for one in self._connections.of(question) or self._topics.of(question)
            if not asked.priced or (one.topic.strict and one.topic.required)
        ]
        touched = await self._clearly(asked, touched, fused)
        wider = {one.topic.narrows for one in touched if one.topic.narrows and fused.telling(one.topic)}
        touched = [one for one in touched if one.topic.question not in wider]
        if not touched or self._may_stand(found, touched):
            return None
        foreign = asked.text not in question
        several = len(touched) > 1 and _JOINS.search(question) is not None
        by_meaning = any(one.clearly and not one.words for one in touched)
        # a translated question is worse than a page's
        if self._tells(found, touched) and not (foreign or several or by_meaning):
            return found
        told = [
            await fused.on_topic(asked, one, self._query(one.topic.question), loosely=foreign or several)
            for one in touched
        ]
        sure = sorted(filter(None, told), key=lambda one: (not one.finding.near, one.rank), reverse=True)
        if sure:
            most = len(sure) if several else 1
            kept = {
                one.finding.sentences[0]: one.finding for one in sure[:most] if one is sure[0] or not one.finding.near
            }
            return tuple(kept.values())
        if asked.priced or not all(one.topic.strict for one in touched):
            return None
        return tuple(replace(one, near=True, conflicts=()) for one in found)

    async def _clearly(self, asked: Query, touched: list[Touched], fused: FusedSearch) -> list[Touched]:
        """The topics touched by words, or where there is none the one that the question means."""
        if asked.priced:
            return touched
        meant = await fused.meant(asked.text)
        if meant is None:
            return touched
        if not touched:
            return [Touched(topic=meant.topic, words="", clearly=meant.clearly)]
        return [replace(one, clearly=meant.clearly and one.topic is meant.topic) for one in touched]

    def _tells(self, found: Sequence[Finding], touched: Sequence[Touched]) -> bool:
        """Whether what was found answers, and tells of a topic that is asked for."""
        first = next(iter(found), None)
        if first is None or first.near:
            return False
        entry = self._entries[first.passage]
        return any(tells_of(one.topic, entry, first.sentences[:2]) for one in touched)

    def _may_stand(self, found: Sequence[Finding], touched: Sequence[Touched]) -> bool:
        """Whether what was found answers a topic that may be told in words of its own."""
        answers = bool(found) and not found[0].near
        if not answers or self._tells(found, touched):
            return False
        if not all(one.words for one in touched) and found[0].score >= CERTAIN:
            return True
        if any(one.topic.strict or one.clearly for one in touched):
            return False
        return all(one.words for one in touched) or not self._on_another(found[0], touched)

    def _on_another(self, found: Finding, touched: Sequence[Touched]) -> bool:
        """Whether a finding tells of a topic that the question does not ask for."""
        entry, meant = self._entries[found.passage], {one.topic.question for one in touched}
        return any(tells_of(one, entry, found.sentences[:1]) for one in self._topics if one.question not in meant)
