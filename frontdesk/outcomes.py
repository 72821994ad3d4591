"""What became of earlier leads: `outcomes.csv` in the admin's folder, with the columns `score` and `won`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from config import ConfigErrors, Problem
from profiles.calibration import Outcome

OUTCOMES = "outcomes.csv"
COLUMNS = ("score", "won")
_ANSWERS = {"yes": True, "true": True, "1": True, "won": True, "no": False, "false": False, "0": False, "lost": False}
_MOST_POINTS = 100.0


def read_outcomes(path: Path) -> tuple[Outcome, ...]:
    """The outcomes of a file, () where there is none; other columns are ignored.

    Raises `ConfigErrors` with every line whose score is not between 0 and 100 or whose `won` is neither yes nor no
    (also: true, 1, won; false, 0, lost).
    """
    outcomes, problems = examine_outcomes(path)
    if problems:
        raise ConfigErrors(problems)
    return outcomes


def examine_outcomes(path: Path) -> tuple[tuple[Outcome, ...], list[Problem]]:
    """The outcomes that can be read and everything that is wrong with the others; never raises."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return (), []
    except (OSError, UnicodeDecodeError) as error:
        return (), [Problem(file=str(path), message=f"cannot be read: {error}", hint="save it as UTF-8 text")]
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        message = f"there is no column {' and no column '.join(missing)}"
        return (), [Problem(file=str(path), line=1, column=1, message=message, hint="begin with `score,won`")]
    found = list(_rows(reader, path))
    outcomes = tuple(one for one in found if isinstance(one, Outcome))
    return outcomes, [one for one in found if isinstance(one, Problem)]


def _rows(reader: csv.DictReader[str], path: Path) -> Iterator[Outcome | Problem]:
    for row in reader:
        score, won = _score(row["score"]), _ANSWERS.get((row["won"] or "").strip().casefold())
        if score is None:
            hint = "write a number from 0 to 100"
            yield Problem(
                file=str(path), line=reader.line_num, column=1, message=f"{row['score']!r} is no score", hint=hint
            )
        elif won is None:
            hint, message = f"write one of {', '.join(_ANSWERS)}", f"{row['won']!r} says neither yes nor no"
            yield Problem(file=str(path), line=reader.line_num, column=1, message=message, hint=hint)
        else:
            yield Outcome(score, won)


def _score(text: str | None) -> float | None:
    try:
        score = float(text or "")
    except ValueError:
        return None
    return score if 0 <= score <= _MOST_POINTS else None
