"""What a message does: greets, asks, refuses, corrects."""

from __future__ import annotations

import re

from core.session import Session
from core.understanding import Act
from profiles.context import Context
from profiles.cues import Hit
from profiles.reading import Reading

SHORT = 40
"""Characters up to which a "yes", "no" or "thanks" is the whole message rather than a word in it."""

_A_PEER = re.compile(
    r"\s+(?:else\s+)?(?:who|that)\s+(?:already\s+|actually\s+|also\s+)?"
    r"(?:runs?|uses?|used|owns|switched|bought|manages|has (?:a|the|been using|done))\b"
)
_ASKED_WITH_THANKS = (" de ", " d'", " d’")
_ASKED_CONTACT = re.compile(r"\b(?:e-?mail|address|contact|details|inbox|correo|adresse|personal (?:data|info\w*))\b")


def acts_in(reading: Reading, context: Context, session: Session, questions: tuple[str, ...]) -> set[Act]:
    """The acts that show in the words; those that follow from facts are added by the interpreter."""
    hits = reading.of("acts")
    if hits:
        hits = _meant(hits, reading)
    acts = {act for hit in hits if (act := _act(hit, reading, context, session)) is not None}
    if Act.DENIES in acts and _asked_last(session) and not session.pending_question:
        acts.add(Act.REFUSES_EMAIL)
    if questions:
        acts.add(Act.ASKS)
    if Act.DENIES in acts:
        acts.discard(Act.AFFIRMS)
    return acts


def _meant(hits: list[Hit], reading: Reading) -> list[Hit]:
    """The cues that mean what they say.

    "No calls, mail only" says how to be reached and refuses nothing; "is there a human behind this" asks for nobody;
    "merci de préciser" asks and thanks for nothing; "talk to somebody who runs a bar like mine" is about a reference.
    """
    wishes = reading.of("contact_preference")
    doubts = [hit for hit in hits if hit.name == Act.ASKS_IF_ROBOT]
    return [
        hit
        for hit in hits
        if not (hit.name in _REFUSING and any(_meet(hit, wish) for wish in wishes))
        and not (hit.name == Act.THANKS and reading.low.startswith(_ASKED_WITH_THANKS, hit.end))
        and not (hit.name == Act.WANTS_HUMAN and any(_meet(hit, other) for other in (*wishes, *doubts)))
        and not (hit.name == Act.WANTS_HUMAN and _A_PEER.match(reading.low, hit.end))
    ]


def _meet(one: Hit, other: Hit) -> bool:
    return one.start < other.end and other.start < one.end


def _act(hit: Hit, reading: Reading, context: Context, session: Session) -> Act | None:
    """The act a cue shows in its place, None where it shows none."""
    low = reading.low
    if hit.name in _WHOLE:
        # "right" and "no" are answers only at the start; "no integration yet" is none.
        answers = _opens(low, hit.start) and (len(low) <= SHORT or _stands_alone(low, hit.end))
        return _WHOLE[hit.name] if answers else None
    if hit.name == "calls_human":
        return Act.WANTS_HUMAN if _is_all(low, hit) else None
    if hit.name == "declines":
        return Act.REFUSES_EMAIL if _about_contact(reading, session) else None
    if hit.name == "praises":
        # "legal" praises in one language and names a department in another; "super busy" praises nothing.
        alone = " " in low[hit.start : hit.end] or len(low) <= SHORT or _stands_alone(low, hit.end)
        return Act.PRAISES if alone and not context.negated(hit.start) else None
    return Act(hit.name)


_REFUSING = frozenset({"declines", "denies", Act.REFUSES_EMAIL})
_WHOLE = {"affirms": Act.AFFIRMS, "denies": Act.DENIES}


def _opens(low: str, start: int) -> bool:
    return len(low[:start].strip(" ,.!-")) <= 6  # noqa: PLR2004  "oh, " or "ok " may stand before


def _is_all(low: str, hit: Hit) -> bool:
    return not low[: hit.start].strip(" ,.!?") and not low[hit.end :].strip(" ,.!?")


def _stands_alone(low: str, end: int) -> bool:
    return end >= len(low) or low[end] in ",.!;\n-–—"


def _asked_last(session: Session) -> bool:
    asking = session.email
    return asking.asked > 0 and asking.asked_turn >= session.turns and not asking.to_confirm


def _about_contact(reading: Reading, session: Session) -> bool:
    return _asked_last(session) or bool(_ASKED_CONTACT.search(reading.low))
