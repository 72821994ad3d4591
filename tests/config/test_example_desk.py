"""The desk that is shipped as an example."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from config import Inspection, Section, Severity, inspect

EXAMPLE = Path(__file__).parents[2] / "examples" / "desk"
OFFERED = re.compile(r"^( *)# ( *(?:[a-z_]+:(?: |$)|- ))", re.MULTILINE)
"""A setting that is commented out where it would stand."""
VARIABLE = "FRONTDESK_SLACK_BOT_TOKEN"


class AnyChannel(Section, extra="ignore"):
    """Stands for the web channel's settings, which the tests of that channel hold the file against."""

    allowed_origins: tuple[str, ...]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of this room, with the least that the other rooms' files must hold."""
    copied = tmp_path / "desk"
    shutil.copytree(EXAMPLE, copied, ignore=shutil.ignore_patterns(".*", "personas.yaml", "qualification.yaml"))
    (copied / "personas.yaml").write_text("personas: []\n")
    (copied / "knowledge.jsonl").touch()
    return copied


def look(folder: Path, environment: dict[str, str]) -> Inspection:
    return inspect(folder, environment=environment, channels={"web": AnyChannel})


def test_it_works_as_it_is_and_says_that_nobody_is_told_of_leads(folder: Path) -> None:
    inspection = look(folder, {})
    (problem,) = inspection.problems
    assert problem.severity is Severity.WARNING
    assert "no sales channel" in problem.message
    assert inspection.desk is not None
    assert inspection.desk.settings.company.name == "Fernlight"
    assert list(inspection.desk.channels) == ["web"]


def test_with_slack_switched_on_it_needs_the_token_and_nothing_else(folder: Path) -> None:
    path = folder / "handoff.yaml"
    path.write_text(OFFERED.sub(r"\1\2", path.read_text()))
    (problem,) = look(folder, {}).problems
    assert f"the environment variable {VARIABLE} is not set" in problem.message
    assert problem.line > 0
    assert problem.hint


@pytest.mark.parametrize("name", ["frontdesk.yaml", "handoff.yaml", "channels/web.yaml"])
def test_what_it_offers_in_comments_works_too(folder: Path, name: str) -> None:
    path = folder / name
    text = path.read_text()
    offered = OFFERED.sub(r"\1\2", text)
    path.write_text(offered)
    environment = {
        VARIABLE: "xoxb-1-2-invented",
        "FRONTDESK_MODEL_KEY": "k-271828-k",
        "FRONTDESK_WEB_SIGNING_KEY": "k-k",
        "FRONTDESK_IDENTITY_SECRET": "k-k",
    }
    assert offered != text
    errors = [one for one in look(folder, environment).problems if one.severity is Severity.ERROR]
    assert errors == []
