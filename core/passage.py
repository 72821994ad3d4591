"""Passages of the company's own site: the only source of claims."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A few sentences under one heading of one page, verbatim."""

    url: str
    title: str
    headings: tuple[str, ...]
    text: str
    hash: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A passage that answers, the sentences of it that do (verbatim, best first), and how well, 0 to 1."""

    passage: Passage
    sentences: tuple[str, ...]
    score: float
