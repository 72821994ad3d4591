"""The metrics of `frontdesk eval`, on cases small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.evaluation import metrics, slot_metrics
from frontdesk.evaluation.figures import Counts, proportion, wilson
from frontdesk.evaluation.gold import GoldConversation, Labels
from frontdesk.evaluation.metrics import Prediction, Talk, talk_of
from frontdesk.evaluation.policies import always_none, asks_in_reply_three, most_common_persona, never_asks, played
from frontdesk.evaluation.report import as_json, as_table, figures
from frontdesk.evaluation.values import allows, matches, violates


def gold(turns: int = 3, persona: str | None = "bakery", **more: Any) -> GoldConversation:
    states = more.pop("states", [None] * turns)
    intents = more.pop("intents", [None] * turns)
    said = [
        {"t": t, "visitor": "x", "state": state, "intent": intent}
        for t, (state, intent) in enumerate(zip(states, intents, strict=True), 1)
    ]
    return GoldConversation.model_validate({"id": "c", "persona": persona, "turns": said, **more})


def talk(one: GoldConversation, *predictions: Prediction, labels: Labels | None = None) -> Talk:
    return talk_of(one, predictions, labels or Labels())


def guesses(*personas: str | None) -> tuple[Prediction, ...]:
    return tuple(Prediction(persona=persona) for persona in personas)


def asks(*turns: int, of: int = 4) -> tuple[Prediction, ...]:
    return tuple(Prediction(ask_email=t in turns) for t in range(1, of + 1))


@pytest.mark.parametrize(
    ("guessed", "decidable", "right", "late"),
    [
        (("bakery", "bakery", "bakery"), 1, 1.0, 0.0),
        ((None, None, "bakery"), 1, 1.0, 2.0),
        ((None, None, "bakery"), 3, 1.0, 0.0),
        (("bakery", "florist", "bakery"), 1, 1.0, 2.0),
        (("bakery", "bakery", None), 2, 0.0, 2.0),
        ((None, None, None), 3, 0.0, 1.0),
    ],
)
def test_persona_is_judged_at_the_end_and_by_when_it_is_settled(
    guessed: tuple[str | None, ...], decidable: int, right: float, late: float
) -> None:
    one = talk(gold(persona_decidable_turn=decidable), *guesses(*guessed))
    assert metrics.persona_top1([one]).value == right
    assert metrics.persona_turns_late([one]).value == late


def test_nobody_counts_as_a_persona_and_alternatives_are_right() -> None:
    nobody = talk(gold(persona=None), *guesses("bakery", None, None))
    either = talk(gold(persona="bakery", persona_alt=["florist"]), *guesses("florist", "florist", "florist"))
    assert metrics.persona_top1([nobody, either]).value == 1.0
    assert metrics.persona_turns_late([nobody]).value is None
    assert metrics.persona_wrongly_named([nobody, either]).value == pytest.approx(1 / 6)
    assert metrics.persona_top1_of_nobody([nobody, either]).n == 1


def test_a_label_stands_for_the_ids_it_was_settled_to() -> None:
    labels = Labels(accepted={"bakery": frozenset({"bakers", "cake_shops"}), "florist": frozenset()})
    assert metrics.persona_top1([talk(gold(1), *guesses("cake_shops"), labels=labels)]).value == 1.0
    assert metrics.persona_top1([talk(gold(1), *guesses("bakery"), labels=labels)]).value == 0.0
    unknown = talk(gold(1, persona="florist"), *guesses(None), labels=labels)
    assert metrics.persona_top1([unknown]).value == 0.0
    forbidden = gold(1, persona=None, must_not=[{"slot": "persona", "value": "bakery", "from_turn": 1}])
    assert slot_metrics.must_not([talk(forbidden, *guesses("bakers"), labels=labels)], labels).value == 1.0


ASKING = {"mode": "must", "earliest": 2, "by": 3}


@pytest.mark.parametrize(
    ("wanted", "asked", "given_at", "regret"),
    [
        (ASKING, (2,), None, 0.0),
        (ASKING, (1,), None, 0.25),
        (ASKING, (4,), None, 0.34),
        (ASKING, (), None, 1.0),
        (ASKING, (), 3, 0.5),
        (ASKING, (4,), 3, 1.0),
        (ASKING, (2, 3, 4), None, 0.5),
        ({"mode": "never"}, (), None, 0.0),
        ({"mode": "never"}, (3,), None, 1.0),
        ({"mode": "optional", "earliest": 4}, (), None, 0.0),
        ({"mode": "optional", "earliest": 4}, (1,), None, 0.75),
        ({"mode": "must", "earliest": 1, "by": 2, "forbidden_from": 3}, (1, 4), None, 1.0),
    ],
)
def test_regret_of_asking(wanted: dict[str, Any], asked: tuple[int, ...], given_at: int | None, regret: float) -> None:
    one = talk(gold(4, ask=wanted, email_volunteered_turn=given_at), *asks(*asked))
    assert metrics.ask_regret([one]).value == pytest.approx(regret)


def test_slots_are_counted_after_the_last_turn_only_where_they_are_labelled() -> None:
    state = {"company_size": 40, "tech_stack": ["Zendesk", "Slack"], "email": "a@b.example"}
    held = {
        "company_size": {"min": 38, "max": 44},
        "tech_stack": ["zendesk", "Jira", "Notion"],
        "name": "Ann",
        "industry": "law",
    }
    turns = [
        {"t": 1, "visitor": "x", "state": {}},
        {"t": 2, "visitor": "x", "state": state, "gold": {"opt": {"tech_stack": ["Jira"], "name": "Ann"}}},
    ]
    labelled = GoldConversation.model_validate({"id": "c", "persona": None, "turns": turns})
    scored = talk(labelled, Prediction(slots={"role": "x"}), Prediction(slots=held))
    counts = slot_metrics.slot_counts([scored, talk(gold(1), Prediction(slots=held))], Labels())
    assert counts["company_size"] == Counts(right=1)
    assert counts["tech_stack"] == Counts(right=1, wrong=1, missed=1)
    assert counts["email"] == Counts(missed=1)
    assert counts["name"] == Counts()
    assert counts["industry"] == Counts(wrong=1)
    together = slot_metrics.slots_together(counts)
    assert (together.right, together.wrong, together.missed) == (2, 2, 2)
    assert together.f1().value == pytest.approx(0.5)
    narrow = slot_metrics.slot_counts([scored], Labels(slots_not_scored=frozenset({"tech_stack"})))
    assert "tech_stack" not in narrow


def test_intent_readiness_and_probability() -> None:
    one = talk(
        gold(3, intents=[1, 2, 3], readiness="high"),
        Prediction(intent=2),
        Prediction(intent=1),
        Prediction(intent=2, readiness="high", p_ready=0.75),
    )
    intent = metrics.buying_intent([one])
    assert (intent.right, intent.wrong, intent.missed) == (1, 1, 1)
    assert metrics.readiness_strict([one]).value == 1.0
    assert metrics.brier([one]).value == pytest.approx(0.0625)


@pytest.mark.parametrize(
    ("slot", "value", "wanted", "same"),
    [
        ("email", "A@B.example", "a@b.example", True),
        ("phone", "+44 7700 900418", "07700900418", True),
        ("name", "Ann Lee", "Ann", True),
        ("name", "Ann", "Ann Lee", False),
        ("company", "Blue-Sky", "blue sky", True),
        ("role", "head of customer support", "Head of support", True),
        ("role", "engineer", "Head of support", False),
        ("company_size", 44, 40, True),
        ("company_size", 50, 40, False),
        ("company_size", {"min": 100}, {"min": 50, "max": 120}, True),
        ("volume", {"value": 100, "period": "day"}, {"value": 3000, "period": "month"}, True),
        ("volume", {"value": 100, "period": "day"}, {"value": 100, "period": "week"}, False),
        ("volume", {"value": 1, "period": "day"}, {"any_of": [{"value": 9}, {"value": 7, "period": "week"}]}, True),
        ("budget", {"value": 500, "currency": "EUR"}, {"value": 500, "currency": "USD"}, False),
        ("budget", {"value": 500}, {"max": 500, "currency": "USD"}, True),
        ("budget", "none", "none", True),
        ("budget", "none", {"value": 500}, False),
        ("timeline", "1-3m", ["now", "1-3m"], True),
    ],
)
def test_when_a_value_is_the_labelled_one(slot: str, value: Any, wanted: Any, *, same: bool) -> None:
    assert matches(slot, value, wanted) is same


def test_forbidden_and_allowed_values() -> None:
    assert violates("tech_stack", ["Zendesk"], "zendesk")
    assert violates("company_size", 20, 20)
    assert not violates("company_size", {"min": 10, "max": 30}, 20)
    assert allows("pains", "scaling", ["scaling"])
    assert not allows("company_size", 30, [20])


def test_part_of_an_amount_may_be_forbidden() -> None:
    rule = [{"slot": "budget.currency", "value": "USD", "from_turn": 1}]
    one = talk(gold(1, must_not=rule), Prediction(slots={"budget": {"value": 5, "currency": "USD"}}))
    late = gold(1, must_not=[{"slot": "name", "value": "Ann", "from_turn": 2}])
    assert slot_metrics.must_not([one], Labels()).value == 1.0
    assert slot_metrics.must_not([talk(late, Prediction(slots={"name": "Ann"}))], Labels()).n == 0


@given(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_its_share_and_stays_within_bounds(case: tuple[int, int]) -> None:
    hits, n = case
    low, high = wilson(hits, n)
    assert 0.0 <= low <= high <= 1.0
    if n:
        assert low - 1e-9 <= hits / n <= high + 1e-9


def test_the_interval_is_wilsons() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert proportion([]).value is None


def test_trivial_policies_stand_beside_the_figures() -> None:
    golds = [gold(persona="bakery"), gold(persona="bakery"), gold(persona=None, ask={"mode": "never"})]
    talks = [talk(one, *guesses(None, None, None)) for one in golds]
    common = played(most_common_persona(golds, Labels()), talks)
    assert metrics.persona_top1(common).value == pytest.approx(2 / 3)
    assert metrics.persona_top1(played(always_none, talks)).value == pytest.approx(1 / 3)
    assert metrics.ask_regret(played(never_asks, talks)).value == 0.0
    assert metrics.ask_regret(played(asks_in_reply_three, talks)).value == 1.0
    found = figures(talks, Labels())
    assert found["persona_top1"].trivial == pytest.approx({"always none": 1 / 3, "most common": 2 / 3})
    assert as_json(found)["readiness_strict"] == {"value": None, "n": 0, "interval": None, "trivial": {}}
    table = "\n".join(as_table(found))
    assert "most common 0.667" in table
    assert "readiness" not in table


def test_a_prediction_for_each_turn_is_needed() -> None:
    with pytest.raises(ValueError, match="2 predictions for 3 turns"):
        talk(gold(), *guesses(None, None))
