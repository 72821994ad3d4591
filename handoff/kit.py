"""Block Kit's building stones as the team's messages use them. Pure; texts are given escaped, raw where it says so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isnan
from typing import Any

from handoff import limits
from platforms.slack.text import ELLIPSIS, clean, clip, escape, plain, units

Block = dict[str, Any]

_MOMENT = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_LATEST = 32_503_680_000.0  # the year 3000; beyond, nothing is a date any more


def plain_text(escaped: str) -> Block:
    """A text object in which nothing has a meaning."""
    return {"type": "plain_text", "text": escaped, "emoji": False}


def label(text: str, limit: int) -> Block:
    """A plain text object of our own or anybody's words, raw, at most `limit` long; never empty."""
    return plain_text(plain(text, limit) or "-")


def marked(escaped: str) -> Block:
    """A mrkdwn text object. `verbatim` keeps Slack from finding links and mentions in the words."""
    return {"type": "mrkdwn", "text": escaped, "verbatim": True}


def section(text: Block, **more: Any) -> Block:
    return {"type": "section", "text": text, **more}


def lines(kind: str, escaped: Sequence[str]) -> Block:
    """A section of lines; empty without any."""
    text = "\n".join(escaped)
    return section(marked(text) if kind == "mrkdwn" else plain_text(text)) if escaped else {}


def context(*elements: Block) -> Block:
    return {"type": "context", "elements": list(elements)}


def header(escaped: str) -> Block:
    return {"type": "header", "text": plain_text(escaped)}


def button(action_id: str, text: str, value: str, *, style: str = "", url: str = "") -> Block:
    """`style`: "", primary or danger. With `url` it leads there, too."""
    more = {name: given for name, given in (("style", style), ("url", url)) if given}
    return {
        "type": "button",
        "action_id": action_id,
        "text": label(text, limits.BUTTON_TEXT),
        "value": value,
        **more,
    }


def options(choices: Mapping[str, str]) -> list[Block]:
    """Options of a menu by value, in order."""
    return [{"text": label(text, limits.OPTION_TEXT), "value": value} for value, text in choices.items()]


def raw_text(text: str, limit: int) -> str:
    """What an input is filled with: lines stay lines, nothing is escaped since nothing there has a meaning."""
    rows = (clean(row, limit) for row in text[: 2 * limit].split("\n"))
    filled = "\n".join(rows).strip()
    return filled if len(filled.encode("utf-16-le", "replace")) // 2 <= limit else clip(filled, limit)


def moment(at: float) -> str:
    """A time for mrkdwn: Slack shows it in the zone of whoever looks; the fallback is in UTC."""
    return f"<!date^{int(_sane(at))}^{{date_short_pretty}} {{time}}|{moment_in_words(at)}>"


def moment_in_words(at: float) -> str:
    """A time for places that hold no markup."""
    return f"{datetime.fromtimestamp(_sane(at), UTC):%Y-%m-%d %H:%M} UTC"


def _sane(at: float) -> float:
    return 0.0 if isnan(at) else min(max(at, 0.0), _LATEST)


def unmarked(escaped: str) -> str:
    """Mrkdwn of ours as a notification shows it: times in UTC, nothing bold."""
    return _MOMENT.sub(r"\1", escaped).replace("*", "")


def link(url: str, escaped: str) -> str:
    """A link in mrkdwn. The address is ours; the words must be ours, too, or else a stranger's would lead somewhere."""
    return f"<{escape(url).replace('|', '%7C')}|{escaped.replace('|', '/')}>"


def passages(text: str, limit: int, most: int) -> list[str]:
    """Somebody's words with their line breaks, escaped and cut into at most `most` texts of at most `limit` units."""
    whole = "\n".join(clean(row, limit) for row in text.split("\n")).strip()
    parts, room = [""], limit - 1
    for character in whole:
        room -= units(character)
        if room < 0:
            parts, room = [*parts, ""], limit - 1 - units(character)
        parts[-1] += escape(character)
    kept = [part.strip() for part in parts if part.strip()]
    return [*kept[: most - 1], f"{kept[most - 1]}{ELLIPSIS}"] if len(kept) > most else kept
