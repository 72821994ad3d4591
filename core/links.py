"""Links and addresses in a text, however they are spelled. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

_SCHEME = re.compile(
    r"\bhttps?\s*:\s*[/\\][^\s<>()\[\]\"“”]*"
    r"|\b(?:hxxps?|ftps?|file|javascript|vbscript|data|blob|mailto|tel|sms|slack|tg|wss?)\s?:[^\s<>()\[\]\"“”]+",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:[/\\]{2}|\bwww\.)[^\s<>()\[\]\"“”]+", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w@.-])(?:[^\W_][\w-]{0,62}\.)+(?:[^\W\d_]{2,24}|xn--[\w-]{2,40})\b", re.IGNORECASE)
_SPACED = re.compile(r"(?<=[^\W_])\s+\.\s+(?=[^\W_])")
_PATHED = re.compile(r"(?<![\w@./-])[^\W_][\w-]{0,62}(?:\.[\w-]{1,63})*\.[^\W\d_]{2,24}/\S+", re.IGNORECASE)
"""A short host is a link by its path: t.me/somebody."""
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|\.)\s*[\])}]\s*|\s+dot\s+(?=[a-z]{2,})", re.IGNORECASE)
_AT = re.compile(r"\s*[\[({]\s*(?:at|@)\s*[\])}]\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\]\"“”@,;:]+@[^\s<>()\[\]\"“”@,;:]+\.[^\W\d_]{2,}")
_MAY_LINK = re.compile(r"[:\\/]|www", re.IGNORECASE)
_MAY_NAME = re.compile(r"\.[^\W\d_]| \. |dot|[\[({]", re.IGNORECASE)
"""Without these there is nothing to look for; most replies have none of them."""
_TRAILING = ".,;:!?'\"”»…"
_PLAIN_SCHEMES = frozenset({"http", "https"})
_AMBIGUOUS = frozenset("\\@ \t\n")
_SHORT_LABELS = 2


def links(text: str) -> Iterator[str]:
    """Every link that is spelled as one, with or without its scheme."""
    if not _MAY_LINK.search(text):
        return
    text = _SPACED.sub(".", _DOT.sub(".", text))
    yield from _SCHEME.findall(text)
    bare = _SCHEME.sub(" ", text)
    yield from _BARE.findall(bare)
    yield from _PATHED.findall(_BARE.sub(" ", bare))


def dotted_names(text: str) -> Iterator[str]:
    """Names with a dot that may be hosts, in small letters: "evil.example", but "Node.js", too."""
    if not _MAY_NAME.search(text):
        return
    text = _ADDRESS.sub(" ", _BARE.sub(" ", _SCHEME.sub(" ", _SPACED.sub(".", _DOT.sub(".", text)))))
    for name in _NAME.findall(text):
        if max(map(len, name.split(".")[:-1])) >= _SHORT_LABELS:
            yield name.casefold()


def addresses(text: str) -> frozenset[str]:
    """Every e-mail address, in small letters."""
    text = _DOT.sub(".", _AT.sub("@", text))
    found = _ADDRESS.findall(text) if "@" in text else ()
    return frozenset(address.casefold().strip(_TRAILING) for address in found)


def is_ours(link: str, hosts: AbstractSet[str]) -> bool:
    """Whether a link leads to one of `hosts`."""
    return _host(link.rstrip(_TRAILING)) in hosts


def is_below_ours(link: str, hosts: AbstractSet[str]) -> bool:
    """Whether a link leads to a host below one of `hosts`."""
    host = _host(link.rstrip(_TRAILING))
    return any(host.endswith(f".{one}") for one in hosts)


def _host(link: str) -> str:
    """The host of a plainly spelled link, "" for one that browsers and we might read differently."""
    scheme, colon, rest = link.partition("://")
    target = rest if colon else link.removeprefix("//")
    if (colon and scheme.casefold() not in _PLAIN_SCHEMES) or set(target) & _AMBIGUOUS or target.startswith("/"):
        return ""
    try:
        return (urlsplit(f"//{target}").hostname or "").casefold()
    except ValueError:
        return ""
