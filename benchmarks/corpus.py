"""The conversations every system under test is given: `corpus.txt`, one message a line, blank lines between."""

from __future__ import annotations

from pathlib import Path

CORPUS = Path(__file__).with_name("corpus.txt")


def conversations() -> tuple[tuple[str, ...], ...]:
    """Every conversation, each the visitor's messages in order."""
    blocks = CORPUS.read_text("utf-8").strip().split("\n\n")
    return tuple(tuple(block.splitlines()) for block in blocks)
