"""The API about people: leads, profiles and conversations, listed by cursor and one by one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from core.directory import FILTERS, Ask, Found, Order
from core.errors import Refused
from core.ids import ConversationId, LeadId
from core.ledger import fold
from core.store_ports import Store
from dashboard.api import ApiModel, Call, Endpoint
from dashboard.api_tokens import Scope
from dashboard.people_answers import (
    ConversationAnswer,
    Events,
    LeadAnswer,
    ProfileAnswer,
    Rows,
    event_of,
    fact_of,
    lead_answer,
    line_of,
    row_of,
)

Filter = Annotated[str, Field(max_length=200)]
PLACE = r"^(-?[0-9]{1,20}(\.[0-9]{1,20})?(e[+-]?[0-9]{1,2})?:[^\n]{1,500})?$"
"""Where a page of a list begins."""


class RowQuery(ApiModel):
    """Narrows and sorts a list. `after` is the `next` of the page before."""

    q: Annotated[str, Field(max_length=80, description="Begins a name, a company or an e-mail address.")] = ""
    persona: Filter = ""
    channel: Filter = ""
    readiness: Filter = ""
    size: Filter = ""
    technical: Filter = ""
    status: Filter = ""
    owner: Filter = ""
    language: Filter = ""
    order: Literal["active", "created", "score", "confidence"] = "active"
    after: Annotated[str, Field(pattern=PLACE)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class LineQuery(ApiModel):
    """`after` is the number of the last line that is known."""

    after: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleApi:
    store: Store

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            _reading("/leads", "Leads, filtered and sorted", Rows, self._leads, RowQuery),
            _reading("/leads/{lead}", "One lead", LeadAnswer, self._lead),
            _reading("/profiles", "Everybody who has talked, filtered and sorted", Rows, self._rows, RowQuery),
            _reading("/profiles/{conversation}", "What is known of one visitor", ProfileAnswer, self._profile),
            _reading("/conversations", "All conversations, filtered and sorted", Rows, self._rows, RowQuery),
            _reading(
                "/conversations/{conversation}",
                "The lines of one conversation",
                ConversationAnswer,
                self._conversation,
                LineQuery,
            ),
            _reading("/events", "Which stage was reached when, by conversation", Events, self._events, RowQuery),
        )

    async def _leads(self, call: Call) -> Rows:
        return _page(await self._found(call.query, {"lead": "yes"}))

    async def _rows(self, call: Call) -> Rows:
        return _page(await self._found(call.query))

    async def _events(self, call: Call) -> Events:
        found = await self._found(call.query)
        events = tuple(event_of(row, stage, at) for row in found.rows for stage, at in row.course.steps)
        return Events(events=events, next=found.next)

    async def _found(self, query: RowQuery, more: dict[str, str] | None = None) -> Found:
        filters = {name: value for name in FILTERS if (value := getattr(query, name, ""))}
        ask = Ask(
            order=Order(query.order),
            filters={**filters, **(more or {})},
            prefix=query.q,
            after=query.after,
            count=query.limit,
        )
        try:
            return await self.store.directory.find(ask)
        except ValueError:
            raise Refused("query_invalid") from None

    async def _lead(self, call: Call) -> LeadAnswer:
        lead = await self.store.leads.load(LeadId(call.part("lead")))
        if lead is None:
            raise Refused("not_found", status=404)
        return lead_answer(lead)

    async def _profile(self, call: Call) -> ProfileAnswer:
        conversation = ConversationId(call.part("conversation"))
        row, state = await asyncio.gather(
            self.store.directory.one(conversation), self.store.conversations.load(conversation)
        )
        if row is None or state is None:
            raise Refused("not_found", status=404)
        known = fold(state.facts)
        return ProfileAnswer(row=row_of(row), facts=tuple(fact_of(fact) for facts in known.values() for fact in facts))

    async def _conversation(self, call: Call) -> ConversationAnswer:
        conversation, query = ConversationId(call.part("conversation")), call.query
        state, lines = await asyncio.gather(
            self.store.conversations.load(conversation),
            self.store.transcripts.read(conversation, after=query.after, limit=query.limit),
        )
        if state is None:
            raise Refused("not_found", status=404)
        return ConversationAnswer(
            conversation=conversation,
            channel=state.session.channel,
            mode=state.session.mode.value,
            lines=tuple(map(line_of, lines)),
            next=lines[-1].seq if len(lines) == query.limit else None,
        )


def _reading(
    path: str, summary: str, answer: type[ApiModel], handler: Any, query: type[ApiModel] | None = None
) -> Endpoint:
    return Endpoint(
        method="GET", path=path, summary=summary, scope=Scope.READ, answer=answer, handler=handler, query=query
    )


def _page(found: Found) -> Rows:
    return Rows(rows=tuple(map(row_of, found.rows)), next=found.next)
