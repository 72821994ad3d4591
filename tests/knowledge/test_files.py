from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from core.errors import ConfigError
from core.passage import Passage
from knowledge.files import (
    FILE_LIMIT,
    MOST_FLAWS,
    PassageErrors,
    read_passages,
    write_passages,
)
from knowledge.reading.passages import digest

EXAMPLES = Path(__file__).parents[2] / "examples"


def _line(**changes: object) -> str:
    line = {"url": "/a/", "title": "A", "headings": ["A"], "text": "All is well.", "language": "en"}
    line["hash"] = digest(str(line["text"]))
    return json.dumps(line | changes)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    text = "Line one.\nLine two: “ü” \u2028 €."
    passages = (Passage(url="/a/", title="A", headings=("A", "B"), text=text, hash=digest(text), language="de"),)
    file = tmp_path / "knowledge.jsonl"
    write_passages(file, passages)
    assert read_passages(file) == passages
    assert [path.name for path in tmp_path.iterdir()] == ["knowledge.jsonl"]


def test_root_relative_addresses_belong_to_the_site(tmp_path: Path) -> None:
    file = tmp_path / "knowledge.jsonl"
    file.write_text(_line() + "\n\n" + _line(url="https://other.example/b/") + "\n", encoding="utf-8")
    assert [passage.url for passage in read_passages(file, site="https://site.example")] == [
        "https://site.example/a/",
        "https://other.example/b/",
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        (_line(hash="0" * 64), "hash does not belong to text"),
        (_line(hash="xyz"), "hash: "),
        (_line(text=""), "text: "),
        (_line(url="javascript:alert(1)"), "url: "),
        (_line(extra=1), "extra: "),
        (_line(title="x" * 200_000), "longer than"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line(tmp_path: Path, line: str, complaint: str) -> None:
    file = tmp_path / "knowledge.jsonl"
    file.write_text(f"{_line()}\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"knowledge\.jsonl:2:1: ") as caught:
        read_passages(file)
    assert complaint in str(caught.value)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="frontdesk crawl"):
        read_passages(tmp_path / "none.jsonl")
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_passages(tmp_path / "bad.jsonl")


def test_every_bad_line_is_named_at_once_up_to_a_bound(tmp_path: Path) -> None:
    file = tmp_path / "knowledge.jsonl"
    file.write_text("\n".join(["{", _line(), _line(url="private://x"), "[]"]), encoding="utf-8")
    with pytest.raises(PassageErrors) as caught:
        read_passages(file)
    assert [flaw.line for flaw in caught.value.flaws] == [1, 3, 4]
    assert "private" not in str(caught.value)
    file.write_text("{\n" * 1_000, encoding="utf-8")
    with pytest.raises(PassageErrors) as caught:
        read_passages(file)
    assert len(caught.value.flaws) == MOST_FLAWS


def test_what_is_no_regular_file_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    for name in ("pipe", "device", "folder", "loop"):
        with pytest.raises(PassageErrors, match=f"{name}: "):
            read_passages(tmp_path / name)


def test_a_file_is_read_up_to_a_bound(tmp_path: Path) -> None:
    file = tmp_path / "knowledge.jsonl"
    file.touch()
    os.truncate(file, FILE_LIMIT + 1)
    with pytest.raises(PassageErrors, match="larger than"):
        read_passages(file)
