"""Reading an admin's file without being fooled by what lies there."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path

from config.problems import FlawError

FILE_LIMIT = 1_048_576
"""Bytes of one YAML file; far above what a person writes."""

_GROUP_OR_WORLD = 0o077

_REASONS = {
    errno.ENOENT: ("there is no such file", "check the path"),
    errno.ENOTDIR: ("there is no such file", "a part of the path is a file, not a folder"),
    errno.ELOOP: ("the symbolic link leads in a circle", "replace the link by the file itself"),
    errno.EACCES: ("the file cannot be read: permission denied", "make it readable for the user that runs Frontdesk"),
    errno.ENAMETOOLONG: ("the path is too long", "check the path"),
    errno.ENXIO: ("this is not a regular file", "replace it by a plain file"),
}


def read_regular(path: Path, *, limit: int = FILE_LIMIT, private: bool = False) -> bytes:
    """The bytes of a regular file of at most `limit` bytes; with `private`, one that only its owner may read.

    Never blocks on a pipe or a device. Raises `FlawError` for everything that is not such a file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _unopened(error) from None
    try:
        _require_regular(os.fstat(descriptor), private=private)
        return _read_all(descriptor, limit)
    except OSError as error:
        raise _unopened(error) from None
    finally:
        os.close(descriptor)


def _unopened(error: OSError) -> FlawError:
    fallback = (f"the file cannot be read: {error.strerror or 'unknown reason'}", "check the path and the disk")
    return FlawError(*_REASONS.get(error.errno or 0, fallback))


def _require_regular(status: os.stat_result, *, private: bool) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise FlawError("this is a folder, not a file", "remove the folder and put a file of that name in its place")
    if not stat.S_ISREG(status.st_mode):
        raise FlawError("this is not a regular file", "replace it by a plain file")
    if private and status.st_mode & _GROUP_OR_WORLD:
        mode = stat.S_IMODE(status.st_mode)
        raise FlawError(f"others may read this secret file (mode {mode:04o})", "run `chmod 600` on it")


def _read_all(descriptor: int, limit: int) -> bytes:
    chunks: list[bytes] = []
    left = limit + 1
    while left > 0 and (chunk := os.read(descriptor, left)):
        chunks.append(chunk)
        left -= len(chunk)
    if left <= 0:
        raise FlawError(f"the file is larger than {limit:,} bytes", "split it, or remove what does not belong there")
    return b"".join(chunks)


_BOMS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NEWLINE = re.compile(r"\r\n|\r|\n")


def decode(data: bytes) -> str:
    """UTF-8 text, without the mark some editors put first. Raises `FlawError` at the first bad byte."""
    for mark, encoding in _BOMS.items():
        if data.startswith(mark):
            raise FlawError(f"the file is {encoding}", "save it as UTF-8", line=1, column=1)
    if b"\x00" in data:
        raise FlawError("the file is binary, not text", "put a YAML text file here")
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        line, column = place_of(before, len(before))
        byte = error.object[error.start]
        raise FlawError(f"byte 0x{byte:02x} is not UTF-8", "save the file as UTF-8", line=line, column=column) from None
    if found := _UNPRINTABLE.search(text):
        line, column = place_of(text, found.start())
        name = f"U+{ord(found.group()):04X}"
        raise FlawError(f"an invisible control character ({name}) stands here", "delete it", line=line, column=column)
    return text


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, counted from 1, of a character offset."""
    line, start = 1, 0
    for found in _NEWLINE.finditer(text, 0, offset):
        line, start = line + 1, found.end()
    return line, offset - start + 1
