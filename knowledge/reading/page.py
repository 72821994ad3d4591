"""One page of the company's site as it was read: what it says, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.reading.blocks import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`url` is absolute; `text` what stands on it; `nav` True inside a landmark (menu, header, footer)."""

    url: str
    text: str
    nav: bool = False
    follow: bool = True  # False where the page asks robots not to


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """Everything the crawl keeps of a page. Small, and may travel between processes.

    `hash` changes when, and only when, the visible text does.
    """

    url: str
    title: str = ""
    description: str = ""  # the page's own summary for search engines
    language: str = "en"  # primary subtag
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    canonical: str = ""  # "" unless the page names another address of the same site
    alternates: Mapping[str, str] = field(default_factory=dict)  # language tag to address
    refresh: str = ""  # where a meta refresh leads
    indexable: bool = True
    followable: bool = True
    missing: str = ""  # why text is missing, for the report: "drawn by scripts"
    scripts: tuple[str, ...] = ()  # where such a page's own scripts and data stand, absolute, on its own host
    hash: str = ""
