"""What else lies in the folder: channels by their files, and files nobody reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from config.problems import Flaw, Severity
from config.wording import closest

CHANNELS = "channels"

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_DATA = frozenset({".yaml", ".yml", ".json", ".toml"})


def channel_files(directory: Path) -> Iterator[tuple[str, Flaw | None]]:
    """The name of every channel in order, with a flaw where the name cannot be one."""
    for path in _visible(directory / CHANNELS):
        if path.suffix == ".yaml":
            fit = _NAME.fullmatch(path.stem) is not None
            hint = "use lower-case letters, digits, `-` and `_`"
            yield path.stem, None if fit else Flaw(message="the file's name cannot name a channel", hint=hint)


def stray_files(directory: Path, known: Iterable[str]) -> Iterator[tuple[str, Flaw]]:
    """Files that look like settings and are read by nobody, with what may have been meant."""
    names = tuple(known)
    for path in _visible(directory):
        if path.name == CHANNELS and not path.is_dir():
            yield path.name, _warning("this is a file, not a folder", "make it a folder with one file a channel")
        elif path.name not in names and path.suffix in _DATA:
            near = _meant(path, names)
            hint = f"did you mean `{near}`?" if near else "remove it, or give it another ending"
            yield path.name, _warning("this file is not used", hint)
        elif path.is_dir() and closest(path.name, (CHANNELS,)) and path.name != CHANNELS:
            yield path.name, _warning("this folder is not used", f"did you mean `{CHANNELS}`?")
    for path in _visible(directory / CHANNELS):
        if path.suffix in _DATA - {".yaml"}:
            yield f"{CHANNELS}/{path.name}", _warning("this file is not used", f"did you mean `{path.stem}.yaml`?")


def _meant(path: Path, names: tuple[str, ...]) -> str:
    """The name that was likely meant: the ending is judged apart, as it makes everything alike."""
    by_stem = {Path(name).stem: name for name in names}
    near = closest(path.stem, by_stem)
    return by_stem[near] if near else ""


def _visible(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return []


def _warning(message: str, hint: str) -> Flaw:
    return Flaw(message=message, hint=hint, severity=Severity.WARNING)
