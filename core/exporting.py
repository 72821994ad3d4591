"""Everything kept of a person, as one JSON object. `docs/privacy.md` describes its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.erasing import Trace
from core.fact import Fact
from core.ids import ConversationId
from core.lead import Posting
from core.store_ports import Store
from core.transcript import TranscriptEntry

SHAPE = "frontdesk.person/1"
LINES_AT_ONCE = 1_000


async def export(store: Store, trace: Trace, *, at: float) -> Mapping[str, Any]:
    """Raises `StoreUnavailable`."""
    met = await store.people.acquaintances(trace.people)
    return {
        "shape": SHAPE,
        "exportedAt": at,
        "people": list(trace.people),
        "links": [asdict(link) for link in trace.links],
        "facts": {person: [_fact(fact) for fact in met.ledgers.get(person, ())] for person in trace.people},
        "conversations": [await _conversation(store, one) for one in trace.conversations],
    }


async def _conversation(store: Store, conversation: ConversationId) -> Mapping[str, Any]:
    state = await store.conversations.load(conversation)
    lines = await _lines(store, conversation)
    if state is None:
        return {"id": conversation, "lines": lines, "session": None, "facts": [], "lead": None, "card": None}
    lead = state.lead
    return {
        "id": conversation,
        "lines": lines,
        "session": asdict(state.session),
        "facts": [_fact(fact) for fact in state.facts],
        "lead": asdict(lead) if lead else None,
        "card": _card(await store.leads.posting(lead.id)) if lead else None,
    }


async def _lines(store: Store, conversation: ConversationId) -> list[Mapping[str, Any]]:
    found: list[TranscriptEntry] = []
    while more := await store.transcripts.read(conversation, after=len(found), limit=LINES_AT_ONCE):
        found += more
    return [{name: value for name, value in asdict(one).items() if value is not None and value != ""} for one in found]


def _fact(fact: Fact) -> Mapping[str, Any]:
    return asdict(fact)


def _card(posting: Posting | None) -> Mapping[str, Any] | None:
    return asdict(posting) if posting else None
