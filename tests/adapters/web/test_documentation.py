"""The page about the web channel names every setting, every condition of a rule and every call."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from adapters.web.assets import load_assets
from adapters.web.rules import When
from adapters.web.settings import ContinueSettings, FollowUpSettings, IdentitySettings, Limits, WebSettings

PAGE = (Path(__file__).parents[3] / "docs" / "channels" / "web.md").read_text("utf-8")


def test_that_every_setting_is_told() -> None:
    for model in (WebSettings, Limits, FollowUpSettings, ContinueSettings, IdentitySettings, When):
        assert [name for name in model.model_fields if f"`{name}`" not in PAGE] == [], model.__name__


def test_that_every_call_is_told() -> None:
    found = re.search(r"methods = \[(.*)\];", load_assets().loader.plain.decode())
    assert found is not None
    methods = re.findall(r"\"(\w+)\"", found[1])
    assert len(methods) == 9
    assert [name for name in methods if f"`{name}(" not in PAGE] == []
    events = set(re.findall(r"emit\(\"(\w+)\"", (files("adapters.web") / "static" / "main.js").read_text("utf-8")))
    assert len(events) == 5
    assert {name for name in events if f"`{name}`" not in PAGE} == set()


def test_that_the_pictures_are_there() -> None:
    folder = Path(__file__).parents[3] / "docs" / "channels"
    assert all((folder / name).exists() for name in re.findall(r"\]\(([\w-]+\.png)\)", PAGE))
