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
_DOT = re.compile(r"\s*[\[({]\s*(?:dot|\.)\s*[\])}]\s*|\s+dot\s+(?=[a-z]{2,})", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>()\[\]\"“”@,;:]+@[^\s<>()\[\]\"“”@,;:]+\.[^\W\d_]{2,}")
_TRAILING = ".,;:!?'\"”»…"
_PLAIN_SCHEMES = frozenset({"http", "https"})
_AMBIGUOUS = frozenset("\\@ \t\n")
_SHORT_LABELS = 2


def foreign_links(text: str, material: str, site: str, hosts: AbstractSet[str]) -> bool:
    """Whether a text holds a link elsewhere than to `hosts`.

    A host below one of `hosts` is ours where the site's own words link to it. A name with a dot and no scheme, such as
    "Node.js", is a link unless `material` has it.
    """
    text = _DOT.sub(".", text)
    return any(not _is_ours(link, site, hosts) for link in _links(text)) or any(
        name.casefold() not in hosts and name.casefold() not in material.casefold()
        for name in _NAME.findall(_without_links(text))
        if max(map(len, name.split(".")[:-1])) >= _SHORT_LABELS
    )


def addresses(text: str) -> frozenset[str]:
    """Every e-mail address, in small letters."""
    return frozenset(found.casefold().strip(_TRAILING) for found in _ADDRESS.findall(text))


def _links(text: str) -> Iterator[str]:
    yield from _SCHEME.findall(text)
    yield from _BARE.findall(_SCHEME.sub(" ", text))


def _without_links(text: str) -> str:
    return _ADDRESS.sub(" ", _BARE.sub(" ", _SCHEME.sub(" ", text)))


def _is_ours(link: str, site: str, hosts: AbstractSet[str]) -> bool:
    link = link.rstrip(_TRAILING)
    host = _host(link)
    return host in hosts or (link in site and any(host.endswith(f".{one}") for one in hosts))


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
