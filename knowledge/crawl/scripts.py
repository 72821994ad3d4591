"""The script and data files of pages that only scripts draw: few, short, of the page's own origin, asked for once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict
from yarl import URL

from knowledge.crawl.fetching import PoliteClient
from knowledge.crawl.reasons import Unfetched
from knowledge.reading.page import SitePage

MOST_OF_A_PAGE = 6
"""Files asked for on behalf of one page, the most promising ones."""
MOST_OF_A_CRAWL = 40
_FAILURES = 5
"""Failures in a crawl after which no further file is asked for."""
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_DATA_TYPE = ".json"


class FileWords(BaseModel):
    """The shipped lists, see the comments there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: frozenset[str]
    programs: frozenset[str]


@cache
def file_words() -> FileWords:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/script_files.yaml").read_text(encoding="utf-8")
    return FileWords.model_validate(yaml.safe_load(text))


class Scripts:
    """Fetches what draws a page. A file that several pages name is given to the first of them only.

    So the text of one bundle is not said again on every page of a site, and pages that add nothing stay without text.
    """

    def __init__(self, client: PoliteClient) -> None:
        self._client = client
        self._asked: set[str] = set()
        self._failures = 0

    async def of(self, page: SitePage) -> tuple[bytes, ...]:
        """The contents of a page's own files in the order in which the page names them. Raises nothing."""
        wanted = self._wanted(page)
        self._asked.update(wanted)
        bodies = [await self._body(url) for url in wanted]
        return tuple(body for body in bodies if body)

    def _wanted(self, page: SitePage) -> list[str]:
        left = min(MOST_OF_A_PAGE, MOST_OF_A_CRAWL - len(self._asked))
        promising = sorted(_own(page), key=promise, reverse=True)
        new = [url for url in promising if promise(url) and url not in self._asked][: max(left, 0)]
        return [url for url in page.scripts if url in new]

    async def _body(self, url: str) -> bytes:
        if self._failures >= _FAILURES:
            return b""
        try:
            fetched = await self._client.script(url)
        except Unfetched:
            self._failures += 1
            return b""
        # Many sites answer with their start page for whatever they do not have.
        return b"" if fetched.body.lstrip()[:1] == b"<" else fetched.body


def promise(url: str) -> int:
    """2 for data, 1 for a script that may hold text, 0 for one that holds a program only."""
    path = URL(url).path
    words = {word.lower() for word in _WORD.findall(path.rpartition("/")[2])}
    if path.endswith(_DATA_TYPE):
        return 2
    if words & file_words().programs:
        return 0
    return 2 if words & file_words().data else 1


def _own(page: SitePage) -> Iterable[str]:
    origin = URL(page.url).origin()
    return (url for url in dict.fromkeys(page.scripts) if URL(url).origin() == origin)
