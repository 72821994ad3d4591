"""A reply's text as a small tree, which each channel writes in its platform's own format.

The text is markdown as far as a chat needs it: paragraphs, lists, code, strong and emphasised words, https links.
Everything else, HTML above all, is plain text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

DEEPEST = 20
"""Levels of nesting that are read; what lies deeper is not shown. No writer of ours nests more than two."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break within a paragraph."""


@dataclass(frozen=True, slots=True)
class Code:
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    inner: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    inner: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is https and holds no user name."""

    inner: tuple[Inline, ...]
    url: str


Inline = Text | Break | Code | Strong | Emphasis | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    inner: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; what was nested in it follows as items of the same list."""

    items: tuple[tuple[Inline, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Preformatted:
    text: str


Block = Paragraph | Items | Preformatted

_RULES = ("paragraph", "list", "fence", "newline", "escape", "backticks", "emphasis", "link", "balance_pairs")
_PARSER = MarkdownIt("zero", {"maxNesting": DEEPEST}).enable([*_RULES, "fragments_join"])


def parse(markdown: str) -> tuple[Block, ...]:
    """The text as blocks; never raises, and loses no word that is not nested deeper than `DEEPEST`."""
    root = SyntaxTreeNode(_PARSER.parse(markdown))
    return tuple(block for node in root.children for block in _blocks(node))


def plain(nodes: Iterable[Inline]) -> str:
    """The words alone."""
    return "".join(_plain(node) for node in nodes)


def safe_link(url: str) -> bool:
    """Whether a link may be shown: https, a host, no user name, nothing a person cannot see."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and url.isprintable()
    except ValueError:
        return False


def _plain(node: Inline) -> str:
    match node:
        case Text(text) | Code(text):
            return text
        case Break():
            return "\n"
        case Strong(inner) | Emphasis(inner) | Link(inner):
            return plain(inner)


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    if node.type == "paragraph":
        yield Paragraph(_inline(node.children))
    elif node.type in {"bullet_list", "ordered_list"}:
        yield Items(tuple(_items(node)), ordered=node.type == "ordered_list")
    elif node.type == "fence":
        yield Preformatted(node.content.rstrip("\n"))


def _items(node: SyntaxTreeNode) -> Iterator[tuple[Inline, ...]]:
    for child in node.children:
        if child.type == "paragraph":
            yield _inline(child.children)
        elif child.type == "fence":
            yield (Code(child.content.strip()),)
        else:
            yield from _items(child)


def _inline(nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
    return tuple(found for node in nodes for found in _of(node))


def _of(node: SyntaxTreeNode) -> Iterator[Inline]:
    match node.type:
        case "inline":
            yield from _inline(node.children)
        case "text" if node.content:
            yield Text(node.content)
        case "softbreak" | "hardbreak":
            yield Break()
        case "code_inline":
            yield Code(node.content)
        case "strong":
            yield Strong(_inline(node.children))
        case "em":
            yield Emphasis(_inline(node.children))
        case "link":
            yield from _link(node)


def _link(node: SyntaxTreeNode) -> Iterator[Inline]:
    url = str(node.attrs.get("href", ""))
    inner = _inline(node.children)
    if safe_link(url):
        yield Link(inner, url)
    else:
        yield from inner
