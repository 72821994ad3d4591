from __future__ import annotations

import gzip
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.crawl.decoding import Unpacker, unpacked
from knowledge.crawl.reasons import Reason, Unfetched


@given(st.lists(st.binary(max_size=2_000), max_size=5), st.integers(1, 700))
def test_that_gzip_members_come_out_whole_however_they_are_cut(parts: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(part) for part in parts)
    unpacker = Unpacker("gzip", limit=100_000)
    for start in range(0, len(packed), size):
        unpacker.feed(packed[start : start + size])
    assert bytes(unpacker.data) == b"".join(parts)


@given(st.binary(max_size=300))
def test_that_any_bytes_are_read_or_refused(data: bytes) -> None:
    for encoding in ("gzip", "deflate", ""):
        unpacker = Unpacker(encoding, limit=1_000)
        with suppress(Unfetched):
            unpacker.feed(data)
        assert len(unpacker.data) <= 1_000


def test_that_a_bomb_is_refused_and_an_ordinary_page_is_not() -> None:
    with pytest.raises(Unfetched) as caught:
        unpacked(gzip.compress(bytes(50_000_000)), limit=10_000_000)
    assert caught.value.reason is Reason.BOMB
    page = b"".join(b"<li><a href='/product/%d'>Product number %d</a></li>\n" % (n, n * 7) for n in range(30_000))
    assert unpacked(gzip.compress(page), limit=10_000_000) == page


def test_that_the_limit_cuts() -> None:
    unpacker = Unpacker("deflate", limit=10)
    unpacker.feed(zlib.compress(b"0123456789abcdef"))
    assert (bytes(unpacker.data), unpacker.full) == (b"0123456789", True)


def test_that_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(Unfetched, match="encoding"):
        Unpacker("zstd", limit=10)
