"""Who meets which variant: drawn alike everywhere, kept once met, and nothing met that could not matter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.asking import AskTiming
from core.ids import ConversationId, LeadId, MessageId, PersonaId, PersonId, VisitorId
from core.message import InboundMessage, MessageKind, Page
from core.people import Identity
from core.persona import PersonaGuess
from core.reply import Mode
from core.session import Exposure, Session
from core.trial import (
    HOLDOUT,
    Audience,
    Experiment,
    Goal,
    Unit,
    Variant,
    Variation,
    _fnv1a,
    drawn,
    entered,
    is_held_out,
    position,
)
from core.trial_evidence import Arm, share_mismatch

NOON = 1_772_366_400.0  # 1 March 2026
SESSION = Session(conversation=ConversationId("web:1"), visitor=VisitorId("v1"), channel="web")
PERSONS = 20_000


def trial(name: str = "asking", *, unit: Unit = Unit.CONVERSATION, **more: Any) -> Experiment:
    early = Variation(asking=AskTiming(turns=1))
    variants = (Variant(id="as_is"), Variant(id="early", variation=early))
    return Experiment(**{"id": name, "variants": variants, "unit": unit} | more)


def opener(name: str = "opener", **more: Any) -> Experiment:
    greeting = Variation(openers=("Is it loud at your counter, too?",))
    return trial(name, variants=(Variant(id="as_is"), Variant(id="loud", variation=greeting)), **more)


def heard(text: str = "Hello", kind: MessageKind = MessageKind.TEXT, **more: Any) -> tuple[InboundMessage, ...]:
    message = InboundMessage(
        id=MessageId("m"),
        channel="web",
        conversation=SESSION.conversation,
        visitor=SESSION.visitor,
        kind=kind,
        text=text,
        at=NOON,
    )
    return (replace(message, **more),)


def met(session: Session, messages: tuple[InboundMessage, ...], *experiments: Experiment) -> list[str]:
    return [one.experiment for one in entered(session, messages, experiments, NOON)]


@pytest.mark.parametrize(("text", "value"), [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)])
def test_the_hash_is_fnv_1a(text: str, value: int) -> None:
    """The vectors of its authors, http://www.isthe.com/chongo/tech/comp/fnv/."""
    assert _fnv1a(text) == value


@pytest.mark.parametrize("weights", [(1, 1), (1, 3), (0.95, 0.05), (1, 1, 1)])
def test_units_are_dealt_by_weight(weights: tuple[float, ...]) -> None:
    variants = tuple(Variant(id=str(place), weight=weight) for place, weight in enumerate(weights))
    experiment = trial("deal", variants=variants)
    counts = Counter(drawn(experiment, f"visitor-{number}").id for number in range(PERSONS))
    arms = [Arm(variant=one.id, weight=one.weight, units=counts[one.id], reached=0) for one in variants]
    assert share_mismatch(arms) > 0.001


def test_two_experiments_deal_independently() -> None:
    pairs = Counter(
        (drawn(trial("one"), f"visitor-{number}").id, drawn(trial("other"), f"visitor-{number}").id)
        for number in range(PERSONS)
    )
    arms = [Arm(variant="".join(pair), weight=1, units=count, reached=0) for pair, count in pairs.items()]
    assert len(arms) == 4
    assert share_mismatch(arms) > 0.001


@given(st.text(), st.text())
def test_a_position_is_a_place_on_the_line_and_always_the_same(seed: str, unit: str) -> None:
    assert 0 <= position(seed, unit) < 1
    assert position(seed, unit) == position(seed, unit)


def test_a_conversation_keeps_what_it_has_met() -> None:
    first = entered(SESSION, heard(), (trial(),), NOON)
    session = replace(SESSION, trials=first, turns=1)
    assert len(first) == 1
    assert entered(session, heard(), (trial(),), NOON) == first
    all_early = trial(variants=(Variant(id="early", weight=1_000, variation=Variation(asking=AskTiming(turns=1))),))
    assert entered(session, heard(), (all_early,), NOON) == first
    assert entered(session, heard(), (), NOON) == first


def test_a_person_meets_the_same_in_every_conversation_and_is_not_named() -> None:
    experiment = trial(unit=Unit.PERSON)
    sessions = [replace(SESSION, conversation=ConversationId(f"web:{number}")) for number in range(20)]
    exposures = {entered(one, heard(), (experiment,), NOON) for one in sessions}
    assert len(exposures) == 1
    ((exposure,),) = exposures
    assert "v1" not in exposure.unit
    known = replace(SESSION, person=PersonId("user:7"))
    other = replace(known, visitor=VisitorId("v2"))
    assert entered(known, heard(), (experiment,), NOON) == entered(other, heard(), (experiment,), NOON)
    says_so = heard(identity=Identity(person=PersonId("user:7")))
    assert entered(SESSION, says_so, (experiment,), NOON) == entered(known, heard(), (experiment,), NOON)


def test_openers_begin_with_the_opening_and_all_else_with_the_first_words() -> None:
    opened = heard("", MessageKind.OPENED)
    assert met(SESSION, opened, trial(), opener()) == ["opener"]
    assert met(SESSION, heard(), trial(), opener()) == ["asking", "opener"]
    assert met(SESSION, heard("session_15m", MessageKind.TIMER), trial(), opener()) == []


def test_of_two_that_touch_the_same_a_conversation_is_in_the_first() -> None:
    assert met(SESSION, heard(), trial("a"), opener("b"), trial("c"), opener("d")) == ["a", "b"]


@pytest.mark.parametrize(
    ("audience", "session", "message"),
    [
        (Audience(channels=("telegram",)), {}, {"channel": "telegram"}),
        (Audience(personas=("agency",)), {"guess": PersonaGuess(chosen=PersonaId("agency"))}, {}),
        (Audience(languages=("de",)), {"turns": 1, "language": "de"}, {}),
        (Audience(languages=("de",)), {}, {"locale": "de-AT"}),
        (Audience(languages=("de-CH",)), {}, {"page": Page(url="/", language="de-CH")}),
        (Audience(pages=("/pricing/*",)), {}, {"page": Page(url="https://fernlight.example/pricing/teams?a=1")}),
        (Audience(pages=("/pricing",)), {"pages": ("https://fernlight.example/pricing", "/blog")}, {}),
    ],
)
def test_only_its_audience_meets_an_experiment(
    audience: Audience, session: dict[str, Any], message: dict[str, Any]
) -> None:
    assert met(replace(SESSION, **session), heard(**message), trial(audience=audience)) == ["asking"]
    assert met(SESSION, heard(), trial(audience=audience)) == []


@pytest.mark.parametrize(
    ("days", "is_open"),
    [
        ({"since": date(2026, 3, 1), "until": date(2026, 3, 1)}, True),
        ({"since": date(2026, 3, 2)}, False),
        ({"until": date(2026, 2, 28)}, False),
    ],
)
def test_it_is_met_on_its_days_only(days: dict[str, Any], *, is_open: bool) -> None:
    assert bool(met(SESSION, heard(), trial(**days))) is is_open


def test_what_is_over_or_decided_meets_nothing_new() -> None:
    with_address = replace(SESSION, mode=Mode.SALES)
    assert met(with_address, heard(), trial(goal=Goal.EMAIL)) == []
    assert met(with_address, heard(), trial(goal=Goal.WON)) == ["asking"]
    assert met(replace(with_address, lead=LeadId("lead.1")), heard(), trial(goal=Goal.WON)) == []
    assert met(replace(SESSION, mode=Mode.HUMAN), heard(), trial()) == []


def test_who_is_held_out_is_in_no_experiment() -> None:
    held = Variant(id=HOLDOUT, variation=Variation(blind=True))
    holdout = trial(HOLDOUT, variants=(Variant(id="with", weight=1e-9), held))
    assert met(SESSION, heard(), holdout, trial(), opener()) == [HOLDOUT]
    everybody = trial(HOLDOUT, variants=(Variant(id="with"), replace(held, weight=1e-9)))
    assert met(SESSION, heard(), everybody, trial(), opener()) == [HOLDOUT, "asking", "opener"]
    assert is_held_out((Exposure(experiment=HOLDOUT, variant=HOLDOUT),))
    assert not is_held_out((Exposure(experiment=HOLDOUT, variant="with"),))
