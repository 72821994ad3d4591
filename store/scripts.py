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
APPEND_AFTER = _read("append_after")
APPEND_ONCE = _read("append_once")
BEGIN_DELIVERY = _read("begin_delivery")
BURY = _read("bury")
CLEAR_DIRECTORY = _read("clear_directory")
COMMIT = _read("commit")
COUNT_TRY = _read("count_try")
DELIVERED = _read("delivered")
DOUBT = _read("doubt")
ENTER_LEAD = _read("enter_lead")
LIST_CONVERSATION = _read("list_conversation")
FIND_CONVERSATIONS = _read("find_conversations")
ERASE = _read("erase")
ERASE_PERSON = _read("erase_person")
LOAD = _read("load")
NOTE_UNMATCHED = _read("note_unmatched")
READ_TALLIES = _read("read_tallies")
OWN_NOTE = _read("own_note")
RECORD_POSTING = _read("record_posting")
RELEASE = _read("release")
SETTLE_TURN = _read("settle_turn")
REPLACE_RECORD = _read("replace_record")
REPLAY = _read("replay")
SPEND = _read("spend")
SURVIVED = _read("survived")
TAKE_TURN = _read("take_turn")
SUM_TALLIES = _read("sum_tallies")
TEND = _read("tend")
THIN = _read("thin")
THIN_LEDGER = _read("thin_ledger")
WATCH = _read("watch")

ALL = (
    ACCEPT,
    ACQUIRE,
    ANNOUNCE,
    APPEND_AFTER,
    APPEND_ONCE,
    BEGIN_DELIVERY,
    BURY,
    CLEAR_DIRECTORY,
    COMMIT,
    COUNT_TRY,
    DELIVERED,
    DOUBT,
    ENTER_LEAD,
    LIST_CONVERSATION,
    FIND_CONVERSATIONS,
    ERASE,
    ERASE_PERSON,
    LOAD,
    NOTE_UNMATCHED,
    READ_TALLIES,
    OWN_NOTE,
    RECORD_POSTING,
    RELEASE,
    SETTLE_TURN,
    REPLACE_RECORD,
    REPLAY,
    SPEND,
    SURVIVED,
    TAKE_TURN,
    SUM_TALLIES,
    TEND,
    THIN,
    THIN_LEDGER,
    WATCH,
)
