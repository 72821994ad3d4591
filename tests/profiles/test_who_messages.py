"""What people say of themselves, their company, their tools and their troubles: a table of messages in many voices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.fact import LIST_FIELDS, Field

MESSAGES = yaml.safe_load((Path(__file__).parent / "who_messages.yaml").read_text("utf-8"))
COMPLETE = (
    Field.NAME,
    Field.COMPANY,
    Field.ROLE,
    Field.DECISION_MAKER,
    Field.INDUSTRY,
    Field.TECH_STACK,
    Field.INTEGRATIONS,
    Field.COMPETITORS,
)
"""Of these the table says all that may be found."""


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: str(row["said"])[:48])
def test_all_that_is_said_of_the_visitor_is_read_and_nothing_else(talk: Any, row: dict[str, Any]) -> None:
    talk.hears(row["said"], pending_question=row.get("asked", ""))
    facts = {field: _folded(talk.knows(field)) for field in COMPLETE}
    wanted = {field: _accepted(field, row["facts"].get(field.value)) for field in COMPLETE}
    assert {field: facts[field] for field in COMPLETE if facts[field] not in wanted[field]} == {}
    for name, labels in row.get("also", {}).items():
        assert set(labels) <= set(talk.knows(Field(name)))
    for name, labels in row.get("never", {}).items():
        assert not set(labels) & set(talk.knows(Field(name)))


def _accepted(field: Field, wanted: Any) -> list[object]:
    """One value, several that are as good, or all of a list field."""
    if field in LIST_FIELDS:
        return [_folded(wanted or ())]
    return [_folded(one) for one in wanted] if isinstance(wanted, list) else [_folded(wanted)]


def _folded(value: object) -> object:
    if isinstance(value, list | tuple):
        return frozenset(str(one).casefold() for one in value)
    return str(value).casefold() if value else None
