"""People, numbers and times in the words of many visitors: how many are read, and how many of what is read is right."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.fact import Field, Quantity
from core.ledger import fold
from profiles.planner import NextQuestionPlanner
from profiles.qualification_file import QualificationFile

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "person_messages.jsonl").read_text("utf-8").splitlines()
]
FIELDS = (
    Field.NAME,
    Field.COMPANY,
    Field.ROLE,
    Field.DECISION_MAKER,
    Field.COMPANY_SIZE,
    Field.TEAM_SIZE,
    Field.VOLUME,
    Field.BUDGET,
    Field.TIMELINE,
    Field.EMAIL,
    Field.PHONE,
)
PRECISION, RECALL = 0.9, 0.85


def _ends(wanted: Any) -> tuple[float, float]:
    if not isinstance(wanted, Mapping):
        return wanted, wanted
    low, high = wanted.get("value", wanted.get("min")), wanted.get("value", wanted.get("max"))
    return (low if low is not None else high), (high if high is not None else low)


def _fits(value: Any, wanted: Any) -> bool:
    """One value, one of several, or an amount whose ends overlap with the wanted ones."""
    if isinstance(value, Quantity):
        if wanted == "none":
            return False
        low, high = _ends(wanted)
        ends = [end for end in (value.low, value.high) if end is not None]
        return ends[0] <= high * 1.1 and low <= ends[-1] * 1.1
    several = wanted if isinstance(wanted, list) else [wanted]
    words = set(str(value).casefold().split())
    return any(2 * len(words & set(str(one).casefold().split())) >= len(words) for one in several)


def test_that_most_is_read_and_little_else(
    interpreter: Any, desk: QualificationFile, talk: Any, make_message: Any
) -> None:
    planner = NextQuestionPlanner(desk)
    right = wrong = missed = 0
    for row in ROWS:
        session = replace(talk.session, pending_question=planner.question_in(row.get("asked", "")))
        known = fold(asyncio.run(interpreter.interpret([make_message(row["said"])], session, {})).facts)
        for field in FIELDS:
            wanted = row.get("facts", {}).get(field.value)
            value = known[field][-1].value if field in known else None
            if wanted is not None and value is not None and _fits(value, wanted):
                right += 1
                continue
            missed += wanted is not None
            allowed = row.get("also_right", {}).get(field.value)
            wrong += value is not None and (allowed is None or not _fits(value, allowed))
    assert right / (right + wrong) >= PRECISION
    assert right / (right + missed) >= RECALL
