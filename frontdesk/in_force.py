"""The files that are in force, kept beside those that are edited: what a flight compares an edit with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from shutil import copyfile
from tempfile import NamedTemporaryFile, TemporaryDirectory
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from config import Desk
from core.errors import ConfigError
from frontdesk.desk import inspect_desk
from frontdesk.mind import VECTORS
from frontdesk.outcomes import OUTCOMES

IN_FORCE = Path(VECTORS) / "in-force.zip"
"""In the desk's folder. Holds files as they were written: references to secrets, never secrets."""


def keep_in_force(desk: Desk) -> None:
    """Keep the files the desk was read from, in place of earlier ones, in one step. Raises `OSError`."""
    path = desk.locate(str(IN_FORCE))
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".zip", delete=False) as file:
        fresh = Path(file.name)  # readable by its owner alone
        try:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive:
                for name in _kept(desk):
                    archive.write(desk.locate(name), name)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


@contextmanager
def desk_in_force(directory: Path) -> Iterator[Desk]:
    """The desk as `keep_in_force` found it, good for as long as this lasts. Raises `ConfigError`."""
    with TemporaryDirectory(prefix="frontdesk-") as folder:
        try:
            with ZipFile(directory / IN_FORCE) as archive:
                archive.extractall(folder)
        except (OSError, BadZipFile):
            raise ConfigError(
                f"{directory / IN_FORCE} does not tell which files are in force: `frontdesk serve` writes it when it "
                "starts; or compare with another folder, by --against DIR"
            ) from None
        desk = inspect_desk(Path(folder), secrets=directory).desk
        if desk is None:
            raise ConfigError(
                f"the files in force, kept in {directory / IN_FORCE}, cannot be read by this release: start "
                "`frontdesk serve` again, or compare with another folder, by --against DIR"
            )
        _lend_vectors(directory / VECTORS, Path(folder) / VECTORS)
        yield _with_knowledge(desk, directory)


def _kept(desk: Desk) -> tuple[str, ...]:
    names = dict.fromkeys((*desk.sources, desk.settings.knowledge.file, OUTCOMES))
    return tuple(name for name in names if _inside(name) and desk.locate(name).is_file())


def _lend_vectors(source: Path, target: Path) -> None:
    """Only what the edit changed is then computed, which takes most of a flight's time otherwise."""
    target.mkdir(exist_ok=True)
    for file in source.glob("*"):
        if file.is_file() and file.suffix != IN_FORCE.suffix:
            with suppress(OSError):
                copyfile(file, target / file.name)


def _with_knowledge(desk: Desk, directory: Path) -> Desk:
    """Passages outside of the desk's folder were not kept: they are read as they are now."""
    knowledge = desk.settings.knowledge
    if _inside(knowledge.file):
        return desk
    where = knowledge.model_copy(update={"file": str((directory / knowledge.file).absolute())})
    return replace(desk, settings=desk.settings.model_copy(update={"knowledge": where}))


def _inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts
