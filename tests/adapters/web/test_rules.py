"""What an admin may say about invitations and follow-ups, and what browsers are told of it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.web.rules import Hours, Rule, When
from adapters.web.sessions import shown_settings
from adapters.web.settings import FollowUpSettings, WebSettings
from core.follow_up import FollowUpPolicy


def made(**more: Any) -> WebSettings:
    return WebSettings.model_validate({"kind": "web", "allowed_origins": ["https://a.example"], **more})


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Pricing page"},
        {"id": "p", "when": {"url": ["pricing"]}},
        {"id": "p", "when": {"seconds": -1}},
        {"id": "p", "when": {"scroll": 101}},
        {"id": "p", "when": {"visits": 0}},
        {"id": "p", "when": {"locale": ["english"]}},
        {"id": "p", "when": {"surprise": 1}},
        {"id": "p", "when": {"hours": {"zone": "Moon/Sea", "since": "09:00"}}},
        {"id": "p", "when": {"hours": {"zone": "Europe/Berlin", "since": "9"}}},
        {"id": "p", "when": {"hours": {"zone": "Europe/Berlin", "days": []}}},
        {"id": "p", "when": {"hours": {"zone": "Europe/Berlin", "days": ["monday"]}}},
        {"id": "p", "once_per": "page"},
        {"id": "p", "once_per": 0},
        {"id": "p", "text": "one " * 31},
        {"id": "p", "text": "Hi", "buttons": ["a", "b", "c", "d"]},
        {"id": "p", "text": "Hi", "buttons": ["far too long for a button"]},
        {"id": "p", "buttons": ["Prices"]},
    ],
)
def test_that_a_wrong_rule_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"proactive": [{"id": "same"}, {"id": "same"}]},
        {"proactive": [{"id": "teaser"}]},
        {"most_invitations_per_visit": -1},
        {"follow_ups": {"most": 4}},
        {"follow_ups": {"after_seconds": [30, 12]}},
        {"follow_ups": {"after_seconds": [0, 12]}},
        {"follow_ups": {"on_return_seconds": [5]}},
        {"follow_ups": {"most_in_conversation": 9}},
    ],
)
def test_that_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(**wrong)


def test_that_the_defaults_of_follow_ups_are_the_engines() -> None:
    assert FollowUpSettings().policy() == FollowUpPolicy()
    given = made(follow_ups={"most": 1, "after_seconds": [20, 25], "on_return_seconds": [6, 6]}).follow_ups
    assert given.policy() == FollowUpPolicy(most=1, after=(20, 25), on_return=(6, 6))


def test_that_the_teaser_is_a_rule_of_its_own() -> None:
    timed = made(teaser={"text": "Ask away.", "after_seconds": 3}, proactive=[{"id": "first"}])
    assert [rule.id for rule in timed.rules] == ["first", "teaser"]
    assert timed.rules[1].when == When(seconds=3)
    waiting = made(teaser={"text": "Ask away.", "on_event": "looked"})
    assert waiting.rules[0].when == When(event="looked")
    assert made().rules == ()


def test_that_browsers_are_told_only_what_was_said() -> None:
    rule = {
        "id": "compare",
        "when": {"url": ["/pricing*"], "hours": {"zone": "Europe/Berlin", "days": ["mon"], "since": "09:00"}},
        "once_per": 7,
    }
    said = {"id": "hello", "text": "Hi there.", "buttons": ["Prices"]}
    shown = shown_settings(made(proactive=[rule, said], most_invitations_per_visit=1))
    assert shown["mostInvitations"] == 1
    assert shown["proactive"] == [
        {
            "id": "compare",
            "when": {"url": ("/pricing*",), "hours": {"zone": "Europe/Berlin", "days": ("mon",), "since": "09:00"}},
            "oncePer": 7,
        },
        {"id": "hello", "when": {}, "oncePer": "visit", "text": "Hi there.", "buttons": ["Prices"]},
    ]
    assert "follow" not in str(shown)


@pytest.mark.parametrize("model", [WebSettings, FollowUpSettings, Rule, When, Hours])
def test_that_new_keys_are_described_with_an_example(model: type[WebSettings]) -> None:
    older = {"kind", "title", "assistant", "theme", "position", "limits"}
    for name, one in model.model_json_schema()["properties"].items():
        assert name in older or (one.get("description") and one.get("examples")), name
