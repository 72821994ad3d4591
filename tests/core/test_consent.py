"""Consent: who is asked, what is kept before a yes and after a no, and that questions are answered all the same."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from config.models.privacy import PrivacySettings
from core.consent import ConsentPolicy, ConsentRule, Decision, Demand
from core.message import InboundMessage, MessageKind
from core.persona import UNKNOWN
from core.privacy_desk import PrivacyDesk
from core.turn import DeliverReply, TurnOutcome
from frontdesk.desk import read_desk
from frontdesk.mind import build_mind
from frontdesk.privacy import consent_policy, countries_of_zones
from tests.core.talking import CLOCK, DESK, Talk

QUESTION = "What does the Grow plan cost?"
TELLING = "We are a shop of 40 people, we use Zendesk and have 900 tickets a month. What does the Grow plan cost?"


@cache
def desk_with(consent: str, region: str = "") -> PrivacyDesk:
    desk = read_desk(DESK)
    rules = [{"consent": consent, "regions": [region]}] if region else []
    privacy = PrivacySettings.model_validate({"consent": "none" if region else consent, "consent_rules": rules})
    settings = desk.settings.model_copy(update={"privacy": privacy})
    return build_mind(replace(desk, settings=settings), clock=CLOCK).desk


class Visitor(Talk):
    """Somebody with a device that says where it is."""

    def __init__(self, consent: str, *, region: str = "", **about: Any) -> None:
        super().__init__(engine=desk_with(consent, region))
        self.about = about

    def message(self, text: str, kind: MessageKind = MessageKind.TEXT, **more: Any) -> InboundMessage:
        return replace(super().message(text, kind, **more), **self.about)

    @property
    def consent(self) -> Any:
        assert self.state is not None
        return self.state.session.consent


def nothing_is_known(talk: Visitor, outcome: TurnOutcome) -> bool:
    assert talk.state is not None
    session = talk.state.session
    empty = (outcome.new_facts, talk.state.facts, talk.state.lead, outcome.profile, outcome.timers, session.pages)
    telling = (session.said, session.first_message, session.page, session.person)
    only_replies = all(isinstance(effect, DeliverReply) for effect in outcome.effects)
    return not any(empty) and not any(telling) and session.guess == UNKNOWN and only_replies


def words(outcome: TurnOutcome) -> str:
    assert outcome.reply is not None
    return outcome.reply.main_text


async def test_that_before_a_yes_questions_are_answered_and_nothing_is_noted() -> None:
    talk = Visitor("required", locale="de-AT")
    outcome = await talk.says(TELLING)
    assert nothing_is_known(talk, outcome)
    assert outcome.reply is not None
    assert outcome.reply.buttons == ("Yes, I agree", "No, thanks")
    assert "79" in words(outcome) or outcome.reply.citations
    again = await talk.says("And is there an API?")
    assert nothing_is_known(talk, again)
    assert "May I note" not in words(again)  # asked once


async def test_that_after_a_yes_it_is_noted_with_the_time_and_the_words_of_the_question() -> None:
    talk = Visitor("required", locale="de-AT")
    await talk.says(QUESTION)
    asked = talk.consent
    yes = await talk.presses("Yes, I agree")
    assert nothing_is_known(talk, yes)
    assert (talk.consent.decision, talk.consent.demand) == (Decision.GIVEN, Demand.REQUIRED)
    assert talk.consent.at > asked.told_at > 0
    assert talk.consent.wording.startswith("en:")
    await talk.says(TELLING)
    assert talk.state is not None
    assert talk.state.facts
    assert talk.state.session.guess != UNKNOWN


async def test_that_after_a_no_it_stays_so_and_nothing_is_asked_again() -> None:
    talk = Visitor("required", locale="de-AT")
    await talk.says(QUESTION)
    no = await talk.says("no thanks")
    assert talk.consent.decision is Decision.REFUSED
    assert "won't ask again" in words(no)
    for text in (TELLING, "Do you have an API?", QUESTION):
        outcome = await talk.says(text)
        assert nothing_is_known(talk, outcome)
        assert "Yes, I agree" not in (outcome.reply.buttons if outcome.reply else ())


@pytest.mark.parametrize("text", ["I want to talk to a person", "my address is jo@northfold.example"])
async def test_that_who_wants_to_be_known_is_told_what_it_takes(text: str) -> None:
    talk = Visitor("required", locale="fr-FR")
    await talk.says(QUESTION)
    await talk.says("no")
    outcome = await talk.says(text)
    assert nothing_is_known(talk, outcome)
    assert "need your yes" in words(outcome)
    await talk.says("yes")
    await talk.says("jo@northfold.example")
    assert talk.state is not None
    assert talk.state.lead is not None


async def test_that_a_notice_is_given_once_and_learning_goes_on() -> None:
    talk = Visitor("notice")
    first = await talk.says(TELLING)
    assert "privacy" in words(first)
    assert first.new_facts
    assert talk.consent.wording.startswith("en:")
    assert "write “privacy”" not in words(await talk.says("And is there an API?"))


async def test_that_a_browser_that_asks_not_to_be_profiled_is_a_no_without_a_question() -> None:
    talk = Visitor("notice", unprofiled=True)
    outcome = await talk.says(TELLING)
    assert nothing_is_known(talk, outcome)
    assert (talk.consent.decision, talk.consent.wording) == (Decision.REFUSED, "gpc")
    assert outcome.reply is not None
    assert "Yes, I agree" not in outcome.reply.buttons
    none = Visitor("none", unprofiled=True)
    assert (await none.says(TELLING)).new_facts


async def test_that_what_was_withdrawn_is_not_learned_any_more() -> None:
    talk = Visitor("none")
    await talk.says(TELLING)
    assert talk.state is not None
    before = talk.state.facts
    assert before
    await talk.says("I withdraw my consent")
    await talk.says("no")  # what was noted may stay
    outcome = await talk.says("We have 12 agents on Freshdesk")
    assert outcome.new_facts == ()
    assert talk.state.facts == before


@pytest.mark.parametrize(
    ("about", "asked"),
    [
        ({"locale": "de-DE"}, True),
        ({"locale": "en-US"}, False),
        ({"locale": "en-US", "zone": "Europe/Vienna"}, True),
        ({"locale": "de-DE", "zone": "America/New_York"}, False),
        ({"locale": "en"}, True),
        ({}, True),
    ],
)
async def test_that_a_region_is_known_by_zone_then_language_and_otherwise_assumed(
    about: dict[str, str], *, asked: bool
) -> None:
    talk = Visitor("required", region="EEA", **about)
    outcome = await talk.says(QUESTION)
    assert outcome.reply is not None
    assert ("Yes, I agree" in outcome.reply.buttons) is asked


def test_that_the_first_rule_that_fits_counts() -> None:
    rules = (
        ConsentRule(demand=Demand.REQUIRED, regions=frozenset({"DE"}), channels=frozenset({"web"})),
        ConsentRule(demand=Demand.NOTICE, channels=frozenset({"web"})),
    )
    policy = ConsentPolicy(rules=rules, zones={"Europe/Berlin": "DE"})
    assert policy.demand(channel="web", locale="", zone="Europe/Berlin") is Demand.REQUIRED
    assert policy.demand(channel="web", locale="en-GB", zone="") is Demand.NOTICE
    assert policy.demand(channel="bot", locale="de-DE", zone="") is Demand.NONE


def test_that_older_names_of_zones_are_known_and_regions_have_their_countries() -> None:
    assert [countries_of_zones().get(zone) for zone in ("Asia/Calcutta", "Europe/Kiev", "Nowhere")] == [
        "IN",
        "UA",
        None,
    ]
    policy = consent_policy(
        PrivacySettings.model_validate({"consent_rules": [{"consent": "notice", "regions": ["EEA", "GB"]}]})
    )
    assert policy.rules[0].regions >= {"NO", "DE", "GB"}


@pytest.mark.parametrize("region", ["Europe", "de", "XYZ", "1A"])
def test_that_a_region_nobody_knows_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="no region"):
        PrivacySettings.model_validate({"consent_rules": [{"consent": "notice", "regions": [region]}]})
