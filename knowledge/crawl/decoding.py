"""Bodies unpacked piece by piece, never further than a limit."""

from __future__ import annotations

import zlib

from knowledge.crawl.reasons import Reason, Unfetched

ACCEPTED = "gzip, deflate"
"""What we ask for; brotli is left out because its decoder cannot be stopped within one piece."""
_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_MEMBER = _GZIP_MAGIC[:1]
"""Where a piece ends inside the magic bytes, the first of them has to be enough."""
_MOST_RATIO = 250
"""Decoded bytes a packed one; markup that people read stays below 50, deflate ends at 1,032."""
_RATIO_COUNTS_FROM = 500_000


class Unpacker:
    """Collects the decoded bytes of one body in `data`. `full` is True once the limit is reached and the rest is cut.

    Raises `Unfetched`: an encoding we did not ask for, a broken stream, or one that unpacks to far more than it is.
    """

    def __init__(self, encoding: str, *, limit: int) -> None:
        name = encoding.strip().lower()
        if name not in _PLAIN | _PACKED:
            raise Unfetched(Reason.ENCODING, name[:40])
        self.data = bytearray()
        self.full = False
        self._limit = limit
        self._packed = 0
        self._inflater = _Inflater() if name in _PACKED else None

    def feed(self, piece: bytes) -> None:
        """Decode one more piece of the body."""
        if self._inflater is None:
            self._keep(piece)
            return
        while piece and not self.full:
            decoded, rest = self._inflater.inflate(piece, self._limit + 1 - len(self.data))
            self._packed += len(piece) - len(rest)
            piece = rest
            self._keep(decoded)
            self._refuse_bomb()

    def _keep(self, decoded: bytes) -> None:
        if not self.full:
            self.data += decoded
        if len(self.data) > self._limit:
            self.full = True
            del self.data[self._limit :]

    def _refuse_bomb(self) -> None:
        if len(self.data) > max(_RATIO_COUNTS_FROM, _MOST_RATIO * self._packed):
            raise Unfetched(Reason.BOMB)


class _Inflater:
    """gzip with any number of members, zlib, or deflate without a header, as some servers send it."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._begun = False

    def inflate(self, piece: bytes, room: int) -> tuple[bytes, bytes]:
        """At most `room` decoded bytes, and what of the piece is still to be read."""
        if self._stream.eof:
            if not piece.startswith(_MEMBER):
                return b"", b""
            self._stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        try:
            decoded = self._stream.decompress(piece, room)
        except zlib.error as error:
            if self._begun:
                raise Unfetched(Reason.ENCODING, "broken") from error
            self._begun, self._stream = True, zlib.decompressobj(_RAW_DEFLATE)
            return b"", piece
        self._begun = True
        return decoded, self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail


def unpacked(body: bytes, *, limit: int) -> bytes:
    """A file that is gzipped by itself (`sitemap.xml.gz`), unpacked; any other unchanged. Raises `Unfetched`."""
    if not body.startswith(_GZIP_MAGIC):
        return body[:limit]
    unpacker = Unpacker("gzip", limit=limit)
    unpacker.feed(body)
    return bytes(unpacker.data)
