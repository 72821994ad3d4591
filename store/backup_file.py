"""The file of a backup: a tar archive of `manifest.json` and `store.rdb`, readable by its owner alone."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import IO

from core.errors import ConfigError, DependencyError

SHAPE = "frontdesk.backup/1"
MANIFEST, DATA = "manifest.json", "store.rdb"
MANIFEST_LIMIT = 65_536
_PART = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup is of."""

    shape: str
    tenant: str
    shards: int
    at: float  # seconds since the epoch
    server: str
    bytes: int
    sha256: str


def write_backup(path: Path, data: Path, *, tenant: str, shards: int, at: float, server: str) -> Manifest:
    """Written beside its place and moved there whole; it is on the disk then. Raises `DependencyError`."""
    try:
        weighed = _digest(data)
        size = data.stat().st_size
        manifest = Manifest(shape=SHAPE, tenant=tenant, shards=shards, at=at, server=server, bytes=size, sha256=weighed)
        part = path.with_name(f"{path.name}.part")
        with _private(part) as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                _add(archive, MANIFEST, io.BytesIO(_json(manifest)), len(_json(manifest)), at)
                with data.open("rb") as source:
                    _add(archive, DATA, source, size, at)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise DependencyError(f"the backup {path} cannot be written: {error.strerror}") from error
    return manifest


def read_manifest(path: Path) -> Manifest:
    """Raises `ConfigError` for a file that is no backup."""
    with _opened(path) as archive:
        told = _member(archive, MANIFEST, path)
        try:
            found = json.loads(told.read(MANIFEST_LIMIT))
            manifest = Manifest(**{one.name: found[one.name] for one in fields(Manifest)})
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path} is no backup of Frontdesk: its {MANIFEST} cannot be read") from error
    if manifest.shape != SHAPE:
        raise ConfigError(f"{path} is a backup of another release: {manifest.shape}, and this one reads {SHAPE}")
    return manifest


def extract_data(path: Path, manifest: Manifest, to: Path) -> None:
    """Copy the data out, whole and unchanged, or raise `ConfigError`; `DependencyError` where it cannot be written."""
    weighed = sha256()
    with _opened(path) as archive:
        source = _member(archive, DATA, path)
        try:
            with _private(to) as file:
                while part := source.read(_PART):
                    weighed.update(part)
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DependencyError(f"{to} cannot be written: {error.strerror}") from error
        except (tarfile.TarError, EOFError) as error:
            raise ConfigError(f"{path} is cut off: {error}") from error
    if weighed.hexdigest() != manifest.sha256:
        raise ConfigError(f"{path} is damaged: its data are not what was written. Take another backup.")


def _opened(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, mode="r:")
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except tarfile.TarError as error:
        raise ConfigError(f"{path} is no backup of Frontdesk: {error}") from error


def _member(archive: tarfile.TarFile, name: str, path: Path) -> IO[bytes]:
    """By name alone: nothing is ever unpacked to where an archive says."""
    try:
        found = archive.extractfile(name)
    except (KeyError, tarfile.TarError):
        found = None
    if found is None:
        raise ConfigError(f"{path} is no backup of Frontdesk: there is no {name} in it")
    return found


def _add(archive: tarfile.TarFile, name: str, source: IO[bytes], size: int, at: float) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(at)
    archive.addfile(entry, source)


def _json(manifest: Manifest) -> bytes:
    return json.dumps(asdict(manifest), indent=1).encode()


def _digest(data: Path) -> str:
    with data.open("rb") as file:
        weighed = sha256()
        while part := file.read(_PART):
            weighed.update(part)
        return weighed.hexdigest()


def _private(path: Path) -> IO[bytes]:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.fchmod(fd, 0o600)
    return os.fdopen(fd, "wb")
