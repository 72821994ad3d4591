"""The files as they were before the last crawl, kept beside the new ones so that a crawl can be taken back."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.errors import ConfigError

PAGES = ".crawl/pages.jsonl"
KNOWLEDGE = "knowledge.jsonl"
PERSONAS = "personas.yaml"
WRITTEN = (KNOWLEDGE, PERSONAS, PAGES, ".crawl/personas.base.yaml", ".crawl/claims.json")
"""Everything a crawl writes into its folder."""
_PREVIOUS = ".crawl/previous"
_ASIDE = ".crawl/aside"


def keep(folder: Path) -> None:
    """Copy what is there now, replacing what was kept before. A file that is not there yet is remembered as absent."""
    aside = folder / _ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for name in WRITTEN:
        if (folder / name).is_file():
            shutil.copy2(folder / name, _place(aside, name))
    _replace(folder, aside)


def put_back(folder: Path) -> tuple[str, ...]:
    """Exchange the files with those kept before, so that a second call takes the first one back.

    Gives the names that changed. Raises `ConfigError` when nothing was kept.
    """
    kept = folder / _PREVIOUS
    if not kept.is_dir():
        raise ConfigError(f"{folder}: there is no earlier crawl to go back to")
    aside = folder / _ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    changed = []
    for name in WRITTEN:
        now, then = folder / name, _place(kept, name)
        if _content(now) != _content(then):
            changed.append(name)
        if now.is_file():
            now.replace(_place(aside, name))
        if then.is_file():
            then.replace(now)
    _replace(folder, aside)
    return tuple(changed)


def _replace(folder: Path, aside: Path) -> None:
    shutil.rmtree(folder / _PREVIOUS, ignore_errors=True)
    aside.replace(folder / _PREVIOUS)


def _place(folder: Path, name: str) -> Path:
    return folder / Path(name).name


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
