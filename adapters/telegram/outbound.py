"""A reply as Telegram shows it: HTML in messages of at most 4,096 UTF-16 units, with an inline keyboard. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from adapters.capabilities import Capabilities
from adapters.layout import lay_out
from adapters.markup import (
    Block,
    Break,
    Code,
    Emphasis,
    Inline,
    Items,
    Link,
    Paragraph,
    Preformatted,
    Strong,
    Text,
    plain,
)
from adapters.splitting import split, utf16_units
from core.reply import Reply

CHOSEN = "✓ "
DONE = "-"
"""Callback data of a button that does nothing any more."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One message: as HTML, and as the same words without any markup. `buttons` only on the last one."""

    html: str
    plain: str
    buttons: tuple[str, ...] = ()


def parts_of(reply: Reply, capabilities: Capabilities) -> tuple[Part, ...]:
    """The reply as messages, in order; one, unless it is very long. Never empty."""
    layout = lay_out(reply, capabilities)
    parts: list[Part] = []
    for block in layout.blocks:
        html, text = _html(block), _plain(block)
        joined = f"{parts[-1].html}\n\n{html}" if parts else html
        if parts and utf16_units(joined) <= capabilities.max_length:
            parts[-1] = Part(html=joined, plain=f"{parts[-1].plain}\n\n{text}")
        elif utf16_units(html) <= capabilities.max_length:
            parts.append(Part(html=html, plain=text))
        else:  # markup cut in two would not be markup
            pieces = split(text, capabilities.max_length // 6, utf16_units)  # escaping makes six characters of one
            parts += [Part(html=escape(piece, quote=False), plain=piece) for piece in pieces]
    parts = [part for part in parts if part.plain.strip()] or [Part(html="…", plain="…")]
    parts[-1] = Part(html=parts[-1].html, plain=parts[-1].plain, buttons=layout.buttons)
    return tuple(parts)


def keyboard(labels: Sequence[str], token: str) -> Json | None:
    """Buttons one below the other, each with an opaque word that only we can read; None without labels."""
    rows = [[{"text": label, "callback_data": f"{token}:{place}"}] for place, label in enumerate(labels)]
    return {"inline_keyboard": rows} if rows else None


def chosen(label: str) -> Json:
    """The keyboard after a press: what was chosen, and nothing left to press."""
    return {"inline_keyboard": [[{"text": f"{CHOSEN}{label}", "callback_data": DONE}]]}


def _html(block: Block) -> str:
    match block:
        case Paragraph(inner):
            return _line(inner)
        case Items(items, ordered=ordered):
            marks = _marks(len(items), ordered=ordered)
            return "\n".join(mark + _line(item) for mark, item in zip(marks, items, strict=True))
        case Preformatted(text):
            return f"<pre>{escape(text, quote=False)}</pre>"


def _plain(block: Block) -> str:
    match block:
        case Paragraph(inner):
            return _words(inner)
        case Items(items, ordered=ordered):
            marks = _marks(len(items), ordered=ordered)
            return "\n".join(mark + _words(item) for mark, item in zip(marks, items, strict=True))
        case Preformatted(text):
            return text


def _marks(count: int, *, ordered: bool) -> list[str]:
    return [f"{number}. " if ordered else "• " for number in range(1, count + 1)]


def _line(nodes: Iterable[Inline]) -> str:
    return "".join(_inline(node) for node in nodes)


def _inline(node: Inline) -> str:
    match node:
        case Text(text):
            return escape(text, quote=False)
        case Break():
            return "\n"
        case Code(text):
            return f"<code>{escape(text, quote=False)}</code>"
        case Strong(inner):
            return f"<b>{_line(inner)}</b>"
        case Emphasis(inner):
            return f"<i>{_line(inner)}</i>"
        case Link(inner, url):
            return f'<a href="{escape(url)}">{_line(inner)}</a>'


def _words(nodes: Iterable[Inline]) -> str:
    """The words, with addresses written out: without markup they are the only way to follow a link."""
    return "".join(f"{plain(node.inner)} ({node.url})" if isinstance(node, Link) else plain([node]) for node in nodes)
