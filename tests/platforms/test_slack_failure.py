"""The table of Slack's error words."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import DeliveryDelayed, DeliveryUncertain
from platforms.slack.failure import Answer, SlackRefused, error_classes, failure, read_code


def test_that_every_word_of_the_table_raises_its_class_for_a_post() -> None:
    classes = {"refused": SlackRefused, "delayed": DeliveryDelayed, "unclear": DeliveryUncertain}
    for code, row in error_classes().items():
        error = failure(Answer("chat.postMessage", 200, code, ""), writes=True)
        assert type(error) is classes[row.outcome], code
        if isinstance(error, SlackRefused):
            assert (error.code, error.scope) == (code, row.scope)
            assert row.step in str(error)


def test_that_no_word_is_in_two_rows() -> None:
    rows = {id(row): row for row in error_classes().values()}.values()
    assert sum(len(row.codes) for row in rows) == len(error_classes())


@pytest.mark.parametrize(
    "data", [None, [], "x", {}, {"error": 5}, {"error": "Bearer xoxb-1"}, {"error": "x" * 99}, {"error": "a\nb"}]
)
def test_that_only_words_of_slacks_kind_are_read(data: Any) -> None:
    assert read_code(data) == ""


@pytest.mark.parametrize(("status", "scope"), [(404, "workspace"), (403, "workspace"), (302, "workspace")])
def test_that_a_foreign_server_is_told_from_slack(status: int, scope: str) -> None:
    error = failure(Answer("auth.test", status, "", ""), writes=False)
    assert isinstance(error, SlackRefused)
    assert error.scope == scope
    assert "api_base_url" in str(error)
