"""What somebody sets on a lead by hand, and what of it does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.ids import ConversationId
from core.lead import LeadStatus
from core.lead_edits import MOST_TAGS, TAG_LIMIT, edited
from core.rep import LeadEdit
from tests.contracts.builders import lead

PLAIN = lead(ConversationId("talk"))


def test_that_an_open_stage_takes_a_verdict_back() -> None:
    lost = replace(PLAIN, status=LeadStatus.LOST, verdict="lost", verdict_reason="price")
    again = edited(lost, LeadEdit(stage="qualified"))
    assert (again.status, again.verdict, again.verdict_reason) == (LeadStatus.QUALIFIED, "", "")


@pytest.mark.parametrize(
    "edit",
    [
        LeadEdit(),
        LeadEdit(stage="converted"),
        LeadEdit(stage="nonsense"),
        LeadEdit(value=float("nan")),
        LeadEdit(value=-1),
        LeadEdit(value=1e13),
    ],
)
def test_that_what_does_not_fit_changes_nothing(edit: LeadEdit) -> None:
    assert edited(PLAIN, edit) == PLAIN


def test_that_tags_are_tidy_each_once_and_few() -> None:
    tags = edited(PLAIN, LeadEdit(tags=(" big  fish ", "big fish", "", "x" * 90, *map(str, range(40))))).tags
    assert tags[:2] == ("big fish", "x" * TAG_LIMIT)
    assert len(tags) == MOST_TAGS == len(set(tags))


def test_that_a_persona_is_said_and_taken_back() -> None:
    said = edited(PLAIN, LeadEdit(persona="clinics", value=1200))
    assert (said.persona_said, said.value) == ("clinics", 1200)
    assert edited(said, LeadEdit(persona="")).persona_said is None
