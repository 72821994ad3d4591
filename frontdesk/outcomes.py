"""What became of earlier leads: `outcomes.csv` in the admin's folder, with the columns `score` and `won`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from core.errors import ConfigError
from profiles.calibration import Outcome

OUTCOMES = "outcomes.csv"
COLUMNS = {"score", "won"}
_ANSWERS = {"yes": True, "true": True, "1": True, "won": True, "no": False, "false": False, "0": False, "lost": False}
_MOST_POINTS = 100.0


def read_outcomes(path: Path) -> tuple[Outcome, ...]:
    """The outcomes of a file, () where there is none; other columns are ignored.

    Raises `ConfigError` naming file and line for a score that is not between 0 and 100 or a `won` that is neither
    yes nor no (also: true, 1, won; false, 0, lost).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); save it as UTF-8 text") from None
    return tuple(_rows(text, path))


def _rows(text: str, path: Path) -> Iterator[Outcome]:
    reader = csv.DictReader(text.splitlines())
    missing = COLUMNS - set(reader.fieldnames or ())
    if missing:
        raise ConfigError(f"{path}:1: no column {' and no column '.join(sorted(missing))}; begin with `score,won`")
    for row in reader:
        yield Outcome(_score(row["score"], path, reader.line_num), _won(row["won"], path, reader.line_num))


def _score(text: str | None, path: Path, line: int) -> float:
    try:
        score = float(text or "")
    except ValueError:
        score = -1.0
    if not 0 <= score <= _MOST_POINTS:
        raise ConfigError(f"{path}:{line}: {text!r} is no score; write a number from 0 to 100")
    return score


def _won(text: str | None, path: Path, line: int) -> bool:
    won = _ANSWERS.get((text or "").strip().casefold())
    if won is None:
        raise ConfigError(f"{path}:{line}: {text!r} says neither yes nor no; write one of {', '.join(_ANSWERS)}")
    return won
