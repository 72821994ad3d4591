"""`python -m benchmarks.detector`: what it costs to guess the persona after each message, by words and by meaning.

32 visitors write at once, message by message; the personas are those of the example desk. CPU is that of the whole
process, model thread included. No vector is found twice: every visitor's texts are made different in their spaces.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from benchmarks.corpus import conversations
from benchmarks.table import Row, Target, measured, shown
from core.ids import PersonaId
from core.persona import UNKNOWN, Persona
from core.ports import Embedder, PersonaDetector
from inference.minilm import MiniLMEmbedder, minilm_available
from inference.shared_embedder import SharedEmbedder
from personas.live import build_detector

DESK = Path(__file__).parents[1] / "examples" / "desk" / "personas.yaml"
VISITORS = 32
ROUNDS = 3
SCENARIO = 2
_STATM_RSS, _PAGE = 1, 4_096
_LISTS = (
    "company_sizes", "industries", "roles", "pains", "features", "cues", "objections", "proof", "openers",
    "quick_replies", "buying_patterns", "pages",
)  # fmt: skip
_TEXTS = ("name", "kind", "description", "technical_level", "budget", "plan")


class Counting:
    """Counts texts on their way to a model."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.texts = 0
        self.batches = 0

    @property
    def model(self) -> str:
        return self._inner.model

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        self.texts += len(texts)
        self.batches += 1
        return await self._inner.embed(texts)


class Spent(msgspec.Struct, frozen=True):
    """One round: milliseconds of CPU a message, messages, texts embedded and runs of the model."""

    cpu: float
    messages: int
    embedded: int = 0
    batches: int = 0


def example_personas() -> list[Persona]:
    """The example desk's, with all that detection reads."""
    return [_persona(entry) for entry in yaml.safe_load(DESK.read_text(encoding="utf-8"))["personas"]]


def _persona(entry: Mapping[str, Any]) -> Persona:
    fields: dict[str, Any] = {key: str(entry[key]) for key in _TEXTS if entry.get(key)}
    fields |= {key: tuple(entry[key]) for key in _LISTS if entry.get(key)}
    return Persona(id=PersonaId(entry["id"]), **fields)


def visitors() -> list[tuple[str, ...]]:
    """The corpus, as often as it takes; a text's spaces tell the visitors apart, which no model sees."""
    known = conversations()
    return [
        tuple(re.sub(" ", " " * (1 + number // len(known)), text) for text in known[number % len(known)])
        for number in range(VISITORS)
    ]


async def spent(detector: PersonaDetector, counting: Counting | None) -> Spent:
    """Everybody's messages, one after the other, all visitors at once."""
    crowd = visitors()
    before = (counting.texts, counting.batches) if counting else (0, 0)
    start = time.process_time()
    await asyncio.gather(*(_talk(detector, messages) for messages in crowd))
    cpu = (time.process_time() - start) * 1_000
    messages = sum(map(len, crowd))
    after = (counting.texts, counting.batches) if counting else (0, 0)
    return Spent(cpu / messages, messages, after[0] - before[0], after[1] - before[1])


async def _talk(detector: PersonaDetector, messages: Sequence[str]) -> None:
    guess, said = UNKNOWN, ""
    for message in messages:
        said = f"{said}\n{message}".strip()
        guess = await detector.detect(said, page=None, known={}, previous=guess)


async def bench() -> list[Row]:
    personas = example_personas()
    words = [await spent(await build_detector(personas), None) for _ in range(ROUNDS)]
    rows = [_row("CPU a message, words alone", (one.cpu for one in words), "ms")]
    if not minilm_available():
        return rows
    before, start = _megabytes(), time.perf_counter()
    local = MiniLMEmbedder()
    await local.load()
    loaded = time.perf_counter() - start
    fused, ready = [], []
    for _ in range(ROUNDS):
        counting = Counting(local)
        start = time.perf_counter()
        detector = await build_detector(personas, embedder=SharedEmbedder(counting))
        ready.append(time.perf_counter() - start)
        fused.append(await spent(detector, counting))
    rows += _rows(fused)
    rows.append(_row("load the model", [loaded], "s"))
    rows.append(_row("learn five personas", ready, "s"))
    rows.append(_row("memory added by the model", [_megabytes() - before], "MB", scenario=8))
    await local.close()
    return rows


def _rows(fused: Sequence[Spent]) -> list[Row]:
    crowd = f"CPU a message, words and meaning, {VISITORS} visitors at once"
    return [
        _row(crowd, (one.cpu for one in fused), "ms", target=Target(2.5, 1)),
        _row("messages that were not embedded", (100 * (1 - one.embedded / one.messages) for one in fused), "%"),
        _row("texts in a batch", (one.embedded / max(one.batches, 1) for one in fused)),
    ]


def _row(
    what: str, values: Iterable[float], unit: str = "", *, scenario: int = SCENARIO, target: Target | None = None
) -> Row:
    return Row(scenario=scenario, what=what, measured=measured(values), unit=unit, target=target)


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text("utf-8").split()[_STATM_RSS]) * _PAGE / 1_000_000


def main() -> int:
    if not Path("/proc/self/statm").exists():
        print("The bench reads memory from /proc, so it needs Linux.")
        return 0
    print(shown(asyncio.run(bench())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
