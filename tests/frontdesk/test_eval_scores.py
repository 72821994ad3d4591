"""The score sheet, answers, baseline, intervals and the trigger frontier, on cases small enough to count by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigError
from frontdesk.evaluation.answers import SiteFact, abstained, answered, read_facts
from frontdesk.evaluation.baseline import baseline
from frontdesk.evaluation.bootstrap import with_interval
from frontdesk.evaluation.figures import Counts
from frontdesk.evaluation.gold import GoldConversation, Labels
from frontdesk.evaluation.metrics import Prediction, Talk, calibration_error, talk_of
from frontdesk.evaluation.report import as_markdown, figures
from frontdesk.evaluation.scores import score_sheet
from frontdesk.evaluation.shadow import learned_in
from frontdesk.evaluation.slot_metrics import bant_wrong
from frontdesk.evaluation.values import matches, violates

TURNS: list[dict[str, Any]] = [
    {"t": 1, "visitor": "We are 40 people", "intent": 2, "state": {"company_size": 40}, "asks": ["price"]},
    {
        "t": 2,
        "visitor": "sorry, 400 people. budget? forget the date",
        "intent": 3,
        "asks": ["?moon"],
        "gold": {"set": {"company_size": 400}, "drop": ["timeline"], "rem": {"tech_stack": ["Jira", "Slack"]}},
        "state": {"company_size": 400, "use_case": ["triage"]},
    },
]


def talk(*predictions: Prediction, **more: Any) -> Talk:
    labelled = {
        "id": "a",
        "persona": "bakery",
        "visitor_type": "buyer",
        "readiness": "medium",
        "turns": TURNS,
        "readiness_accept": ["medium", "high"],
        "final": TURNS[-1]["state"],
        "phenomena": ["correction"],
        "bant_available": {"need": True, "timeline": True},
        "ask": {"mode": "must", "earliest": 1, "by": 1},
        "must_not": [{"slot": "company_size", "value": 40}, {"slot": "name", "value": "Ann", "from_turn": 9}],
    }
    return talk_of(GoldConversation.model_validate(labelled | more), predictions, Labels())


def test_the_sheet_of_one_conversation_counted_by_hand() -> None:
    first = Prediction(persona="bakery", slots={"company_size": 40}, intent=1, ask_email=True)
    last = Prediction(
        persona="bakery",
        slots={"company_size": 40, "tech_stack": ["jira"], "use_case": ["triage"], "features": ["x"]},
        intent=3,
        readiness="high",
        p_ready=0.4,
    )
    sheet = score_sheet([talk(first, last)], Labels())
    assert (sheet["persona_top1"], sheet["persona_lag_turns_mean"], sheet["persona_lag0_share"]) == (1.0, 0.0, 1.0)
    assert sheet["persona_top1_ci"] == [0.207, 1.0]
    assert (sheet["slot_precision"], sheet["slot_recall"], sheet["slot_micro_f1_final"]) == (0.333, 0.5, 0.4)
    assert sheet["slot_micro_f1_all_turns"] == 0.571
    assert sheet["group_f1"] == {"contact": 0.0, "firmographic": 0.0, "bant": 1.0, "technical": 0.0}
    assert sheet["correction_acc"] == [0.5, 4]
    assert sheet["must_not_violation"] == [1.0, 1]
    assert sheet["must_not_by_phenomenon"] == {"correction": "1/1"}
    assert sheet["buying_intent"] == {"precision": 1.0, "recall": 0.5}
    assert sheet["hot_intent"] == {"precision": 1.0, "recall": 1.0}
    assert sheet["intent_mae"] == 0.5
    assert (sheet["ask_regret"], sheet["ask_redundant"]) == (0.0, 0)
    assert (sheet["ask_on_never"], sheet["ask_in_window_on_must"]) == ([0, 0], [1, 1])
    assert (sheet["readiness_acc"], sheet["readiness_acc_lenient"], sheet["readiness_mae"]) == (0.0, 1.0, 1.0)
    assert (sheet["brier_ready"], sheet["ece_ready"]) == (0.16, 0.4)
    assert sheet["bant_completeness"] == [0.5, 2]
    assert sheet["bant_wrong"] == [0.0, 1]
    assert "grounded" not in sheet


def test_an_answer_is_wrong_when_nothing_of_it_holds() -> None:
    opt = [TURNS[0] | {"gold": {"opt": {"budget": {"value": 9, "currency": "USD"}, "pains": ["slow"]}}}, TURNS[1]]
    told = {"use_case": ["other", "triage"], "timeline": "now", "role": "baker", "budget": {"value": 9}}
    mixed = talk(Prediction(), Prediction(slots=told), turns=opt)
    assert bant_wrong([mixed]).hits() == 2  # nothing was said of a timeline or a role
    assert bant_wrong([mixed]).n == 4
    assert bant_wrong([talk(Prediction(), Prediction(slots={"pains": ["slow"]}), turns=opt)]).hits() == 0
    assert bant_wrong([talk(Prediction(), Prediction(slots=told), visitor_type="student")]).n == 0


def test_calibration_groups_the_chances_by_size() -> None:
    talks = [
        talk(Prediction(), Prediction(p_ready=p), readiness=level)
        for p, level in ((0.2, "low"), (0.9, "high"), (0.6, "low"))
    ]
    assert calibration_error(talks).value == pytest.approx((0.2 + 0.1 + 0.6) / 3)


def test_answers_need_the_fact_and_admissions_the_words() -> None:
    facts = {"price": SiteFact(any=("12",), any2=("month",), forbid=("free",))}
    good = talk(Prediction(reply="It is 12 a Month"), Prediction(reply="That is not documented."))
    bad = talk(Prediction(reply="12 a month, or free"), Prediction(reply="Certainly."))
    assert answered([good, bad], facts).value == 0.5
    assert abstained([good, bad]).value == 0.5
    with pytest.raises(ConfigError, match="'price' is not in the file"):
        answered([good], {})


@pytest.mark.parametrize("content", ["{", '{"facts": {}}', '{"facts": {"a": {"any": ["("]}}}'])
def test_a_broken_file_of_facts_is_named(content: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"facts\.json: "):
        read_facts(path)
    path.write_text(json.dumps({"facts": {"a": {"any": ["x"]}}}))
    assert read_facts(path)["a"].told_in("X")


@pytest.mark.parametrize(
    ("slot", "value", "wanted", "same"),
    [
        ("company_size", 95, {"min": 100}, True),
        ("company_size", 80, {"min": 100}, False),
        ("company_size", "many", 40, False),
        ("budget", {"value": 0}, "none", True),
        ("budget", {"value": 5}, "none", False),
        ("volume", {"value": 5, "currency": "EUR"}, {"value": 5, "currency": "USD"}, True),
        ("volume", {"value": 5, "period": "aeon"}, {"value": 5, "period": "day"}, False),
        ("role", "CTO", ["founder", "cto"], True),
        ("phone", "call 0171 2345678", "+491712345678", True),
    ],
)
def test_corner_cases_of_values(slot: str, value: Any, wanted: Any, *, same: bool) -> None:
    assert matches(slot, value, wanted) is same


def test_forbidden_texts_are_recognised_in_part() -> None:
    assert violates("role", "head of support", "support")
    assert violates("email", "ann@x.example", "ann@")
    assert violates("phone", "+44 7700 900418", "7700900418")
    assert not violates("budget", {"min": 5, "max": 9}, 5)


def test_the_baseline_reads_what_patterns_can() -> None:
    turns = [{"t": 1, "visitor": "I am Ann, 40 employees, we use Slack. Our budget is $500. A demo? a@b.example"}]
    told = baseline(GoldConversation.model_validate({"id": "a", "persona": None, "turns": turns}), 1)
    assert told.slots["email"] == "a@b.example"
    assert (told.slots["name"], told.slots["company_size"]) == ("Ann", 40)
    assert told.slots["budget"] == {"value": 500, "currency": "USD"}
    assert told.slots["tech_stack"] == ["Slack"]
    assert (told.intent, told.ask_email, told.readiness) == (3, False, "high")


def test_intervals_are_drawn_the_same_again_and_hold_their_figure() -> None:
    parts = [Counts(right=n % 3, wrong=n % 2, missed=1) for n in range(20)]
    found = with_interval(parts, Counts.f1)
    assert found == with_interval(parts, Counts.f1)
    assert found.interval is not None
    assert found.value is not None
    assert found.interval[0] < found.value < found.interval[1]
    assert with_interval([], Counts.f1).interval is None


def test_figures_as_a_table_to_paste() -> None:
    table = list(as_markdown(figures([talk(Prediction(), Prediction(persona="bakery"))], Labels())))
    assert table[1] == "|---|---|---|---|---|"
    assert table[2].startswith(
        "| persona right at the end, none included | 1.000 | 0.207 - 1.000 | 1 | always none 0.000"
    )


def test_what_a_turn_tells() -> None:
    gold = talk(Prediction(), Prediction()).gold
    assert learned_in(gold, 1) == frozenset()
    assert ("tech_stack", "- jira") in learned_in(gold, 2)
