"""Which shard a conversation or a person belongs to."""

from __future__ import annotations

from zlib import crc32

from core.ids import Shard


def shard_of(key: str, shards: int) -> Shard:
    """Stable across processes and releases: CRC-32 of the UTF-8 key, modulo the number of shards."""
    return Shard(crc32(key.encode()) % shards)
