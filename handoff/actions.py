"""Which buttons a lead has in its present state. Pure.

`action_id` is `lead:<act>` and `value` the lead's id. In the menu `lead:more` an option's value is the act, and the
row's `block_id` is `lead:<id>`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from core.ids import LeadId
from core.lead import Lead
from core.rep import RepAct
from handoff import kit, limits
from handoff.view import TeamView

PREFIX = "lead:"
MORE = f"{PREFIX}more"
OPEN_PROFILE = f"{PREFIX}open_profile"
_VERDICTS = {RepAct.DISQUALIFY: "disqualified", RepAct.WON: "won", RepAct.LOST: "lost"}


def first_acts(lead: Lead) -> tuple[RepAct, ...]:
    """The acts that get a button, the likeliest first."""
    if lead.verdict:
        return (RepAct.REPLY,) if lead.owner else (RepAct.CLAIM, RepAct.REPLY)
    if lead.owner is None:
        return (RepAct.CLAIM, RepAct.REPLY, RepAct.SNOOZE, RepAct.ASSIGN)
    bridge = RepAct.BRIDGE_OFF if lead.bridged else RepAct.BRIDGE_ON
    return (RepAct.REPLY, bridge, RepAct.SNOOZE, RepAct.ASSIGN)


def further_acts(lead: Lead) -> tuple[RepAct, ...]:
    """The acts behind "more": who answers the visitor, the verdicts other than the one given, and a note."""
    answering = RepAct.MUTE if lead.handled_by == "bot" else RepAct.RETURN
    verdicts = (act for act, given in _VERDICTS.items() if given != lead.verdict)
    return (answering, *verdicts, RepAct.NOTE)


def action_row(lead: Lead, view: TeamView) -> kit.Block:
    """The row under a card."""
    first = first_acts(lead)
    elements = [act_button(act, lead.id, view, leading=act is first[0] and not lead.verdict) for act in first]
    if url := view.conversation(lead.conversation):
        elements.append(kit.button(OPEN_PROFILE, view.words.buttons["open_profile"], lead.id, url=url))
    row = f"{PREFIX}{lead.id}"
    if len(row) > limits.BLOCK_ID:  # then the row cannot name its lead, and each button does
        elements += [act_button(act, lead.id, view) for act in further_acts(lead)]
        return {"type": "actions", "elements": elements}
    return {"type": "actions", "block_id": row, "elements": [*elements, more_menu(further_acts(lead), view)]}


def act_button(act: RepAct, lead: LeadId, view: TeamView, *, leading: bool = False) -> kit.Block:
    """One act as a button."""
    style = "danger" if act is RepAct.BRIDGE_OFF else "primary" if leading else ""
    return kit.button(f"{PREFIX}{act}", view.words.buttons[act], lead[: limits.BUTTON_VALUE], style=style)


def more_menu(acts: Sequence[RepAct], view: TeamView) -> kit.Block:
    """The rest, behind three dots."""
    choices = {str(act): view.words.buttons[act] for act in acts[: limits.OVERFLOW_OPTIONS]}
    return {"type": "overflow", "action_id": MORE, "options": kit.options(choices)}


def undo_button(lead: LeadId, message: str, view: TeamView) -> kit.Block:
    """Takes a line back before it goes out; its value is JSON of `lead` and `message`."""
    value = json.dumps({"lead": lead, "message": message}, ensure_ascii=False)
    return kit.button(f"{PREFIX}{RepAct.UNDO}", view.words.buttons[RepAct.UNDO], value, style="danger")
