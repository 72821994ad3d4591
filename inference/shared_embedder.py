"""One embedder for everybody: calls of one moment become one batch, and known texts cost nothing."""

from __future__ import annotations

import asyncio
import heapq
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from itertools import count
from typing import TypeAlias

from core.errors import FrontdeskError, ModelError
from core.ports import Embedder

WINDOW = 0.003
"""Seconds that a text waits for company when nothing is being computed."""
BATCH = 32
REMEMBERED = 4_096
"""Texts whose vectors are kept: 6 MB at 384 dimensions."""

_Vector: TypeAlias = "array[float]"


class SharedEmbedder:
    """`core.ports.Embedder` in front of another, for one event loop.

    Texts asked for twice are computed once. Calls with few texts go before calls with many, so that an index being
    built keeps no visitor waiting. A caller that is cancelled takes nothing from the others; an error reaches all
    whose texts were in the batch, and is not remembered.
    """

    def __init__(
        self, inner: Embedder, *, window: float = WINDOW, batch: int = BATCH, remembered: int = REMEMBERED
    ) -> None:
        self._inner = inner
        self._window = window
        self._batch = batch
        self._remembered = remembered
        self._known: OrderedDict[str, _Vector] = OrderedDict()
        self._asked: dict[str, asyncio.Future[_Vector]] = {}
        self._waiting: list[tuple[int, int, str]] = []
        self._numbers = count()
        self._work: asyncio.Task[None] | None = None

    @property
    def model(self) -> str:
        """See `core.ports.Embedder`."""
        return self._inner.model

    async def embed(self, texts: Sequence[str]) -> Sequence[_Vector]:
        """See `core.ports.Embedder`. The vectors are shared: do not change them."""
        known = {text: vector for text in texts if (vector := self._recall(text)) is not None}
        if len(known) < len(set(texts)):
            asked = {text: self._ask(text, len(texts)) for text in dict.fromkeys(texts) if text not in known}
            await asyncio.wait(asked.values())  # unlike gather, leaves them alone when this caller is cancelled
            known |= {text: future.result() for text, future in asked.items()}
        return [known[text] for text in texts]

    def known(self, text: str) -> bool:
        """Whether a text's vector is at hand."""
        return text in self._known

    async def close(self) -> None:
        """Give up what waits: its callers get `ModelError`."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait([self._work])
        for future in self._asked.values():
            if not future.done():
                future.set_exception(ModelError("the embedding model is being closed"))
        self._asked.clear()
        self._waiting.clear()

    def _recall(self, text: str) -> _Vector | None:
        vector = self._known.get(text)
        if vector is not None:
            self._known.move_to_end(text)
        return vector

    def _ask(self, text: str, company: int) -> asyncio.Future[_Vector]:
        """The coming vector of a text; `company` is how many texts the call asks for."""
        future = self._asked.get(text)
        if future is None:
            future = self._asked[text] = asyncio.get_running_loop().create_future()
            future.add_done_callback(_seen)
            heapq.heappush(self._waiting, (company, next(self._numbers), text))
            if self._work is None or self._work.done():
                self._work = asyncio.create_task(self._compute())
        return future

    async def _compute(self) -> None:
        await asyncio.sleep(self._window)
        while self._waiting:
            taken = [heapq.heappop(self._waiting)[2] for _ in range(min(self._batch, len(self._waiting)))]
            taken.sort(key=len)
            try:
                vectors = await self._inner.embed(taken)
                self._settle(dict(zip(taken, vectors, strict=True)))
            except FrontdeskError as error:
                self._fail(taken, error)
            except Exception as error:
                self._fail(taken, ModelError(f"the embedding model failed ({type(error).__name__})"))

    def _settle(self, vectors: dict[str, _Vector]) -> None:
        for text, vector in vectors.items():
            self._known[text] = vector
            future = self._asked.pop(text)
            if not future.done():
                future.set_result(vector)
        while len(self._known) > self._remembered:
            self._known.popitem(last=False)

    def _fail(self, texts: Sequence[str], error: FrontdeskError) -> None:
        for text in texts:
            future = self._asked.pop(text, None)
            if future is not None and not future.done():
                future.set_exception(error)


def _seen(future: asyncio.Future[_Vector]) -> None:
    """Errors of texts whose callers are gone are nobody's: without this the loop would report them."""
    if not future.cancelled():
        future.exception()
