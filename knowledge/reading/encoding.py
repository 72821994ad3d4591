"""A page's bytes as UTF-8, whatever they were declared to be. Pure and bounded."""

from __future__ import annotations

import codecs
import re

MAX_RAW = 10_000_000
"""Bytes of a page that are looked at."""
MAX_HTML = 2_000_000
"""Bytes of a page, as UTF-8, that are read; the rest is ignored."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Encodings in which "<" is always byte 3C and nothing else ever is. Others (utf-7, ISO-2022, x-user-defined, EBCDIC)
# can hide markup from whoever looks at the bytes, and are never believed.
_BELIEVED = frozenset(
    {
        "big5", "big5hkscs", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
        "cp866", "cp874", "cp932", "cp949", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "iso8859-10", "iso8859-13",
        "iso8859-14", "iso8859-15", "iso8859-16", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6",
        "iso8859-7", "iso8859-8", "koi8-r", "koi8-u", "mac-roman", "shift_jis", "tis-620",
    },
)  # fmt: skip
# What browsers read under these names (the Encoding Standard, section 4.2).
_READ_AS = {
    "windows-874": "cp874", "x-sjis": "cp932", "unicode-1-1-utf-8": "utf-8",
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "shift_jis": "cp932", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs",
}  # fmt: skip
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)
_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_META_WITHIN = 4_096
_NULS_WITHIN = 512

# Well-formed ones only (Unicode 15, table 3-7): no surrogates, nothing overlong, nothing past U+10FFFF.
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}",
)
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
# UTF-8 that was read as cp1252 and written again: accented letters and signs, punctuation, emoji, Cyrillic. Other
# pairs of such letters, and those with a no-break space (a French quotation's end), also stand in honest text.
_TRAILING = "\u0080-\u009f\u00a1-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_TWICE_ENCODED = re.compile(
    f"[ÂÃ][{_TRAILING}]|Â\u00a0|â[€‚„†ˆ\u0080-\u009f][{_TRAILING}]|ð[Ÿ\u0090-\u009f][{_TRAILING}]{{2}}"
    f"|(?:[ÐÑ][{_TRAILING}]){{3,}}",
)
_MAYBE_TWICE = re.compile(rb"\xc3[\x82\x83\x90\x91\xa2\xb0]")  # the letters above, in UTF-8
_TWICE_ENCODED_A_GRAVE = "Ã\u00a0"
_SURELY_TWICE = 2
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"
_NOT_TEXT = ("script", "style", "svg")


def as_utf8(data: bytes, content_type: str = "") -> bytes:
    """At most `MAX_HTML` bytes of valid UTF-8 without control characters.

    A byte-order mark decides, else the charset of `content_type` (an HTTP header), else the page's own `meta`, as far
    as the bytes agree; else UTF-8. Bytes of another encoding in between are read as cp1252, and text that was encoded
    twice is mended. Of longer pages, scripts and drawings are cut out first.
    """
    data = _wide(data[:MAX_RAW])
    if len(data) > MAX_HTML:
        data = _without(data, _NOT_TEXT)[:MAX_HTML]
    return _mended(_decoded(data, content_type)).translate(None, _CONTROLS)[:MAX_HTML]


def _wide(data: bytes) -> bytes:
    """Encodings of two and four bytes become UTF-8; anything else stays, less its mark."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :] if name == "utf-8" else _encoded(data.decode(name, "replace"))
    head = data[:_NULS_WITHIN]
    for odd, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        nuls, others = head[odd::2].count(0), head[1 - odd :: 2].count(0)
        if nuls * 4 > len(head) and others * 8 < nuls:
            return _encoded(data.decode(name, "replace"))
    return data


def _decoded(data: bytes, content_type: str) -> bytes:
    if data.isascii():
        return data
    if (whole := _cut_utf8(data)) is not None:
        return whole
    name = _declared(data, content_type)
    sequences = _UTF8_SEQUENCE.findall(data)
    if name in {"", "utf-8", "cp1252"}:
        return _piecewise(data) if sequences else _cp1252(data)
    try:
        return _encoded(data.decode(name))
    except UnicodeDecodeError:
        stray = sum(map(len, _HIGH_BYTES.findall(data))) - sum(map(len, sequences))
        # Mostly UTF-8 after all, or the declared encoding with a few broken characters.
        return _piecewise(data) if stray * 4 < len(sequences) else _encoded(data.decode(name, "replace"))


def _declared(data: bytes, content_type: str) -> str:
    """The Python name of the declared encoding as browsers read it; "" when there is none that can be believed."""
    http = _HTTP_CHARSET.search(content_type)
    meta = _META_CHARSET.search(data[:_META_WITHIN])
    for label in (http.group(1) if http else "", meta.group(1).decode("ascii") if meta else ""):
        name = _python_name(label.lower())
        if name in _BELIEVED or name == "utf-8":
            return name
    return ""


def _python_name(label: str) -> str:
    label = _READ_AS.get(label, label)
    try:
        name = codecs.lookup(label).name if label else ""
    except LookupError:
        return ""
    return _READ_AS.get(name, name)


def _cut_utf8(data: bytes) -> bytes | None:
    """The data less half a character at its end, None if it is no UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        begun = error.reason == "unexpected end of data"
        return data[: error.start] if begun else None
    return data


def _piecewise(data: bytes) -> bytes:
    return _HIGH_BYTES.sub(_mend_run, data)


def _mend_run(run: re.Match[bytes]) -> bytes:
    pieces, end = [], 0
    for sequence in _UTF8_SEQUENCE.finditer(run.group()):
        pieces += [_cp1252(run.group()[end : sequence.start()]), sequence.group()]
        end = sequence.end()
    return b"".join([*pieces, _cp1252(run.group()[end:])])


def _cp1252(data: bytes) -> bytes:
    return _encoded(data.decode("cp1252", "ignore"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "ignore")


def _mended(data: bytes) -> bytes:
    """Valid UTF-8 in which characters that were encoded twice are what they were meant to be."""
    if not _MAYBE_TWICE.search(data):
        return data
    text = data.decode("utf-8", "ignore")
    text, mended = _TWICE_ENCODED.subn(_once_encoded, text)
    if mended >= _SURELY_TWICE:
        text = text.replace(_TWICE_ENCODED_A_GRAVE, "à")
    return _encoded(text)


def _once_encoded(twice: re.Match[str]) -> str:
    try:
        raw = b"".join(_single_byte(character) for character in twice.group())
        return raw.decode("utf-8")
    except UnicodeError:
        return twice.group()


def _single_byte(character: str) -> bytes:
    # cp1252 leaves five bytes open, which were written as the control characters of the same number.
    return character.encode("cp1252") if ord(character) not in range(0x80, 0xA0) else bytes([ord(character)])


def _without(data: bytes, tags: tuple[str, ...]) -> bytes:
    """A page less the elements that hold no text."""
    for tag in tags:
        opening, closing = f"<{tag}".encode(), f"</{tag}".encode()
        data = b"".join(_outside(data, opening, closing))
    return data


def _outside(data: bytes, opening: bytes, closing: bytes) -> list[bytes]:
    lowered = data.lower()
    kept, start = [], 0
    while (begin := lowered.find(opening, start)) >= 0 and (end := lowered.find(closing, begin)) >= 0:
        kept.append(data[start:begin])
        start = end
    return [*kept, data[start:]]
