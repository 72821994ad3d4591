"""Questions put to the visitor."""

from __future__ import annotations

from dataclasses import dataclass

from core.fact import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, phrased, with the reason for asking inside the text."""

    id: str  # stable, from `qualification.yaml`
    field: Field  # what its answer fills
    text: str
    options: tuple[str, ...] = ()  # quick replies, at most three of at most 20 characters
