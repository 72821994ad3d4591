"""What the company calls itself, read off the titles of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

_SEPARATOR = re.compile(r"\s+[|–—·•«»:-]\s+|\s*[|·•]\s*|:\s+")
_LONGEST_NAME = 40
_OFTEN = 0.5
"""Share of the pages whose titles hold the name."""
_PREFIXES = frozenset({"www", "shop", "store", "app", "en", "get", "try"})


def site_name(titles: Iterable[str], address: str) -> str:
    """The part that most titles share ("Pricing | Fernlight"), else the one that is the host's name, else that name.

    `address` is any address of the site. "" only where no title tells and the host is a bare number.
    """
    told = [_parts(title) for title in titles if title.strip()]
    host_name = _host_name(address)
    counts = Counter(part for parts in told for part in dict.fromkeys(parts))
    spelled = next((part for part in counts if _letters(part) == _letters(host_name)), "")
    often = [part for part, count in counts.most_common() if len(told) > 1 and count > _OFTEN * len(told)]
    if spelled and (spelled in often or not often):
        return spelled
    return often[0] if often else spelled or host_name.capitalize()


def _parts(title: str) -> list[str]:
    return [part for one in _SEPARATOR.split(title) if 0 < len(part := one.strip()) <= _LONGEST_NAME]


def _host_name(address: str) -> str:
    labels = (urlsplit(address).hostname or "").split(".")
    if all(label.isdecimal() for label in labels):
        return ""
    while len(labels) > 1 and labels[0] in _PREFIXES:
        labels = labels[1:]
    return labels[0]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
