"""Sales reps at work on a lead: what they do, and what their thread is told.

Everything a rep does is one inbound message of kind REP in the lead's conversation, so it is recorded before it is
acknowledged, comes once, and one writer decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from core.attachment import Attachment
from core.ids import MessageId

RepId = NewType("RepId", str)
"""The platform's id of a member of the sales team (Slack: U...)."""


PICTURES = "pictures"
"""Under this name `Notes` hold pictures of people: base64 of PNG or JPEG by the first 32 digits of their SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    id: RepId
    name: str = ""  # as the platform shows it, for colleagues
    picture: str = ""  # key of a picture in the notes, "" without one

    @property
    def first_name(self) -> str:
        """What visitors see of a name."""
        return self.name.split(" ")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step while nobody claims a lead: when it is to be taken, and who is told."""

    at: float
    tell: str  # thread | assigned | manager | next
    manager: Rep | None = None


class RepAct(StrEnum):
    CLAIM = "claim"
    REPLY = "reply"  # the message's text goes to the visitor at once; who replies to an unclaimed lead claims it
    SAY = "say"  # the same out of a bridged thread: it goes after `UNDO_SECONDS`
    UNDO = "undo"  # takes a SAY back in that time; `about` is its message
    AMEND = "amend"  # `about`, a SAY, was edited to the message's text, or deleted where that is ""
    BRIDGE_ON = "bridge_on"  # what is written in the thread goes to the visitor
    BRIDGE_OFF = "bridge_off"
    RETURN = "return"  # the bot answers again
    MUTE = "mute"  # the bot falls silent, nobody owns the lead
    SNOOZE = "snooze"  # remind the thread at `until`
    ASSIGN = "assign"  # `to` owns the lead
    DISQUALIFY = "disqualify"  # with `reason`
    WON = "won"  # with `value`, where it is known
    LOST = "lost"  # with `reason`
    NOTE = "note"  # `reason` is kept with the lead; the visitor never sees it
    EDIT = "edit"  # what lists show of the lead becomes as `edit` says


SILENCING = frozenset({RepAct.CLAIM, RepAct.REPLY, RepAct.BRIDGE_ON, RepAct.MUTE, RepAct.ASSIGN})
"""Acts after which the bot says nothing, from the moment they are accepted."""
UNDO_SECONDS = 5.0
REASON_LIMIT = 300
"""Characters of a reason or a note that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadEdit:
    """What somebody sets on a lead by hand; None leaves it as it is."""

    stage: str | None = None  # new | contacted | qualified: the verdicts are acts of their own
    tags: tuple[str, ...] | None = None
    value: float | None = None
    persona: str | None = None  # id of the persona the visitor really is; "" takes that back


@dataclass(frozen=True, slots=True, kw_only=True)
class RepAction:
    act: RepAct
    rep: Rep
    to: Rep | None = None
    reason: str = ""
    value: float | None = None
    until: float = 0.0  # seconds since the epoch
    edit: LeadEdit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingWords:
    """A rep's words out of a bridged thread that can still be taken back."""

    id: MessageId  # of the message they came with
    rep: Rep
    text: str
    file: Attachment | None = None  # of the rep's, that `text` names


class NoteKind(StrEnum):
    """What a lead's thread is told. In brackets: which fields of the note are set beside `rep`."""

    CLAIMED = "claimed"
    ALREADY_CLAIMED = "already_claimed"  # `rep` has the lead; only for who came later (only_for)
    NOT_POSSIBLE = "not_possible"  # the act does not fit the state of the lead (only_for, text: the act)
    VISITOR_SAID = "visitor_said"  # (text)
    VISITOR_FILE = "visitor_file"  # the visitor sent a file (file, text: its name)
    VISITOR_EDITED = "visitor_edited"  # an earlier line now says `text`; "" when it was taken back
    REP_SAID = "rep_said"  # went to the visitor (text)
    ABOUT_TO_SAY = "about_to_say"  # goes to the visitor at `until` unless it is undone (only_for, text, message)
    UNDONE = "undone"  # (only_for, text)
    BRIDGE_ON = "bridge_on"
    BRIDGE_OFF = "bridge_off"
    RETURNED = "returned"  # (items: what was learned since the claim)
    MUTED = "muted"
    SNOOZED = "snoozed"  # (until)
    WOKEN = "woken"  # a snooze is over
    ASSIGNED = "assigned"  # `rep` owns the lead now (text: who assigned it)
    DISQUALIFIED = "disqualified"  # (text: the reason)
    WON = "won"
    LOST = "lost"  # (text: the reason)
    NOTED = "noted"  # (text)
    CHANGED = "changed"  # what is known of the lead has changed (items)
    ESCALATED = "escalated"  # nobody has claimed the lead in time (only_for: told directly; items: whom to call)
    HUMAN_WANTED = "human_wanted"  # the visitor waits for a person (text: the visitor's words; items: whom to call)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNote:
    kind: NoteKind
    rep: Rep | None = None
    only_for: RepId | None = None  # nobody else sees it
    text: str = ""
    items: tuple[str, ...] = ()
    until: float = 0.0
    message: str = ""  # id of the rep's message it is about
    file: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the thread of a lead knows: its card as it was first posted, and the notes since. Only the newest counts."""

    at: float
    level: str
    reasons: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]  # by the id of the criterion
