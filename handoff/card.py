"""A lead as a Slack message: everything a rep needs before the first call, in at most twelve lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.lead import Criterion, Lead, LeadStatus, Quote, ScoreLine
from handoff import limits
from handoff.words import CardWords, card_words
from platforms.slack.text import escape, join_some, mrkdwn, plain

EVENT_TYPE = "frontdesk_lead"
"""Type of the message metadata by which a card is found again."""

LINE = 220  # units; about two lines on a laptop
ITEM = 90
QUOTE = 160
OPENER = 600  # a rep sends it as it is, so it is cut only when it is no opener any more
MAX_QUOTES = 3
RECEIPT_LINES = 3
LARGEST_NUMBER = 9_999.0  # what a score or its points can be; beyond, something is broken and only the size matters

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The `blocks`, the notification `text` and the `metadata` of one message."""

    blocks: tuple[Block, ...]
    text: str
    metadata: dict[str, Any]


def render(lead: Lead, words: CardWords | None = None) -> Card:
    """The card of a lead's current revision: within Slack's limits and escaped, whatever the lead contains."""
    words = words or card_words()
    story = [
        line
        for line in (_news(lead, words), _who_they_are(lead, words), _qualified(lead, words), _needs(lead, words))
        if line
    ]
    outlook = [line for line in (_objections(lead, words), _looked_at(lead, words), _next_step(lead, words)) if line]
    opener = _opener(lead, words)
    taken = 2 + len(story) + len(outlook) + bool(opener)  # the header and the contact line are always there
    quotes = [_quote(quote) for quote in _chosen_quotes(lead, words)[: limits.CARD_LINES - taken]]
    blocks: list[Block] = [
        {"type": "header", "text": _plain_text(_title(lead, words))},
        {"type": "context", "elements": [_plain_text(_contact(lead, words))]},
        _lines("mrkdwn", story),
        _lines("plain_text", quotes),
        _lines("mrkdwn", outlook),
        _lines("plain_text", [opener] if opener else []),
    ]
    return Card(
        blocks=tuple(block for block in blocks if block),
        text=_fallback(lead, words),
        metadata={"event_type": EVENT_TYPE, "event_payload": {"lead_id": lead.id, "revision": lead.revision}},
    )


def _plain_text(escaped: str) -> Block:
    return {"type": "plain_text", "text": escaped, "emoji": False}


def _lines(kind: str, escaped: list[str]) -> Block:
    """A section of lines; empty without any. `verbatim` keeps Slack from finding links and mentions in the words."""
    if not escaped:
        return {}
    text = "\n".join(escaped)
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": text, "verbatim": True} if kind == "mrkdwn" else _plain_text(text),
    }


def _labelled(label: str, escaped: str) -> str:
    return f"*{escape(label)}*  {escaped}" if escaped else ""


def _title(lead: Lead, words: CardWords) -> str:
    half = limits.HEADER_TEXT // 2 - 2
    parts = [part for part in (plain(lead.name, half), plain(lead.company, half)) if part]
    return " · ".join(parts) or plain(lead.email, limits.HEADER_TEXT) or escape(words.unnamed)


def _contact(lead: Lead, words: CardWords) -> str:
    parts = [
        plain(lead.email, ITEM) if lead.name or lead.company else "",  # else it is the title
        *(
            plain(words.email_notes.get(note, note.replace("_", " ")), ITEM)
            for note in lead.email_note.replace(",", " ").split()[:3]
        ),
        plain(lead.phone, 40),
        plain(f"{words.via} {lead.channel}", 60),
        "" if lead.status is LeadStatus.NEW else lead.status.value,
        plain(f"{words.owned_by} {lead.owner}", ITEM) if lead.owner else "",
    ]
    return " · ".join(part for part in parts if part)


def _news(lead: Lead, words: CardWords) -> str:
    if lead.revision > 1 and lead.changes:
        return _labelled(words.labels.latest, _some(lead.changes))
    reasons = tuple(words.reasons.get(reason, reason.replace("_", " ")) for reason in lead.reasons)
    return _labelled(words.labels.why, _some(reasons))


def _who_they_are(lead: Lead, words: CardWords) -> str:
    name = mrkdwn(lead.persona_name or lead.persona or "", ITEM)
    persona = f"{name} ({_number(100 * lead.persona_probability)} %)" if name else escape(words.persona_unknown)
    readiness = lead.readiness
    receipt = _receipt(readiness.receipt)
    level = f"{mrkdwn(readiness.level, 20)}, {_number(readiness.score)} of 100{receipt and f': {receipt}'}"
    labels = words.labels
    return f"{_labelled(labels.persona, persona)}   {_labelled(labels.readiness, level)}"


def _receipt(lines: tuple[ScoreLine, ...]) -> str:
    """The heaviest lines of the receipt; the rest is counted."""
    heaviest = sorted(lines, key=lambda line: -abs(line.points))
    told = [f"{mrkdwn(line.reason, 50)} {_number(line.points, sign=True)}" for line in heaviest[:RECEIPT_LINES]]
    rest = len(lines) - len(told)
    return ", ".join(told) + (f", +{rest} more" if rest > 0 else "")


def _qualified(lead: Lead, words: CardWords) -> str:
    if not lead.qualification:
        return ""
    answered = [
        f"{mrkdwn(one.name, 40)}: {mrkdwn(one.answer, ITEM)}" for one in lead.qualification if one.answer.strip()
    ]
    missing = [mrkdwn(one.name, 40).lower() for one in lead.qualification if not one.answer.strip()]
    told = join_some(answered, LINE, separator=" · ")
    gap = f"{escape(words.missing)}: {join_some(missing, LINE)}" if missing else escape(words.nothing_missing)
    return _labelled(_framework(lead.qualification, words), " · ".join(part for part in (told, gap) if part))


def _framework(criteria: tuple[Criterion, ...], words: CardWords) -> str:
    ids = {one.id for one in criteria}
    return next((name for name, members in words.frameworks.items() if ids == set(members)), words.labels.qualification)


def _needs(lead: Lead, words: CardWords) -> str:
    told = (f"{mrkdwn(label, 40)}: {mrkdwn(text, ITEM)}" for label, text in lead.requirements)
    return _labelled(words.labels.needs, join_some(told, LINE, separator=" · "))


def _objections(lead: Lead, words: CardWords) -> str:
    return _labelled(words.labels.objections, _some(lead.objections))


def _looked_at(lead: Lead, words: CardWords) -> str:
    """Paths only: the addresses were reported by the visitor's browser, so they must not become links."""
    pages = dict.fromkeys(path for path in map(_path, lead.pages) if path)
    parts = [join_some(pages, LINE)]
    if source := _path(lead.source_page) or mrkdwn(lead.source_title, ITEM):
        parts.append(f"{escape(words.came_in_on)} {source}")
    if lead.campaign:
        parts.append(f"{escape(words.campaign)} {mrkdwn(lead.campaign, 60)}")
    if host := _host(lead.referrer):
        parts.append(f"{escape(words.referred_by)} {host}")
    return _labelled(words.labels.looked_at, " · ".join(part for part in parts if part))


def _next_step(lead: Lead, words: CardWords) -> str:
    return _labelled(words.labels.next_step, mrkdwn(lead.next_step, LINE))


def _opener(lead: Lead, words: CardWords) -> str:
    opener = plain(lead.opener, OPENER)
    return f"{escape(words.labels.opener)}: {opener}" if opener else ""


def _chosen_quotes(lead: Lead, words: CardWords) -> tuple[Quote, ...]:
    """The visitor's telling words, or at least the first ones."""
    told = tuple(quote for quote in lead.quotes if plain(quote.text, QUOTE))
    first = (Quote(text=lead.first_message, shows=words.first_message),) if plain(lead.first_message, QUOTE) else ()
    return told[:MAX_QUOTES] or first


def _quote(quote: Quote) -> str:
    shows = plain(quote.shows, 40)
    return f"“{plain(quote.text, QUOTE)}”" + (f" ({shows})" if shows else "")


def _fallback(lead: Lead, words: CardWords) -> str:
    persona = plain(lead.persona_name, ITEM) or escape(words.persona_unknown)
    readiness = f"{words.labels.readiness.lower()} {plain(lead.readiness.level, 20)}"
    return f"{escape(words.new_lead)}: {_title(lead, words)} ({persona}, {readiness})"


def _some(items: Iterable[str]) -> str:
    return join_some((item for item in (mrkdwn(text, ITEM) for text in items) if item), LINE)


def _number(value: float, *, sign: bool = False) -> str:
    """A whole number; one of absurd size stays short."""
    kind = ".0f" if abs(value) <= LARGEST_NUMBER else ".1e"
    return format(value, ("+" if sign else "") + kind)


def _path(url: str) -> str:
    try:
        return mrkdwn(urlsplit(url[:2_000]).path, 60)
    except ValueError:
        return ""


def _host(url: str) -> str:
    try:
        return mrkdwn(urlsplit(url[:2_000]).hostname or "", 60)
    except ValueError:
        return ""
