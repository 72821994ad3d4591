"""A job nobody put on a list, told by how words for jobs are built: "I'm a glazier", "ich bin Werkstudentin"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from profiles.reading import Reading
from profiles.resources import Resource

MOST = 4
"""Introductions of one message that are looked at."""


class AgentNounFile(Resource):
    """`agent_nouns.yaml`: by language: who says "I am", endings of jobs, and words so built that are none."""

    languages: dict[str, AgentNouns]
    not_before: tuple[str, ...]
    """What follows a word that then is no job: "I'm a reader of ...", "I'm a user"."""


class AgentNouns(Resource):
    introducers: str
    """An expression for everything up to the job, article included."""
    endings: str
    modifiers: str
    """An expression for words between the introducer and the job, each with its space."""
    none: str
    capitalised: bool = False


class AgentNounReader:
    def __init__(self, data: AgentNounFile) -> None:
        self._after = re.compile(rf"\s+(?:{'|'.join(data.not_before)})\b")
        self._patterns = [
            (
                re.compile(
                    rf"(?:^|[\s,.;!(–-])(?:{one.introducers})\s+(?P<title>(?:{one.modifiers})(?P<noun>[\w-]*(?:{one.endings})))(?![\w'’])"
                ),
                re.compile(one.none),
                one.capitalised,
            )
            for one in data.languages.values()
        ]

    def titles(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Where a job of the visitor's own stands, modifiers included."""
        for pattern, none, capitalised in self._patterns:
            for match in list(pattern.finditer(reading.low))[:MOST]:
                start, end = match.span("title")
                noun = match["noun"]
                if none.fullmatch(noun) or self._after.match(reading.low, end):
                    continue
                if capitalised and reading.text[match.start("noun")].islower() and reading.text != reading.low:
                    continue
                yield start, end
