"""`experiments.yaml` from the folder to the reply, to the store, and to what may be said of it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from config import ConfigErrors, Desk
from config.models.experiments import GoalName, UnitName
from core.directory import Listing
from core.ids import ConversationId, VisitorId
from core.lead import LeadStatus
from core.reply import Mode
from core.session import Exposure
from core.trial import HOLDOUT, Goal, Unit
from core.trial_evidence import Arm
from core.trials import Trials
from frontdesk.beside import store_beside
from frontdesk.cli import main
from frontdesk.desk import read_desk
from frontdesk.mind import build_mind
from frontdesk.trial_counts import counted
from frontdesk.variants import experiments_of
from inference.scripted import ScriptedChatModel
from tests.core.hub_parts import eventually
from tests.core.talking import CLOCK, DESK, Talk
from tests.frontdesk.test_commands import frontdesk
from tests.frontdesk.test_reloading import folder, said, serving

__all__ = ["folder"]  # a fixture

OPENER = "Do your nurses answer the telephone, too?"
RARELY = 0.000001
FILE = """experiments:
  - id: tried
    by: conversation
    variants:
      - {{id: as_is, weight: {weight}}}
      - id: other
        {varies}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))


def read_with(desk: Path, varies: str, *, weight: float = RARELY) -> Desk:
    """The desk with an experiment in which as good as everybody meets the second variant."""
    (desk / "experiments.yaml").write_text(FILE.format(varies=varies, weight=weight))
    return read_desk(desk)


def trials_with(desk: Path, varies: str, *, weight: float = RARELY) -> Trials:
    return build_mind(read_with(desk, varies, weight=weight), clock=CLOCK).trials


def held_out(desk: Path) -> Trials:
    (desk / "experiments.yaml").write_text("holdout: {share: 0.5, by: conversation}\n")
    return build_mind(read_desk(desk), clock=CLOCK).trials


async def test_an_opener_is_said_in_the_place_of_the_audiences_own(desk: Path) -> None:
    tried = Talk(page="/solutions/agencies/", engine=trials_with(desk, f'openers: ["{OPENER}"]'))
    plain = Talk(page="/solutions/agencies/")
    await tried.opens()
    await plain.opens()
    assert OPENER in tried.replies[0]
    assert plain.replies[0] not in tried.replies
    assert tried.state is not None
    assert tried.state.session.trials == (Exposure(experiment="tried", variant="other"),)


async def test_questions_are_asked_in_other_words_and_another_order(desk: Path) -> None:
    plain = Talk()
    await plain.says("We are an agency with 40 people, and we would like to automate our support.")
    asked = [plain.outcomes[-1].state.session.pending_question]
    for question in ("timeline", "budget"):
        words = f"And when it comes to {question}, what is true of you?"
        varies = f'{{ask_first: [{question}], questions: {{{question}: {{en: ["{words}"]}}}}}}'
        tried = Talk(engine=trials_with(desk, varies[1:-1].replace(", questions", "\n        questions")))
        await tried.says("We are an agency with 40 people, and we would like to automate our support.")
        assert tried.outcomes[-1].state.session.pending_question == question, str(tried)
        assert words in tried.replies[-1]
        asked.append(question)
    assert len(set(asked)) == 3


async def test_the_address_is_asked_for_at_another_time(desk: Path) -> None:
    said = ("We are evaluating tools for our agency with 40 people.", "We use Zendesk.", "About 5,000 tickets a month.")
    late = Talk(engine=trials_with(desk, "ask_email: {turns: 20}"))
    plain = Talk()
    for text in said:
        await late.says(text)
        await plain.says(text)
    assert any(one.asked_email for one in plain.outcomes), str(plain)
    assert not any(one.asked_email for one in late.outcomes), str(late)


async def test_instructions_reach_the_model_and_nobody_else(desk: Path) -> None:
    model = ScriptedChatModel(lambda _: {"mainText": "Hello, I am an assistant."})
    read = read_with(desk, "instructions: Compare it with a lighthouse.")
    mind = build_mind(read, clock=CLOCK, chat_model=model)
    await Talk(engine=mind.trials).says("What does it cost?")
    await Talk(engine=mind.engine).says("What does it cost?")
    tried, plain = (prompt.system for prompt in model.prompts)
    assert tried.index("- Compare it with a lighthouse.") < tried.index("Draft:")
    assert "lighthouse" not in plain
    assert "{further}" not in tried + plain


async def test_who_is_held_out_hears_of_no_persona_and_is_asked_nothing_but_the_address(desk: Path) -> None:
    trials = held_out(desk)
    talks = [Talk(f"talk {number}", page="/solutions/agencies/", engine=trials) for number in range(12)]
    variants = Counter[str]()
    for talk in talks:
        await talk.opens()
        await talk.says("We run an agency, and our client reports are built by hand.")
        await talk.says("What does the Scale plan cost?", "ines@nordlicht.example")
        assert talk.state is not None
        (met,) = talk.state.session.trials
        variants[met.variant] += 1
        asked, lead = talk.state.session.asked, talk.state.lead
        assert lead is not None
        assert lead.persona == "agency", "the team's lead keeps it"
        wires = [one.reply.to_wire() for one in talk.outcomes if one.reply]
        if met.variant == HOLDOUT:
            assert asked == ()
            assert not any(wire["persona"] or wire["profileContext"] for wire in wires)
        else:
            assert asked
            assert any(wire["persona"] == "agency" for wire in wires)
        assert talk.state.session.mode is Mode.SALES
    assert min(variants.values()) >= 2, variants


async def test_who_has_not_agreed_to_be_profiled_meets_nothing(desk: Path) -> None:
    settings = (desk / "frontdesk.yaml").read_text()
    (desk / "frontdesk.yaml").write_text(settings.replace("privacy:\n", "privacy:\n  consent: required\n"))
    mind = build_mind(read_with(desk, f'openers: ["{OPENER}"]'), clock=CLOCK)
    talk = Talk(page="/solutions/agencies/", engine=mind.desk)
    assert (await talk.opens()).state.session.trials == ()
    assert (await talk.says("Yes")).state.session.consent.learns, str(talk)
    assert [one.variant for one in (await talk.says("What does it cost?")).state.session.trials] == ["other"]


async def test_what_is_tried_out_no_longer_changes_nothing(desk: Path) -> None:
    tried = Talk(page="/solutions/agencies/", engine=trials_with(desk, f'openers: ["{OPENER}"]'))
    await tried.opens()
    (desk / "experiments.yaml").write_text("experiments: []\n")
    tried.engine = build_mind(read_desk(desk), clock=CLOCK).trials
    outcome = await tried.says("Hello")
    assert outcome.state.session.trials == (Exposure(experiment="tried", variant="other"),)


def test_the_words_of_the_file_are_those_of_the_engine() -> None:
    assert get_args(GoalName) == tuple(one.value for one in Goal)
    assert get_args(UnitName) == tuple(one.value for one in Unit)


@pytest.mark.parametrize(
    ("written", "place", "said"),
    [
        ("experiment: []\n", (1, 1), "experiments"),
        ("experiments:\n  - id: a\n    variants: [{id: x}]\n", (3, 15), "2"),
        ("experiments:\n  - id: a\n    variants: [{id: x}, {id: y}]\n", (3, 30), "changes nothing"),
        ("experiments:\n  - id: a\n    variants:\n      - {id: x}\n      - {id: x, ask_first: [b]}\n", (5, 14), "x"),
        (
            "experiments:\n  - id: holdout\n    variants:\n      - {id: x}\n      - {id: y, ask_first: [b]}\n",
            (2, 5),
            "beside",
        ),
        (
            "experiments:\n  - id: a\n    gaol: won\n    variants:\n      - {id: x}\n      - {id: y, ask_first: [b]}\n",
            (3, 5),
            "goal",
        ),
        (
            "experiments:\n  - id: a\n    goal: winn\n    variants: [{id: x}, {id: y, ask_first: [b]}]\n",
            (3, 11),
            "won",
        ),
        ("holdout: {share: 5}\n", (1, 18), "0.5"),
        (
            "experiments:\n  - id: a\n    variants:\n      - {id: x}\n      - id: y\n        openers: ["
            + "word " * 13
            + "]\n",
            (6, 19),
            "12 words",
        ),
    ],
)
def test_a_slip_is_told_at_its_place(desk: Path, written: str, place: tuple[int, int], said: str) -> None:
    (desk / "experiments.yaml").write_text(written)
    with pytest.raises(ConfigErrors) as refused:
        read_desk(desk)
    told = {(one.line, one.column): f"{one.message} {one.hint}" for one in refused.value.problems}
    assert said in told[place], told


def test_check_names_what_is_not_there(desk: Path) -> None:
    (desk / "experiments.yaml").write_text(
        "experiments:\n  - id: a\n    audience: {channels: [wbe], personas: [agencyy]}\n"
        "    variants:\n      - {id: x}\n      - {id: y, ask_first: [volum], questions: {timelin: {en: [When?]}}}\n"
    )
    found = frontdesk("check", "-c", str(desk), "--json")
    assert found.returncode == 0
    problems = json.loads(found.stdout)["problems"]
    hints = {
        (one["line"], one["column"]): one["hint"] for one in problems if Path(one["file"]).name == "experiments.yaml"
    }
    meant = {(3, 27): "web", (3, 44): "agency", (6, 29): "volume", (6, 49): "timeline"}
    assert {place: name in hints[place] for place, name in meant.items()} == dict.fromkeys(meant, True)


async def arms_of(rows: list[Listing], desk: Desk, **changes: Any) -> list[Arm]:
    """What is counted of these rows, over several pages of a real directory."""
    experiments = [replace(one, **changes) for one in experiments_of(desk)]
    async with store_beside(desk) as store:
        for one in rows:
            await store.directory.list(one)
        return list((await counted(store.directory, experiments, page=2))["tried"])


def row(name: str, variant: str, *, at: float = 1.0, unit: str = "", **more: Any) -> Listing:
    trials = (Exposure(experiment="tried", variant=variant, unit=unit), Exposure(experiment="gone", variant="x"))
    plain = Listing(
        conversation=ConversationId(name),
        visitor=VisitorId(name),
        version=1,
        created_at=at,
        active_at=at,
        channel="web",
        language="en",
        trials=trials,
    )
    return replace(plain, **more)


@pytest.mark.parametrize(
    ("goal", "reached"), [("email", (2, 1)), ("qualified", (1, 0)), ("handed_off", (2, 0)), ("won", (0, 0))]
)
async def test_conversations_are_counted_by_goal(desk: Path, goal: str, reached: tuple[int, int]) -> None:
    lead: dict[str, Any] = {"email": "a@b.example", "status": LeadStatus.NEW.value}
    rows = [
        row("1", "as_is", **lead, readiness="high"),
        row("2", "as_is", **lead),
        row("3", "as_is"),
        row("4", "other", email="c@d.example"),
        replace(row("5", "other"), trials=()),
    ]
    arms = await arms_of(rows, read_with(desk, "ask_email: {turns: 1}"), goal=Goal(goal))
    assert [arm.units for arm in arms] == [3, 1]
    assert tuple(arm.reached for arm in arms) == reached


async def test_people_count_once_with_what_they_met_first(desk: Path) -> None:
    rows = [
        row("1", "as_is", at=1.0, unit="p"),
        row("2", "other", at=2.0, unit="p", email="a@b.example"),
        row("3", "other", at=3.0, unit="q"),
    ]
    arms = await arms_of(rows, read_with(desk, "ask_email: {turns: 1}"))
    assert [(arm.units, arm.reached) for arm in arms] == [(1, 1), (1, 0)]


async def test_what_visitors_met_is_in_the_store_once_and_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "experiments.yaml").write_text(FILE.format(varies="ask_email: {turns: 1}", weight=1))
    async with serving(folder) as hub:
        for number in range(12):
            await said(hub, f"talk{number}", "hello", 1)
            await said(hub, f"talk{number}", "hello", 1)  # delivered once more
            await said(hub, f"talk{number}", f"my address is v{number}@hafenpraxis.de", 2)
        experiments = experiments_of(hub.reloader.desk)

        async def all_listed() -> bool:
            arms = (await counted(hub.store.store.directory, experiments))["tried"]
            return sum(arm.reached for arm in arms) == 12

        await eventually(all_listed, "not every conversation was counted")
        state = await hub.store.store.conversations.load(ConversationId("talk0"))
        assert state is not None
        assert [one.experiment for one in state.session.trials] == ["tried"]
        arms = (await counted(hub.store.store.directory, experiments))["tried"]
        assert [arm.units for arm in arms] == [arm.reached for arm in arms]
        assert min(arm.units for arm in arms) > 0
    async with store_beside(read_desk(folder)) as store:
        assert (await counted(store.directory, experiments))["tried"] == arms


def test_the_command_claims_nothing_of_an_empty_store(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments", "-c", str(folder)]) == 78
    assert "frontdesk schema experiments.yaml" in capsys.readouterr().err
    (folder / "experiments.yaml").write_text(
        "holdout: {share: 0.05}\n" + FILE.format(varies="ask_email: {turns: 1}", weight=1)
    )
    assert main(["experiments", "-c", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert shown.count("nothing to claim yet") == 2
    assert main(["experiments", "-c", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["experiments"]
    assert [one["id"] for one in found] == ["holdout", "tried"]
    assert found[1]["variants"][1] == {
        "id": "other",
        "weight": 1.0,
        "units": 0,
        "reached": 0,
        "rate": 0.0,
        "lift": None,
        "low": -1.0,
        "high": None,
        "pValue": 1.0,
        "claim": None,
    }
