"""Where a lead stands, in one line: who has it, who answers the visitor, what was decided. Pure."""

from __future__ import annotations

import re

from core.lead import Lead, LeadStatus
from core.rep import Rep
from handoff import kit
from handoff.view import TeamView
from handoff.words import StateWords, TeamWords
from platforms.slack.text import escape, mrkdwn

NAME = 60
REASON = 120
LARGEST_VALUE = 1e12  # beyond, it is no deal but a slip of the finger
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


def standing(lead: Lead, view: TeamView) -> str:
    """An escaped line of mrkdwn; "" for a lead as it begins: claimed by nobody, answered by the bot."""
    words = view.words.state
    parts = [_decided(lead, view.words), *_answering(lead, words)]
    if lead.bridged:
        parts.append(f"*{escape(words.bridge_on)}*")
    if lead.snoozed_until > 0:
        parts.append(escape(words.snoozed_until).format(time=kit.moment(lead.snoozed_until)))
    return " · ".join(part for part in parts if part)


def named(rep: Rep) -> str:
    """A colleague's name in mrkdwn; who has none is called by the id."""
    return mrkdwn(rep.name, NAME) or mrkdwn(rep.id, NAME)


def first(rep: Rep) -> str:
    """The first name in mrkdwn."""
    return mrkdwn(rep.first_name, NAME) or named(rep)


def mention(rep: Rep) -> str:
    """A colleague by their id in Slack, so that they hear of it; by name where the id is another platform's."""
    return f"<@{rep.id}>" if _USER_ID.fullmatch(rep.id) else named(rep)


def reason_in_words(reason: str, words: TeamWords) -> str:
    """A reason as it is kept ("price", "price: twice ours") in the team's language, raw."""
    key, mark, note = reason.partition(": ")
    return f"{words.reasons_given.get(key, key)}{mark}{note}"


def _decided(lead: Lead, words: TeamWords) -> str:
    verdict = mrkdwn(words.state.of(lead.verdict), NAME)
    if not verdict:
        return "" if lead.status is LeadStatus.NEW else escape(words.state.of(lead.status))
    reason = mrkdwn(reason_in_words(lead.verdict_reason, words), REASON)
    shown = lead.value is not None and lead.verdict == "won" and abs(lead.value) < LARGEST_VALUE
    return f"*{verdict}*{f' ({lead.value:,.0f})' if shown else ''}{reason and f': {reason}'}"


def _answering(lead: Lead, words: StateWords) -> tuple[str, ...]:
    """Whose lead it is, and who answers the visitor."""
    if lead.owner is None:
        turn = escape(words.offered_to).format(name=mention(lead.assigned)) if lead.assigned else ""
        return (turn, "" if lead.handled_by == "bot" else escape(words.bot_silent))
    if lead.handled_by == "bot":
        return (escape(words.owned_by).format(name=named(lead.owner)), escape(words.bot_answers))
    return (escape(words.rep_answers).format(name=first(lead.owner)),)
