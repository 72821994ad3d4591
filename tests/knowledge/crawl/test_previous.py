from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigError
from knowledge.crawl.previous import KNOWLEDGE, PAGES, PERSONAS, keep, put_back


def write(folder: Path, **files: str) -> None:
    (folder / ".crawl").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / {"knowledge": KNOWLEDGE, "personas": PERSONAS, "pages": PAGES}[name]).write_text(text)


def test_that_a_crawl_can_be_taken_back_and_put_forth_again(tmp_path: Path) -> None:
    write(tmp_path, knowledge="old", personas="same", pages="p1")
    keep(tmp_path)
    write(tmp_path, knowledge="new", pages="p2")
    assert put_back(tmp_path) == (KNOWLEDGE, PAGES)
    assert [(tmp_path / name).read_text() for name in (KNOWLEDGE, PERSONAS, PAGES)] == ["old", "same", "p1"]
    assert put_back(tmp_path) == (KNOWLEDGE, PAGES)
    assert (tmp_path / KNOWLEDGE).read_text() == "new"


def test_that_the_first_crawl_can_be_taken_back(tmp_path: Path) -> None:
    write(tmp_path)
    keep(tmp_path)
    write(tmp_path, knowledge="new")
    assert put_back(tmp_path) == (KNOWLEDGE,)
    assert not (tmp_path / KNOWLEDGE).exists()


def test_that_there_may_be_nothing_to_take_back(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no earlier crawl"):
        put_back(tmp_path)
