"""A page's visible text, block by block, in document order. Pure and bounded.

Pages that sell are made of cards, lists and tables, so text is taken by block rather than by article heuristics,
which lose prices and lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from lxml import etree

MAX_HTML = 2_000_000
"""Bytes of a page that are read; the rest is ignored."""
MAX_BLOCKS = 4_000
MAX_BLOCK_LENGTH = 20_000

PARAGRAPH = 0
"""Level of a block that is no heading."""
DETAIL_LEVEL = 7
"""Level of a question in a list of answers (`summary`, `dt`): below h6."""

_DROPPED = frozenset(
    {
        "aside", "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input", "map",
        "math", "menu", "nav", "noscript", "object", "picture", "script", "select", "style", "svg",
        "template", "textarea", "video",
    },
)  # fmt: skip
_LANDMARK_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu"})
_SECTIONS = frozenset({"main", "article", "section", "blockquote", "figure"})
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
        "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time",
        "tt", "u", "var", "wbr",
    },
)  # fmt: skip
_SPACED = frozenset({"br", "img", "td", "th", "wbr"})
_HEADINGS = {**{f"h{level}": level for level in range(1, 7)}, "summary": DETAIL_LEVEL, "dt": DETAIL_LEVEL}
_SCOPES = frozenset({"article", "li", "dl", "details"})
_TITLE_LEVEL = 1
_HIDDEN_CLASSES = frozenset({"sr-only", "visually-hidden", "screen-reader-text", "d-none", "hidden", "invisible"})
_HIDDEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?:;|!|$)|font-size:0(?!\.)|color:transparent"
    r"|(?:left|top|right|text-indent|margin-left|margin-top):-\d{3,}|(?:^|;)(?:max-)?(?:height|width):0(?:px|;|!|$)"
    r"|clip:rect\(0|clip-path:inset\((?:50|100)%|content-visibility:hidden|transform:scale\(0\)",
)
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]",
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One line of a page as rendered, whitespace folded. `level` is 1 to 7 for headings, 0 for everything else.

    A heading without text ends what headings of its level and below said, as the end of a card does.
    """

    text: str
    level: int = PARAGRAPH
    only_link: bool = False  # all of it is a link outside a list: an invitation to click, not a statement


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page's title, primary language subtag, and blocks; `indexable` is False where it asks robots to stay away."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    indexable: bool = True


def read_page(html: str | bytes) -> PageText:
    """Read one HTML page. Never raises on content: what cannot be read yields no blocks."""
    root = _parse(html)
    if root is None:
        return PageText(title="", language="en", blocks=())
    language = (root.get("lang") or "en").strip().lower().replace("_", "-").split("-")[0]
    robots = " ".join(str(value) for value in root.xpath("//meta[@name='robots']/@content"))
    start = next(iter(root.xpath("//main")), None)
    if start is None:
        start = root.find("body")
    return PageText(
        title=fold(next(iter(root.xpath("//head/title/text()")), "")),
        language=language if language.isalpha() else "en",
        blocks=() if start is None else tuple(_bounded(_Walk().blocks(start))),
        indexable="noindex" not in robots.lower(),
    )


def fold(text: str) -> str:
    """Text as a reader sees it: invisible characters gone, every run of white space one space."""
    return " ".join(_INVISIBLE.sub("", text).split())


def _parse(html: str | bytes) -> Any | None:
    data = html[:MAX_HTML].encode("utf-8", "replace") if isinstance(html, str) else _as_utf8(html)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(data.replace(b"\0", b"")[:MAX_HTML], parser)
    except (etree.LxmlError, ValueError):
        return None


def _as_utf8(data: bytes) -> bytes:
    data = data[:MAX_HTML]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    try:
        # A cut in the middle of a character is no other encoding.
        data[:-4].decode("utf-8")
    except UnicodeDecodeError:
        declared = _META_CHARSET.search(data[:4096])
        return data.decode(_ascii_superset(declared), "replace").encode("utf-8", "replace")
    return data


def _ascii_superset(declared: re.Match[bytes] | None) -> str:
    # Encodings in which "<" may be spelled with other bytes (utf-7, the ISO-2022 family) are never believed.
    name = declared.group(1).decode("ascii").lower() if declared else ""
    return name if name in {"iso-8859-1", "iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251"} else "cp1252"


def _bounded(blocks: Iterator[Block]) -> Iterator[Block]:
    numbered = takewhile(lambda pair: pair[0] < MAX_BLOCKS, enumerate(blocks))
    return (block for _, block in numbered)


class _Walk:
    """One pass over a tree without recursion, so that depth costs nothing."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._in_link = 0
        self._in_list = 0
        self._unlinked = False
        self._held = 0  # inside a heading or a table row: everything is one line
        self._scopes: list[int] = []  # the highest heading seen inside each open card

    def blocks(self, start: Any) -> Iterator[Block]:
        walker = etree.iterwalk(start, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if _dropped(element, start):
                    walker.skip_subtree()
                    continue
                yield from self._open(element)
            else:
                yield from self._close(element, start)
        yield from self._flush(PARAGRAPH)

    def _open(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag in _INLINE or tag in _SPACED or self._held:
            if tag not in _INLINE or tag in _SPACED:
                self._add(" ")
        else:
            yield from self._flush(PARAGRAPH)
        if tag in _HEADINGS or tag == "tr":
            self._held += 1
        elif tag in _SCOPES:
            self._scopes.append(DETAIL_LEVEL + 1)
        self._in_link += tag == "a"
        self._in_list += tag in {"li", "tr", "dd"}
        self._add(element.text)

    def _close(self, element: Any, start: Any) -> Iterator[Block]:
        tag = element.tag
        if not _dropped(element, start):
            self._in_link -= tag == "a"
            closes_line = tag in _HEADINGS or tag == "tr"
            self._held -= closes_line
            if not self._held and tag not in _INLINE and tag not in _SPACED:
                yield from self._flush(_HEADINGS.get(tag, PARAGRAPH))
            elif tag not in _INLINE:
                self._add(" ")
            self._in_list -= tag in {"li", "tr", "dd"}
            if tag in _SCOPES:
                yield from self._end_scope()
        if element is not start:
            self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if not text or self._length > MAX_BLOCK_LENGTH:
            return
        self._parts.append(text)
        self._length += len(text)
        if not self._in_link and not self._unlinked and not text.isspace():
            self._unlinked = True

    def _end_scope(self) -> Iterator[Block]:
        level = self._scopes.pop()
        if _TITLE_LEVEL < level <= DETAIL_LEVEL:
            yield Block(text="", level=level)

    def _flush(self, level: int) -> Iterator[Block]:
        text = fold("".join(self._parts))[:MAX_BLOCK_LENGTH]
        only_link = not self._unlinked and not self._in_list
        self._parts, self._length, self._unlinked = [], 0, False
        if level > _TITLE_LEVEL and text:
            self._scopes[:] = [min(level, highest) for highest in self._scopes]
        if text:
            yield Block(text=text, level=level, only_link=only_link)


def _dropped(element: Any, start: Any) -> bool:
    tag = element.tag
    if tag in _DROPPED:
        return True
    attributes = element.attrib
    if not attributes and tag not in {"header", "footer"}:
        return False
    if element is start:
        return False
    if tag in {"header", "footer"}:
        return not any(parent.tag in _SECTIONS for parent in element.iterancestors())
    return attributes.get("role") in _LANDMARK_ROLES or _hidden(attributes)


def _hidden(attributes: Any) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    classes = attributes.get("class")
    if classes and not _HIDDEN_CLASSES.isdisjoint(classes.split()):
        return True
    style = attributes.get("style")
    return bool(style) and _HIDDEN_STYLE.search("".join(style.lower().split())) is not None
