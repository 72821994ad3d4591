"""Working on a lead from the dashboard: each act goes through the conversation's inbox, as one of a rep's does.

So it is recorded before it is answered, one writer decides, and the card in Slack follows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal

from pydantic import Field

from core.ids import ConversationId, MessageId, VisitorId, lead_of
from core.lead import Lead, LeadStatus
from core.lead_edits import MOST_VALUE
from core.linking import Accept
from core.message import InboundMessage, MessageKind
from core.rep import REASON_LIMIT, LeadEdit, Rep, RepAct, RepAction, RepId
from core.store_ports import Store
from dashboard.insight import Insights
from dashboard.pages import Action, Form, NotDone, Visit, Written
from dashboard.profile_page import LONGEST, mark_of, profile_path, team_of
from dashboard.roles import Role

CHANNEL = "dashboard"
_GONE = "There is no such lead any more."
_NO_VALUE = "Write the value as a number, such as 1200."
_VERDICTS = {LeadStatus.CONVERTED: RepAct.WON, LeadStatus.LOST: RepAct.LOST}
_STEP = 0.05


class OfLead(Form):
    """`back` is the page to return to: the board, or the lead's own."""

    conversation: str = Field(min_length=1, max_length=LONGEST)
    back: Literal["", "board"] = ""


class Move(OfLead):
    stage: LeadStatus
    reason: str = Field(default="", max_length=REASON_LIMIT)


class Edit(OfLead):
    value: str = Field(default="", max_length=20)
    tags: str = Field(default="", max_length=600)


class AddNote(OfLead):
    note: str = Field(min_length=1, max_length=REASON_LIMIT)
    once: str = Field(default="", max_length=64)  # names the form: sent twice, it counts once


class Assign(OfLead):
    to: str = Field(min_length=1, max_length=100)


class Correct(OfLead):
    persona: str = Field(default="", max_length=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadActions:
    """`accept` records an act; `patience` is how many seconds a form waits for it to show."""

    store: Store
    insight: Insights
    accept: Accept
    new_id: Callable[[], str]
    patience: float = 1.0
    sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep

    def actions(self) -> tuple[Action, ...]:
        return tuple(
            Action(path=f"/leads/{path}", role=Role.AGENT, form=form, handler=handler)
            for path, form, handler in (
                ("move", Move, self._move),
                ("edit", Edit, self._edit),
                ("note", AddNote, self._note),
                ("assign", Assign, self._assign),
                ("persona", Correct, self._correct),
            )
        )

    async def _move(self, visit: Visit, form: Move) -> Written:
        lead = await self._lead(form)
        act = _VERDICTS.get(form.stage)
        action = RepAction(
            act=act or RepAct.EDIT,
            rep=rep_of(visit),
            reason=form.reason,
            edit=None if act else LeadEdit(stage=form.stage.value),
        )
        await self._do(lead, action, visit.now)
        return _written(form, "lead.moved", lead, before=lead.status.value, after=form.stage.value)

    async def _edit(self, visit: Visit, form: Edit) -> Written:
        lead = await self._lead(form)
        edit = LeadEdit(value=_value(form), tags=tuple(form.tags.split(",")))
        await self._do(lead, RepAction(act=RepAct.EDIT, rep=rep_of(visit), edit=edit), visit.now)
        return _written(form, "lead.edited", lead)

    async def _note(self, visit: Visit, form: AddNote) -> Written:
        lead = await self._lead(form)
        await self._do(lead, RepAction(act=RepAct.NOTE, rep=rep_of(visit), reason=form.note), visit.now, form.once)
        return _written(form, "lead.noted", lead)

    async def _assign(self, visit: Visit, form: Assign) -> Written:
        lead = await self._lead(form)
        to = next((rep for rep in await self.team() if rep.id == form.to), None)
        if to is None:
            raise NotDone("There is nobody of that name in the team.", back=_back(form))
        await self._do(lead, RepAction(act=RepAct.ASSIGN, rep=rep_of(visit), to=to), visit.now)
        return _written(form, "lead.assigned", lead, before=lead.owner.id if lead.owner else "", after=to.id)

    async def _correct(self, visit: Visit, form: Correct) -> Written:
        lead = await self._lead(form)
        action = RepAction(act=RepAct.EDIT, rep=rep_of(visit), edit=LeadEdit(persona=form.persona))
        await self._do(lead, action, visit.now)
        return _written(
            form, "lead.persona-corrected", lead, before=lead.persona_said or lead.persona or "", after=form.persona
        )

    async def team(self) -> tuple[Rep, ...]:
        """Whom a lead can be given to."""
        return team_of(self.insight().colleagues, await self.store.lead_book.leads())

    async def _lead(self, form: OfLead) -> Lead:
        lead = await self.store.leads.load(lead_of(ConversationId(form.conversation)))
        if lead is None:
            raise NotDone(_GONE, back="/leads")
        return lead

    async def _do(self, lead: Lead, action: RepAction, now: float, once: str = "") -> None:
        identity = MessageId(f"desk:{action.rep.id}:{once or self.new_id()}")
        await self.accept(
            InboundMessage(
                id=identity,
                channel=CHANNEL,
                conversation=lead.conversation,
                visitor=VisitorId(""),
                kind=MessageKind.REP,
                text="",
                at=now,
                action=action,
            )
        )
        await self._shown(lead)

    async def _shown(self, before: Lead) -> None:
        """A page that follows shows what was done, unless somebody else works on it for longer."""
        for _ in range(round(self.patience / _STEP)):
            lead = await self.store.leads.load(before.id)
            if lead is None or lead.revision != before.revision:
                return
            await self.sleep(_STEP)


def rep_of(visit: Visit) -> Rep:
    """Whoever is signed in, as the sales team sees them."""
    account = visit.session.account
    return Rep(id=RepId(f"desk:{account}"), name=account)


def _value(form: Edit) -> float | None:
    if not form.value:
        return None
    try:
        value = float(form.value.replace(",", "").replace(" ", ""))
    except ValueError:
        value = -1.0
    if not isfinite(value) or not 0 <= value <= MOST_VALUE:
        raise NotDone(_NO_VALUE, back=_back(form))
    return value


def _back(form: OfLead) -> str:
    return "/leads" if form.back else profile_path(form.conversation)


def _written(form: OfLead, what: str, lead: Lead, *, before: str = "", after: str = "") -> Written:
    return Written(what=what, on=mark_of(lead.conversation), before=before, after=after, to=_back(form))
