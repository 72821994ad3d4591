"""Addresses that lead nowhere new: files, searches, loops, and patterns of which there may be endlessly many. Pure."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from yarl import URL

from knowledge.crawl.ranking import turns_page
from knowledge.crawl.vocabulary import vocabulary

MAX_PATH = 600
"""Characters of path and query together."""
MAX_FOLDERS = 9
MAX_PARAMETERS = 4
_REPEATS = 3
_NUMBER = re.compile(r"\d+")
_RANDOM = re.compile(
    r"(?=[^/]*\d)(?=[^/]*[a-z])[a-z0-9_=-]{20,}|[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE
)
"""A folder made up by a program: long, with letters and digits mixed and no word in it."""
_WORDLIKE = re.compile(r"[a-z]{4,}(?:-[a-z]+)+", re.IGNORECASE)
_DAY = re.compile(r"(?:^|/)(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]\d{1,2})?(?:/|$)")

PER_CALENDAR = 3
PER_NUMBERED = 8
PER_RANDOM = 5
PER_QUERY = 8
"""Pages that are read of one pattern: enough to see what it is, too few to drown in it."""


def is_page(url: URL) -> bool:
    """Whether an address may be a page at all, told from its ending and folders."""
    words = vocabulary()
    name = url.name.lower()
    ending = name.rpartition(".")[2] if "." in name else ""
    return ending not in words.files and not words.stubs.intersection(part.lower() for part in url.parts)


def is_trap(url: URL) -> bool:
    """Whether an address is by itself unlikely to be worth a request: a search, a loop, a monster."""
    folders = [part for part in url.parts if part != "/"]
    if len(url.raw_path_qs) > MAX_PATH or len(folders) > MAX_FOLDERS or len(url.query) > MAX_PARAMETERS:
        return True
    if any(name.lower() in vocabulary().searching for name in url.query):
        return True
    return _repeats(folders)


def pattern(url: URL) -> tuple[str, int]:
    """The pattern an address follows, and how many pages of it are read; ("", 0) for an address of its own."""
    place = f"{url.host}{_folders(url)}"
    if _is_calendar(url):
        return f"calendar {_NUMBER.sub('#', place)}", PER_CALENDAR
    if url.query:
        return f"query {_NUMBER.sub('#', place)}", PER_QUERY
    if "*" in place:
        return place, PER_RANDOM
    if turns_page(url) or any(part.isdecimal() for part in url.parts):
        return _NUMBER.sub("#", place), PER_NUMBERED
    return "", 0


def _repeats(folders: list[str]) -> bool:
    """`a/b/a/b/a`: relative links that climb down for ever."""
    counts = Counter(folders)
    if any(count >= _REPEATS for count in counts.values()):
        return True
    pairs = Counter(pairwise(folders))
    return any(count > 1 for count in pairs.values())


def _folders(url: URL) -> str:
    return "/".join("*" if _RANDOM.fullmatch(part) and not _WORDLIKE.search(part) else part for part in url.parts)


def _is_calendar(url: URL) -> bool:
    names = {name.lower() for name in url.query} | {part.lower() for part in url.parts}
    if not vocabulary().calendar.isdisjoint(names) and _NUMBER.search(url.raw_path_qs):
        return True
    return bool(_DAY.search(url.path)) and url.path.rstrip("/")[-1:].isdecimal()
