"""What Slack sends when somebody of the team does something, as what they want. Pure.

A payload of any shape gives a result, never an error. Values are looked for in tuples, not in sets: what comes from
outside may be of a type that has no hash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.attachment import TEAM, Attachment
from core.ids import LeadId, MessageId
from core.rep import RepAct
from handoff.actions import MORE, PREFIX
from handoff.home import SHOW, Shown
from platforms.files import MEDIA_TYPES, MEGABYTE, MOST_MEGABYTES, file_name
from platforms.slack.door import SLASH_COMMAND
from platforms.slack.spoken import spoken
from platforms.text import clean_text

_ID = re.compile(r"[A-Z][A-Z0-9]{2,30}")
_TS = re.compile(r"\d{1,12}\.\d{1,6}")
_NAME = re.compile(r"[A-Za-z0-9_.|:-]{1,300}")
_LEAD_LENGTH = 600
_SAID = ("", "thread_broadcast", "file_share")
_FILE_ID = re.compile(r"F[A-Z0-9]{2,30}")
MOST_FILES = 10
"""Files in one message; Slack takes no more at once."""
_REWRITTEN = ("message_changed", "message_deleted")
_ACTS = {str(act): act for act in RepAct}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who did something, as Slack says; whether they are of the team is for others to find out."""

    user: str
    team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """A button or a menu's option under a card or a note."""

    who: Person
    act: RepAct
    lead: LeadId
    id: str  # the same each time Slack tells of this click
    trigger: str  # opens a form within three seconds
    channel: str = ""
    ts: str = ""  # of the message the button stands in
    about: MessageId | None = None  # with UNDO: the words to take back


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A filled-in form."""

    who: Person
    act: RepAct
    lead: LeadId
    id: str
    fields: Mapping[str, str]  # by the name of the input; "" where nothing was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    who: Person
    name: str  # without the slash
    words: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHome:
    """Somebody looks at the App Home, or wants to see other leads there."""

    who: Person
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Words in a thread. Whether they concern a lead, and whether they may leave, is for others to find out."""

    who: Person
    channel: str
    thread: str
    ts: str
    text: str  # "" where only files were put there
    files: tuple[Attachment, ...] = ()  # that came with it and may be passed on
    kept: bool = False  # whether files came with it that are too large, or of another kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """Somebody has edited what they wrote in a thread, or deleted it: then `text` is ""."""

    who: Person
    channel: str
    thread: str
    ts: str  # of what they wrote
    text: str
    id: str  # the same each time Slack tells of this edit
    files: int = 0  # how many it had that are gone with it


Doing = Click | Submitted | Command | AtHome | Written | Rewritten


def read(payload: Json, *, bot: str) -> Doing | None:
    """None for what does not concern us, and for shapes Slack does not send. `bot` is our own user."""
    match payload.get("type"):
        case "block_actions":
            return _click(payload)
        case "view_submission":
            return _submitted(payload)
        case "event_callback":
            return _event(payload, bot)
        case kind if kind == SLASH_COMMAND:
            return _command(payload)
        case _:
            return None


def _click(payload: Json) -> Doing | None:
    who, action = _person(payload), next(iter(_objects(payload.get("actions"))), {})
    name, value = _text(action.get("action_id")), action.get("value")
    option = _object(action.get("selected_option")).get("value")
    if who is None:
        return None
    if name == SHOW:
        return AtHome(who=who, shown=_one_of(Shown, option, Shown.MINE))
    about = None
    if name == MORE:
        act, lead = _ACTS.get(_text(option)), _text(action.get("block_id")).removeprefix(PREFIX)
    else:
        act, lead = _act_of(name), _text(value)
    if act is RepAct.UNDO:
        named = _json(lead)
        lead, about = _text(named.get("lead")), MessageId(_text(named.get("message")))
    if act is None or not _is_lead(lead):
        return None
    channel, ts = _placed(payload)
    stamp = _matching(action.get("action_ts"), _TS)
    return Click(
        who=who,
        act=act,
        lead=LeadId(lead),
        id=f"click:{ts}:{who.user}:{stamp}:{act}",
        trigger=_matching(payload.get("trigger_id"), _NAME),
        channel=channel,
        ts=ts,
        about=about,
    )


def _submitted(payload: Json) -> Submitted | None:
    who, view = _person(payload), _object(payload.get("view"))
    act = _act_of(_text(view.get("callback_id")))
    lead = _text(_json(_text(view.get("private_metadata"))).get("lead"))
    identity = _matching(view.get("id"), _NAME)
    if who is None or act is None or not identity or not _is_lead(lead):
        return None
    return Submitted(who=who, act=act, lead=LeadId(lead), id=f"form:{identity}", fields=_fields(view))


def _fields(view: Json) -> dict[str, str]:
    values = _object(_object(view.get("state")).get("values"))
    return {_text(name): _value(_object(entry).get(name)) for name, entry in values.items() if isinstance(entry, dict)}


def _value(entry: object) -> str:
    """What an input holds, whichever kind it is."""
    given = _object(entry)
    found = (
        given.get("value"),
        given.get("selected_user"),
        given.get("selected_date_time"),
        _object(given.get("selected_option")).get("value"),
    )
    held = next((one for one in found if isinstance(one, str | int | float) and not isinstance(one, bool)), "")
    return clean_text(str(held)).text


def _command(payload: Json) -> Command | None:
    user, team = _matching(payload.get("user_id"), _ID), _matching(payload.get("team_id"), _ID)
    name, trigger = _text(payload.get("command")), _matching(payload.get("trigger_id"), _NAME)
    if not (user and team and name.startswith("/") and trigger):
        return None
    words = clean_text(spoken(_text(payload.get("text")))).text
    return Command(who=Person(user=user, team=team), name=name[1:], words=words, id=f"command:{trigger}")


def _event(payload: Json, bot: str) -> Doing | None:
    event = _object(payload.get("event"))
    if event.get("type") == "message" and event.get("subtype") in _REWRITTEN:
        return _rewritten(event, _matching(payload.get("team_id"), _ID), bot)
    user = _matching(event.get("user"), _ID)
    team = _matching(event.get("user_team"), _ID) or _matching(event.get("team"), _ID)
    who = Person(user=user, team=team or _matching(payload.get("team_id"), _ID))
    if not user or not who.team or user == bot or event.get("bot_id") or event.get("app_id"):
        return None
    if event.get("type") == "app_home_opened":
        return AtHome(who=who, shown=Shown.MINE) if event.get("tab") == "home" else None
    if event.get("type") != "message" or (event.get("subtype") or "") not in _SAID:
        return None
    channel, thread, ts = (
        _matching(event.get(key), form) for key, form in (("channel", _ID), ("thread_ts", _TS), ("ts", _TS))
    )
    text = clean_text(spoken(_text(event.get("text")), bot)).text
    sent = _objects(event.get("files"))[:MOST_FILES]
    if not (channel and thread and ts and (text or sent)):
        return None
    files = tuple(filter(None, (_file(one, f"{said_as(channel, ts)}.file{n}") for n, one in enumerate(sent))))
    return Written(who=who, channel=channel, thread=thread, ts=ts, text=text, files=files, kept=len(files) < len(sent))


def _file(sent: Json, identity: str) -> Attachment | None:
    media_type, reference, size = sent.get("mimetype"), _matching(sent.get("id"), _FILE_ID), sent.get("size")
    fits = isinstance(size, int) and 0 < size <= MOST_MEGABYTES * MEGABYTE
    if media_type not in MEDIA_TYPES or not reference or not fits:
        return None
    name = file_name(sent.get("name"), "file")
    return Attachment(
        id=identity, channel=TEAM, reference=reference, name=name, media_type=str(media_type), size=int(str(size))
    )


def said_as(channel: str, ts: str) -> str:
    """The id of the message by which words of a thread leave it; those of its files begin with it."""
    return f"thread:{channel}:{ts}"


def _rewritten(event: Json, home: str, bot: str) -> Rewritten | None:
    """Slack also tells of changes nobody made, such as a link's preview: there the words stay the same."""
    old, new = _object(event.get("previous_message")), _object(event.get("message"))
    deleted = event.get("subtype") == "message_deleted" or new.get("subtype") == "tombstone"
    user, team = _matching(old.get("user"), _ID), _matching(old.get("user_team"), _ID) or home
    channel, thread, ts = (
        _matching(event.get("channel"), _ID),
        _matching(old.get("thread_ts"), _TS),
        _matching(old.get("ts"), _TS),
    )
    text = "" if deleted else clean_text(spoken(_text(new.get("text")), bot)).text
    same = not deleted and (not text or new.get("text") == old.get("text"))
    if not (user and team and channel and thread and ts) or user == bot or old.get("bot_id") or same:
        return None
    stamp = _matching(_object(new.get("edited")).get("ts"), _TS) or _matching(event.get("event_ts"), _TS)
    identity = f"rewritten:{channel}:{ts}:{'deleted' if deleted else stamp}"
    files = len(_objects(old.get("files"))[:MOST_FILES]) if deleted else 0
    who = Person(user=user, team=team)
    return Rewritten(who=who, channel=channel, thread=thread, ts=ts, text=text, id=identity, files=files)


def _person(payload: Json) -> Person | None:
    user = _object(payload.get("user"))
    who = _matching(user.get("id"), _ID)
    team = _matching(user.get("team_id"), _ID) or _matching(_object(payload.get("team")).get("id"), _ID)
    return Person(user=who, team=team) if who and team else None


def _placed(payload: Json) -> tuple[str, str]:
    """Channel and `ts` of the message a button stands in; the thread's where it stands in a note."""
    container, message = _object(payload.get("container")), _object(payload.get("message"))
    channel = _matching(_object(payload.get("channel")).get("id"), _ID) or _matching(container.get("channel_id"), _ID)
    ts = _matching(message.get("ts"), _TS) or _matching(container.get("message_ts"), _TS)
    return channel, ts


def _act_of(name: str) -> RepAct | None:
    return _ACTS.get(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None


def _is_lead(text: str) -> bool:
    return text.startswith("lead.") and len(text) <= _LEAD_LENGTH


def _one_of(kind: type[Shown], value: object, otherwise: Shown) -> Shown:
    return next((one for one in kind if one.value == value), otherwise)


def _json(text: str) -> Json:
    try:
        return _object(json.loads(text)) if len(text) <= 2 * _LEAD_LENGTH + 1_000 else {}
    except (ValueError, RecursionError):
        return {}


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> tuple[Json, ...]:
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _matching(value: object, form: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and form.fullmatch(value) else ""
