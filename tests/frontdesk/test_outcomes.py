from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigError
from frontdesk.outcomes import read_outcomes
from profiles.calibration import Outcome


def test_a_folder_without_outcomes_has_none(tmp_path: Path) -> None:
    assert read_outcomes(tmp_path / "outcomes.csv") == ()


def test_outcomes_are_read_whatever_else_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text("\ufefflead,score,won\nlead.1,62,yes\nlead.2,12.5, Lost\n\nlead.3,100,1\n", encoding="utf-8")
    assert read_outcomes(path) == (Outcome(62.0, won=True), Outcome(12.5, won=False), Outcome(100.0, won=True))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", r":1: no column score and no column won"),
        ("score\n3\n", r":1: no column won"),
        ("score,won\n3,yes\nmany,no\n", r":3: 'many' is no score"),
        ("score,won\n101,yes\n", r":2: '101' is no score"),
        ("score,won\nnan,yes\n", r":2: 'nan' is no score"),
        ("score,won\n3\n", r":2: None says neither yes nor no"),
        ("score,won\n3,perhaps\n", r":2: 'perhaps' says neither yes nor no"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        read_outcomes(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes(b"score,won\n\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_outcomes(path)
