"""What Teams shows: a reply as messages, the buttons on an Adaptive Card or as suggested actions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

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
from adapters.splitting import split, utf8_bytes
from adapters.teams.inbound import CHOICE_KEY, TOKEN_KEY
from adapters.teams.markdown import write
from core.reply import Reply

PAYLOAD_LIMIT = 28 * 1024
"""Bytes of an activity that Teams takes."""
ROOM = 20_000
"""Bytes that blocks may fill; the rest of `PAYLOAD_LIMIT` is for addresses, buttons and the summary."""
KEPT_BODY = 4_096
"""Bytes of a card's body that are remembered, so that it can be shown again without its buttons."""
CARD_TYPE = "application/vnd.microsoft.card.adaptive"
CARD_VERSION = "1.4"
SUMMARY_LENGTH = 200
_CHOSEN = "✓ "
_BULLET = "• "

Element = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One activity before it is addressed."""

    type: str = "message"
    text: str = ""
    card: Mapping[str, Any] | None = None
    suggestions: tuple[str, ...] = ()
    summary: str = ""


TYPING = Outgoing(type="typing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """A reply in the order it is sent. The last one carries the buttons, if there are any, on a card."""

    messages: tuple[Outgoing, ...]
    labels: tuple[str, ...] = ()
    body: tuple[Element, ...] = ()  # of that card; empty when the card holds nothing but buttons


def content(outgoing: Outgoing, *, to: str) -> dict[str, Any]:
    """The activity without its addresses; suggestions are shown to the person `to`."""
    wire: dict[str, Any] = {"type": outgoing.type}
    if outgoing.text:
        wire |= {"text": outgoing.text, "textFormat": "markdown"}
    if outgoing.summary:
        wire["summary"] = outgoing.summary
    if outgoing.card is not None:
        wire["attachments"] = [{"contentType": CARD_TYPE, "content": outgoing.card}]
    if outgoing.suggestions:
        actions = [{"type": "imBack", "title": label, "value": label} for label in outgoing.suggestions]
        wire["suggestedActions"] = {"to": [to], "actions": actions}
    return wire


def compose(reply: Reply, capabilities: Capabilities, *, suggested: bool) -> Composed:
    """The reply as messages within `PAYLOAD_LIMIT`; a card still lacks its buttons, which `with_buttons` adds."""
    layout = lay_out(reply, capabilities)
    chunks = tuple(_chunks(layout.blocks))
    summary = _summary(layout.blocks)
    if not layout.buttons or suggested:
        texts = [Outgoing(text=write(chunk)) for chunk in chunks]
        if layout.buttons and texts:
            texts[-1] = Outgoing(text=texts[-1].text, suggestions=layout.buttons)
        return Composed(messages=tuple(texts))
    body = tuple(element for block in chunks[0] for element in elements(block)) if len(chunks) == 1 else ()
    if _size(body) > KEPT_BODY:
        body = ()
    before = () if body else tuple(Outgoing(text=write(chunk)) for chunk in chunks)
    return Composed(messages=(*before, Outgoing(card=card(body), summary=summary)), labels=layout.buttons, body=body)


def with_buttons(body: Sequence[Element], labels: Sequence[str], token: str) -> dict[str, Any]:
    """The card with its buttons; what they send back says nothing but which card and which button."""
    actions = [
        {"type": "Action.Submit", "title": label, "data": {TOKEN_KEY: token, CHOICE_KEY: place}}
        for place, label in enumerate(labels)
    ]
    return {**card(body), "actions": actions}


def chosen(body: Sequence[Element], label: str) -> dict[str, Any]:
    """The card after a press: what it said, and what was chosen."""
    mark = {"type": "TextRun", "text": f"{_CHOSEN}{label}", "weight": "Bolder"}
    return card([*body, {"type": "RichTextBlock", "inlines": [mark]}])


def card(body: Sequence[Element]) -> dict[str, Any]:
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": CARD_VERSION,
        "body": list(body),
    }


def elements(block: Block) -> Iterator[Element]:
    """A block as rich text: its runs are never read as markup, whatever they hold."""
    match block:
        case Paragraph(inner):
            yield from _lines(inner)
        case Items(items, ordered):
            for place, item in enumerate(items, start=1):
                bullet = f"{place}. " if ordered else _BULLET
                yield from _lines((Text(bullet), *item), close=True)
        case Preformatted(text):
            for line in text.split("\n"):
                yield _line([_run(line or " ", fontType="Monospace")], close=True)


def _lines(nodes: Sequence[Inline], *, close: bool = False) -> Iterator[Element]:
    line: list[Element] = []
    for run in _runs(nodes):
        if run is not None:
            line.append(run)
            continue
        if line:
            yield _line(line, close=close)
        line, close = [], True
    if line:
        yield _line(line, close=close)


def _line(runs: list[Element], *, close: bool) -> Element:
    block = {"type": "RichTextBlock", "inlines": runs}
    return {**block, "spacing": "Small"} if close else block


def _runs(nodes: Iterable[Inline], **style: Any) -> Iterator[Element | None]:
    """Text runs in order; None stands for a line break."""
    for node in nodes:
        match node:
            case Text(text):
                yield _run(text, **style)
            case Break():
                yield None
            case Code(text):
                yield _run(text, **{**style, "fontType": "Monospace"})
            case Strong(inner):
                yield from _runs(inner, **{**style, "weight": "Bolder"})
            case Emphasis(inner):
                yield from _runs(inner, **{**style, "italic": True})
            case Link(inner, url):
                action = {"type": "Action.OpenUrl", "url": url}
                yield from _runs(inner, **{**style, "underline": True, "selectAction": action})


def _run(text: str, **style: Any) -> Element:
    return {"type": "TextRun", "text": text, **style}


def _chunks(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """As many blocks together as fit into one message, whichever way they are written."""
    chunk: list[Block] = []
    filled = 0
    for block in (piece for one in blocks for piece in _fitting(one)):
        size = _room_of(block)
        if chunk and filled + size > ROOM:
            yield tuple(chunk)
            chunk, filled = [], 0
        chunk.append(block)
        filled += size
    if chunk:
        yield tuple(chunk)


def _fitting(block: Block) -> Iterator[Block]:
    """The block, or, where it alone is too large, its words in pieces."""
    if _room_of(block) <= ROOM:
        yield block
        return
    for piece in split(_words(block), ROOM // 2, _escaped_bytes):
        yield Paragraph((Text(piece),))


def _words(block: Block) -> str:
    match block:
        case Paragraph(inner):
            return plain(inner)
        case Items(items):
            return "\n".join(plain(item) for item in items)
        case Preformatted(text):
            return text


def _summary(blocks: Sequence[Block]) -> str:
    """What a notification shows."""
    words = " ".join(" ".join(_words(block) for block in blocks).split())
    return words if len(words) <= SUMMARY_LENGTH else f"{words[: SUMMARY_LENGTH - 1].rstrip()}…"


def _room_of(block: Block) -> int:
    return max(_size(tuple(elements(block))), _escaped_bytes(write([block])))


def _escaped_bytes(text: str) -> int:
    """Bytes in JSON: escapes of quotes, line ends and of markdown's own characters counted."""
    return _size(text) + sum(not one.isalnum() for one in text)


def _size(value: Any) -> int:
    return utf8_bytes(_ENCODER.encode(value).decode())


_ENCODER = msgspec.json.Encoder()
