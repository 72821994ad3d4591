"""`claims.json`: what the model said of each persona last time, so that an unchanged site asks it nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from personas.compiler.improving_claims import Claim

ANSWERS = ".crawl/claims.json"
_FILE_LIMIT = 16 * 1024 * 1024
"""Bytes; far above what a hundred personas need. A larger file is read as none."""


class Answer(BaseModel):
    """What the model said of one persona; `asked` is the fingerprint of the question with everything shown to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: str
    claims: tuple[Claim, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: dict[str, Answer]


def read_answers(folder: Path) -> Mapping[str, Answer]:
    """By persona id. What is missing or damaged gives none: the model is asked anew."""
    path = folder / ANSWERS
    try:
        if path.stat().st_size > _FILE_LIMIT:
            return {}
        return _File.model_validate_json(path.read_bytes()).answers
    except (OSError, ValueError, ValidationError):
        return {}


def write_answers(folder: Path, answers: Mapping[str, Answer]) -> None:
    """Whole or not at all; equal answers leave the file alone. Raises `OSError`."""
    path = folder / ANSWERS
    if answers == read_answers(folder):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(_File(answers=dict(answers)).model_dump_json(indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
