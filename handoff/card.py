"""A lead as a Slack message: everything a rep needs before the first call, in at most twelve lines. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from core.lead import Criterion, Lead, Quote, ScoreLine
from handoff import kit, limits
from handoff.actions import action_row
from handoff.advice import advised
from handoff.kit import Block
from handoff.standing import standing
from handoff.view import TeamView
from handoff.words import TeamWords, frameworks
from platforms.slack.text import escape, join_some, mrkdwn, plain

EVENT_TYPE = "frontdesk_lead"
"""Type of the message metadata by which a card is found again."""

LINE = 220  # units; about two lines on a laptop
ITEM = 90
QUOTE = 160
OPENER = 600  # a rep sends it as it is, so it is cut only when it is no opener any more
MAX_QUOTES = 3
TELLING_WORDS = 5  # of a first message that is more than a greeting
NEEDS = frozenset({"need", "challenges", "identify_pain"})
"""Criteria that say what a visitor is after."""
RECEIPT_LINES = 3
LARGEST_NUMBER = 9_999.0  # what a score or its points can be; beyond, something is broken and only the size matters


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The `blocks`, the notification `text` and the `metadata` of one message."""

    blocks: tuple[Block, ...]
    text: str
    metadata: dict[str, Any]


def render(lead: Lead, view: TeamView | None = None) -> Card:
    """The card of a lead's current revision: within Slack's limits and escaped, whatever the lead contains."""
    view = view or TeamView()
    return Card(
        blocks=(*card_texts(lead, view), action_row(lead, view)),
        text=fallback(lead, view.words),
        metadata={"event_type": EVENT_TYPE, "event_payload": {"lead_id": lead.id, "revision": lead.revision}},
    )


def card_texts(lead: Lead, view: TeamView) -> tuple[Block, ...]:
    """The card without its buttons, in at most `CARD_LINES` lines; quotes give way to what else there is to tell."""
    words = view.words
    state = standing(lead, view)
    story = _present(_news(lead, words), _who_they_are(lead, words), _qualified(lead, words), _needs(lead, words))
    outlook = _present(_objections(lead, words), _looked_at(lead, words), _next_step(lead, words))
    opener = _opener(lead, words)
    taken = 2 + bool(state) + len(story) + len(outlook) + bool(opener)  # header and contact are always there
    blocks = (
        kit.header(title(lead, words)),
        kit.context(kit.plain_text(_contact(lead, words))),
        kit.context(kit.marked(state)) if state else {},
        kit.lines("mrkdwn", story),
        _quotes(lead, view, limits.CARD_LINES - taken),
        kit.lines("mrkdwn", outlook),
        kit.lines("plain_text", [opener] if opener else []),
    )
    return tuple(block for block in blocks if block)


def _present(*told: str) -> list[str]:
    return [line for line in told if line]


def _labelled(label: str, escaped: str) -> str:
    return f"*{escape(label)}*  {escaped}" if escaped else ""


def title(lead: Lead, words: TeamWords) -> str:
    """Who it is, in one escaped line that fits a header."""
    half = limits.HEADER_TEXT // 2 - 2
    parts = [part for part in (plain(lead.name, half), plain(lead.company, half)) if part]
    return " · ".join(parts) or plain(lead.email, limits.HEADER_TEXT) or escape(words.card.unnamed)


def _contact(lead: Lead, words: TeamWords) -> str:
    parts = [
        plain(lead.email, ITEM) if lead.name or lead.company else "",  # else it is the title
        *(
            plain(words.email_notes.get(note, note.replace("_", " ")), ITEM)
            for note in lead.email_note.replace(",", " ").split()[:3]
        ),
        plain(lead.phone, 40),
        plain(f"{words.card.via} {lead.channel}", 60),
        plain(words.card.also_on.format(channel=", ".join(_others(lead))), ITEM) if lead.threads else "",
    ]
    return " · ".join(part for part in parts if part)


def _others(lead: Lead) -> Iterable[str]:
    return dict.fromkeys(one.channel for one in lead.threads)


def _news(lead: Lead, words: TeamWords) -> str:
    if lead.revision > 1 and lead.changes:
        return _labelled(words.card.latest, _some(lead.changes, words))
    reasons = tuple(words.reasons.get(reason, reason.replace("_", " ")) for reason in lead.reasons)
    return _labelled(words.card.why, _some(reasons, words))


def _who_they_are(lead: Lead, words: TeamWords) -> str:
    name = mrkdwn(lead.persona_name or lead.persona or "", ITEM)
    persona = f"{name} ({_number(100 * lead.persona_probability)} %)" if name else escape(words.card.persona_unknown)
    readiness = lead.readiness
    receipt = _receipt(readiness.receipt, words)
    score = escape(words.card.of_hundred).format(score=_number(readiness.score))
    level = f"{mrkdwn(level_in_words(lead, words), 20)}, {score}{receipt and f': {receipt}'}"
    return f"{_labelled(words.card.persona, persona)}   {_labelled(words.card.readiness, level)}"


def level_in_words(lead: Lead, words: TeamWords) -> str:
    """How ready the lead is, raw."""
    return words.levels.get(lead.readiness.level, lead.readiness.level)


def _receipt(lines: tuple[ScoreLine, ...], words: TeamWords) -> str:
    """The heaviest lines of the receipt; the rest is counted."""
    heaviest = sorted(lines, key=lambda line: -abs(line.points))
    told = [
        f"{mrkdwn(advised(line.reason, words.advice), 50)} {_number(line.points, sign=True)}"
        for line in heaviest[:RECEIPT_LINES]
    ]
    rest = len(lines) - len(told)
    return ", ".join((*told, *([escape(words.card.more).format(count=rest)] if rest > 0 else ())))


def _qualified(lead: Lead, words: TeamWords) -> str:
    if not lead.qualification:
        return ""
    answered = [
        f"{mrkdwn(_capital(_criterion(one, words)), 40)}: {mrkdwn(one.answer, ITEM)}"
        for one in lead.qualification
        if one.answer.strip()
    ]
    missing = [mrkdwn(_criterion(one, words), 40) for one in lead.qualification if not one.answer.strip()]
    told = _joined(answered, words, separator=" · ")
    gap = f"{escape(words.card.missing)}: {_joined(missing, words)}" if missing else escape(words.card.nothing_missing)
    return _labelled(_framework(lead.qualification, words), " · ".join(part for part in (told, gap) if part))


def _criterion(criterion: Criterion, words: TeamWords) -> str:
    """As it is written in the middle of a sentence."""
    return words.criteria.get(criterion.id, criterion.name.lower())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _framework(criteria: tuple[Criterion, ...], words: TeamWords) -> str:
    ids = {one.id for one in criteria}
    return next((name for name, members in frameworks().items() if ids == members), words.card.qualification)


def _needs(lead: Lead, words: TeamWords) -> str:
    answered = {one.id for one in lead.qualification if one.answer.strip()}  # a budget is told once
    wanted = (row for row in lead.requirements if row[0] not in answered)
    told = (f"{mrkdwn(field_in_words(label, words), 40)}: {mrkdwn(text, ITEM)}" for label, text in wanted)
    return _labelled(words.card.needs, _joined(told, words, separator=" · "))


def _objections(lead: Lead, words: TeamWords) -> str:
    return _labelled(words.card.objections, _some(lead.objections, words))


def _looked_at(lead: Lead, words: TeamWords) -> str:
    """Paths only: the addresses were reported by the visitor's browser, so they must not become links."""
    pages = dict.fromkeys(path for path in map(_path, lead.pages) if path)
    parts = [_joined(pages, words)]
    if source := _path(lead.source_page) or mrkdwn(lead.source_title, ITEM):
        parts.append(f"{escape(words.card.came_in_on)} {source}")
    if lead.campaign:
        parts.append(f"{escape(words.card.campaign)} {mrkdwn(lead.campaign, 60)}")
    if host := _host(lead.referrer):
        parts.append(f"{escape(words.card.referred_by)} {host}")
    if lead.files:
        parts.append(f"{escape(words.card.files)} {_some(lead.files, words)}")
    return _labelled(words.card.looked_at, " · ".join(part for part in parts if part))


def _next_step(lead: Lead, words: TeamWords) -> str:
    return _labelled(words.card.next_step, mrkdwn(advised(lead.next_step, words.advice), LINE))


def _opener(lead: Lead, words: TeamWords) -> str:
    opener = plain(lead.opener, OPENER)
    return f"{escape(words.card.opener)}: {opener}" if opener else ""


def _quotes(lead: Lead, view: TeamView, room: int) -> Block:
    """The visitor's words; with a dashboard each is linked to where it was said, by our words and not by theirs."""
    chosen = _chosen_quotes(lead, view.words)[:room]
    if not view.dashboard:
        return kit.lines("plain_text", [_quote(one, view.words) for one in chosen])
    return kit.lines("mrkdwn", [_linked(one, lead, view) for one in chosen])


def _chosen_quotes(lead: Lead, words: TeamWords) -> tuple[Quote, ...]:
    """The visitor's telling words; how they began where nothing else tells what they need."""
    told = tuple(quote for quote in lead.quotes if plain(quote.text, QUOTE))[:MAX_QUOTES]
    if told and (not _need_is_open(lead) or len(lead.first_message.split()) < TELLING_WORDS):
        return told
    opened = plain(lead.first_message, QUOTE)
    first = (Quote(text=lead.first_message, shows=words.card.first_message),) if opened else ()
    return (*first, *(one for one in told if one.text not in lead.first_message))[:MAX_QUOTES]


def _need_is_open(lead: Lead) -> bool:
    return any(one.id in NEEDS and not one.answer.strip() for one in lead.qualification)


def _quote(quote: Quote, words: TeamWords) -> str:
    shows = plain(_shows(quote, words), 40)
    return f"“{plain(quote.text, QUOTE)}”" + (f" ({shows})" if shows else "")


def _linked(quote: Quote, lead: Lead, view: TeamView) -> str:
    field = mrkdwn(_shows(quote, view.words).partition(": ")[0], 40)
    url = view.conversation(lead.conversation, quote.message)
    told = mrkdwn(_shows(quote, view.words), 40) if field else ""
    value = told.removeprefix(field)
    shown = f"{kit.link(url, field)}{value}" if url and field else told
    return f"“{mrkdwn(quote.text, QUOTE)}”" + (f" ({shown})" if shown else "")


def _shows(quote: Quote, words: TeamWords) -> str:
    label, mark, value = quote.shows.partition(": ")
    return f"{field_in_words(label, words)}{mark}{value}"


def field_in_words(label: str, words: TeamWords) -> str:
    """What a fact is about, raw; a label nobody has a word for is shown as it is."""
    return words.fields.get(label.replace(" ", "_"), label)


def fallback(lead: Lead, words: TeamWords) -> str:
    """The card in one escaped line, for notifications and for where no blocks are shown."""
    persona = plain(lead.persona_name, ITEM) or escape(words.card.persona_unknown)
    readiness = f"{words.card.readiness.lower()} {plain(level_in_words(lead, words), 20)}"
    return f"{escape(words.card.new_lead)}: {title(lead, words)} ({persona}, {readiness})"


def _some(items: Iterable[str], words: TeamWords) -> str:
    return _joined((item for item in (mrkdwn(text, ITEM) for text in items) if item), words)


def _joined(escaped: Iterable[str], words: TeamWords, separator: str = ", ") -> str:
    return join_some(escaped, LINE, separator=separator, more=escape(words.card.more))


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
