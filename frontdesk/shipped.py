"""What ships beside the code: the example company, and the Slack app to create."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from core.errors import DependencyError


def examples() -> Path:
    """The example company's folder: inside the installed package, or beside the rooms of a checkout."""
    installed = files("frontdesk") / "examples"
    if installed.is_dir():
        return Path(str(installed))
    beside = Path(str(files("frontdesk"))).parent / "examples"
    if not beside.is_dir():
        raise DependencyError("the example company is missing from this installation; install Frontdesk again")
    return beside


def slack_manifest(*, sales: bool = False) -> str:
    """The manifest of a Slack app, as JSON: the one prospects write to, or the sales team's."""
    name = "slack-manifest-sales.json" if sales else "slack-manifest.json"
    inside, beside = files("frontdesk") / name, Path(str(files("frontdesk"))).parent / name
    return inside.read_text("utf-8") if inside.is_file() else beside.read_text("utf-8")
