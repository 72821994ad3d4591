"""What a filled-in form asks for, or which of its fields cannot be taken. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from core.rep import Rep, RepAct, RepAction
from handoff.door_words import DoorWords
from handoff.interactions import Submitted

HOUR = 3_600.0
MORNING = time(9, 0)
LONGEST_SNOOZE = 366 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form that can be acted on."""

    act: RepAct
    text: str = ""
    reason: str = ""
    value: float | None = None
    until: float = 0.0
    to: str = ""  # a user's id that nobody has looked at yet

    def action(self, rep: Rep, *, to: Rep | None = None) -> RepAction:
        return RepAction(act=self.act, rep=rep, to=to, reason=self.reason, value=self.value, until=self.until)


def filled(submitted: Submitted, *, now: float, zone: ZoneInfo, words: DoorWords) -> Filled | Mapping[str, str]:
    """The form's content; or what is wrong with it, by the name of the field. `zone` is the rep's."""
    given = {name: text.strip() for name, text in submitted.fields.items()}
    match submitted.act:
        case RepAct.REPLY:
            text = given.get("text", "")
            return Filled(act=submitted.act, text=text) if text else {"text": words.needed}
        case RepAct.SNOOZE:
            until = _until(given, now=now, zone=zone)
            late = now < until <= now + LONGEST_SNOOZE
            return Filled(act=submitted.act, until=until) if late else {"at": words.at_needed}
        case RepAct.ASSIGN:
            to = given.get("to", "")
            return Filled(act=submitted.act, to=to) if to else {"to": words.needed}
        case RepAct.WON:
            value = _amount(given.get("value", ""))
            wrong = value is None and bool(given.get("value"))
            return {"value": words.amount_needed} if wrong else Filled(act=submitted.act, value=value)
        case RepAct.NOTE:
            note = given.get("note", "")
            return Filled(act=submitted.act, reason=note) if note else {"note": words.needed}
        case _:
            reason = ": ".join(part for part in (given.get("reason", ""), given.get("note", "")) if part)
            return Filled(act=submitted.act, reason=reason)


def _until(given: Mapping[str, str], *, now: float, zone: ZoneInfo) -> float:
    """0.0 when no moment was chosen."""
    if given.get("until") == "1h":
        return now + HOUR
    if given.get("until") == "tomorrow":
        return tomorrow(now, zone)
    at = given.get("at", "")
    return float(at) if at.isascii() and at.isdigit() and len(at) <= len("9999999999") else 0.0


def tomorrow(now: float, zone: ZoneInfo) -> float:
    """Nine in the morning of the next day where the rep is."""
    day = datetime.fromtimestamp(now, zone).date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).timestamp()


def _amount(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None
