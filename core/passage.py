"""Passages of the company's own site: the only source of claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.offering import PlanPrice


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
    """A passage that answers, the sentences of it that do (verbatim, best first), and how well, 0 to 1.

    `prices` are those asked for that the sentences publish; empty for any other answer. `conflicts` are findings of
    other passages that publish something else for the same thing: no side may be told without the other. `near` marks
    the closest there is to a question that the site seems not to answer: never to be told as the answer.
    """

    passage: Passage
    sentences: tuple[str, ...]
    score: float
    prices: tuple[PlanPrice, ...] = ()
    conflicts: tuple[Finding, ...] = ()
    near: bool = False
    lead: str = ""


def with_conflicts(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings, each followed by those that say something else."""
    return tuple(one for finding in findings for one in (finding, *finding.conflicts))
