"""One pass over a page's tree: its blocks and its links, in document order.

Pages that sell are made of cards, lists and tables, so text is taken by block rather than by article heuristics,
which lose prices and lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from lxml import etree

from knowledge.reading.blocks import (
    DETAIL_LEVEL,
    MAX_BLOCK_LENGTH,
    MAX_BLOCKS,
    PARAGRAPH,
    TITLE_LEVEL,
    Block,
    fold,
)
from knowledge.reading.marking import links_inside
from knowledge.reading.marks import Mark, page_marks, role_mark, visitors_follow
from knowledge.reading.page import Link
from knowledge.reading.tables import Table, is_layout

MAX_EVENTS = 600_000
"""Starts and ends of elements that are looked at."""
MAX_ANCHORS = 20_000
MAX_LINKS = 2_000
"""Links of a page that are kept."""
MAX_LINK_TEXT = 500
DROPPED = frozenset(
    {
        "applet", "audio", "canvas", "datalist", "del", "dialog", "embed", "frame", "frameset", "head", "iframe",
        "input", "map", "math", "meter", "noembed", "noframes", "noscript", "object", "option", "output", "picture",
        "progress", "rp", "rt", "s", "script", "select", "strike", "style", "svg", "template", "textarea", "title",
        "video",
    },
)  # fmt: skip
"""Elements of which nothing is text of the page: not drawn, drawn by others, for typing into, or struck out."""
_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "label", "mark", "q", "ruby", "samp", "slot", "small", "span", "strong", "sub", "sup",
        "time", "tt", "u", "var", "wbr",
    },
)  # fmt: skip
_CELLS = frozenset({"td", "th"})
_LINE_BREAK = "\x1e"  # white space for `str.split`, and no character of a page
_HEADINGS = {**{f"h{level}": level for level in range(1, 7)}, "summary": DETAIL_LEVEL, "dt": DETAIL_LEVEL}
_RAISED = frozenset({"sup", "sub"})
_FRAMES = frozenset({"header", "footer"})
_LANDMARKS = frozenset({"nav", "aside", "menu"})
_SECTIONS = frozenset({"main", "article", "section", "blockquote", "figure"})
_ITEMS = frozenset({"li", "tr", "dd"})
_PLAIN = _INLINE - {"a", "br", "img", "sub", "sup"}
_WATCHED = frozenset({"aside", "button", "footer", "header", "menu", "nav"})
_SPECIAL = _HEADINGS.keys() | _SECTIONS | _ITEMS | _CELLS | {"table"}
_ARIA_LEVELS = frozenset("123456")
_ARIA_LEVEL = 2
"""The level of a heading that does not say (WAI-ARIA 1.2, role heading)."""
_SCOPES = frozenset({"article", "li", "dl", "details"})
_REPEATED = frozenset({"div", "a", "figure", "td", "section"})
_WHOLE_PAGE = frozenset({"html", "body", "main"})
_INSIDE_CARD = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "ul"})
_CARD_WITHIN = 4
_SIGNS = frozenset("$€£¥₹₩₽₺₪") | {"US$", "CA$", "A$", "AU$", "C$", "R$", "CHF", "kr"}
_SIGN_LENGTH = 8
_FOOTER_LINKS = 5
_SUBMENU_LINKS = 2
_SENTENCE_ENDS = (".", "!", "?", ":", ";", "…")
_LIST_SIGNS = ("•", "·", "–", "-", "*", "✓", "✔", "→", "▪")


class Walk:
    """Reads the part of a page that holds its own text. `marks` tell which elements do not, see `marked_elements`.

    `controlled` are the ids of panels that a button opens: what is in them can be seen, by a click. `resolve` makes an
    address absolute, or "" of one that leads nowhere.
    """

    def __init__(self, marks: Mapping[Any, Mark], *, controlled: frozenset[str], resolve: Callable[[str], str]) -> None:
        self.blocks: list[Block] = []
        self.links: dict[tuple[str, str, bool], Link] = {}
        self._marks = marks
        self._resolve = resolve
        self._anchors = 0
        self._controlled = controlled
        self._start: Any = None
        self._skipped: Any = None
        hidden = (element for element, mark in marks.items() if mark is Mark.HIDDEN and element.tag not in _WHOLE_PAGE)
        self._traps = links_inside(hidden, fewer_than=_SUBMENU_LINKS)
        self._parts: list[str] = []
        self._length = 0
        self._sign = False  # the last part is a currency sign that stands alone in its element
        self._linked: list[str] | None = None  # the text of the link that is open
        self._in_link = False  # of a link that is no card: a card says something
        self._in_item = 0
        self._unlinked = False
        self._held = 0  # inside a heading or a table row: everything is one line
        self._sections = 0
        self._levels: dict[Any, int] = {}  # headings that are none by their tag
        self._scopes: dict[Any, int] = {}  # cards that are open: the highest heading seen inside each
        self._visitors = 0  # the level of a heading after which visitors write
        self._table: Table | None = None

    def read(self, start: Any) -> None:
        """Takes the blocks and links below an element, the links of landmarks apart from the others."""
        self._start = start
        self._sections = start.tag in _SECTIONS
        parts, marks, blocks = self._parts, self._marks, self.blocks
        walker = etree.iterwalk(start, events=("start", "end"))
        for event, element in islice(walker, MAX_EVENTS):
            tag = element.tag
            if event == "start":
                # Most elements inside a line say nothing but their text.
                if (tag not in _PLAIN or element in marks) and self._enter(element, tag):
                    self._skipped = element
                    walker.skip_subtree()
                    continue
                text = element.text
            else:
                if tag not in _PLAIN and element is not self._skipped:
                    self._leave(element, tag)
                text = element.tail if element is not start else ""
            if text and (parts or not text.isspace()):
                self._add(text)
            if len(blocks) >= MAX_BLOCKS:
                break
        if parts:
            self._flush(PARAGRAPH)

    def _enter(self, element: Any, tag: str) -> bool:
        """Opens an element; True when nothing in it is to be read."""
        if tag in DROPPED or ((tag in _WATCHED or element in self._marks) and self._drops(element, tag)):
            return True
        if tag in _INLINE:
            self._open_inline(element, tag)
        else:
            self._open(element, tag)
        return False

    def _leave(self, element: Any, tag: str) -> None:
        if tag not in _INLINE:
            self._close(element, tag)
        elif tag == "a":
            self._close_link(element)

    def read_menu(self, menu: Any, besides: Any = None) -> None:
        """Takes the links below an element as those of a landmark, less those below `besides`."""
        left_out = self._traps.union(*(one.iter("a") for one in menu.iter("noscript", "template")))
        if besides is not None:
            left_out.update(besides.iter("a"))
        for anchor in menu.iter("a"):
            if self._anchors >= MAX_ANCHORS or len(self.links) >= MAX_LINKS:
                return
            if anchor not in left_out:
                self._link(anchor, "".join(anchor.itertext()) if len(anchor) else anchor.text or "", nav=True)

    def _link(self, anchor: Any, text: str, *, nav: bool) -> None:
        href = anchor.get("href")
        self._anchors += 1
        if not href or self._anchors > MAX_ANCHORS or len(self.links) >= MAX_LINKS:
            return
        url, text = self._resolve(href), fold(text)[:MAX_LINK_TEXT]
        if url and (key := (url, text, nav)) not in self.links:
            follow = "nofollow" not in (anchor.get("rel") or "").lower()
            self.links[key] = Link(url=url, text=text, nav=nav, follow=follow)

    def _drops(self, element: Any, tag: str) -> bool:
        """Whether nothing in an element is text of the page."""
        if tag == "button" and self._drops_button(element):
            return True
        mark = self._marks.get(element, Mark.SHOWN)
        if mark > Mark.LANDMARK:
            return self._drops_marked(element, mark)
        if mark is Mark.HEADING:
            level = element.get("aria-level") or ""
            self._levels[element] = int(level) if level in _ARIA_LEVELS else _ARIA_LEVEL
        if mark is Mark.LANDMARK or tag in _LANDMARKS or (tag in _FRAMES and self._frames(element)):
            if element is self._start:
                return False
            if self._parts and not self._held:
                self._flush(PARAGRAPH)
            self.read_menu(element)
            return True
        return False

    def _drops_marked(self, element: Any, mark: Mark) -> bool:
        if element is self._start or element.tag in _WHOLE_PAGE:
            # A whole page that is hidden until its scripts have run is a page all the same.
            return False
        if mark is Mark.HIDDEN:
            opens = element.get("id") in self._controlled and role_mark(element.get("role") or "") is Mark.SHOWN
            return not opens
        return mark is Mark.VISITORS or self._is_short(element)

    def _is_short(self, element: Any) -> bool:
        words, most = 0, page_marks().consent_words
        for text in islice(element.itertext(), most):
            words += len(text.split(None, most))
        return words <= most

    def _drops_button(self, button: Any) -> bool:
        """A button is an order, unless it is a heading that opens what stands below."""
        if self._held:
            return False
        opens = button.get("aria-controls")
        if not opens or button.get("role") == "tab":
            return True
        self._levels[button] = DETAIL_LEVEL
        return False

    def _frames(self, element: Any) -> bool:
        """Whether a header or footer is that of the page rather than of a section."""
        if not self._sections:
            return True
        return element.tag == "footer" and len(list(islice(element.iter("a"), _FOOTER_LINKS))) == _FOOTER_LINKS

    def _open_inline(self, element: Any, tag: str) -> None:
        if tag == "a":
            self._open_link(element)
        elif tag == "br":
            if self._parts:
                self._parts.append(" " if self._held else _LINE_BREAK)
                self._sign = False
        elif tag in _RAISED and self._parts and self._parts[-1][-1:].isdigit():
            self._parts.append(" ")  # "49" and a raised "99" are no 4,999
        elif tag == "img" and self._parts:
            self._parts.append(" ")

    def _open(self, element: Any, tag: str) -> None:
        if self._held:
            self._parts.append(" ")
        elif self._parts:
            self._flush(PARAGRAPH)
        if tag in _SPECIAL:
            self._open_special(element, tag)
        elif self._levels and element in self._levels:
            self._held += 1
        if self._controlled and element.get("id") in self._controlled:
            # A panel ends what the heading that opens it says.
            self._scopes[element] = (self.blocks[-1].level if self.blocks else 0) or DETAIL_LEVEL

    def _open_special(self, element: Any, tag: str) -> None:
        if tag in _HEADINGS or (tag == "tr" and self._table is not None):
            self._held += 1
        elif tag in _CELLS:
            if self._table is not None and self._held == 1:
                self._table.open_cell(element, len(self._parts))
        elif tag == "table":
            self._table = None if is_layout(element) else Table()
        self._in_item += tag in _ITEMS
        self._sections += tag in _SECTIONS

    def _close(self, element: Any, tag: str) -> None:
        level = _HEADINGS.get(tag, PARAGRAPH)
        if self._levels and element in self._levels:
            level = self._levels.pop(element)
        if level:
            self._held -= 1
        if tag in _SPECIAL and self._close_special(tag):
            return
        if self._held:
            self._parts.append(" ")
        elif self._parts:
            self._flush(level, element)
        if tag in _ITEMS:
            self._in_item -= 1
        if self._scopes and element in self._scopes:
            self.blocks.append(Block(text="", level=self._scopes.pop(element)))

    def _close_special(self, tag: str) -> bool:
        """True when a row or cell of a table ended, which is no line of its own."""
        if tag in _SECTIONS:
            self._sections -= 1
        elif self._table is None:
            return False
        elif tag in _CELLS and self._held == 1:
            self._parts.append(" ")
            self._table.close_cell(self._parts)
            return True
        elif tag == "tr":
            self._held -= 1
            self._in_item -= 1
            if not self._held:
                self._close_row(self._table)
            return True
        elif tag == "table":
            self._table = None
        return False

    def _open_link(self, element: Any) -> None:
        self._in_link = not any(child.tag in _INSIDE_CARD for child in element)
        self._linked = []

    def _close_link(self, element: Any) -> None:
        self._in_link = False
        if self._linked is not None:
            self._link(element, "".join(self._linked), nav=False)
            self._linked = None

    def _add(self, text: str) -> None:
        if self._linked is not None:
            self._linked.append(text)
        if text.isspace():
            if self._parts and not self._sign:
                self._parts.append(" ")
            return
        if self._length > MAX_BLOCK_LENGTH:
            return
        if not self._in_link:
            self._unlinked = True
        self._length += len(text)
        self._parts.append(self._joined(text) if self._sign or len(text) < _SIGN_LENGTH else text)

    def _joined(self, text: str) -> str:
        """A price whose sign, amount and period are elements of their own is one word, as a reader sees it."""
        if self._sign:
            text = text.lstrip()
        elif text[0] == "/" and len(self._parts) > 1 and self._parts[-1] == " " and self._parts[-2][-1:].isdigit():
            self._parts.pop()
        self._sign = len(text) < _SIGN_LENGTH and text.strip() in _SIGNS
        return text.rstrip() if self._sign else text

    def _close_row(self, table: Table) -> None:
        block = table.row(self._parts)
        self._reset()
        if block is not None and not self._visitors:
            self.blocks.append(block)

    def _reset(self) -> None:
        self._parts.clear()
        self._length, self._unlinked, self._sign = 0, False, False

    def _flush(self, level: int, element: Any = None) -> None:
        joined = "".join(self._parts)
        only_link = not self._unlinked and not self._in_item
        self._reset()
        if level:
            self._head(fold(joined)[:MAX_BLOCK_LENGTH], level, element)
        elif not self._visitors:
            for line in _lines(joined) if _LINE_BREAK in joined else (joined,):
                if text := fold(line)[:MAX_BLOCK_LENGTH]:
                    self.blocks.append(Block(text=text, only_link=only_link))

    def _head(self, text: str, level: int, element: Any) -> None:
        if not text:
            return
        if not self._visitors or level <= self._visitors:
            self._visitors = level if visitors_follow(text) else 0
        if self._visitors:
            return
        if level > TITLE_LEVEL and (scope := _scope(element)) is not None:
            self._scopes[scope] = min(level, self._scopes.get(scope, level))
        self.blocks.append(Block(text=text, level=level))


def _scope(heading: Any) -> Any | None:
    """The card a heading belongs to: an element made for it, or one of several alike side by side."""
    node = heading
    for _ in range(_CARD_WITHIN):
        node = node.getparent()
        if node is None or node.tag in _WHOLE_PAGE:
            return None
        if node.tag in _SCOPES or (node.tag in _REPEATED and _one_of_several(node)):
            return node
    return None


def _one_of_several(node: Any) -> bool:
    names = node.get("class")
    if not names:
        return False
    return any(
        other is not None and other.tag == node.tag and other.get("class") == names
        for other in (node.getprevious(), node.getnext())
    )


def _lines(joined: str) -> list[str]:
    """A text with line breaks: cut where a line ends something, joined where it was only broken for looks."""
    lines: list[str] = []
    blank = True
    for line in map(str.strip, joined.split(_LINE_BREAK)):
        if blank or lines[-1].endswith(_SENTENCE_ENDS) or line.startswith(_LIST_SIGNS):
            lines.append(line)
        elif line:
            lines[-1] = f"{lines[-1]} {line}"
        blank = not line
    return lines
