"""The company's own site: addresses on it, and where it says something."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSource:
    """A sentence of the site that stands behind something Frontdesk believes.

    `hash` is the page's fingerprint when it was read; `fields` names what rests on the quote, all of it when empty.
    """

    url: str
    quote: str
    hash: str = ""
    fields: tuple[str, ...] = ()


def at_site(address: str, site: str) -> str:
    """A root-relative address of the files, where the site really is, which may be below a path; others unchanged."""
    return f"{site.rstrip('/')}{address}" if site and address.startswith("/") else address
