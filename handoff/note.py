"""A note in a lead's thread as a Slack message. Pure.

Three marks say at a glance who reads a line: what the visitor said, what goes to the visitor, what stays in the team.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.ids import LeadId
from core.rep import NoteKind, Rep, RepId, TeamNote
from handoff import kit
from handoff.actions import undo_button
from handoff.kit import Block
from handoff.standing import first, mention, named, reason_in_words
from handoff.view import TeamView
from handoff.words import TeamWords
from platforms.slack.text import escape, mrkdwn, plain

FROM_VISITOR, TO_VISITOR, INTERNAL, ATTENTION = "💬", "➡️", "🔒", "🔔"
ITEM = 200
MAX_ITEMS = 12
FALLBACK = 300
PASSAGES = 4
"""Sections a text is cut into: together within `ALL_BLOCKS_TEXT`."""
PASSAGE = 2_700


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The `blocks` and the notification `text` of one message in a thread."""

    blocks: tuple[Block, ...]
    text: str


def render_note(note: TeamNote, lead: LeadId, view: TeamView | None = None) -> Note:
    """The note in the team's words; texts of people escaped and plain, whatever they contain."""
    view = view or TeamView()
    return _KINDS[note.kind](note, lead, view)


def _visitor_said(note: TeamNote, _: LeadId, view: TeamView) -> Note:
    return _line(FROM_VISITOR, view.words.notes.visitor, note.text)


def _visitor_edited(note: TeamNote, _: LeadId, view: TeamView) -> Note:
    words = view.words.notes
    what = words.visitor_edited if note.text.strip() else words.visitor_deleted
    return _line(FROM_VISITOR, words.visitor, note.text, f" · {escape(what)}")


def _visitor_file(note: TeamNote, _: LeadId, view: TeamView) -> Note:
    """With the reason in `items` where the file itself could not be put there."""
    words = view.words.notes
    why = next((words.file_trouble[one] for one in note.items if one in words.file_trouble), "")
    more = f" · {escape(why)}" if why else ""
    return _line(FROM_VISITOR, words.visitor_file, note.text, more)


def _rep_said(note: TeamNote, _: LeadId, view: TeamView) -> Note:
    return _line(TO_VISITOR, view.words.notes.to_visitor, note.text, f" · {_who(note.rep, view.words)}")


def _about_to_say(note: TeamNote, lead: LeadId, view: TeamView) -> Note:
    words = view.words.notes
    when = escape(words.about_to_say)
    line = _line(TO_VISITOR, words.to_visitor, note.text, f" · {when}")
    row = {"type": "actions", "elements": [undo_button(lead, note.message, view)]}
    return Note(blocks=(*line.blocks, row), text=line.text)


def _human_wanted(note: TeamNote, _: LeadId, view: TeamView) -> Note:
    words = view.words.notes
    notice = _notice(ATTENTION, " ".join(filter(None, (f"*{escape(words.human_wanted)}*", _called(note)))))
    said = _line(FROM_VISITOR, words.visitor, note.text)
    return Note(blocks=(*notice.blocks, *(said.blocks if note.text.strip() else ())), text=notice.text)


def _escalated(note: TeamNote, _: LeadId, view: TeamView) -> Note:
    step = mrkdwn(note.text, ITEM)
    words = " ".join(part for part in (f"*{escape(view.words.notes.escalated)}*", step, _called(note)) if part)
    return _notice(ATTENTION, words)


def _called(note: TeamNote) -> str:
    return " ".join(mention(Rep(id=RepId(one))) for one in note.items[:MAX_ITEMS])


def _changed(note: TeamNote, _: LeadId, view: TeamView) -> Note:
    return _listing(view.words.notes.changed, note.items, view.words)


def _returned(note: TeamNote, lead: LeadId, view: TeamView) -> Note:
    words = view.words.notes
    sentence = words.returned if note.rep else words.returned_by_itself
    notice = _told(lambda _: sentence)(note, lead, view)
    learned = _listing(words.learned, note.items, view.words).blocks if note.items else ()
    return Note(blocks=(*notice.blocks, *learned), text=notice.text)


def _told(template: Callable[[TeamWords], str]) -> Callable[[TeamNote, LeadId, TeamView], Note]:
    """A notice for the team: one sentence with who, whom and when filled in."""

    def tell(note: TeamNote, _: LeadId, view: TeamView) -> Note:
        sentence = escape(template(view.words))
        filled = sentence.format(
            name=_who(note.rep, view.words),
            first=first(note.rep) if note.rep else escape(view.words.notes.somebody),
            time=kit.moment(note.until),
            by=mrkdwn(note.text, ITEM),
            act=mrkdwn(view.words.buttons.get(note.text, note.text), ITEM),
        )
        return _notice(INTERNAL, filled)

    return tell


def _with_reason(template: Callable[[TeamWords], str]) -> Callable[[TeamNote, LeadId, TeamView], Note]:
    """The same with what somebody wrote behind it."""
    tell = _told(template)

    def explain(note: TeamNote, lead: LeadId, view: TeamView) -> Note:
        notice = tell(note, lead, view)
        return Note(blocks=(*notice.blocks, *_said(reason_in_words(note.text, view.words))), text=notice.text)

    return explain


def _assigned(note: TeamNote, lead: LeadId, view: TeamView) -> Note:
    words = view.words.notes
    sentence = words.assigned_by if note.text.strip() else words.assigned
    return _told(lambda _: sentence)(note, lead, view)


def _line(mark: str, who: str, text: str, escaped_more: str = "") -> Note:
    """Words that pass between team and visitor, under who said them to whom."""
    by = kit.context(kit.marked(f"{mark} *{escape(who)}*{escaped_more}"))
    return Note(blocks=(by, *_said(text)), text=f"{mark} {escape(who)}: {plain(text, FALLBACK)}".strip(": "))


def _notice(mark: str, escaped: str) -> Note:
    """A sentence of ours, for the team only."""
    block = kit.context(kit.marked(f"{mark} {escaped}"))
    if mark == ATTENTION:
        block = kit.section(kit.marked(f"{mark} {escaped}"))
    return Note(blocks=(block,), text=f"{mark} {kit.unmarked(escaped)}")


def _listing(title: str, items: tuple[str, ...], words: TeamWords) -> Note:
    told = [mrkdwn(words.changes.get(item) or words.reasons.get(item) or item, ITEM) for item in items]
    kept = [f"• {one}" for one in told if one][:MAX_ITEMS]
    text = "\n".join((f"{INTERNAL} *{escape(title)}*", *kept))
    return Note(
        blocks=(kit.section(kit.marked(text)),), text=f"{INTERNAL} {escape(title)}: {', '.join(told[:3])}".strip(": ")
    )


def _said(text: str) -> tuple[Block, ...]:
    return tuple(kit.section(kit.plain_text(part)) for part in kit.passages(text, PASSAGE, PASSAGES))


def _who(rep: Rep | None, words: TeamWords) -> str:
    return (named(rep) if rep else "") or escape(words.notes.somebody)


_KINDS: Mapping[NoteKind, Callable[[TeamNote, LeadId, TeamView], Note]] = {
    NoteKind.CLAIMED: _told(lambda words: words.notes.claimed),
    NoteKind.ALREADY_CLAIMED: _told(lambda words: words.notes.already_claimed),
    NoteKind.NOT_POSSIBLE: _told(lambda words: words.notes.not_possible),
    NoteKind.VISITOR_SAID: _visitor_said,
    NoteKind.VISITOR_FILE: _visitor_file,
    NoteKind.VISITOR_EDITED: _visitor_edited,
    NoteKind.REP_SAID: _rep_said,
    NoteKind.ABOUT_TO_SAY: _about_to_say,
    NoteKind.UNDONE: _with_reason(lambda words: words.notes.undone),
    NoteKind.BRIDGE_ON: _told(lambda words: words.notes.bridge_on),
    NoteKind.BRIDGE_OFF: _told(lambda words: words.notes.bridge_off),
    NoteKind.RETURNED: _returned,
    NoteKind.MUTED: _told(lambda words: words.notes.muted),
    NoteKind.SNOOZED: _told(lambda words: words.notes.snoozed),
    NoteKind.WOKEN: _told(lambda words: words.notes.woken),
    NoteKind.ASSIGNED: _assigned,
    NoteKind.DISQUALIFIED: _with_reason(lambda words: words.notes.disqualified),
    NoteKind.WON: _with_reason(lambda words: words.notes.won),
    NoteKind.LOST: _with_reason(lambda words: words.notes.lost),
    NoteKind.NOTED: _with_reason(lambda words: words.notes.noted),
    NoteKind.CHANGED: _changed,
    NoteKind.ESCALATED: _escalated,
    NoteKind.HUMAN_WANTED: _human_wanted,
}
