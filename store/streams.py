"""Stream ids as sequences: every stream here uses the ids 0-1, 0-2 ..., which the server counts without gaps."""

from __future__ import annotations


def entry_id(seq: int) -> str:
    return f"0-{seq}"


def sequence(identity: bytes) -> int:
    return int(identity[2:])


def fields_of(flat: list[bytes]) -> dict[bytes, bytes]:
    """A stream entry's fields, from the alternating names and values of the wire."""
    return dict(zip(flat[::2], flat[1::2], strict=True))
