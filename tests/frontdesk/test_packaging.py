"""The wheel: everything the rooms read at run time, and nothing an admin's desk may hold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
STORE = ROOT / "examples" / "desk" / ".frontdesk-planted"


@pytest.fixture
def wheel(tmp_path: Path) -> Iterator[set[str]]:
    """The names in a wheel that is built while the example desk holds a store."""
    STORE.mkdir(exist_ok=True)
    (STORE / "appendonly.aof").write_text("a signing key")
    try:
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=60,
        )
        (built,) = tmp_path.glob("*.whl")
        with ZipFile(built) as archive:
            yield set(archive.namelist())
    finally:
        (STORE / "appendonly.aof").unlink()
        STORE.rmdir()


def test_the_wheel_is_complete_and_holds_no_store(wheel: set[str]) -> None:
    rooms = [
        "adapters",
        "config",
        "core",
        "frontdesk",
        "handoff",
        "inference",
        "knowledge",
        "personas",
        "platforms",
        "profiles",
        "store",
    ]
    expected = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {f"frontdesk/{path.relative_to(ROOT)}" for path in (ROOT / "examples" / "site").rglob("*.html")}
    expected |= {f"frontdesk/{path.relative_to(ROOT)}" for path in (ROOT / "examples" / "desk").glob("[a-z]*.*")}
    expected |= {"frontdesk/examples/desk/channels/web.yaml", "frontdesk/slack-manifest.json"}
    assert expected - wheel == set()
    assert [name for name in wheel if ".frontdesk" in name or name.startswith("tests/")] == []
