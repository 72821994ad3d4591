from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field
from profiles.cues import Lexicon
from profiles.interpreter import LocalInterpreter
from profiles.qualification_file import QualificationFile

SHOP = QualificationFile.model_validate(
    {
        "labels": {
            "pains": {"nights": {"name": "Nights", "cues": ["(at night|nachts|夜間)"]}},
            "industry": {
                "care": {"name": "Care", "cues": ["(clinic|clinics)"]},
                "code": {"name": "Code", "cues": ["software"]},
            },
        }
    }
)


@pytest.fixture
def shop(talk: Any) -> Any:
    talk.interpreter = LocalInterpreter(SHOP)
    return talk


@pytest.mark.parametrize(
    ("said", "trade"),
    [
        ("we write software for dental clinics", "code"),
        ("our software is what we sell, the one that clinics use", "code"),
        ("I work for a clinic in Ghent", "care"),
        ("two clinics in Ghent", "care"),
    ],
)
def test_a_trade_behind_for_is_that_of_customers(shop: Any, said: str, trade: str) -> None:
    shop.hears(said)
    assert shop.knows(Field.INDUSTRY) == trade


def test_the_trade_said_first_stands(shop: Any) -> None:
    shop.hears("we sell software")
    shop.hears("one of my friends has a clinic")
    assert shop.knows(Field.INDUSTRY) == "code"


@pytest.mark.parametrize(
    ("said", "troubled"),
    [
        ("nobody is here at night", True),
        ("夜間は誰もいません", True),
        ("弊社では夜間対応ができません", True),
        ("do you answer at night", False),
        ("arbeiten Sie auch nachts?", False),
    ],
)
def test_a_question_about_the_vendor_is_no_trouble(shop: Any, said: str, troubled: bool) -> None:  # noqa: FBT001
    shop.hears(said)
    assert bool(shop.knows(Field.PAINS)) is troubled


def test_a_cue_of_a_spaced_language_needs_its_own_word() -> None:
    lexicon = Lexicon({"label": {"one": ["art"], "two": ["返品"]}})
    found = lexicon.scan(" partner に返品です ", (0,), (0,))
    assert [hit.name for hit in found["label"]] == ["two"]


PHONE = QualificationFile.model_validate(
    {"labels": {"use_case": {"voice": {"name": "Voice", "cues": ["(phone*|calls|telefon*|appels|anrufe)"]}}}}
)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("our tenants can't stand phone menus", ()),
        ("wir hassen Telefonschleifen", ()),
        ("je déteste les appels", ()),
        ("no calls, please", ()),
        ("phone help is out of the question", ()),
        ("we can't stand answering the phone ourselves any longer", ("voice",)),
        ("I hate it when calls ring out", ("voice",)),
        ("calls should be answered by it", ("voice",)),
    ],
)
def test_what_is_disliked_is_no_wish_but_a_hated_chore_is(talk: Any, said: str, wanted: tuple[str, ...]) -> None:
    talk.interpreter = LocalInterpreter(PHONE)
    talk.hears(said)
    assert talk.knows(Field.USE_CASE) == wanted


SAFE = QualificationFile.model_validate(
    {
        "labels": {
            "security": {"inside": {"name": "Inside", "cues": ["(leave|leaves) (the|our) (country|building)", "sso"]}}
        }
    }
)


@pytest.mark.parametrize("said", ["data must not leave the country", "nothing may leave our building"])
def test_what_is_forbidden_is_a_demand(talk: Any, said: str) -> None:
    talk.interpreter = LocalInterpreter(SAFE)
    talk.hears(said)
    assert talk.knows(Field.SECURITY) == ("inside",)


def test_a_demand_that_is_not_needed_any_more_is_dropped(talk: Any) -> None:
    talk.interpreter = LocalInterpreter(SAFE)
    talk.hears("we need sso")
    talk.hears("I asked around, sso isn't needed")
    assert not talk.knows(Field.SECURITY)
