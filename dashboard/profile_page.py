"""The page of one visitor: lead, six sections with their evidence, how they came to be, who else it is, the talk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import quote

from core.ids import ConversationId, MessageId, person_of
from core.lead import Lead, LeadStatus
from core.rep import Rep
from core.store_ports import Store
from core.transcript import TranscriptEntry
from dashboard.dossier import Dossier, dossier_of
from dashboard.insight import Insights
from dashboard.pages import Page, Shown, Visit
from dashboard.roles import Role
from dashboard.sections import label_of

LINES = 500
LONGEST = 300  # characters of a conversation's id


def profile_path(conversation: str) -> str:
    """Where the page of a conversation stands, below the dashboard. Cards in Slack link to it."""
    return f"/conversations/{quote(conversation, safe='')}"


def mark_of(conversation: str) -> str:
    """What the journal calls a conversation: it is only ever appended to, and must hold no id of somebody erased."""
    return f"person {blake2b(conversation.encode(), digest_size=6).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    store: Store
    insight: Insights
    new_id: Callable[[], str]

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/conversations/{conversation}", title="Profile", role=Role.VIEWER, handler=self._named),
            Page(path="/profile", title="Profile", role=Role.VIEWER, handler=self._asked),
        )

    async def _named(self, visit: Visit) -> Shown:
        return await self._show(visit, ConversationId(visit.part("conversation")[:LONGEST]))

    async def _asked(self, visit: Visit) -> Shown:
        return await self._show(visit, ConversationId(visit.query("conversation")[:LONGEST]))

    async def _show(self, visit: Visit, conversation: ConversationId) -> Shown:
        state, lines = await asyncio.gather(
            self.store.conversations.load(conversation),
            self.store.transcripts.read(conversation, after=_number(visit.query("after")), limit=LINES),
        )
        if state is None:
            return Shown(template="not_found.html", status=404, title="Nobody here")
        people = {person_of(state.session.visitor), *filter(None, (state.session.person,))}
        met = await self.store.people.acquaintances(people)
        insight = self.insight()
        dossier = dossier_of(state, met, insight, now=visit.now, step=_number(visit.query("step")))
        works = visit.session.role.covers(Role.AGENT) and state.lead is not None
        values = {
            "dossier": dossier,
            "team": team_of(insight.colleagues, await self.store.lead_book.leads()) if works else (),
            "once": self.new_id(),
            "said_persona": insight.name_of(state.lead.persona_said if state.lead else None),
            "path_of": profile_path,
            "chat": state.session,
            "lead": state.lead,
            "path": profile_path(conversation),
            "mark": mark_of(conversation),
            "lines": lines,
            "more": lines[-1].seq if len(lines) == LINES else 0,
            "places": _places(lines),
            "triggers": _by_message(dossier),
            "words": insight.analyst.words,
            "label": label_of,
            "personas": insight.personas.values(),
            "stages": tuple(LeadStatus),
            "may": visit.session.role.covers,
            "role": Role,
        }
        title = state.lead.name or state.lead.email if state.lead else ""
        return Shown(template="profile.html", values=values, title=title or "A visitor")


def team_of(colleagues: Iterable[Rep], leads: Iterable[Lead]) -> tuple[Rep, ...]:
    """Whom a lead can be given to: those the files name, and whoever has one; each once, by name."""
    found = {lead.owner.id: lead.owner for lead in leads if lead.owner}
    found.update((rep.id, found.get(rep.id, rep)) for rep in colleagues)
    return tuple(sorted(found.values(), key=lambda rep: (rep.name.casefold(), rep.id)))


def _places(lines: Iterable[TranscriptEntry]) -> Mapping[MessageId, str]:
    """Where in the page a message stands, by its id. An edited one stands where it was first said."""
    return {line.message: f"m-{line.message}" for line in lines if line.message and line.replaces is None}


def _by_message(dossier: Dossier) -> Mapping[str, tuple[str, ...]]:
    """What each message has set off."""
    found: dict[str, tuple[str, ...]] = {}
    for step in dossier.steps:
        for change in step.changes:
            found[change.fact.message] = step.triggers
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004  no page has more
