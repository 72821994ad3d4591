"""Programs of npm packages, or one clear line where they are not installed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PEERS = Path(__file__).parent
MODULES = PEERS / "node_modules"


def node_module(name: str) -> Path:
    """The folder of an installed package; skips without it, fails instead under FRONTDESK_REQUIRE_ALL=1."""
    folder = MODULES / name
    if shutil.which("node") and folder.exists():
        return folder
    reason = f"no {name}: run `npm ci` in tests/peers (it needs Node 20)"
    if os.environ.get("FRONTDESK_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
