"""`frontdesk directory`: what it prints and how it ends."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_that_figures_are_checked_and_lists_made_anew(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    shutil.copytree(ROOT / "examples" / "desk", desk, ignore=shutil.ignore_patterns(".*"))

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        whole = [sys.executable, "-m", "frontdesk", *command, "-c", str(desk)]
        return subprocess.run(whole, capture_output=True, text=True, check=False, cwd=ROOT)

    assert run("simulate", "--profiles", "30", "--json").returncode == 0
    rebuilt = run("directory", "rebuild", "--json")
    assert json.loads(rebuilt.stdout) == {"listed": 30, "differences": []}
    assert rebuilt.returncode == 0
    checked = run("directory", "check")
    assert (checked.returncode, checked.stdout) == (0, "Every figure is what the conversations sum up to.\n")
