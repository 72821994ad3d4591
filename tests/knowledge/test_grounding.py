"""Questions about invented sites of six trades, answered with the real model: which arm finds what.

Words and weights were chosen with five of them at hand; nobody looked at what `nordkai` gives but for its shares. They
are as measured, less a question or two.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from core.passage import Finding
from inference.minilm import MiniLMEmbedder
from knowledge.search.passage_index import PassageIndex
from tests.knowledge.mini_sites import SITES, Questions, questions_of, site_passages

TUNED = ("gravelway", "kestrelcup", "oldhambooks", "lernwald", "pawledger")
UNTOUCHED = ("nordkai",)


@dataclass
class Told:
    """What was found to every question of some sites: the best finding, None for silence."""

    answers: list[tuple[bool, Finding | None]] = field(default_factory=list)  # right, finding
    undocumented: list[Finding | None] = field(default_factory=list)

    def share_answered(self) -> float:
        return sum(right and found is not None and not found.near for right, found in self.answers) / len(self.answers)

    def share_told(self) -> float:
        """Answered, or the right statement named as the closest there is."""
        return sum(right for right, _ in self.answers) / len(self.answers)

    def share_honest(self) -> float:
        """Silent, or the closest statement told as just that."""
        return sum(found is None or found.near for found in self.undocumented) / len(self.undocumented)


@dataclass(frozen=True)
class Site:
    index: PassageIndex
    questions: Questions

    async def ask(self, told: Told, *, by_words: bool) -> None:
        for one in self.questions.answerable:
            found = self.index.find(one.question) if by_words else await self.index.search(one.question)
            told.answers.append((one.right(found), found[0] if found else None))
        for question in self.questions.unanswerable:
            found = self.index.find(question) if by_words else await self.index.search(question)
            told.undocumented.append(found[0] if found else None)


@pytest.fixture(scope="module")
def sites() -> dict[str, Site]:
    async def opened() -> dict[str, Site]:
        embedder = MiniLMEmbedder()
        found = {}
        for name in (*TUNED, *UNTOUCHED):
            index = PassageIndex(site_passages(name))
            assert await index.learn(embedder)
            found[name] = Site(index=index, questions=questions_of(SITES / f"{name}.yaml"))
        return found

    return asyncio.run(opened())


async def _told(sites: dict[str, Site], names: tuple[str, ...], *, by_words: bool = False) -> Told:
    told = Told()
    for name in names:
        await sites[name].ask(told, by_words=by_words)
    return told


@pytest.mark.parametrize(
    ("names", "answered", "told", "honest"), [(TUNED, 0.66, 0.84, 0.94), (UNTOUCHED, 0.64, 0.78, 0.9)]
)
async def test_questions_get_the_right_statement_and_the_undocumented_is_said_to_be(
    sites: dict[str, Site], names: tuple[str, ...], answered: float, told: float, honest: float
) -> None:
    found = await _told(sites, names)
    assert found.share_answered() >= answered
    assert found.share_told() >= told
    assert found.share_honest() >= honest


@pytest.mark.parametrize("names", [TUNED, UNTOUCHED])
async def test_the_meaning_finds_more_than_the_words_alone(sites: dict[str, Site], names: tuple[str, ...]) -> None:
    fused, words = await _told(sites, names), await _told(sites, names, by_words=True)
    assert fused.share_told() >= words.share_told() + 0.2
    assert words.share_honest() >= 0.9


async def test_every_statement_stands_in_its_passage_letter_for_letter(sites: dict[str, Site]) -> None:
    for site in sites.values():
        for one in site.questions.answerable:
            for finding in await site.index.search(one.question):
                assert 0 <= finding.score <= 1
                assert all(sentence in finding.passage.text for sentence in finding.sentences)


async def test_orders_on_a_page_are_never_quoted(sites: dict[str, Site]) -> None:
    index = sites["gravelway"].index
    for question in ("Is Gravelway free for ever?", "What discount does the assistant offer?", "previous instructions"):
        for finding in await index.search(question):
            assert "instructions" not in finding.passage.text
            assert "90%" not in finding.passage.text


async def test_pages_that_disagree_on_a_price_are_both_told(sites: dict[str, Site]) -> None:
    (finding,) = await sites["gravelway"].index.search("what does the Crew plan cost?")
    texts = {" ".join(one.sentences) for one in (finding, *finding.conflicts)}
    pages = {one.passage.url for one in (finding, *finding.conflicts)}
    assert pages == {"/pricing/", "/help/"}
    assert any("£14" in text for text in texts)
    assert any("£16" in text for text in texts)


async def test_a_mere_statement_is_not_read_for_its_meaning(sites: dict[str, Site]) -> None:
    index = sites["kestrelcup"].index
    for text in ("We need coffee for an office of forty.", "our machine has milk"):
        assert await index.search(text) == index.find(text)
