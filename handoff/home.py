"""Leads in a list: the App Home of a rep, what `/leads` and `/lead NAME` answer, the digest of a day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from core.lead import Lead
from core.rep import RepAct, RepId
from handoff import kit, limits
from handoff.actions import act_button, action_row
from handoff.card import card_texts, level_in_words, title
from handoff.kit import Block
from handoff.standing import standing
from handoff.view import TeamView
from handoff.words import TeamWords
from platforms.slack.text import escape, mrkdwn, plain

SHOW = "home:show"
"""`action_id` of the menu that chooses what is listed; its options' values are those of `Shown`."""

HOME_ROWS = 40  # two blocks each, and the head, within `HOME_BLOCKS`
ANSWER_ROWS = 10
DIGEST_ROWS = 7
ROOM = limits.ALL_BLOCKS_TEXT - 1_000  # for the rows of a message
VIEW_ROOM = 60_000  # for those of an App Home, which may have 250 KB as JSON (reference/methods/views.publish)
ITEM = 90


class Shown(StrEnum):
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    SNOOZED = "snoozed"
    HOT = "hot"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The `blocks` and the notification `text` of a message."""

    blocks: tuple[Block, ...]
    text: str


def chosen(leads: Sequence[Lead], rep: RepId, shown: Shown, now: float) -> tuple[Lead, ...]:
    """The leads a rep wants to see: the ready ones first, among them those that wait longest."""
    fits = _FITS[shown]
    return tuple(sorted((one for one in leads if fits(one, rep, now)), key=_urgency))


def home(leads: Sequence[Lead], rep: RepId, shown: Shown, now: float, view: TeamView | None = None) -> Block:
    """The App Home of a rep, within 100 blocks."""
    view = view or TeamView()
    words = view.words.home
    found = chosen(leads, rep, shown, now)
    blocks = [
        kit.header(plain(words.title, limits.HEADER_TEXT)),
        kit.context(kit.marked(_counts(leads, rep, now, words.counts))),
        {"type": "actions", "block_id": "home", "elements": _controls(shown, view)},
        {"type": "divider"},
        *_listed((("", found),), HOME_ROWS, now, view, room=VIEW_ROOM),
    ]
    nothing = [] if found else [kit.context(kit.plain_text(escape(words.nothing)))]
    return {"type": "home", "blocks": [*blocks, *nothing]}


def leads_answer(leads: Sequence[Lead], rep: RepId, now: float, view: TeamView | None = None) -> Answer:
    """What `/leads` says: the rep's own and the unclaimed ones."""
    view = view or TeamView()
    mine, free = (chosen(leads, rep, shown, now) for shown in (Shown.MINE, Shown.UNCLAIMED))
    words = view.words.home
    text = _counts(leads, rep, now, words.counts)
    listed = _listed(((words.mine, mine), (words.unclaimed, free)), ANSWER_ROWS, now, view)
    return Answer(blocks=(kit.context(kit.marked(text)), *listed), text=text)


def lead_answer(leads: Sequence[Lead], query: str, now: float, view: TeamView | None = None) -> Answer:
    """What `/lead NAME` says: the card of the one that matches, or a list of those that may be meant."""
    view = view or TeamView()
    words = view.words.home
    found = matching(leads, query)
    asked = plain(query, ITEM)
    if not asked:
        return _sentence(escape(words.ask_name))
    if not found:
        return _sentence(escape(words.not_found).format(query=asked))
    if len(found) == 1:
        one = found[0]
        return Answer(blocks=(*card_texts(one, view), action_row(one, view)), text=title(one, view.words))
    text = escape(words.found).format(count=len(found), query=asked)
    listed = _listed((("", found),), ANSWER_ROWS, now, view)
    return Answer(blocks=(kit.context(kit.plain_text(text)), *listed), text=text)


def matching(leads: Sequence[Lead], query: str) -> tuple[Lead, ...]:
    """Leads whose name, company, address or id holds the words; one that is the very name comes alone."""
    wanted = query.strip().casefold()
    if not wanted:
        return ()
    exact = tuple(one for one in leads if wanted in {text.casefold() for text in _names(one)})
    return exact or tuple(one for one in leads if any(wanted in text.casefold() for text in _names(one)))


def digest(
    leads: Sequence[Lead], rep: RepId, now: float, view: TeamView | None = None, *, since: float, until: float
) -> Answer | None:
    """The morning's message to a rep, None when there is nothing to say.

    `since` is when the last one was sent, `until` the end of the rep's day: snoozes that end before it are told.
    """
    view = view or TeamView()
    words = view.words.digest
    unclaimed = chosen(leads, rep, Shown.UNCLAIMED, now)
    woken = tuple(one for one in leads if _is_of(one, rep) and not one.verdict and now < one.snoozed_until <= until)
    parts = (
        (words.unclaimed, tuple(one for one in unclaimed if not _is_quiet(one))),
        (words.mine, chosen(leads, rep, Shown.MINE, now)),
        (words.woken, woken),
        (words.quiet, tuple(one for one in unclaimed if _is_quiet(one))),
    )
    if not any(found for _, found in parts):
        return None
    new = sum(one.created_at > since and not one.verdict for one in leads)
    text = f"{escape(words.title)}: {escape(words.new).format(count=new)}"
    blocks = (kit.header(escape(words.title)), *_listed(parts, DIGEST_ROWS, now, view))
    return Answer(blocks=blocks, text=text)


def _sentence(escaped: str) -> Answer:
    return Answer(blocks=(kit.section(kit.plain_text(escaped)),), text=escaped)


def _listed(
    parts: Sequence[tuple[str, Sequence[Lead]]], most: int, now: float, view: TeamView, *, room: int = ROOM
) -> list[Block]:
    """Leads under titles, at most `most` a title and as many as fit into `room`; the others are counted."""
    blocks: list[Block] = []
    left = 0
    for name, leads in parts:
        rows: list[tuple[Block, Block]] = []
        for lead in leads[:most]:
            row = _row(lead, now, view)
            room -= sum(map(_size, row))
            if room < 0:
                break
            rows.append(row)
        left += len(leads) - len(rows)
        head = [kit.section(kit.marked(f"*{escape(name)}*"))] if rows and name else []
        blocks += [*head, *(block for row in rows for block in row)]
    return blocks + _left_out(left, view.words)


def _size(block: Block) -> int:
    texts = block.get("elements", [block.get("text")])
    return sum(len(text["text"].encode("utf-16-le", "replace")) // 2 for text in texts)


def _row(lead: Lead, now: float, view: TeamView) -> tuple[Block, Block]:
    """A lead in two lines, with the button that is most likely wanted."""
    words = view.words
    act = RepAct.REPLY if lead.owner else RepAct.CLAIM
    name = mrkdwn(lead.name or lead.company or lead.email, ITEM) or escape(words.card.unnamed)
    company = mrkdwn(lead.company, ITEM) if lead.name else ""
    url = view.conversation(lead.conversation)
    opened = f" · {kit.link(url, escape(words.buttons['open_profile']))}" if url else ""
    told = (
        mrkdwn(lead.persona_name, ITEM) or escape(words.card.persona_unknown),
        f"{escape(words.card.readiness)}: {mrkdwn(level_in_words(lead, words), 20)}",
        standing(lead, view) or escape(words.home.waiting).format(time=kit.moment(min(lead.created_at, now))),
    )
    return (
        kit.section(
            kit.marked(f"*{name}*" + (f" · {company}" if company else "") + opened),
            accessory=act_button(act, lead.id, view, leading=act is RepAct.CLAIM),
        ),
        kit.context(kit.marked(" · ".join(told))),
    )


def _left_out(count: int, words: TeamWords) -> list[Block]:
    return [kit.context(kit.plain_text(escape(words.home.left_out).format(count=count)))] if count > 0 else []


def _counts(leads: Sequence[Lead], rep: RepId, now: float, template: str) -> str:
    kinds = (Shown.MINE, Shown.UNCLAIMED, Shown.SNOOZED)
    return escape(template).format(**{str(one): sum(_FITS[one](lead, rep, now) for lead in leads) for one in kinds})


def _controls(shown: Shown, view: TeamView) -> list[Block]:
    words = view.words.home
    choices = kit.options({str(one): str(getattr(words, one)) for one in Shown})
    menu = {
        "type": "static_select",
        "action_id": SHOW,
        "placeholder": kit.plain_text(escape(words.show)),
        "options": choices,
        "initial_option": next(one for one in choices if one["value"] == shown),
    }
    link = [kit.button("home:dashboard", words.on_dashboard, "open", url=view.dashboard)] if view.dashboard else []
    return [menu, *link]


def _names(lead: Lead) -> tuple[str, ...]:
    return tuple(text for text in (lead.name, lead.company, lead.email, lead.id) if text)


def _urgency(lead: Lead) -> tuple[float, float]:
    return (-round(lead.readiness.score), lead.created_at) if isfinite(lead.readiness.score) else (0, lead.created_at)


def _is_of(lead: Lead, rep: RepId) -> bool:
    return lead.owner is not None and lead.owner.id == rep


def _is_quiet(lead: Lead) -> bool:
    return lead.route is not None and lead.route.quiet


def _sleeps(lead: Lead, now: float) -> bool:
    return lead.snoozed_until > now


_FITS: Mapping[Shown, Callable[[Lead, RepId, float], bool]] = {
    Shown.MINE: lambda one, rep, now: _is_of(one, rep) and not one.verdict and not _sleeps(one, now),
    Shown.UNCLAIMED: lambda one, _, now: one.owner is None and not one.verdict and not _sleeps(one, now),
    Shown.SNOOZED: lambda one, _, now: _sleeps(one, now) and not one.verdict,
    Shown.HOT: lambda one, _, __: one.readiness.level == "high" and not one.verdict,
    Shown.OPEN: lambda one, _, __: not one.verdict,
    Shown.CLOSED: lambda one, _, __: bool(one.verdict),
}
