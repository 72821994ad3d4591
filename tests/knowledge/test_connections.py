"""Whether it goes together with a thing of the visitor's, which a page may call by an everyday word."""

from __future__ import annotations

import asyncio

import pytest

from core.passage import Passage
from inference.minilm import MiniLMEmbedder
from knowledge.reading.passages import digest
from knowledge.search.passage_index import PassageIndex

_PAGES = {
    "/": ("Stallwise plans riding lessons, stables and the front yard of a school.", "Stallwise"),
    "/links/": ("Stallwise hands its bills to Xero, Wave and Sage.", "Bills"),
    "/rain/": ("Works with gloves, and a wave of the hand opens the gate in the front yard.", "In the rain"),
    "/trust/": ("Everything lies in Helsinki, and our IT people sit there.", "Trust"),
}


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    passages = (
        Passage(url=url, title=f"{heading} | Stallwise", headings=(heading,), text=text, hash=digest(text))
        for url, (text, heading) in _PAGES.items()
    )
    built = PassageIndex(tuple(passages))
    assert asyncio.run(built.learn(MiniLMEmbedder()))
    return built


@pytest.mark.parametrize(
    "question",
    [
        "does your thing plug into wave?",
        "can it talk to Xero as well",
        "is there a connector for Sage?",
        "Läuft das auch mit Wave?",
        "est-ce que ça marche avec Xero ?",
        "werkt het samen met Sage?",
        "Xeroと連携できますか？",
    ],
)
async def test_a_thing_that_is_named_is_told_where_it_stands(index: PassageIndex, question: str) -> None:
    found = await index.search(question)
    assert "Xero, Wave and Sage" in found[0].sentences[0]
    assert not found[0].near


@pytest.mark.parametrize(
    "question", ["does it plug into Billomat?", "can it talk to Front?", "lauft es mit Datev?", "can it talk to it?"]
)
async def test_a_thing_that_is_not_named_is_said_not_to_be(index: PassageIndex, question: str) -> None:
    assert all(finding.near for finding in await index.search(question))
