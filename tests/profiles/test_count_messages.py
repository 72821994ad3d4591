"""Numbers, times and addresses in messages of many voices: also what must not be read is checked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.fact import Field, Quantity
from core.ledger import fold

ROWS = yaml.safe_load(Path(__file__).with_name("count_messages.yaml").read_text(encoding="utf-8"))
FIELDS = (
    Field.EMAIL,
    Field.PHONE,
    Field.COMPANY_SIZE,
    Field.TEAM_SIZE,
    Field.VOLUME,
    Field.BUDGET,
    Field.TIMELINE,
)


def _plain(field: Field, value: Any) -> Any:
    """A fact's value in the notation of the table."""
    if not isinstance(value, Quantity):
        return value
    ends = [value.low, value.high]
    if field is Field.VOLUME:
        return [*ends, value.unit, value.period]
    if field is Field.BUDGET:
        return [*ends, value.currency, value.period]
    return value.low if value.low == value.high else ends


@pytest.mark.parametrize("row", ROWS, ids=[row["say"][:40] for row in ROWS])
def test_all_that_is_said_is_read_and_nothing_else(talk: Any, make_message: Any, row: dict[str, Any]) -> None:
    session = replace(talk.session, pending_question=row.get("asked", ""))
    said = make_message(row["say"], locale=row.get("locale", ""))
    known = fold(asyncio.run(talk.interpreter.interpret([said], session, {})).facts)
    read = {field.value: _plain(field, known[field][-1].value) for field in FIELDS if field in known}
    assert read == {field.value: row[field.value] for field in FIELDS if field.value in row}
