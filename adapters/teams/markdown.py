"""A reply's tree in the markdown that Teams reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from adapters.markup import Block, Break, Code, Emphasis, Inline, Items, Link, Paragraph, Preformatted, Strong, Text

_SPECIAL = re.compile(r"([\\`*_\[\]<>~|])")
_AT_THE_START = re.compile(r"^(\s*)([#+\-=]|\d{1,9}[.)])", re.MULTILINE)
_URL_SPECIAL = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", " ": "%20", "\\": "%5C", '"': "%22"})


def write(blocks: Iterable[Block]) -> str:
    """The text of a message. What is plain in the tree is plain in the chat: no word of it becomes markup."""
    return "\n\n".join(filter(None, (_block(block) for block in blocks)))


def escaped(text: str) -> str:
    """Text in which nothing is markup, at the start of a line or within."""
    return _AT_THE_START.sub(_behind_a_backslash, _SPECIAL.sub(r"\\\1", text))


def _behind_a_backslash(found: re.Match[str]) -> str:
    """A list's number is escaped at its point, everything else at itself."""
    blank, mark = found.groups()
    return f"{blank}{mark[:-1]}\\{mark[-1]}"


def _block(block: Block) -> str:
    match block:
        case Paragraph(inner):
            return _inline(inner)
        case Items(items, ordered):
            return "\n".join(f"{_mark(place, ordered=ordered)}{_item(item)}" for place, item in enumerate(items, 1))
        case Preformatted(text):
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
            return f"{fence}\n{text}\n{fence}"


def _mark(place: int, *, ordered: bool) -> str:
    return f"{place}. " if ordered else "- "


def _item(item: Sequence[Inline]) -> str:
    return _inline(item).replace("\n\n", " ")


def _inline(nodes: Iterable[Inline]) -> str:
    return "".join(_node(node) for node in nodes)


def _node(node: Inline) -> str:
    match node:
        case Text(text):
            return escaped(text)
        case Break():
            return "\n\n"  # Teams joins lines that one line feed parts
        case Code(text):
            return f"`{text.replace('`', chr(0x2019))}`"
        case Strong(inner):
            return f"**{_inline(inner)}**"
        case Emphasis(inner):
            return f"_{_inline(inner)}_"
        case Link(inner, url):
            return f"[{_inline(inner)}]({url.translate(_URL_SPECIAL)})"
