from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.reading.encoding import MAX_HTML, as_utf8

TEXT = "größer, Œuvre – „gut“ für €9"


@pytest.mark.parametrize(
    ("data", "header", "expected"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=iso-8859-1", TEXT),
        (TEXT.encode("utf-16"), "", TEXT),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "text/html; charset=utf-8", TEXT),
        (TEXT.encode("cp1252"), "", TEXT),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8", TEXT),
        (TEXT.encode(), "text/html; charset=windows-1252", TEXT),
        (b'<meta charset="iso-8859-1">' + TEXT.encode(), "", f'<meta charset="iso-8859-1">{TEXT}'),
        ("Привет, мир".encode("cp1251"), "text/html;charset=windows-1251", "Привет, мир"),
        ("Привет".encode("koi8-r"), 'text/html; charset="KOI8-R"', "Привет"),
        ("日本語の製品".encode("shift_jis"), "text/html; charset=x-sjis", "日本語の製品"),
        ("产品价格".encode("gbk"), "text/html; charset=gb2312", "产品价格"),
        ("łódź".encode("cp1250"), "text/html; charset=windows-1250", "łódź"),
        ("größer".encode("latin-1"), "text/html; charset=no-such-thing", "größer"),
    ],
)
def test_that_the_bytes_decide_and_declarations_help(data: bytes, header: str, expected: str) -> None:
    assert as_utf8(data, header).decode() == expected


@pytest.mark.parametrize("order", ["<", ">"])
def test_that_two_bytes_a_letter_are_told_without_a_mark(order: str) -> None:
    name = "utf-16-le" if order == "<" else "utf-16-be"
    assert (
        as_utf8("<p>We sell lamps for €9 a piece.</p>".encode(name)).decode() == "<p>We sell lamps for €9 a piece.</p>"
    )


@pytest.mark.parametrize("name", ["utf-7", "x-user-defined", "iso-2022-jp", "iso-2022-kr", "hz", "utf-16", "cp037"])
def test_that_encodings_that_can_hide_markup_are_never_believed(name: str) -> None:
    data = b"+ADw-script+AD4- \x1b$B~{ ok</p>"
    read = as_utf8(b'<meta charset="' + name.encode() + b'">' + data, f"text/html; charset={name}")
    assert read.endswith(b"+ADw-script+AD4- $B~{ ok</p>")


def test_that_a_page_in_two_encodings_is_read_piece_by_piece() -> None:
    data = "Büro ".encode("cp1252") + "für €9 – ".encode() + "größer".encode("cp1252")
    assert as_utf8(data).decode() == "Büro für €9 – größer"


@pytest.mark.parametrize(
    ("twice", "once"),
    [
        ("fÃ¼r groÃŸe BÃ¼ros", "für große Büros"),
        ("theyâ€™re â€œgoodâ€\u009d â€“ €9", "they’re “good” – €9"),
        ("voilÃ\u00a0 cafÃ© dÃ©jÃ", "voilà café déjÃ"),
        ("Â£9 and Â©", "£9 and ©"),
        ("ðŸ˜€", "😀"),
    ],
)
def test_that_text_encoded_twice_is_mended(twice: str, once: str) -> None:
    assert as_utf8(twice.encode()).decode() == once


@pytest.mark.parametrize(
    "honest",
    [
        "qualité\u00a0» et «\u00a0voilà",
        "à\u00a0«",
        "SÃO PAULO",
        "Größe\u00a0– Maß\u00a0“",
        "Ä“",
        "ÎLE",
        "naïve—",
        "10\u00a0€",
    ],
)
def test_that_honest_text_stays(honest: str) -> None:
    assert as_utf8(honest.encode()).decode() == honest


def test_that_a_long_page_loses_its_scripts_before_its_end() -> None:
    script = b"<script>" + b"x" * (MAX_HTML + 1) + b"</SCRIPT >"
    assert b"the price" in as_utf8(b"<p>first" + script + "<p>the price: €9".encode())


def test_that_a_cut_is_no_other_encoding() -> None:
    read = as_utf8(("ü" * (MAX_HTML // 2 + 10)).encode()[:-1])
    assert len(read) == MAX_HTML
    assert set(read.decode()) == {"ü"}


@pytest.mark.parametrize("unit", [b"<script", b"\xff", b"\xc3\x83\xc2\xbcabcdefgh", b"\xe2\x82", b"a\0", b"</script"])
def test_that_no_bytes_take_long(unit: bytes) -> None:
    data = unit * (3_000_000 // len(unit))
    began = time.process_time()
    assert len(as_utf8(data, "text/html; charset=gbk")) <= MAX_HTML
    assert time.process_time() - began < 5


@example(b"\xed\xa0\x80", "")
@given(
    st.binary(max_size=300), st.sampled_from(["", "charset=utf-8", "charset=gbk", "charset=shift_jis", "charset=\0"])
)
def test_that_any_bytes_become_text(data: bytes, header: str) -> None:
    assert "\0" not in as_utf8(data, header).decode()


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N", "P", "Z"]), max_size=200))
def test_that_plain_text_is_untouched(text: str) -> None:
    assert as_utf8(text.encode()).decode() == text
