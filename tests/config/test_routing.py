"""Teams, hours and rules of `handoff.yaml`: what is taken, and what is refused at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import inspect
from config.models.handoff import HandoffSettings

WHOLE = """\
teams:
  - id: emea
    channel: C0123ABCDEF
    manager: U09MANAGER
    answers_within: 5
    hours:
      time_zone: Europe/Berlin
      week:
        monday: ["9:00-12:00", "13:00-17:30"]
        friday: ["22:00-2:00"]
      holidays: [DE-BY, AT]
      closed: [2026-12-24]
    sla:
      - {after: 5, tell: thread}
      - {after: 10, tell: assigned}
    members:
      - {slack: U01ABCDEF, name: Ada, languages: [en, de], skills: [sso], capacity: 5}
rules:
  - name: French
    when: {languages: [fr], pages: ["/solutions/*"], readiness: medium}
    then: {team: emea, skills: [sso]}
  - name: support
    when: {visitors: [customer]}
    then: {drop: true}
"""


def found(folder: Path, text: str) -> tuple[HandoffSettings | None, list[str]]:
    """What is read, and every error with its line."""
    (folder / "frontdesk.yaml").write_text("company: {name: Acme, site: https://acme.example}\n")
    (folder / "personas.yaml").write_text("personas: []\n")
    (folder / "handoff.yaml").write_text(text)
    inspection = inspect(folder, environment={})
    errors = [f"{one.line}:{one.column} {one.message} | {one.hint}" for one in inspection.errors]
    return inspection.desk.handoff if inspection.desk else None, errors


def test_that_all_of_it_is_read(tmp_path: Path) -> None:
    handoff, errors = found(tmp_path, WHOLE)
    assert errors == []
    assert handoff is not None
    assert [rule.name for rule in handoff.rules] == ["French", "support"]
    hours = handoff.teams[0].hours
    assert hours is not None
    assert str(hours.closed[0]) == "2026-12-24"


def test_that_without_any_of_it_everything_is_as_it_was(tmp_path: Path) -> None:
    handoff, errors = found(tmp_path, "when: {email_captured: true}\n")
    assert errors == []
    assert handoff is not None
    assert (handoff.teams, handoff.rules) == ((), ())


@pytest.mark.parametrize(
    ("right", "wrong", "line", "told"),
    [
        ("{team: emea, ", "{team: emae, ", 21, "did you mean `emea`?"),
        ("skills: [sso]}\n  - name: sup", "skills: [ssoo]}\n  - name: sup", 21, "did you mean `sso`?"),
        ("Europe/Berlin", "Europe/Berln", 7, "did you mean `Europe/Berlin`?"),
        ("DE-BY", "DE-XX", 11, "no public holidays are known for 'DE-XX'"),
        ("22:00-2:00", "22:00-26:00", 10, "week.friday[0]"),
        ("monday", "mondey", 9, "monday"),
        ("2026-12-24", "2026-13-24", 12, "closed[0]"),
        ("{drop: true}", "{drop: true, quiet: true}", 24, "a rule leads to one place"),
        ("{drop: true}", "{}", 24, "a rule leads to one place"),
        ("name: support", "name: French", 22, "given twice"),
        ("tell: assigned", "tell: assignee", 15, "did you mean `assigned`?"),
        ("U01ABCDEF", "ada", 17, "members[0].slack"),
    ],
)
def test_that_a_slip_is_named_at_its_line(tmp_path: Path, right: str, wrong: str, line: int, told: str) -> None:
    assert right in WHOLE
    _, errors = found(tmp_path, WHOLE.replace(right, wrong, 1))
    assert len(errors) == 1
    assert errors[0].startswith(f"{line}:")
    assert told in errors[0]
