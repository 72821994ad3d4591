"""`pages.jsonl`: the pages of the last crawl, one a line, so that the next one asks for changed pages only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.crawl.outcome import PageRecord
from knowledge.reading.page import SitePage

FILE_LIMIT = 200_000_000
"""Bytes; far above 500 pages. A larger file is read as none."""
_FORMAT = 1


class Heading(BaseModel):
    """The first line. Another program version may read pages differently, so its records do not count."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    agent: str


class RecordLine(BaseModel):
    """Every further line: a `PageRecord`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1, max_length=2_000, pattern=r"^https?://")
    etag: str = Field(default="", max_length=20_000)
    last_modified: str = Field(default="", max_length=20_000)
    body: str = Field(pattern=r"^[0-9a-f]{64}$")
    robots: str = Field(default="", max_length=20_000)
    page: SitePage


def read_records(path: Path, *, agent: str) -> dict[str, PageRecord]:
    """The records of a file by address. What is missing, damaged or of another version gives none: all is read anew."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            return {}
        heading, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        if Heading.model_validate_json(heading) != Heading(format=_FORMAT, agent=agent):
            return {}
        records = [_record(line) for line in lines]
    except (OSError, ValueError, ValidationError):
        return {}
    return {record.url: record for record in records}


def rendered(records: Iterable[PageRecord], *, agent: str) -> str:
    """The text of the file; equal records give equal text."""
    lines = [Heading(format=_FORMAT, agent=agent).model_dump_json()]
    return "\n".join([*lines, *(_line(record) for record in records)]) + "\n"


def by_address(records: Iterable[PageRecord]) -> Mapping[str, PageRecord]:
    return {record.url: record for record in records}


def _record(line: str) -> PageRecord:
    read = RecordLine.model_validate_json(line)
    return PageRecord(**{name: getattr(read, name) for name in RecordLine.model_fields})


def _line(record: PageRecord) -> str:
    fields = {name: getattr(record, name) for name in RecordLine.model_fields}
    return RecordLine(**fields).model_dump_json()
