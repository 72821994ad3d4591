"""The forms a rep fills in, as Slack modals. Pure.

`callback_id` is `lead:<act>`; each input's `block_id` and `action_id` are the field's name; `private_metadata` is JSON
of the lead and of where its card stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.lead import Lead, LeadStatus
from core.rep import RepAct
from handoff import kit, limits
from handoff.actions import PREFIX
from handoff.card import title
from handoff.kit import Block
from handoff.standing import LARGEST_VALUE
from handoff.view import TeamView
from handoff.words import FormWords, TeamWords
from platforms.slack.text import clean, escape, mrkdwn

SHOWN = 400  # of the visitor's last line
NOTE = 280  # with a reason's key it stays within core.rep.REASON_LIMIT
NAME = 75

DISQUALIFY_REASONS = (
    "no_budget",
    "no_need",
    "too_small",
    "not_served",
    "student",
    "job_seeker",
    "existing_customer",
    "competitor",
    "spam",
    "duplicate",
    "other",
)
LOST_REASONS = ("price", "rival", "missing_feature", "timing", "silence", "no_budget", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a form was opened from: the channel and the `ts` of the card, "" where it was not a card."""

    channel: str = ""
    ts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    title: Callable[[FormWords], str]
    submit: Callable[[FormWords], str] = lambda words: words.save
    inputs: Callable[[Lead, TeamWords], list[Block]]


def needs_form(act: RepAct) -> bool:
    """Whether an act is asked about before it is done."""
    return act in _FORMS


def form(act: RepAct, lead: Lead, origin: Origin, view: TeamView | None = None, *, last_line: str = "") -> Block:
    """The modal for an act that needs one; KeyError for another. `last_line` is what the visitor said last."""
    words = (view or TeamView()).words
    asked = _FORMS[act]
    about = [kit.context(kit.plain_text(title(lead, words)))]
    heard = _heard(last_line, words) if act is RepAct.REPLY else []
    return {
        "type": "modal",
        "callback_id": f"{PREFIX}{act}",
        "private_metadata": json.dumps({"lead": lead.id, "channel": origin.channel, "ts": origin.ts}),
        "title": kit.label(asked.title(words.forms), limits.VIEW_TITLE),
        "submit": kit.label(asked.submit(words.forms), limits.VIEW_TITLE),
        "close": kit.label(words.forms.cancel, limits.VIEW_TITLE),
        "blocks": [*about, *heard, *asked.inputs(lead, words)],
    }


def _heard(last_line: str, words: TeamWords) -> list[Block]:
    said = mrkdwn(last_line, SHOWN)
    return [kit.section(kit.marked(f"{escape(words.forms.visitor_asked)}:\n&gt; {said}"))] if said else []


def _input(name: str, text: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    block = {
        "type": "input",
        "block_id": name,
        "label": kit.label(text, limits.INPUT_LABEL),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**block, "hint": kit.label(hint, limits.INPUT_LABEL)} if hint else block


def _reply(lead: Lead, words: TeamWords) -> list[Block]:
    """Filled with the opener as long as nobody of the team has written to the visitor."""
    opener = kit.raw_text(lead.opener, limits.INPUT_TEXT) if lead.status is LeadStatus.NEW else ""
    element = {
        "type": "plain_text_input",
        "multiline": True,
        "max_length": limits.INPUT_TEXT,
        "focus_on_load": True,
        **({"initial_value": opener} if opener else {}),
    }
    to = lead.name.strip() or lead.email.strip() or words.notes.visitor
    label = words.forms.reply_label.format(name=clean(to, NAME)[:NAME])
    return [_input("text", label, element, hint=words.forms.reply_hint)]


def _snooze(_: Lead, words: TeamWords) -> list[Block]:
    forms = words.forms
    choices = kit.options({"1h": forms.in_an_hour, "tomorrow": forms.tomorrow, "custom": forms.custom})
    until = {"type": "static_select", "options": choices, "initial_option": choices[0]}
    return [
        _input("until", forms.snooze_label, until),
        _input("at", forms.snooze_at, {"type": "datetimepicker"}, hint=forms.snooze_at_hint, optional=True),
    ]


def _assign(_: Lead, words: TeamWords) -> list[Block]:
    return [_input("to", words.forms.assign_label, {"type": "users_select"})]


def _reasons(keys: Sequence[str]) -> Callable[[Lead, TeamWords], list[Block]]:
    def inputs(_: Lead, words: TeamWords) -> list[Block]:
        choices = kit.options({key: words.reasons_given[key] for key in keys})
        return [
            _input("reason", words.forms.reason_label, {"type": "static_select", "options": choices}),
            _note(words, optional=True),
        ]

    return inputs


def _won(lead: Lead, words: TeamWords) -> list[Block]:
    element = {"type": "number_input", "is_decimal_allowed": True, "min_value": "0"}
    if lead.value is not None and 0 <= lead.value < LARGEST_VALUE:
        element["initial_value"] = f"{lead.value:.2f}".removesuffix(".00")
    return [_input("value", words.forms.value_label, element, optional=True)]


def _note(words: TeamWords, *, optional: bool = False) -> Block:
    element = {"type": "plain_text_input", "multiline": True, "max_length": NOTE}
    return _input("note", words.forms.note_label, element, hint=words.forms.note_hint, optional=optional)


_FORMS: Mapping[RepAct, _Form] = {
    RepAct.REPLY: _Form(title=lambda words: words.reply_title, submit=lambda words: words.send, inputs=_reply),
    RepAct.SNOOZE: _Form(title=lambda words: words.snooze_title, inputs=_snooze),
    RepAct.ASSIGN: _Form(title=lambda words: words.assign_title, inputs=_assign),
    RepAct.DISQUALIFY: _Form(title=lambda words: words.disqualify_title, inputs=_reasons(DISQUALIFY_REASONS)),
    RepAct.WON: _Form(title=lambda words: words.won_title, inputs=_won),
    RepAct.LOST: _Form(title=lambda words: words.lost_title, inputs=_reasons(LOST_REASONS)),
    RepAct.NOTE: _Form(title=lambda words: words.note_title, inputs=lambda _, words: [_note(words)]),
}
