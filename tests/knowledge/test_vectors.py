from __future__ import annotations

from array import array
from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise
from math import sqrt
from pathlib import Path

import pytest

from core.errors import ModelError
from core.passage import Passage
from knowledge.reading.passages import digest
from knowledge.search.passage_index import PassageIndex
from knowledge.search.vectors import vectors_of

TEXTS = ("Parcels leave at six.", "Roses need rain.", "parcel")


class Letters:
    """A small embedder that can be followed by hand: a vector of a text's letter pairs. Counts what it was asked."""

    def __init__(self, model: str = "letters/64", *, broken: bool = False) -> None:
        self.model = model
        self.broken = broken
        self.asked: list[str] = []

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        if self.broken:
            raise ModelError("the model is gone")
        self.asked += texts
        return [self._vector(text.casefold()) for text in texts]

    def _vector(self, text: str) -> array[float]:
        vector = [0.0] * 64
        for pair in pairwise(text):
            vector[blake2b("".join(pair).encode(), digest_size=1).digest()[0] % 64] += 1.0
        length = sqrt(sum(value * value for value in vector)) or 1.0
        return array("f", (value / length for value in vector))


def _passages(*texts: str) -> list[Passage]:
    return [
        Passage(url=f"/{number}/", title="Site", headings=("Post",), text=text, hash=digest(text))
        for number, text in enumerate(texts)
    ]


async def test_a_text_is_computed_once_and_only_what_is_new_later(tmp_path: Path) -> None:
    cache = tmp_path / "vectors"
    first = Letters()
    before = await vectors_of((*TEXTS, *TEXTS), first, cache)
    assert sorted(first.asked) == sorted(TEXTS)
    second = Letters()
    after = await vectors_of((*TEXTS, "Tulips"), second, cache)
    assert second.asked == ["Tulips"]
    assert {text: after[text] for text in TEXTS} == dict(before)


async def test_vectors_of_another_model_are_never_used(tmp_path: Path) -> None:
    cache = tmp_path / "vectors"
    await vectors_of(TEXTS, Letters(), cache)
    other = Letters("other/64")
    await vectors_of(TEXTS, other, cache)
    assert sorted(other.asked) == sorted(TEXTS)


async def test_texts_that_are_gone_leave_the_file(tmp_path: Path) -> None:
    cache = tmp_path / "vectors"
    await vectors_of(TEXTS, Letters(), cache)
    size = cache.stat().st_size
    await vectors_of(TEXTS[:1], Letters(), cache)
    assert cache.stat().st_size < size
    assert not cache.with_suffix(".part").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"no header\n", b'{"format": 1}\nxx', b"\xff" * 2_000])
async def test_a_damaged_file_costs_only_time(tmp_path: Path, content: bytes) -> None:
    cache = tmp_path / "vectors"
    cache.write_bytes(content)
    embedder = Letters()
    assert set(await vectors_of(TEXTS, embedder, cache)) == set(TEXTS)
    assert sorted(embedder.asked) == sorted(TEXTS)
    again = Letters()
    await vectors_of(TEXTS, again, cache)
    assert again.asked == []


async def test_a_file_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    cache = tmp_path / "vectors"
    await vectors_of(TEXTS, Letters(), cache)
    cache.write_bytes(cache.read_bytes()[:-10])
    embedder = Letters()
    await vectors_of(TEXTS, embedder, cache)
    assert sorted(embedder.asked) == sorted(TEXTS)


async def test_a_folder_that_cannot_be_written_costs_only_the_file(tmp_path: Path) -> None:
    assert set(await vectors_of(TEXTS, Letters(), tmp_path / "missing" / "vectors")) == set(TEXTS)


async def _learned(passages: Sequence[Passage], embedder: Letters, cache: Path | None = None) -> PassageIndex:
    index = PassageIndex(passages)
    await index.learn(embedder, cache)
    return index


async def test_an_index_is_opened_without_computing_anything_twice(tmp_path: Path) -> None:
    passages = _passages("Parcels leave the warehouse at six.", "Roses need rain in May.")
    cache = tmp_path / "vectors"
    await _learned(passages, Letters(), cache)
    again = Letters()
    await _learned(passages, again, cache)
    assert again.asked == []
    changed = Letters()
    await _learned([*passages[:1], *_passages("", "Tulips need rain in May.")[1:]], changed, cache)
    assert any("Tulips" in text for text in changed.asked)
    assert not any("Parcels" in text for text in changed.asked)


async def test_without_a_model_words_alone_answer(caplog: pytest.LogCaptureFixture) -> None:
    passages = _passages("Parcels leave the warehouse at six.", "Roses need rain in May.")
    question = "when do parcels leave?"
    by_words = PassageIndex(passages).find(question)
    assert by_words
    index = PassageIndex(passages)
    assert await index.search(question) == by_words
    assert not await index.learn(Letters(broken=True))
    assert await index.search(question) == by_words
    assert caplog.text.count("the model is gone") == 1


async def test_a_model_that_fails_later_costs_no_answer() -> None:
    embedder = Letters()
    index = await _learned(_passages("Parcels leave the warehouse at six.", "Roses need rain."), embedder)
    embedder.broken = True
    for question in ("when do parcels leave?", "is there somebody who waters roses on Sundays?"):
        assert await index.search(question) == index.find(question)


async def test_an_empty_site_is_opened() -> None:
    index = await _learned((), Letters())
    assert await index.search("anything?") == ()
