"""A reply as Slack shows it: Block Kit, with the whole text as fallback. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
from adapters.slack.inbound import PRESSED
from adapters.splitting import split
from core.reply import Reply
from platforms.slack.text import escape

EVENT_TYPE = "frontdesk_reply"
SECTION_LIMIT = 3_000
TEXT_LIMIT = 12_000
"""Over all blocks; Slack refuses from about 13,200 on."""
_CHOSEN = "✓ "
_MARKS = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb", "_": "\u02cd"})
_PING = re.compile(r"@(?=(?:here|channel|everyone)\b)", re.IGNORECASE)

Json = dict[str, Any]


def message_of(reply: Reply, capabilities: Capabilities, *, effect: str) -> Json:
    """The arguments of `chat.postMessage` but for where it goes. `effect` makes it findable."""
    layout = lay_out(reply, capabilities)
    texts = _fitting([mrkdwn(block) for block in layout.blocks])
    blocks: list[Json] = [_section(piece) for text in texts for piece in split(text, SECTION_LIMIT)]
    if layout.buttons:
        blocks.append(_actions(layout.buttons))
    return {
        "text": "\n".join(texts)[:SECTION_LIMIT] or "…",
        "blocks": blocks,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"effect": effect}},
        "unfurl_links": False,
        "unfurl_media": False,
        "parse": "none",
        "link_names": False,
    }


def pressed(blocks: Sequence[Mapping[str, Any]], label: str) -> list[Json]:
    """The message's blocks after a press: what was chosen stands where the buttons were."""
    kept: list[Json] = [dict(block) for block in blocks if block.get("type") != "actions"]
    chosen = {"type": "context", "elements": [{"type": "plain_text", "text": f"{_CHOSEN}{label}", "emoji": False}]}
    return [*kept, chosen]


def effect_of(message: Mapping[str, Any]) -> str:
    """The effect a message of a channel's history stands for, "" for any other message."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != EVENT_TYPE:
        return ""
    payload = metadata.get("event_payload")
    effect = payload.get("effect") if isinstance(payload, dict) else ""
    return effect if isinstance(effect, str) else ""


def mrkdwn(block: Block) -> str:
    """A block in Slack's own markup; words cannot become mentions, links or formatting."""
    match block:
        case Paragraph(inner):
            return _line(inner)
        case Items(items, ordered=ordered):
            marks = (f"{number}. " for number in range(1, len(items) + 1)) if ordered else ("• " for _ in items)
            return "\n".join(mark + _line(item) for mark, item in zip(marks, items, strict=True))
        case Preformatted(text):
            return f"```{escape(text.replace('```', ''))}```"


def _line(nodes: Iterable[Inline]) -> str:
    return "".join(_inline(node) for node in nodes)


def _inline(node: Inline) -> str:
    match node:
        case Text(text):
            return _words(text)
        case Break():
            return "\n"
        case Code(text):
            return f"`{escape(text.replace('`', ''))}`" if text.strip("`") else ""
        case Strong(inner):
            return f"*{_words(plain(inner))}*"
        case Emphasis(inner):
            return f"_{_words(plain(inner))}_"
        case Link(inner, url):
            return f"<{escape(url).replace('|', '%7C')}|{_words(plain(inner)).replace('|', '/') or escape(url)}>"


def _words(text: str) -> str:
    return escape(_PING.sub("@\u2060", text.translate(_MARKS)))


def _fitting(texts: Sequence[str]) -> list[str]:
    kept: list[str] = []
    room = TEXT_LIMIT
    for text in filter(None, texts):
        if len(text) > room:
            break
        kept.append(text)
        room -= len(text)
    return kept or [next(filter(None, texts), "…")[:TEXT_LIMIT]]


def _section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _actions(labels: Sequence[str]) -> Json:
    buttons = [
        {
            "type": "button",
            "action_id": f"{PRESSED}:{place}",
            "text": {"type": "plain_text", "text": escape(label), "emoji": False},
            "value": label,
        }
        for place, label in enumerate(labels)
    ]
    return {"type": "actions", "elements": buttons}
