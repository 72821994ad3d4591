"""Whether it goes together with a thing of the visitor's: what the site says where it calls that thing by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

from knowledge.search.index import Entry
from knowledge.search.language import Language
from knowledge.search.topics import Topic, Touched, bare


class ConnectionData(BaseModel):
    """`connections.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asks: tuple[str, ...]
    name: str
    ends: str


class Connections:
    """Finds the thing that a question wants to be connected, where the pages write it like a name."""

    def __init__(self, entries: Sequence[Entry], language: Language) -> None:
        data = connection_data()
        self._is_little = language.is_little
        self._asks = [re.compile(one.replace("NAME", data.name) + _end(one, data.ends)) for one in data.asks]
        self._text = "\n".join(entry.passage.text for entry in entries)

    def of(self, question: str) -> tuple[Touched, ...]:
        """The thing as a topic, (): none is asked for, or the site names none that is called so."""
        words = bare(question)
        found = (match["name"] for one in self._asks if (match := one.search(words)))
        # "it" is none, however often the pages write of IT
        named = (name for name in found if not all(map(self._is_little, name.split())))
        spelled = next(filter(None, map(self._spelled, named)), "")
        if not spelled:
            return ()
        told = re.compile(rf"(?<!\w){re.escape(spelled)}(?!\w)")
        plain = f"Does it connect to {spelled}, integrate and work with {spelled}?"
        topic = Topic(question=plain, asks=(), told=told, strict=True, required=False, ours=True)
        return (Touched(topic=topic, words=words),)

    def _spelled(self, name: str) -> str:
        """A name as the pages write it inside a sentence, with a capital; "" where they do not."""
        inside = re.compile(rf"(?<=[\w,;/)(] ){re.escape(name)}(?!\w)", re.IGNORECASE)
        written = (match[0] for match in inside.finditer(self._text))
        return next((one for one in written if one[0].isupper() and one.casefold() == name), "")


def _end(ask: str, ends: str) -> str:
    return ends if ask.endswith(("NAME", ")?")) else ""


@cache
def connection_data() -> ConnectionData:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/connections.yaml").read_text(encoding="utf-8")
    return ConnectionData.model_validate(yaml.safe_load(text))
