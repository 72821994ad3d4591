"""What `frontdesk init` writes before the site has been read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.new_desk import NewDesk, desk_files, origins, present_files, scalar

EXAMPLE = Path(__file__).parents[2] / "examples" / "desk"
FERNLIGHT = NewDesk(
    name="Fernlight",
    site="https://fernlight.example",
    assistant="Fern",
    description="Support automation that answers routine customer questions from your own pages.",
    notice="We use your address only to answer you, and send no newsletter.",
    privacy_url="https://fernlight.example/privacy",
    colour="#1d5c45",
)


@pytest.mark.parametrize("name", desk_files(FERNLIGHT))
def test_the_example_desk_is_what_init_writes(name: str) -> None:
    assert (EXAMPLE / name).read_text(encoding="utf-8") == desk_files(FERNLIGHT)[name]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60))
def test_any_text_comes_back_from_yaml_as_it_went_in(text: str) -> None:
    assert yaml.safe_load(f"key: {scalar(text)}  # comment")["key"] == text


@pytest.mark.parametrize("text", ["no", "null", "1.5", "- a", "a: b", "#", "{x}", "@x", "Kite & Co", "2026-01-01", "~"])
def test_what_yaml_would_take_for_something_else_is_quoted(text: str) -> None:
    assert yaml.safe_load(scalar(text)) == text


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("https://www.kite.example", ["https://www.kite.example", "https://kite.example"]),
        ("https://kite.example/en/", ["https://kite.example", "https://www.kite.example"]),
        ("http://kite.example", ["https://kite.example", "https://www.kite.example"]),
        ("http://127.0.0.1:9000/", ["http://127.0.0.1:9000"]),
        ("http://localhost:9000", ["http://localhost:9000"]),
    ],
)
def test_the_site_may_show_the_chat(site: str, expected: list[str]) -> None:
    assert origins(site) == (*expected, "http://127.0.0.1:8080", "http://localhost:8080")


def test_files_that_are_there_already_are_named(tmp_path: Path) -> None:
    assert present_files(tmp_path / "new") == ()
    (tmp_path / "handoff.yaml").write_text("")
    assert present_files(tmp_path) == ("handoff.yaml",)
