"""`personas.yaml`: written for an admin to edit, and brought up to date without losing an edit."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import ConfigError
from core.offering import Offering
from core.persona import Persona
from personas.diff import PersonasDiff, difference
from personas.merging import Merge, identity
from personas.rendering import ENTRY_KEYS, PERSONA_KEYS, SITE_KEYS, persona_tree, rendered, tree_of
from personas.yaml_text import YamlText
from personas.yaml_values import Tree

FILE = "personas.yaml"
BASE = ".crawl/personas.base.yaml"
"""What the compiler wrote last time: the third side of the merge. Not for editing."""
FILE_LIMIT = 16 * 1024 * 1024
_ORDER = ("personas", "site", *PERSONA_KEYS, *SITE_KEYS, *ENTRY_KEYS)


def render(personas: Sequence[Persona], offering: Offering, *, site: str, crawled_at: str = "") -> str:
    """The file as it is written the first time; `crawled_at` is shown at its top. Equal input gives equal bytes."""
    return rendered(personas, offering, site=site, crawled_at=crawled_at)


def update(
    folder: Path, personas: Sequence[Persona], offering: Offering, *, site: str, dry_run: bool = False
) -> PersonasDiff:
    """Bring the folder's file to what the site says now, and return what changes.

    What the admin changed, added, removed, moved or commented since the last time stays; see `personas.merging`. An
    empty diff leaves every byte of the file. With `dry_run` nothing is written. Raises `ConfigError` for a file that is
    no YAML, and `OSError`.
    """
    path, base_path = folder / FILE, folder / BASE
    fresh = rendered(personas, offering, site=site)
    if not path.exists():
        diff = difference({}, tree_of(personas, offering), ())
        if not dry_run:
            _write(path, fresh)
            _write(base_path, fresh)
        return diff
    mine = _Existing(path)
    base = YamlText(_read(base_path), name=str(base_path)).content if base_path.exists() else {}
    merged, diff = _merged(mine, base, tree_of(personas, offering))
    if not dry_run:
        # The file first: a base that is newer than the file would make the site's changes look like edits.
        if not diff.empty:
            mine.save(merged)
        if not base_path.exists() or _read(base_path) != fresh:
            _write(base_path, fresh)
    return diff


def add(folder: Path, persona: Persona) -> None:
    """Put one more persona at the end of the folder's list; every other byte stays.

    Raises `ConfigError` where there is one of that id already, where the file is missing or no YAML, and `OSError`.
    """
    path = folder / FILE
    if not path.exists():
        raise ConfigError(f"{path}: is not there; write it with `frontdesk crawl URL --out DIR`")
    mine = _Existing(path)
    content = mine.yaml.content
    entries = content.get("personas") or ()
    if isinstance(entries, (str, Mapping)):
        raise ConfigError(f"{path}: expected a list under `personas:`; mend it, then try again")
    if any(identity(one) == persona.id for one in entries):
        raise ConfigError(f"{path}: there is a persona {persona.id!r} already")
    mine.save({**content, "personas": [*entries, persona_tree(persona)]})


def _merged(
    mine: _Existing, base: Mapping[str, Tree], theirs: Mapping[str, Tree]
) -> tuple[dict[str, Tree], PersonasDiff]:
    content = mine.yaml.content
    entries = content.get("personas", ())
    if isinstance(entries, (str, Mapping)) and entries:
        raise ConfigError(f"{mine.path}: expected a list under `personas:`; mend it, then try again")
    commented = mine.yaml.commented_items("personas")
    touched = frozenset(identity(one) for one, said in zip(entries, commented, strict=False) if said)
    merge = Merge(touched=touched)
    merged = merge.mapping(base, content, theirs)
    return merged, difference(content, merged, merge.kept)


class _Existing:
    """The file as the admin left it; its kind of line end and its byte order mark are kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = _read(path)
        self._mark = "\ufeff" if text.startswith("\ufeff") else ""
        self._crlf = "\r\n" in text
        self.yaml = YamlText(text.removeprefix("\ufeff").replace("\r\n", "\n"), name=str(path))

    def save(self, content: Mapping[str, Tree]) -> None:
        text = self.yaml.rewritten(content, order=_ORDER, identity=identity)
        _write(self.path, self._mark + (text.replace("\n", "\r\n") if self._crlf else text))


def _read(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(FILE_LIMIT + 1)
    if len(data) > FILE_LIMIT:
        raise ConfigError(f"{path}: larger than {FILE_LIMIT:,} bytes; this is no file of personas")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8, then try again") from error


def _write(path: Path, text: str) -> None:
    """Whole or not at all. A link keeps leading to the file it leads to."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o7777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
