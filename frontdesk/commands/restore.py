"""`frontdesk restore`: the data of a backup take the place of an embedded store's, and who was erased stays erased."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from config import Desk
from core.erasing import Erased
from core.errors import ConfigError, DependencyError
from core.tombstones import Tombstones
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async
from frontdesk.restored import reapply_tombstones
from store.address import parse
from store.backup_file import Manifest, extract_data, read_manifest
from store.erasure import RECORDED
from store.open import OpenStore
from store.restoring import Place, erased_in, restore

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    erased: Erased
    aside: Path | None  # where the old files are
    outdated: bool  # older than the store remembers who was erased


def run(options: argparse.Namespace) -> int:
    """Check the file, read what was erased since, and put the data into their place."""
    desk, path = read_desk(options.config), options.file
    manifest = read_manifest(path)
    place = _place(desk, manifest)
    if place.occupied and not options.force:
        raise ConfigError(f"{place.directory} holds a store; --force puts its files aside and takes the backup's")
    return _say(options, manifest, run_async(_restore(place, path, manifest, options)))


def _place(desk: Desk, manifest: Manifest) -> Place:
    settings = desk.settings
    address = parse(settings.store.url.reveal(), relative_to=desk.directory)
    if address.directory is None:
        raise ConfigError(f"the store {address.shown} is a server of your own: restore it by its own means")
    ours, theirs = (settings.tenant, settings.store.shards), (manifest.tenant, manifest.shards)
    if ours != theirs:
        raise ConfigError(
            f"the backup is of the desk {theirs[0]} with {theirs[1]} shards, and frontdesk.yaml has {ours[0]} with"
            f" {ours[1]}: set `tenant` and `store.shards` to those of the backup"
        )
    return Place(directory=address.directory, tenant=settings.tenant, shards=settings.store.shards)


async def _restore(place: Place, path: Path, manifest: Manifest, options: argparse.Namespace) -> Restored:
    tombstones: Tombstones = {} if options.forget_erasures else await _tombstones(place)
    now = SystemClock().now()
    found: list[Erased] = []

    async def mend(opened: OpenStore) -> None:
        found.append(await reapply_tombstones(opened, tombstones))

    aside = await restore(
        place,
        partial(extract_data, path, manifest),
        mend,
        suffix=datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ"),
    )
    return Restored(erased=found[0], aside=aside, outdated=now - manifest.at > RECORDED)


async def _tombstones(place: Place) -> Tombstones:
    try:
        return await erased_in(place)
    except DependencyError as error:
        raise DependencyError(
            f"who was erased since the backup stands in the store that is there, and it cannot be read: {error}"
            " With --forget-erasures the backup is restored all the same; then erase again whoever asked for it."
        ) from error


def _say(options: argparse.Namespace, manifest: Manifest, restored: Restored) -> int:
    aside = str(restored.aside) if restored.aside else None
    if options.json:
        told = {"at": manifest.at, "bytes": manifest.bytes, "erased": asdict(restored.erased), "aside": aside}
        print(json.dumps({**told, "outdated": restored.outdated}))
        return 0
    at = datetime.fromtimestamp(manifest.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    print(f"Restored as of {at}. What was said after that is not in it.")
    if restored.erased.conversations or restored.erased.people:
        print(
            "Erased again, as it was after the backup was made: conversations"
            f" {restored.erased.conversations}, people {restored.erased.people}."
        )
    if restored.outdated:
        print(
            f"The backup is older than {RECORDED // DAY} days, for which it is remembered who was erased: erase again"
            " whoever asked for it before that."
        )
    if aside:
        print(f"The files it replaces are in {aside}; remove them once you are content.")
    return 0
