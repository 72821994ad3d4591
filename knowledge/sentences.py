"""Splitting a line of text into sentences, letter for letter."""

from __future__ import annotations

import re

_BOUNDARY = re.compile(
    r"""(?<=[.!?…])(?P<close>["'”’»)\]]{0,2})\s+(?=["'“‘«(\[¿¡]?[^\W_a-zß-ÿ]|[$€£¥])"""
    r"|(?<=[。！？])(?=\S)",
)
_ABBREVIATIONS = frozenset(
    {
        "e.g", "i.e", "etc", "vs", "cf", "inc", "ltd", "corp", "co", "dr", "mr", "mrs", "ms", "prof", "st",
        "nr", "art", "sec", "fig", "approx", "est", "dept", "min", "max", "incl", "excl", "u.s", "u.k", "a.m",
        "p.m", "z.b", "d.h", "u.a", "bzw", "ca", "ggf", "inkl", "zzgl", "mwst", "usw", "evtl", "sog", "p.ex",
        "env", "sr", "sra", "ej",
    },
)  # fmt: skip


def split_sentences(line: str) -> tuple[str, ...]:
    """The sentences of one line, in order; each is a substring of it. Prices, decimals and abbreviations stay whole."""
    sentences: list[str] = []
    start = 0
    for boundary in _BOUNDARY.finditer(line):
        end = boundary.end("close") if boundary.group("close") is not None else boundary.start()
        if _abbreviated(line[start:end]):
            continue
        sentences.append(line[start:end].strip())
        start = boundary.end()
    sentences.append(line[start:].strip())
    return tuple(sentence for sentence in sentences if sentence)


def _abbreviated(sentence: str) -> bool:
    if not sentence.endswith("."):
        return False
    last = sentence.rsplit(maxsplit=1)[-1].strip("(\"'“‘.").casefold()
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha())
