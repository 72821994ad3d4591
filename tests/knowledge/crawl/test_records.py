from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.crawl.outcome import PageRecord
from knowledge.crawl.records import by_address, read_records, rendered
from knowledge.reading.reader import read_site_page

PAGE = read_site_page(
    "<html lang='de'><title>Ä\u2028</title><nav><a href='/x'>Für Praxen</a></nav><h1>Hallo</h1>"
    "<table><tr><th>Plan</th><th>Preis</th></tr><tr><td>Start</td><td>9 €</td></tr></table>"
    "<link rel='alternate' hreflang='en' href='/en'>".encode(),
    url="https://praxis.example/",
)
RECORD = PageRecord(url=PAGE.url, etag='"a\u00e4"', last_modified="Sun", body="a" * 64, robots="noarchive", page=PAGE)


def test_that_records_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    others = [replace(RECORD, url=f"https://praxis.example/{number}") for number in range(3)]
    path.write_text(rendered([RECORD, *others], agent="Bot/1"), encoding="utf-8")
    read = read_records(path, agent="Bot/1")
    assert read == by_address([RECORD, *others])
    assert rendered(read.values(), agent="Bot/1") == path.read_text(encoding="utf-8")
    assert read[RECORD.url].hash == PAGE.hash


@pytest.mark.parametrize(
    "content",
    ["", "{}", "\x00", '{"format":1,"agent":"Bot/1"}\nnonsense', '{"format":2,"agent":"Bot/1"}', "[" * 50_000],
)
def test_that_a_damaged_file_counts_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(content, encoding="utf-8")
    assert read_records(path, agent="Bot/1") == {}
    assert read_records(tmp_path / "none", agent="Bot/1") == {}


def test_that_another_version_reads_everything_anew(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text(rendered([RECORD], agent="Bot/1"), encoding="utf-8")
    assert read_records(path, agent="Bot/2") == {}
