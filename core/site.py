"""Addresses on the company's site."""

from __future__ import annotations


def at_site(address: str, site: str) -> str:
    """A root-relative address of the files, where the site really is, which may be below a path; others unchanged."""
    return f"{site.rstrip('/')}{address}" if site and address.startswith("/") else address
