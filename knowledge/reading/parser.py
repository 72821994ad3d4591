"""The process that reads pages for `parsing`: `python -m knowledge.reading.parser PARENT SECONDS BYTES`.

Frames on standard input and output: four bytes of length, big-endian, then MessagePack.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from knowledge.reading.page import SitePage
from knowledge.reading.reader import read_site_page, with_scripts

_LENGTH_BYTES = 4
_PR_SET_PDEATHSIG = 1  # prctl(2)
_OPEN_FILES = 64
_RETIRES_ABOVE = 200 * 1024**2
"""Bytes of resident memory above which a process ends after its page: not all that is freed goes back."""
_SPARE_CPU = 5


class Request(msgspec.Struct, frozen=True, array_like=True):
    html: bytes
    url: str
    content_type: str
    scripts: tuple[bytes, ...] = ()


class Response(msgspec.Struct, frozen=True, array_like=True):
    """`page` is None where `reason` says why it could not be read; `last` tells that the process ends."""

    page: SitePage | None
    reason: str
    last: bool


def frame(payload: bytes) -> bytes:
    return len(payload).to_bytes(_LENGTH_BYTES, "big") + payload


def main(parent: int, seconds: float, memory: int) -> None:
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no frame
    _confine(parent, memory)
    encoder = msgspec.msgpack.Encoder()
    sink.write(frame(encoder.encode(Response(None, "", last=False))))
    sink.flush()
    for request in _requests(source):
        _limit_cpu(seconds)
        response = _answer(request)
        sink.write(frame(encoder.encode(response)))
        sink.flush()
        if response.last:
            return


def _requests(source: BinaryIO) -> Iterator[Request]:
    decoder = msgspec.msgpack.Decoder(Request)
    while len(length := source.read(_LENGTH_BYTES)) == _LENGTH_BYTES:
        yield decoder.decode(source.read(int.from_bytes(length, "big")))


def _answer(request: Request) -> Response:
    try:
        page = read_site_page(request.html, url=request.url, content_type=request.content_type)
        page = with_scripts(page, request.scripts) if request.scripts else page
    except MemoryError:
        return Response(None, "needs too much memory", last=True)
    except RecursionError:
        return Response(None, "is nested too deeply", last=True)
    return Response(page, "", last=_resident() > _RETIRES_ABOVE)


def _resident() -> int:
    """Bytes in memory now; 0 where there is no /proc. `ru_maxrss` would begin with what the parent had."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _confine(parent: int, memory: int) -> None:
    """No more memory than agreed, no core dumps, hardly any files; and no life after the parent's."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(0)  # the parent died before this could be asked for


def _limit_cpu(seconds: float) -> None:
    """A second lock beside the parent's clock, should the parent be stopped itself."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + _SPARE_CPU
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
