"""Recognition as it is shipped: personas compiled from a site's pages, visitors in their own words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.ids import PersonaId
from core.persona import UNKNOWN, Persona
from core.ports import PersonaDetector
from inference.minilm import MiniLMEmbedder
from inference.shared_embedder import SharedEmbedder
from knowledge.reading.page import SitePage
from knowledge.reading.reader import read_site_page
from personas.compiler import compile_personas
from personas.live import build_detector
from tests.personas.compiler import mini_sites, more_sites
from tests.personas.compiler.mini_sites import NOTHING_SOLD, MiniSite

HERE = Path(__file__).parent
SITES = HERE.parents[1] / "evaluation" / "sites"


@pytest.fixture(scope="module")
def shared() -> Iterator[SharedEmbedder]:
    local = MiniLMEmbedder()
    yield SharedEmbedder(local)
    asyncio.run(local.close())


def _pages(name: str) -> tuple[SitePage, ...]:
    folder = SITES / name
    if not folder.is_dir():
        site: MiniSite = getattr(mini_sites, name, None) or getattr(more_sites, name)
        return site.read()
    return tuple(
        read_site_page(file.read_bytes(), url=f"https://{name}.example/{file.relative_to(folder).as_posix()}")
        for file in sorted(folder.rglob("*.html"))
    )


def _right(personas: Sequence[Persona], words: Sequence[str] | None) -> set[PersonaId | None]:
    found = {one.id for one in personas if any(word in one.name.casefold() for word in words or ())}
    return {*found} or {None}


async def _at_the_end(detector: PersonaDetector, messages: Sequence[str]) -> PersonaId | None:
    guess, said = UNKNOWN, ""
    for message in messages:
        said = f"{said}\n{message}".strip()
        guess = await detector.detect(said, page=None, known={}, previous=guess)
    return guess.chosen


# Shares as measured (0.68 and 0.72 right, 0.05 and 0.03 wrong; 0.38 and 0.41 right by words), less two or three
# visitors. Most sites have a sentence or two for each kind of customer, so that much is not recognised; what must stay
# rare is naming a wrong one.
@pytest.mark.parametrize(("name", "right", "wrong"), [("tuned", 0.63, 0.08), ("kept", 0.62, 0.1)])
async def test_that_visitors_of_compiled_personas_are_recognised(
    shared: SharedEmbedder, name: str, right: float, wrong: float
) -> None:
    visitors: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / "visitors_compiled.yaml").read_text("utf-8"))[
        name
    ]
    hits = misses = by_words = count = 0
    for site, some in visitors.items():
        personas = compile_personas(_pages(site), offering=NOTHING_SOLD)
        detector, words = await build_detector(personas, embedder=shared), await build_detector(personas)
        for case in some:
            wanted = _right(personas, case["is"])
            chosen = await _at_the_end(detector, case["said"])
            count += 1
            hits += chosen in wanted
            misses += chosen not in {None, *wanted}
            by_words += await _at_the_end(words, case["said"]) in wanted
    assert hits >= right * count
    assert misses <= wrong * count
    assert hits >= by_words + 0.1 * count
