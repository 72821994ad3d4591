"""The example company's files are what `frontdesk crawl` makes of its site, letter for letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontdesk.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["knowledge.jsonl", "personas.yaml"])
def test_the_example_desk_is_the_crawl_of_its_site(tmp_path: Path, name: str) -> None:
    assert main(["crawl", str(EXAMPLES / "site"), "--out", str(tmp_path), "--yes"]) == 0
    assert (EXAMPLES / "desk" / name).read_bytes() == (tmp_path / name).read_bytes()
