"""What is done to a person: links taken back and restored, everything kept of them as a file, everything taken out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from aiohttp import web
from pydantic import Field

from core.erasing import Erased, Trace, erase, trace_of_conversation
from core.exporting import export
from core.ids import ConversationId, person_of
from core.linking import Accept, lately_taken_back, restore, take_back
from core.people import Link, standing_links
from core.people_ports import Acquaintances
from core.store_ports import Store
from dashboard.pages import Action, Form, NotDone, Shown, Visit, Written
from dashboard.profile_page import LONGEST, mark_of, profile_path
from dashboard.roles import Role

_NO_LINK = "This link is not there any more."
_NOTHING = "Nothing is kept of them."


class OfPerson(Form):
    conversation: str = Field(min_length=1, max_length=LONGEST)


class OfLink(OfPerson):
    link: str = Field(min_length=1, max_length=1_000)


class Sure(OfPerson):
    sure: Literal["yes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonActions:
    """`forgotten` is told when somebody was taken out, so that the store's files are written anew."""

    store: Store
    accept: Accept
    forgotten: Callable[[], None]

    def actions(self) -> tuple[Action, ...]:
        return (
            Action(path="/person/unmerge", role=Role.AGENT, form=OfLink, handler=self._unmerge),
            Action(path="/person/merge", role=Role.AGENT, form=OfLink, handler=self._merge),
            Action(path="/person/export", role=Role.ADMIN, form=OfPerson, handler=self._export),
            Action(path="/person/erase", role=Role.ADMIN, form=Sure, handler=self._erase),
        )

    async def _unmerge(self, visit: Visit, form: OfLink) -> Written:
        met = await self._met(form)
        link = _found(form, standing_links(met.links))
        by = visit.session.account
        await take_back(self.store.people, self.accept, met, link, at=visit.now, by=by)
        return Written(what="link.taken-back", on=mark_of(form.conversation), to=profile_path(form.conversation))

    async def _merge(self, visit: Visit, form: OfLink) -> Written:
        met = await self._met(form)
        link = _found(form, lately_taken_back(met))
        by = visit.session.account
        await restore(self.store.people, self.accept, met, link, at=visit.now, by=by)
        return Written(what="link.restored", on=mark_of(form.conversation), to=profile_path(form.conversation))

    async def _export(self, visit: Visit, form: OfPerson) -> Written:
        trace = await self._trace(form)
        kept = await export(self.store, trace, at=visit.now)
        text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
        headers = {
            "Content-Disposition": 'attachment; filename="person.json"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        answer = web.Response(text=text, content_type="application/json", headers=headers)
        return Written(what="person.exported", on=mark_of(form.conversation), answer=answer)

    async def _erase(self, visit: Visit, form: Sure) -> Written:
        trace = await self._trace(form)
        erased = await erase(self.store, trace, at=visit.now)
        self.forgotten()
        shown = Shown(template="erased.html", values={"erased": erased}, title="Erased")
        return Written(what="person.erased", on=mark_of(form.conversation), after=_size_of(erased), shown=shown)

    async def _trace(self, form: OfPerson) -> Trace:
        trace = await trace_of_conversation(self.store, ConversationId(form.conversation))
        if not trace.people:
            raise NotDone(_NOTHING, back="/profiles")
        return trace

    async def _met(self, form: OfPerson) -> Acquaintances:
        state = await self.store.conversations.load(ConversationId(form.conversation))
        if state is None:
            raise NotDone(_NOTHING, back="/profiles")
        people = {person_of(state.session.visitor), *filter(None, (state.session.person,))}
        return await self.store.people.acquaintances(people)


def _found(form: OfLink, links: tuple[Link, ...]) -> Link:
    link = next((one for one in links if one.id == form.link), None)
    if link is None:
        raise NotDone(_NO_LINK, back=profile_path(form.conversation))
    return link


def _size_of(erased: Erased) -> str:
    return f"{erased.conversations} conversations of {erased.people} visitors"
