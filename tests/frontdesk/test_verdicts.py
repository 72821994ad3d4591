"""What reps said of their leads is counted, and moves the chance of a sale."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.ids import ConversationId
from core.lead import Lead, Readiness, Route
from frontdesk.cli import main
from frontdesk.desk import read_desk
from frontdesk.verdicts import outcomes_of, verdicts_of
from profiles.analyst import ProfileAnalyst
from profiles.calibration import Outcome
from store.open import open_store
from tests.contracts.builders import lead

DESK = Path(__file__).parents[2] / "examples" / "desk"


def given(number: int, verdict: str = "", *, score: float = 50.0, **more: Any) -> Lead:
    ready = Readiness(level="medium", score=score, probability=0.3, receipt=())
    return replace(lead(ConversationId(f"talk-{number}")), readiness=ready, verdict=verdict, **more)


LEADS = [
    given(1, "won", score=80, persona_name="Agencies", route=Route(rule="large", team="emea")),
    given(2, "lost", score=30, persona_name="Agencies", verdict_reason="price", route=Route(rule="large", team="emea")),
    given(3, "disqualified", score=60, verdict_reason="duplicate"),
    given(4, "disqualified", score=10, verdict_reason="student"),
    given(5, score=70),
]


def test_that_verdicts_about_buying_are_outcomes() -> None:
    assert outcomes_of(LEADS) == (Outcome(80, True), Outcome(30, False), Outcome(10, False))


def test_that_they_are_counted_by_persona_rule_and_team() -> None:
    found = verdicts_of(LEADS)
    assert (found.total.leads, found.total.won, found.total.lost, found.total.disqualified) == (5, 1, 1, 2)
    by_persona = {one.name: one for one in found.by_persona}
    assert (by_persona["Agencies"].leads, by_persona["Agencies"].share_won) == (2, 0.5)
    assert [one.name for one in found.by_rule] == ["", "large"]
    assert {one.name: one.won for one in found.by_team} == {"": 0, "emea": 1}
    assert dict(found.reasons) == {"duplicate": 1, "price": 1, "student": 1}
    assert verdicts_of([given(5)]).total.share_won is None


def test_that_enough_wins_raise_the_chance() -> None:
    wins = outcomes_of([given(number, "won", score=40) for number in range(60)])
    before, after = ProfileAnalyst().calibration, ProfileAnalyst(outcomes=wins).calibration
    assert after.chance(40).value > before.chance(40).value + 0.2
    assert after.chance(40).exact


def test_that_the_command_shows_them_with_brier_and_n(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))
    asyncio.run(_entered(desk))
    assert main(["verdicts", "-c", str(desk)]) == 0
    told = capsys.readouterr().out
    assert "5 leads: 1 won, 1 lost, 2 disqualified" in told
    assert "Agencies: 2 leads, 1 won, 1 lost, 0 no, 50 % won of those decided" in told
    assert main(["verdicts", "-c", str(desk), "--json"]) == 0
    calibration = json.loads(capsys.readouterr().out)["calibration"]
    assert (calibration["outcomes"], calibration["isotonic"]) == (3, False)
    assert 0 <= calibration["brier"] <= 1


async def _entered(desk: Path) -> None:
    settings = read_desk(desk).settings
    url, shards = settings.store.url.reveal(), settings.store.shards
    opened = await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk)
    for one in LEADS:
        await opened.store.lead_book.enter(one)
    await opened.close()
