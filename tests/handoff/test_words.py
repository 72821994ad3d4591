"""The team's words say the same in every language: the same keys with the same places to fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from config.models.handoff import HandoffSettings
from core.enrich import REASON_EMAIL, REASON_HOT, REASON_HUMAN, REQUIREMENT_FIELDS
from core.rep import RepAct
from handoff.words import frameworks, team_languages, team_words

ENGLISH = team_words("en").model_dump()


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, f"{path}/{key}")
    else:
        yield path, tree


@pytest.mark.parametrize("language", team_languages())
def test_that_a_language_has_every_key_and_every_place(language: str) -> None:
    theirs = dict(leaves(team_words(language).model_dump()))
    ours = dict(leaves(ENGLISH))
    assert theirs.keys() == ours.keys()
    assert all(text.strip() for text in theirs.values())
    for path, text in ours.items():
        assert sorted(re.findall(r"\{\w+\}", theirs[path])) == sorted(re.findall(r"\{\w+\}", text)), path


def test_that_every_act_has_a_word() -> None:
    assert set(RepAct) <= set(team_words().buttons)


@pytest.mark.parametrize("language", team_languages())
def test_that_everything_a_card_names_has_a_word(language: str) -> None:
    words = team_words(language)
    assert set().union(*frameworks().values()) <= set(words.criteria)
    assert {field.value for field in REQUIREMENT_FIELDS} <= set(words.fields)
    assert {REASON_EMAIL, REASON_HOT, REASON_HUMAN} <= set(words.reasons) & set(words.changes)
    assert {f"level.{level}" for level in words.levels} <= set(words.changes)


def test_that_the_setting_offers_the_languages_there_are() -> None:
    assert sorted(get_args(HandoffSettings.model_fields["language"].annotation)) == list(team_languages())


def test_that_a_language_without_words_is_english() -> None:
    assert team_words("pt-BR") is not team_words("en")
    assert team_words("pt-BR").buttons == team_words("pt").buttons
    assert team_words("fi").buttons == team_words("en").buttons
