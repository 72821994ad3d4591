"""`knowledge.jsonl`: one passage a line, as the crawl writes it and the hub reads it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ConfigError
from core.passage import Passage
from core.site import at_site
from knowledge.reading.passages import digest

FILE_LIMIT = 64 * 1024 * 1024
"""Bytes of a file: some hundred thousand passages."""
MAX_LINE = 100_000
"""Characters of one line; a passage has a few hundred."""
MOST_FLAWS = 20
"""Bad lines that are named; a file with more is likely no file of passages at all."""
_WRITE_IT = "write it with `frontdesk crawl URL --out DIR`"


class LineFlaw(NamedTuple):
    """What is wrong with one line, counted from 1; 0 means the file as a whole."""

    line: int
    message: str


class PassageErrors(ConfigError):
    """Everything wrong with a file of passages, at most `MOST_FLAWS` lines of it."""

    def __init__(self, path: Path, flaws: Sequence[LineFlaw]) -> None:
        self.path = path
        self.flaws = tuple(flaws)
        places = (f"{path}:{line}:1" if line else str(path) for line, _ in flaws)
        super().__init__("\n".join(f"{place}: {flaw.message}" for place, flaw in zip(places, flaws, strict=True)))


class PassageLine(BaseModel):
    """One line: `hash` is the SHA-256 of `text`; a root-relative `url` is a page of the company's own site."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1, max_length=2_000, pattern=r"^(/|https?://)")
    title: str = Field(default="", max_length=1_000)
    headings: tuple[str, ...] = ()
    text: str = Field(min_length=1, max_length=20_000)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    language: str = Field(default="en", pattern=r"^[a-z]{2,8}$")


def read_passages(path: Path, *, site: str = "") -> tuple[Passage, ...]:
    """The passages of a file. Root-relative addresses are resolved against `site` where one is given.

    Raises `PassageErrors`: a file that cannot be read, or every line that is no passage.
    """
    passages, flaws = [], []
    for number, line in enumerate(_content(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            passages.append(_passage(line, site))
        except ValueError as error:
            flaws.append(LineFlaw(number, str(error)))
        if len(flaws) == MOST_FLAWS:
            break
    if flaws:
        raise PassageErrors(path, flaws)
    return tuple(passages)


def write_passages(path: Path, passages: Iterable[Passage]) -> None:
    """Write passages, one a line, replacing the file as a whole."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_text("".join(_line(passage) for passage in passages), encoding="utf-8")
    draft.replace(path)


def _line(passage: Passage) -> str:
    line = PassageLine(
        url=passage.url,
        title=passage.title,
        headings=passage.headings,
        text=passage.text,
        hash=passage.hash,
        language=passage.language,
    )
    return line.model_dump_json() + "\n"


def _content(path: Path) -> str:
    """The text of a regular file within the limit; never waits on a pipe or a device."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                raise PassageErrors(path, [LineFlaw(0, "is not a regular file; replace it by a plain one")])
            data = file.read(FILE_LIMIT + 1)
    except OSError as error:
        raise PassageErrors(path, [LineFlaw(0, f"cannot be read ({error.strerror}); {_WRITE_IT}")]) from error
    if len(data) > FILE_LIMIT:
        raise PassageErrors(path, [LineFlaw(0, f"is larger than {FILE_LIMIT:,} bytes")])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PassageErrors(path, [LineFlaw(line, f"is not UTF-8 text (byte {error.start})")]) from error


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _passage(line: str, site: str) -> Passage:
    """Raises `ValueError` with what is wrong, never with what the line says."""
    if len(line) > MAX_LINE:
        raise ValueError(f"longer than {MAX_LINE} characters")
    try:
        read = PassageLine.model_validate_json(line)
    except ValidationError as error:
        raise ValueError("; ".join(_complaints(error))) from error
    if digest(read.text) != read.hash:
        raise ValueError("hash does not belong to text; write the file anew instead of editing it")
    return Passage(
        url=at_site(read.url, site),
        title=read.title,
        headings=read.headings,
        text=read.text,
        hash=read.hash,
        language=read.language,
    )


def _complaints(error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_input=False):
        key = ".".join(str(part) for part in one["loc"])
        yield f"{key}: {one['msg']}" if key else one["msg"]
