"""The two pictures an app package needs, drawn from its colour: a speech bubble. Pure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

COLOUR_SIZE, OUTLINE_SIZE = 192, 32
"""Edges in pixels, as Teams wants them."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA = 6
_SAMPLES = (0.125, 0.375, 0.625, 0.875)
"""Where within a pixel its coverage is looked at, so that edges are smooth."""

Shape = Callable[[float, float], bool]
"""Whether a point of the unit square, with its origin at the top left, belongs to it."""


def colour_icon(colour: str) -> bytes:
    """A white bubble on a full square of the colour (`#rrggbb`), as PNG."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))

    def pixel(share: float) -> bytes:
        return bytes(round(part + (255 - part) * share) for part in (red, green, blue)) + b"\xff"

    return _png(COLOUR_SIZE, _bubble(inset=0.22), pixel)


def outline_icon() -> bytes:
    """A white outline of the bubble on nothing, as PNG."""
    outer, inner = _bubble(inset=0.06), _bubble(inset=0.15)

    def outline(x: float, y: float) -> bool:
        return outer(x, y) and not inner(x, y)

    return _png(OUTLINE_SIZE, outline, lambda share: b"\xff\xff\xff" + bytes([round(255 * share)]))


def _bubble(*, inset: float) -> Shape:
    """A rounded box with a tail below its left half."""
    left, right, top, bottom = inset, 1 - inset, inset, 1 - inset - 0.14
    radius = 0.14

    def within(x: float, y: float) -> bool:
        across = max(left + radius - x, x - right + radius, 0)
        along = max(top + radius - y, y - bottom + radius, 0)
        box = left <= x <= right and top <= y <= bottom and across**2 + along**2 <= radius**2
        tail = bottom <= y <= 1 - inset and left + 0.16 <= x <= left + 0.16 + (1 - inset - y) * 1.2
        return box or tail

    return within


def _png(size: int, shape: Shape, pixel: Callable[[float], bytes]) -> bytes:
    rows = b"".join(b"\x00" + b"".join(pixel(share) for share in _row(size, row, shape)) for row in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, _RGBA, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _row(size: int, row: int, shape: Shape) -> Iterator[float]:
    """How much of each pixel the shape covers."""
    for column in range(size):
        hits = sum(shape((column + x) / size, (row + y) / size) for x in _SAMPLES for y in _SAMPLES)
        yield hits / len(_SAMPLES) ** 2


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
