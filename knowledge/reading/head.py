"""What a page says about itself in its head: title, language, other addresses, and what robots may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.reading.addresses import Addresses
from knowledge.reading.blocks import fold

_LONGEST_TITLE = 300
_LONGEST_DESCRIPTION = 1_000
_MOST_ALTERNATES = 100
_LANGUAGE = re.compile(r"[a-z]{2,8}")
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,8}(?:[-_][a-zA-Z0-9]{1,8}){0,3}|x-default")
_REFRESH = re.compile(
    r"\s*(?P<seconds>\d{0,5})[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(?P<quote>[\"']?)(?P<url>.+)", re.IGNORECASE
)
_MOST_ELEMENTS = 2_000
_DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Addresses are absolute and of the web; `language` is a primary subtag, "en" where the page does not say."""

    title: str = ""
    description: str = ""
    language: str = _DEFAULT_LANGUAGE
    canonical: str = ""
    alternates: Mapping[str, str] = field(default_factory=dict)
    refresh: str = ""
    indexable: bool = True
    followable: bool = True


def base_of(root: Any, addresses: Addresses) -> Addresses:
    """The addresses of a page whose `base` may lead elsewhere."""
    base = next((one.get("href") for one in root.iter("base") if one.get("href")), "")
    return addresses.below(base) if base else addresses


def read_head(root: Any, addresses: Addresses) -> Head:
    """Reads the `head` alone, as browsers do, whatever else the page repeats further down."""
    head = root.find("head")
    metas: dict[str, str] = {}
    alternates: dict[str, str] = {}
    canonical, title = "", ""
    elements = head.iter("title", "meta", "link") if head is not None else ()
    for _, element in zip(range(_MOST_ELEMENTS), elements, strict=False):
        if _in_noscript(element, head):
            continue
        if element.tag == "meta":
            name = (element.get("name") or element.get("http-equiv") or element.get("property") or "").strip().lower()
            metas[name] = (
                f"{metas[name]},{element.get('content') or ''}"
                if name == "robots" and name in metas
                else (metas.get(name) or element.get("content") or "")
            )
        elif element.tag == "title":
            title = title or fold(element.text or "")[:_LONGEST_TITLE]
        else:
            relations = (element.get("rel") or "").lower().split()
            if "canonical" in relations:
                canonical = canonical or addresses.same_site(element.get("href") or "")
            elif "alternate" in relations and len(alternates) < _MOST_ALTERNATES:
                alternates |= _alternate(element, addresses)
    robots = {word.strip().lower() for word in re.split(r"[,\s]+", metas.get("robots", ""))}
    return Head(
        title=title,
        description=fold(metas.get("description") or metas.get("og:description") or "")[:_LONGEST_DESCRIPTION],
        language=_language(root.get("lang") or metas.get("content-language") or metas.get("og:locale") or ""),
        canonical=canonical,
        alternates=alternates,
        refresh=_refresh(metas.get("refresh", ""), addresses),
        indexable=not robots & {"noindex", "none"},
        followable=not robots & {"nofollow", "none"},
    )


def _in_noscript(element: Any, head: Any) -> bool:
    parent = element.getparent()
    return parent is not head and parent is not None and parent.tag in {"noscript", "template", "svg"}


def _alternate(element: Any, addresses: Addresses) -> dict[str, str]:
    language = (element.get("hreflang") or "").strip()
    url = addresses.absolute(element.get("href") or "")
    return {language.lower().replace("_", "-"): url} if url and _LANGUAGE_TAG.fullmatch(language) else {}


def _language(tag: str) -> str:
    primary = tag.strip().lower().replace("_", "-").split("-")[0]
    return primary if _LANGUAGE.fullmatch(primary) else _DEFAULT_LANGUAGE


def _refresh(content: str, addresses: Addresses) -> str:
    found = _REFRESH.fullmatch(content.strip())
    if found is None:
        return ""
    url = found.group("url")
    if quote := found.group("quote"):
        url = url.partition(quote)[0]
    return addresses.absolute(url.strip())
