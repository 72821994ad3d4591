"""The store's Lua scripts: one file each in `lua/`, called by their SHA-1."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    name: str
    source: bytes
    sha: bytes  # hexadecimal, as EVALSHA takes it


def _read(name: str) -> Script:
    source = resources.files("store").joinpath("lua", f"{name}.lua").read_bytes()
    sha = hashlib.sha1(source, usedforsecurity=False).hexdigest().encode()  # the protocol's choice of hash
    return Script(name=name, source=source, sha=sha)


ACCEPT = _read("accept")
ACQUIRE = _read("acquire")
ANNOUNCE = _read("announce")
APPEND_ONCE = _read("append_once")
BEGIN_DELIVERY = _read("begin_delivery")
BURY = _read("bury")
COMMIT = _read("commit")
DELIVERED = _read("delivered")
DOUBT = _read("doubt")
LOAD = _read("load")
NOTE_UNMATCHED = _read("note_unmatched")
RECORD_POSTING = _read("record_posting")
RELEASE = _read("release")
SPEND = _read("spend")
TEND = _read("tend")
WATCH = _read("watch")

ALL = (
    ACCEPT,
    ACQUIRE,
    ANNOUNCE,
    APPEND_ONCE,
    BEGIN_DELIVERY,
    BURY,
    COMMIT,
    DELIVERED,
    DOUBT,
    LOAD,
    NOTE_UNMATCHED,
    RECORD_POSTING,
    RELEASE,
    SPEND,
    TEND,
    WATCH,
)
