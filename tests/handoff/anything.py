"""Leads and notes into whose every text anything at all was put."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from core.ids import ConversationId, LeadId, PersonaId, VisitorId
from core.lead import Criterion, LeadStatus, Quote, Readiness, ScoreLine
from core.people import Thread
from core.rep import NoteKind, Rep, RepId, TeamNote
from handoff.view import TeamView
from handoff.words import team_languages, team_words

MARKUP = re.compile(
    r"<@[UW][A-Z0-9]{2,30}>"
    r"|<!date\^\d+\^\{date_short_pretty\} \{time\}\|[-\d: ]+ UTC>"
    r"|<https://desk\.example/[^<>|]+\|[^<>|]+>"
)
"""The only markup that is ours: a colleague, a time, the dashboard."""

ANY_TEXT = st.text(max_size=200) | st.text(alphabet="<>&@*_`~ \n\u202e\u0301😀\ud800", max_size=400).map(
    lambda text: text * 40
)
LISTS = st.lists(ANY_TEXT, max_size=30).map(tuple)
NUMBERS = st.floats() | st.integers(-100, 100)
REPS = st.builds(Rep, id=ANY_TEXT.map(RepId), name=ANY_TEXT)
VIEWS = st.builds(
    TeamView,
    words=st.sampled_from(team_languages()).map(team_words),
    dashboard=st.sampled_from(["", "https://desk.example/dashboard"]),
)
NOTES = st.builds(
    TeamNote,
    kind=st.sampled_from(NoteKind),
    rep=st.none() | REPS,
    text=ANY_TEXT,
    items=LISTS,
    until=st.floats(),
    message=st.text(max_size=200),  # an id; the platforms keep theirs shorter
)


@st.composite
def leads(draw: st.DrawFn) -> dict[str, Any]:
    """Changes that put anything at all into every text of a lead."""
    text, many = draw(ANY_TEXT), draw(LISTS)
    names = ("email", "name", "company", "phone", "source_page", "source_title", "campaign", "referrer")
    others = ("first_message", "next_step", "opener", "persona_name", "email_note", "channel")
    return {
        **{name: draw(st.sampled_from([text, *many, ""])) for name in (*names, *others)},
        "id": LeadId(f"lead.{draw(ANY_TEXT)}"),
        "owner": draw(st.none() | REPS),
        "assigned": draw(st.none() | REPS),
        "bridged": draw(st.booleans()),
        "handled_by": draw(st.sampled_from(["bot", "human", text])),
        "snoozed_until": draw(st.floats()),
        "verdict": draw(st.sampled_from(["", "won", "lost", "disqualified", text])),
        "verdict_reason": text,
        "value": draw(st.none() | st.floats()),
        "persona": PersonaId(text),
        "persona_probability": draw(NUMBERS),
        "revision": draw(st.integers(1, 10**9)),
        "status": draw(st.sampled_from(LeadStatus)),
        "reasons": many,
        "changes": many,
        "objections": many,
        "pages": draw(LISTS),
        "requirements": tuple((one, text) for one in many),
        "quotes": tuple(Quote(text=one, shows=text, message=one) for one in many),
        "qualification": tuple(Criterion(id=one, name=one, answer=text) for one in many),
        "threads": tuple(Thread(conversation=ConversationId(one), visitor=VisitorId("v"), channel=one) for one in many),
        "readiness": Readiness(
            level=text,
            score=draw(NUMBERS),
            probability=0.5,
            receipt=tuple(ScoreLine(reason=one, points=draw(NUMBERS)) for one in many),
        ),
    }
