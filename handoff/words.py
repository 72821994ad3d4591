"""What the sales team reads, one file a language under `resources/words`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

FALLBACK_LANGUAGE = "en"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardWords(_Frozen):
    latest: str
    why: str
    persona: str
    readiness: str
    qualification: str
    needs: str
    objections: str
    looked_at: str
    next_step: str
    opener: str
    unnamed: str
    persona_unknown: str
    missing: str
    nothing_missing: str
    came_in_on: str
    files: str
    campaign: str
    referred_by: str
    via: str
    also_on: str
    new_lead: str
    first_message: str
    of_hundred: str
    more: str


class StateWords(_Frozen):
    owned_by: str
    offered_to: str
    bot_answers: str
    rep_answers: str
    bot_silent: str
    bridge_on: str
    snoozed_until: str
    disqualified: str
    won: str
    lost: str
    contacted: str
    qualified: str
    converted: str

    def of(self, name: str) -> str:
        """The word for a status or a verdict; one without a word is shown as it is called."""
        return str(getattr(self, name)) if name in type(self).model_fields else name


class NoteWords(_Frozen):
    visitor: str
    to_visitor: str
    claimed: str
    already_claimed: str
    not_possible: str
    visitor_edited: str
    visitor_file: str
    file_trouble: dict[str, str]
    visitor_deleted: str
    about_to_say: str
    undone: str
    bridge_on: str
    bridge_off: str
    returned: str
    returned_by_itself: str
    learned: str
    muted: str
    snoozed: str
    woken: str
    assigned: str
    assigned_by: str
    disqualified: str
    won: str
    lost: str
    noted: str
    changed: str
    escalated: str
    human_wanted: str
    somebody: str


class FormWords(_Frozen):
    send: str
    save: str
    cancel: str
    visitor_asked: str
    reply_title: str
    reply_label: str
    reply_hint: str
    snooze_title: str
    snooze_label: str
    in_an_hour: str
    tomorrow: str
    custom: str
    snooze_at: str
    snooze_at_hint: str
    assign_title: str
    assign_label: str
    disqualify_title: str
    won_title: str
    value_label: str
    lost_title: str
    reason_label: str
    note_title: str
    note_label: str
    note_hint: str


class HomeWords(_Frozen):
    title: str
    show: str
    mine: str
    unclaimed: str
    snoozed: str
    open: str
    hot: str
    closed: str
    nothing: str
    left_out: str
    on_dashboard: str
    waiting: str
    counts: str
    found: str
    not_found: str
    ask_name: str


class DigestWords(_Frozen):
    title: str
    unclaimed: str
    mine: str
    woken: str
    quiet: str
    new: str


class TeamWords(_Frozen):
    """All of one language. The maps are open: what is not in them is shown as it is called."""

    card: CardWords
    levels: Mapping[str, str]
    reasons: Mapping[str, str]
    email_notes: Mapping[str, str]
    fields: Mapping[str, str]
    criteria: Mapping[str, str]
    state: StateWords
    buttons: Mapping[str, str]
    notes: NoteWords
    changes: Mapping[str, str]
    reasons_given: Mapping[str, str]
    forms: FormWords
    home: HomeWords
    digest: DigestWords
    advice: Mapping[str, str]


def team_languages() -> tuple[str, ...]:
    """The languages there is a file for, sorted."""
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in (_folder() / "words").iterdir()))


@cache
def team_words(language: str = FALLBACK_LANGUAGE) -> TeamWords:
    """The words of a language ("pt-BR" is "pt"), English where there is no file for it; parsed once."""
    short = language.partition("-")[0].lower()
    chosen = short if short in team_languages() else FALLBACK_LANGUAGE
    return TeamWords.model_validate({**_read(f"words/{chosen}.yaml"), "advice": _read(f"advice/{chosen}.yaml")})


@cache
def frameworks() -> Mapping[str, frozenset[str]]:
    """How a framework is called, by the ids of its criteria."""
    return {name: frozenset(ids) for name, ids in _read("frameworks.yaml").items()}


def _folder() -> Any:
    return files("handoff") / "resources"


def _read(path: str) -> Any:
    return yaml.safe_load((_folder() / path).read_text("utf-8"))
