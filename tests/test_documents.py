"""What the documents point at exists: files, commands, make targets."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
ROOMS = "adapters|benchmarks|config|core|deploy|docs|examples|frontdesk|handoff|store|tests"
PATH = re.compile(rf"`((?:{ROOMS})/[\w./-]*)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_points_at_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [document.parent / target for target in LINK.findall(text)]
    paths = [ROOT / target for target in PATH.findall(text) if "<" not in target]
    assert [str(path) for path in (*links, *paths) if not path.exists()] == []


def test_every_command_the_repository_names_is_one() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "frontdesk", "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    commands = set(re.findall(r"^    ([a-z]+)", listing.stdout, re.MULTILINE))
    named = {
        name
        for pattern in ("*.md", "config/**/*.py", "knowledge/**/*.py", "store/**/*.py", "examples/desk/**/*.yaml")
        for path in ROOT.glob(pattern)
        for name in re.findall(r"`frontdesk ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    assert named <= commands
    assert named


def test_every_make_target_the_documents_name_is_one() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    command = re.compile(r"(?:^    |`)make ([a-z-]+)", re.MULTILINE)
    named = {name for path in DOCUMENTS for name in command.findall(path.read_text(encoding="utf-8"))}
    assert named <= targets
