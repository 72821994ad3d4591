"""`knowledge.jsonl`: one passage a line, as the crawl writes it and the hub reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import ConfigError
from core.passage import Passage
from core.site import at_site
from knowledge.passages import digest, passages_of

MAX_LINE = 100_000
"""Characters of one line; a passage has a few hundred."""


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

    Raises `ConfigError` naming file and line for the first line that is no passage.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); write it with `python -m knowledge FOLDER --out FILE`"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    lines = enumerate(content.split("\n"), start=1)
    return tuple(_passage(path, number, line, site) for number, line in lines if line.strip())


def write_passages(path: Path, passages: Iterable[Passage]) -> None:
    """Write passages, one a line, replacing the file as a whole."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_text("".join(_line(passage) for passage in passages), encoding="utf-8")
    draft.replace(path)


def folder_passages(folder: Path) -> tuple[Passage, ...]:
    """The passages of every `.html` file below a folder, by address; a passage that stands on several pages, once.

    Addresses are root-relative: `pricing/index.html` is `/pricing/`. Raises `ConfigError` when there is no page.
    """
    pages = sorted((_address(folder, file), file) for file in folder.rglob("*.html"))
    if not pages:
        raise ConfigError(f"{folder}: holds no .html file")
    kept: dict[str, Passage] = {}
    for url, file in pages:
        for passage in passages_of(file.read_bytes(), url):
            kept.setdefault(passage.hash, passage)
    return tuple(kept.values())


def _address(folder: Path, file: Path) -> str:
    return "/" + file.relative_to(folder).as_posix().removesuffix("index.html")


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


def _passage(path: Path, number: int, line: str, site: str) -> Passage:
    where = f"{path}:{number}"
    if len(line) > MAX_LINE:
        raise ConfigError(f"{where}: longer than {MAX_LINE} characters")
    try:
        read = PassageLine.model_validate_json(line)
    except ValidationError as error:
        raise ConfigError(f"{where}: {'; '.join(_complaints(error))}") from error
    if digest(read.text) != read.hash:
        raise ConfigError(f"{where}: hash does not belong to text; write the file anew instead of editing it")
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
