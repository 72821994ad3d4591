"""A valid folder to break in one place at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BeforeValidator, Field, SecretStr

from config import Inspection, Secret, Section, inspect

TOKEN = "xoxb-271828-314159-fernlightsecret"
"""An invented Slack bot token; no test may find it anywhere but in `Secret.reveal`."""

Check = Callable[..., Inspection]


class ParlourSettings(Section):
    """An invented kind of channel."""

    kind: Literal["parlour"]
    origins: tuple[str, ...] = ()
    colour: str | None = None
    key: Secret | None = None
    keys: tuple[Annotated[SecretStr, Field(min_length=8)], ...] = ()


class PigeonSettings(Section):
    """Another one."""

    kind: Literal["pigeon"]
    flock: Annotated[int, Field(ge=1, le=9, description="Pigeons.", examples=[3])]


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Menu(Section):
    """A file of another room, with a shorthand and a loosely typed value."""

    dishes: tuple[str, ...]
    drinks: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()
    price: float | str = 0.0
    stars: Mapping[Literal["soup", "stew"], int] = {}


VALID = {
    "frontdesk.yaml": "company:\n  name: Fernlight\n  site: https://fernlight.example\n",
    "personas.yaml": "personas:\n  - id: saas_startup\n    name: SaaS startup\n",
    "handoff.yaml": "slack:\n  bot_token: ${env:TOKEN}\n  channel: C0123ABCDEF\n",
    "channels/front.yaml": "kind: parlour\norigins: [https://fernlight.example]\n",
    "knowledge.jsonl": "",
}


@pytest.fixture
def token() -> str:
    return TOKEN


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder, valid with `TOKEN` set."""
    write(tmp_path, VALID)
    return tmp_path


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def check(desk: Path) -> Check:
    """Write files over the valid folder and inspect it."""

    def checked(files: Mapping[str, str | bytes] | None = None, **environment: str) -> Inspection:
        write(desk, files or {})
        return inspect(
            desk,
            environment={"TOKEN": TOKEN, **environment},
            files={"menu.yaml": Menu},
            channels={"parlour": ParlourSettings, "pigeon": PigeonSettings},
        )

    return checked


@pytest.fixture
def lines(desk: Path, check: Check) -> Callable[..., list[str]]:
    """The same, as rendered problems with the folder's path left out; the hint follows after ` -> `."""

    def rendered(files: Mapping[str, str | bytes] | None = None, **environment: str) -> list[str]:
        problems = check(files, **environment).problems
        return [one.render().removeprefix(f"{desk}/").replace("\n    ", " -> ") for one in problems]

    return rendered
