"""Batches, memory and fairness of the shared embedder."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence

import pytest

from core.errors import DependencyError, FrontdeskError, ModelError
from core.ports import Embedder
from inference.shared_embedder import SharedEmbedder


class Recording:
    """Answers when let; `calls` keeps the batches. A text's vector is its length."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.error: Exception | None = None
        self.started = asyncio.Event()
        self.go = asyncio.Event()
        self.go.set()

    @property
    def model(self) -> str:
        return "lengths/1"

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        self.calls.append(list(texts))
        self.started.set()
        await self.go.wait()
        if self.error:
            raise self.error
        return [array("f", [len(text)]) for text in texts]


@pytest.fixture
def inner() -> Recording:
    return Recording()


async def test_that_calls_of_one_moment_are_one_batch(inner: Recording) -> None:
    shared: Embedder = SharedEmbedder(inner)
    answers = await asyncio.gather(shared.embed(["four", "to"]), shared.embed(["longest"]), shared.embed(["to"]))
    assert [[list(vector) for vector in answer] for answer in answers] == [[[4.0], [2.0]], [[7.0]], [[2.0]]]
    assert inner.calls == [["to", "four", "longest"]]
    assert shared.model == inner.model


async def test_that_known_texts_cost_nothing(inner: Recording) -> None:
    shared = SharedEmbedder(inner, remembered=2)
    await shared.embed(["a", "bb"])
    await shared.embed(["a"])
    assert len(inner.calls) == 1
    await shared.embed(["ccc"])  # pushes out the one that was not used since
    assert (shared.known("a"), shared.known("bb"), shared.known("ccc")) == (True, False, True)


async def test_that_a_batch_has_a_largest_size(inner: Recording) -> None:
    await SharedEmbedder(inner, batch=32).embed([f"text {number}" for number in range(70)])
    assert [len(call) for call in inner.calls] == [32, 32, 6]


async def test_that_a_visitor_goes_before_an_index(inner: Recording) -> None:
    shared = SharedEmbedder(inner, window=0, batch=10)
    inner.go.clear()
    index = asyncio.create_task(shared.embed([f"passage {number}" for number in range(40)]))
    await inner.started.wait()
    visitor = asyncio.create_task(shared.embed(["hello"]))
    await asyncio.sleep(0)
    inner.go.set()
    await asyncio.gather(index, visitor)
    assert "hello" in inner.calls[1]


async def test_that_a_cancelled_caller_takes_nothing_from_others(inner: Recording) -> None:
    shared = SharedEmbedder(inner, window=0)
    inner.go.clear()
    first, second = (asyncio.create_task(shared.embed(["same", name])) for name in ("one", "three"))
    await inner.started.wait()
    first.cancel()
    inner.go.set()
    assert [list(vector) for vector in await second] == [[4.0], [5.0]]
    with pytest.raises(asyncio.CancelledError):
        await first


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ModelError("away"), ModelError),
        (DependencyError("missing"), DependencyError),
        (RuntimeError("secret"), ModelError),
    ],
)
async def test_that_an_error_reaches_all_and_is_not_kept(
    inner: Recording, error: Exception, raised: type[FrontdeskError]
) -> None:
    shared = SharedEmbedder(inner)
    inner.error = error
    results = await asyncio.gather(shared.embed(["a"]), shared.embed(["a", "b"]), return_exceptions=True)
    assert [type(result) for result in results] == [raised, raised]
    assert "secret" not in str(results[0])
    inner.error = None
    assert [list(vector) for vector in await shared.embed(["a"])] == [[1.0]]


async def test_that_a_wrong_number_of_vectors_is_an_error() -> None:
    class Short(Recording):
        async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
            return (await super().embed(texts))[1:]

    with pytest.raises(ModelError):
        await SharedEmbedder(Short()).embed(["a", "b"])


async def test_that_closing_leaves_nobody_waiting(inner: Recording) -> None:
    shared = SharedEmbedder(inner)
    inner.go.clear()
    waiting = asyncio.create_task(shared.embed(["a"]))
    await inner.started.wait()
    await shared.close()
    with pytest.raises(ModelError):
        await waiting


async def test_that_no_texts_are_no_work(inner: Recording) -> None:
    assert list(await SharedEmbedder(inner).embed([])) == []
    assert inner.calls == []
