"""The embedded server's data directory: used by one process at a time, with a socket path short enough to bind."""

from __future__ import annotations

import asyncio
import fcntl
import os
import tempfile
from hashlib import blake2b
from pathlib import Path

from core.errors import DependencyError

SOCKET_PATH_LIMIT = 103
"""Bytes of a Unix socket's path that every system takes: sun_path holds 104 on macOS and 108 on Linux, with a NUL."""

LOCK_WITHIN = 3.0
"""Seconds a start waits for a predecessor that was just killed to be gone, its server with it."""
_POLL = 0.02


class DirectoryLock:
    """An exclusive lock on a directory. `fileno` may be inherited: the lock then lasts until the heir is gone too."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._fd: int | None = None

    @property
    def fileno(self) -> int:
        if self._fd is None:
            raise RuntimeError("the lock is not held")
        return self._fd

    async def take(self) -> None:
        """Raises `DependencyError` naming the process that holds it."""
        fd = os.open(self._directory / "frontdesk.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            await self._wait_for(fd)
            os.ftruncate(fd, 0)
            os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
        except BaseException:
            os.close(fd)
            raise
        self._fd = fd

    def drop(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    async def _wait_for(self, fd: int) -> None:
        deadline = asyncio.get_running_loop().time() + LOCK_WITHIN
        while not _locked(fd):
            holder = os.pread(fd, 32, 0).decode("ascii", "replace").strip()
            if _alive(holder) or asyncio.get_running_loop().time() > deadline:
                raise DependencyError(
                    f"the data directory {self._directory} is in use by process {holder or 'of unknown number'}: "
                    "an embedded store serves one process. Stop that process, choose another directory, or run a "
                    "Valkey or Redis server and give every process its address as redis://HOST:6379.",
                )
            await asyncio.sleep(_POLL)


def socket_path(directory: Path) -> Path:
    """Where the server listens: in the directory, or in a short private one when that path would be too long."""
    inside = directory / "valkey.sock"
    if len(os.fsencode(inside)) <= SOCKET_PATH_LIMIT:
        return inside
    private = Path(tempfile.gettempdir()) / f"frontdesk-{os.getuid()}"
    private.mkdir(mode=0o700, exist_ok=True)
    owned = private.lstat()
    if owned.st_uid != os.getuid() or owned.st_mode & 0o077 or private.is_symlink():
        raise DependencyError(
            f"{private} must be a directory of this user alone: remove it, or use a shorter data directory"
        )
    return private / f"{blake2b(os.fsencode(directory), digest_size=8).hexdigest()}.sock"


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _alive(holder: str) -> bool:
    if not holder.isdecimal():
        return False
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
