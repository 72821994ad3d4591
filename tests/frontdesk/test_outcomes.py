from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from config import ConfigErrors
from frontdesk.outcomes import read_outcomes
from profiles.calibration import Outcome

EXAMPLE = Path(__file__).parents[2] / "examples" / "desk"


def test_a_folder_without_outcomes_has_none(tmp_path: Path) -> None:
    assert read_outcomes(tmp_path / "outcomes.csv") == ()


def test_outcomes_are_read_whatever_else_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text("\ufefflead,score,won\nlead.1,62,yes\nlead.2,12.5, Lost\n\nlead.3,100,1\n", encoding="utf-8")
    assert read_outcomes(path) == (Outcome(62.0, won=True), Outcome(12.5, won=False), Outcome(100.0, won=True))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r":1:1: there is no column score and no column won"),
        ("score\n3\n", r":1:1: there is no column won"),
        ("score,won\n3,yes\nmany,no\n", r":3:1: 'many' is no score"),
        ("score,won\n101,yes\n", r":2:1: '101' is no score"),
        ("score,won\nnan,yes\n", r":2:1: 'nan' is no score"),
        ("score,won\n3\n", r":2:1: None says neither yes nor no"),
        ("score,won\n3,perhaps\n", r":2:1: 'perhaps' says neither yes nor no"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigErrors, match=told):
        read_outcomes(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes(b"score,won\n\xff\xfe")
    with pytest.raises(ConfigErrors, match="UTF-8"):
        read_outcomes(path)


def test_check_lists_every_wrong_line_and_the_desk_does_not_start(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    copytree(EXAMPLE, desk)
    (desk / "outcomes.csv").write_text("score,won\n3,yes\nmany,no\n4,maybe\n", encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "frontdesk", "check", "-c", str(desk), "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert told.returncode == 78
    wrong = [one["line"] for one in json.loads(told.stdout)["problems"] if one["file"].endswith("outcomes.csv")]
    assert wrong == [3, 4]
