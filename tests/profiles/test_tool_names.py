from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.fact import Field
from profiles.interpreter import LocalInterpreter
from profiles.misspelling import Misspellings
from profiles.qualification_file import QualificationFile
from profiles.resources import load
from profiles.technologies import TechnologyFile, spellings, tools_of

NAMES = Misspellings({"Freshdesk": "Freshdesk", "Zammad": "Zammad", "Stripe": "Stripe", "Magento": "Adobe Commerce"})
HAULIER = {
    "rivals": ["tms", "Loadstar", "Xero"],
    "tools": {"tms": ["Loadstar | load star"], "weighbridge": ["Scalehouse", "!Tare"]},
}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("we run Fresdesk", "Freshdesk"),
        ("frehsdesk", "Freshdesk"),
        ("Zamad", "Zammad"),
        ("stripped", ""),
        ("a striped shirt", ""),
        ("freshdesks", ""),
        ("freshness", ""),
        ("Freshdesk", ""),  # right as it is: the cues find it
    ],
)
def test_a_slip_in_a_long_name_is_seen(text: str, name: str) -> None:
    assert [one for _, _, one in NAMES.find(text)] == ([name] if name else [])


@given(st.text(max_size=60))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    assert all(0 <= start < end <= len(text) and name for start, end, name in NAMES.find(text))


def test_the_list_is_long_and_every_spelling_has_one_owner() -> None:
    data = load("technologies.yaml", TechnologyFile)
    tools, cues = tools_of(data)
    assert len(tools) > 2000
    owners: dict[str, str] = {}
    for name, written in cues.items():
        for spelling in written:
            assert owners.setdefault(spelling.casefold(), name) == name, spelling
    assert {"pos", "accounting", "payroll", "time_clock", "tms", "fleet_management"} <= set(data.categories)


def test_the_companys_own_tools_and_rivals_by_name(talk: Any) -> None:
    talk.interpreter = LocalInterpreter(QualificationFile.model_validate(HAULIER))
    talk.hears("we're on load star and want out, the weighing runs on Scalehouse")
    assert talk.knows(Field.COMPETITORS) == ("Loadstar",)
    assert "Scalehouse" in talk.knows(Field.TECH_STACK)
    talk.hears("how do you compare to Xero?")
    assert talk.knows(Field.COMPETITORS) == ("Loadstar", "Xero")


def test_an_unknown_rival_is_refused_with_what_there_is() -> None:
    with pytest.raises(ValidationError, match="the rival 'Laodstar' is neither a kind of tool nor a listed tool"):
        QualificationFile.model_validate(HAULIER | {"rivals": ["Laodstar"]})


def test_a_question_may_ask_for_a_kind_of_ones_own() -> None:
    question = {"id": "scale", "field": "tech_stack", "text": {"en": "Which scale?"}, "tool_kinds": ["weighbridge"]}
    assert QualificationFile.model_validate(HAULIER | {"questions": [question]}).questions[0].tool_kinds == (
        "weighbridge",
    )
    with pytest.raises(ValidationError, match="'weighbridge' is no kind of tool"):
        QualificationFile.model_validate({"questions": [question]})


def test_a_name_may_have_other_spellings() -> None:
    assert spellings("!Front | frontapp | front app") == ["Front", "frontapp", "front app"]
