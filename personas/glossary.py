"""Other languages' words for businesses and trades, read as English: what sites and embedding models mostly speak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources

import yaml
from pydantic import TypeAdapter

_CACHED = 4_096
_MOST = 6
"""Glosses of one line; what somebody is comes early."""
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_LONGEST_TERM = 4
"""Words of the longest entry."""
_SHORTEST_HEAD, _SHORTEST_SPECIFIER = 6, 3
"""Letters of a compound's last part, and of what stands before it."""


def glossed(said: str) -> str:
    """Each line with the English for what it says of businesses behind it; the same object where nothing is foreign."""
    lines = said.split("\n")
    read = [_glossed(line) for line in lines]
    return said if read == lines else "\n".join(read)


@lru_cache(_CACHED)
def _glossed(line: str) -> str:
    terms, words = _terms(), _WORD.findall(line.casefold())
    found = []
    for start in range(len(words)):
        spans = (" ".join(words[start:end]) for end in range(start + 1, min(start + _LONGEST_TERM, len(words)) + 1))
        known = [terms[term] for term in spans if term in terms]
        found += known or [terms[head] for head in _heads(words[start]) if head in terms][:1]
    return f"{line} ({', '.join(dict.fromkeys(found[:_MOST]))})" if found else line


def _heads(word: str) -> Iterable[str]:
    """What a word is a kind of where words are written as one: "gerstenbrauerei", "streekziekenhuis"."""
    return (word[start:] for start in range(_SHORTEST_SPECIFIER, len(word) - _SHORTEST_HEAD + 1))


@cache
def _terms() -> Mapping[str, str]:
    text = resources.files("personas").joinpath("resources/glossary.yaml").read_text(encoding="utf-8")
    entries = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(yaml.safe_load(text))
    return {word: english for english, words in entries.items() for word in words}
