"""How technical the visitor speaks, and in what style; inferred, never asked."""

from __future__ import annotations

from collections.abc import Iterator

from core.fact import Field, Source
from core.ledger import Known, text_of
from profiles.context import Context
from profiles.facts import Finding
from profiles.reading import Reading
from profiles.technologies import Mention

LEVELS = ("", "low", "medium", "high", "expert")


def read_technical_level(
    reading: Reading, context: Context, mentions: list[Mention], known: Known
) -> Iterator[Finding]:
    """The level these words show, where it is above the one known; a technical visitor stays one."""
    hits = reading.of("technical")
    spots: dict[str, list[tuple[int, int]]] = {"high": [(one.start, one.end) for one in mentions]}
    for hit in hits:
        if hit.name == "low" or not context.foreign(hit.start):
            spots.setdefault(hit.name, []).append((hit.start, hit.end))
    level = _level(spots)
    held = text_of(known, Field.TECHNICAL_LEVEL)
    if level and LEVELS.index(level) > LEVELS.index(held if held in LEVELS else ""):
        start, end = (spots.get(level) or spots["expert"])[0]  # one word of an expert's alone shows a high level
        yield Finding(Field.TECHNICAL_LEVEL, level, start, end, source=Source.INFERRED, confidence=0.7)


def _level(spots: dict[str, list[tuple[int, int]]]) -> str:
    if spots.get("low"):
        return "low"
    expert, high = len(spots.get("expert", ())), len(spots["high"])
    if expert > 1 or (expert and high > 1):
        return "expert"
    return "high" if expert or high else ""


def read_style(reading: Reading, known: Known) -> Iterator[Finding]:
    """A communication style, only where two cues of one style agree and none is known."""
    if Field.STYLE in known:
        return
    hits = reading.of("style")
    for hit in hits:
        if sum(other.name == hit.name for other in hits) > 1 and len({other.name for other in hits}) == 1:
            yield Finding(Field.STYLE, hit.name, hit.start, hit.end, source=Source.INFERRED, confidence=0.6)
            return
