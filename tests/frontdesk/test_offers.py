"""`offers.yaml` from the folder to the reply: checked at its line, made in a talk, never twice, and not on its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import get_args

import pytest

from config import ConfigErrors
from config.models.offers import Doubt
from frontdesk.desk import read_desk
from frontdesk.mind import build_mind
from profiles.lexicon import shipped_cues
from tests.core.talking import CLOCK, DESK, Talk
from tests.frontdesk.test_commands import frontdesk

OFFER = """offers:
  - id: kickoff
    text: {en: "Our engineers set the first month up for you, free of charge."}
    objections: [effort]
  - id: walk_through
    text: {en: "I can offer a forty minute walk-through with your own tickets."}
    personas: [%s]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))


def test_the_doubts_a_file_may_name_are_those_that_are_heard() -> None:
    assert set(get_args(Doubt)) == set(shipped_cues()["objections"])


async def test_an_offer_is_made_to_the_doubt_it_answers_and_once(desk: Path) -> None:
    (desk / "offers.yaml").write_text(OFFER % "agency")
    talk = Talk("doubts", engine=build_mind(read_desk(desk), clock=CLOCK).engine)
    await talk.says("we run a web shop, 900 tickets a month in Zendesk")
    assert "engineers" not in talk.replies[-1]
    await talk.says("this looks too complicated for us, honestly")
    assert "Our engineers set the first month up for you, free of charge." in talk.replies[-1]
    await talk.says("hm, it still sounds like too much work")
    await talk.says("my address is lena@waxandwick.example")
    assert sum("engineers" in said for said in talk.replies) == 1
    assert not any("walk-through" in said for said in talk.replies)  # for agencies


async def test_without_the_file_nothing_is_offered(desk: Path) -> None:
    talk = Talk("plain", engine=build_mind(read_desk(desk), clock=CLOCK).engine)
    await talk.says("this looks too complicated for us, honestly")
    assert "free of charge" not in talk.replies[-1]


@pytest.mark.parametrize(
    ("written", "place", "said"),
    [
        ("offers:\n  - id: a\n    text: {en: Hi}\n    objections: [prize]\n", (4, 18), "price"),
        ("offers:\n  - id: a\n    txt: {en: Hi}\n", (3, 5), "text"),
        ("offers:\n  - id: a\n    text: {}\n", (3, 5), "text"),
        ("offers:\n  - id: a\n    text: {en: Hi}\n  - id: a\n    text: {en: Ho}\n", (4, 9), "a"),
        ("offers:\n  - id: a\n    text: {en: Hi}\n    until: soon\n", (4, 12), "date"),
        (
            "offers:\n  - id: a\n    text: {en: Hi}\n    since: 2027-02-01\n    until: 2027-01-01\n",
            (2, 5),
            "before the first",
        ),
        (f"offers:\n  - id: a\n    text: {{en: {'word ' * 31}}}\n", (2, 5), "30 words"),
    ],
)
def test_a_slip_is_told_at_its_place(desk: Path, written: str, place: tuple[int, int], said: str) -> None:
    (desk / "offers.yaml").write_text(written)
    with pytest.raises(ConfigErrors) as refused:
        read_desk(desk)
    told = {
        (one.line, one.column): f"{one.message} {one.hint}"
        for one in refused.value.problems
        if Path(one.file).name == "offers.yaml"
    }
    assert said in told[place]


def test_check_names_a_persona_that_is_not_there(desk: Path) -> None:
    (desk / "offers.yaml").write_text(OFFER % "agencyy")
    found = frontdesk("check", "-c", str(desk))
    assert found.returncode == 0
    assert "offers.yaml:7:" in found.stdout
    assert "agency" in found.stdout
