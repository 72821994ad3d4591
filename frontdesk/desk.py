"""Finding channel kinds and reading the admin's folder with every room's own files in it."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

from pydantic import BaseModel

from adapters.kind import ChannelKind
from config import ConfigErrors, Desk, Inspection, Problem, inspect, load
from config.models.experiments import ExperimentsFile
from config.models.offers import OffersFile
from profiles.qualification_file import QualificationFile

BUILT_IN = ("web", "telegram", "slack", "teams")
ENTRY_POINTS = "frontdesk.channels"
QUALIFICATION, OFFERS, EXPERIMENTS = "qualification.yaml", "offers.yaml", "experiments.yaml"
ROOM_FILES: dict[str, type[BaseModel]] = {
    QUALIFICATION: QualificationFile,
    OFFERS: OffersFile,
    EXPERIMENTS: ExperimentsFile,
}


def channel_kinds() -> dict[str, ChannelKind]:
    """Every kind of channel by its name: the built-in folders and those other packages bring as entry points."""
    kinds = [import_module(f"adapters.{name}").CHANNEL for name in BUILT_IN]
    kinds += [entry.load() for entry in entry_points(group=ENTRY_POINTS)]
    return {kind.name: kind for kind in kinds}


def kind_of(settings: BaseModel) -> str:
    """The name of the kind a channel's file belongs to; every channel's settings have it."""
    kind: str = getattr(settings, "kind")  # noqa: B009
    return kind


def read_desk(directory: Path) -> Desk:
    """The folder's content. Raises `ConfigErrors` with everything that is wrong."""
    return load(directory, environment=os.environ, files=ROOM_FILES, channels=_channel_models())


def desk_to_serve(directory: Path) -> tuple[Desk, tuple[Problem, ...]]:
    """The folder's content without the channels whose files are broken, and what is wrong with those.

    Raises `ConfigErrors` when anything else is wrong, or no channel is left.
    """
    inspection = inspect_desk(directory)
    if inspection.desk is None or (inspection.errors and not inspection.desk.channels):
        raise ConfigErrors(inspection.problems)
    return inspection.desk, inspection.errors


def inspect_desk(directory: Path, *, secrets: Path | None = None) -> Inspection:
    """The same for `check`: problems and warnings are returned, nothing is raised. `secrets` as of `config.inspect`."""
    return inspect(directory, environment=os.environ, files=ROOM_FILES, channels=_channel_models(), secrets=secrets)


def _channel_models() -> dict[str, type[BaseModel]]:
    return {name: kind.settings for name, kind in channel_kinds().items()}
