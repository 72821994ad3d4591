"""Where a site sends people who do not buy: to its support, its jobs, its press office."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.passage import CELL, Finding
from knowledge.search.index import Entry, Sentence, lead_of

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.\w|\b[a-z][a-z0-9-]+(?:\.[a-z0-9-]{2,}){1,3}\b", re.ASCII)
"""An e-mail address or the name of a host, by which somebody can turn elsewhere."""
_OWN_WORD, _OWN_PAGE, _ABOVE = 2.0, 1.5, 1.0
_ENOUGH = 2.0
"""A sentence with an address must speak of such people itself; under a heading that does, it is the better one."""
_MOST_WORDS = 40


class Door(BaseModel):
    """How a site writes of such people, and what pages for them are called."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    pages: tuple[str, ...]

    def pattern(self) -> re.Pattern[str]:
        """Matches any of the words."""
        either = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in self.words)
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


class Doors:
    """The one statement for each kind of visitor that says where they are to turn; none where the site says nothing."""

    def __init__(self, entries: Sequence[Entry], doors: Mapping[str, Door]) -> None:
        found = {kind: _best(entries, door) for kind, door in doors.items()}
        self._found = {kind: finding for kind, finding in found.items() if finding is not None}

    def of(self, kind: str) -> Finding | None:
        """The finding of a kind of visitor, with one sentence."""
        return self._found.get(kind)


def _best(entries: Iterable[Entry], door: Door) -> Finding | None:
    words = door.pattern()
    best, most = None, 0.0
    for entry in entries:
        above = _ABOVE * bool(words.search(entry.heading))
        page = _OWN_PAGE * bool(_is_on(entry.path, door.pages))
        for sentence in entry.sentences:
            if not (sentence.stated and _ADDRESS.search(sentence.text)) or CELL in sentence.text:
                continue
            own = _OWN_WORD * bool(words.search(sentence.text))
            score = own + above + page
            if score >= max(_ENOUGH, most + 0.01) and len(sentence.text.split()) <= _MOST_WORDS:
                best, most = _finding(entry, sentence), score
    return best


def _finding(entry: Entry, sentence: Sentence) -> Finding:
    return Finding(passage=entry.passage, sentences=(sentence.text,), score=1.0, lead=lead_of(entry, sentence))


def _is_on(path: str, pages: Iterable[str]) -> bool:
    parts = path.strip("/").split("/")
    return any(part.removesuffix(".html") in pages for part in parts)


@cache
def doors() -> Mapping[str, Door]:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/doors.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Door]).validate_python(yaml.safe_load(text))
