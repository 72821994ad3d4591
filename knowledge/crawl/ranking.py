"""How much reading a page is likely to be worth, told from its address and from the links that lead to it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from urllib.parse import unquote

from yarl import URL

from knowledge.crawl.vocabulary import Vocabulary, vocabulary, words_in

_EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]|$)")
_ANCHOR_WORDS = 12
"""Words of a link that are read: a longer one is a card whose first words name it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A link, or a line of a sitemap: where to, what stands on it, and how many links from the start."""

    url: str
    text: str = ""
    menu: bool = False
    depth: int = 1


def worth(found: Found, *, host: str, language: str) -> float:
    """The higher, the sooner. `host` and `language` are those of the start page."""
    words, url = vocabulary(), URL(found.url)
    weights = words.weights
    folders = segments(url, language)
    own, above = folders[-1:], folders[:-1]
    score = _named(words, own, found.text) + _ancestors(words, above)
    score += weights.menu if found.menu else 0.0
    score -= weights.path_depth * max(len(folders) - 1, 0) + weights.link_depth * max(found.depth - 1, 0)
    score -= weights.translation if language and language_in(url) not in {"", language} else 0.0
    score -= weights.dated if _DATED.search(url.path) else 0.0
    score -= weights.paging if turns_page(url) else 0.0
    return score - (weights.other_host if url.host != host else 0.0)


def turns_page(url: URL) -> bool:
    """Whether an address is a further page of a list."""
    paging = vocabulary().paging
    if any(name.lower() in paging for name in url.query):
        return True
    parts = url.parts
    return any(before.lower() in paging and part.isdecimal() for before, part in pairwise(parts))


def language_in(url: URL) -> str:
    """The language code the path begins with, "" for none."""
    first = next((part for part in url.parts if part != "/"), "")
    match = _LANGUAGE.fullmatch(first)
    code = match[1].lower() if match else ""
    return code if code in vocabulary().languages else ""


@lru_cache(maxsize=16_384)
def segments(url: URL, language: str) -> tuple[str, ...]:
    """The folders and the name of a page, decoded, without the site's own language code and file endings."""
    parts = [unquote(part) for part in url.raw_path.split("/") if part]
    if parts and language_in(url) == language != "":
        parts = parts[1:]
    return tuple(_EXTENSION.sub("", part) for part in parts)


def _named(words: Vocabulary, own: Sequence[str], text: str) -> float:
    """What the page's own name and the link say: the best topic, a share of the second, and what speaks against it."""
    name = words_in(own[0]) if own else ()
    link = words_in(text)[:_ANCHOR_WORDS]
    worths = sorted({*words.worths(name), *words.worths(link), *_addressed(words, name), *_addressed(words, link)})
    good = [one for one in worths if one > 0]
    best = max(good[-1:], default=words.weights.unknown)
    second = words.weights.second * good[-2] if len(good) > 1 else 0.0
    return best + second + min([*worths[:1], 0.0])


def _addressed(words: Vocabulary, name: Sequence[str]) -> tuple[float, ...]:
    if not name or not words.addressing.intersection(name[:-1]):
        return ()
    weight = words.weights.addressed
    return (weight,) if name[0] in words.addressing else (weight / 2,)


def _ancestors(words: Vocabulary, above: Sequence[str]) -> float:
    worths = [one for folder in above for one in words.worths(words_in(folder))]
    best = max([one for one in worths if one > 0], default=0.0)
    return words.weights.ancestor * best + min([*worths, 0.0])
