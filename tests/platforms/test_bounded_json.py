from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from platforms.bounded_json import MAX_DEPTH, parse, parse_object

LIMIT = 256 * 1024
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_that_ordinary_json_reads_as_it_was_written(value: Any) -> None:
    assert parse(json.dumps(value).encode(), limit=LIMIT) == value


@given(st.binary(max_size=200))
def test_that_no_bytes_do_more_than_be_refused(raw: bytes) -> None:
    try:
        parse(raw, limit=LIMIT)
        code = ""
    except Refused as refused:
        code = refused.code
    assert code in {"", "bad_json", "bad_encoding"}


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "bad_json"),
        (b"{", "bad_json"),
        (b"\xef\xbb\xbf{}", "bad_json"),
        ('{"a": 1}'.encode("utf-16"), "bad_encoding"),
        (b'{"a": "\xff"}', "bad_encoding"),
        (b'"\xed\xa0\x80"', "bad_encoding"),
        (b"NaN", "bad_json"),
        (b"[Infinity]", "bad_json"),
        (b"1e999", "bad_json"),
        (b"-1e999", "bad_json"),
        (b"9223372036854775809", "bad_json"),
        (b"9" * 10_000, "bad_json"),
        (b'{"token": "a", "token": "b"}', "bad_json"),
        (b'{"a": {"x": 1, "x": 2}}', "bad_json"),
        (b"[" * 200_000, "bad_json"),
        (b'{"a":' * 40_000, "bad_json"),
        (b"[" * 33 + b"]" * 33, "bad_json"),
        (b"[" + b"0," * 10_000 + b"0]", "bad_json"),
        (b"{" + b",".join(b'"%d":0' % key for key in range(20_000)) + b"}", "bad_json"),
        (b'"' + b"x" * LIMIT + b'"', "too_large"),
        (b"'single'", "bad_json"),
        (b"[1,]", "bad_json"),
        (b"01", "bad_json"),
        (b'"\x01"', "bad_json"),
    ],
)
def test_that_hostile_json_is_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(raw, limit=LIMIT)
    assert caught.value.code == code
    assert 400 <= caught.value.status < 500


def test_that_the_limits_themselves_are_allowed() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, limit=LIMIT)
    assert parse(b"[" * MAX_DEPTH + b"1, 2" + b"]" * MAX_DEPTH, limit=LIMIT)
    assert parse(b"9223372036854775808", limit=LIMIT) == 2**63
    assert len(parse(b"[" + b"0," * 9_000 + b"0]", limit=LIMIT)) == 9_001


@pytest.mark.parametrize("raw", ["null", "1", "[]", '"x"', "true"])
def test_that_only_an_object_is_an_object(raw: str) -> None:
    with pytest.raises(Refused, match="bad_json"):
        parse_object(raw, limit=LIMIT)


def test_that_prototype_keys_are_ordinary_keys() -> None:
    assert parse_object('{"__proto__": {"x": 1}, "constructor": 2}', limit=LIMIT) == {
        "__proto__": {"x": 1},
        "constructor": 2,
    }
