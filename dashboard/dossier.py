"""Everything the page of one visitor shows, worked out of what is kept of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.fact import Fact
from core.history import Contradiction, as_of, contradictions, corroborated
from core.ids import PersonId, person_of
from core.lead import NOT_READY, Readiness
from core.ledger import fold, settled
from core.linking import lately_taken_back
from core.people import Link, merged, same_person, standing_links
from core.people_ports import Acquaintances
from core.profile import Profile
from core.recognising import merged_of
from core.session import ConversationState
from core.turn import TurnView
from core.understanding import Understanding
from dashboard.evolution import Step, steps_of
from dashboard.insight import Insight
from dashboard.sections import Section, sections_of

SHOWN_PERSONAS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who else this visitor is. `undone` are links that were taken back."""

    people: tuple[PersonId, ...]
    links: tuple[Link, ...]
    undone: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """`step` is the number of the step it is shown as of, 0 for the present."""

    state: ConversationState
    profile: Profile
    readiness: Readiness
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]
    step: int
    contradictions: tuple[Contradiction, ...]
    identity: Identity
    personas: tuple[tuple[str, float], ...]  # name and probability, the likeliest first


def dossier_of(state: ConversationState, met: Acquaintances, insight: Insight, *, now: float, step: int = 0) -> Dossier:
    """The present, or the moment of a step that there is."""
    identity = _identity(state, met)
    facts = _facts(state, identity, met)
    steps = steps_of(facts, state.session.updates, lambda at: _confidence(state, facts, insight, at))
    at = next((one.at for one in steps if one.number == step), None)
    moment = now if at is None else at
    seen = settled(as_of(facts, moment))
    profile = _profile(state, facts, insight, moment)
    present = _view(state, facts, insight, now)
    return Dossier(
        state=state,
        profile=profile,
        readiness=state.lead.readiness if state.lead else insight.analyst.readiness(present),
        sections=sections_of(profile, fold(corroborated(seen)), insight.analyst.words, at_present=at is None),
        steps=steps,
        step=0 if at is None else step,
        contradictions=contradictions(seen),
        identity=identity,
        personas=_personas(state, insight),
    )


def _identity(state: ConversationState, met: Acquaintances) -> Identity:
    person = person_of(state.session.visitor)
    people = same_person(person, met.links)
    return Identity(
        people=people,
        links=tuple(link for link in standing_links(met.links) if link.left in people),
        undone=tuple(link for link in lately_taken_back(met) if person in (link.left, link.right)),
    )


def _facts(state: ConversationState, identity: Identity, met: Acquaintances) -> tuple[Fact, ...]:
    """What was said here and, by the same person, elsewhere. A ledger may lag behind its conversation."""
    own = {PersonId(""): merged_of(identity.people, met), person_of(state.session.visitor): state.facts}
    return merged(own)


def _profile(state: ConversationState, facts: Sequence[Fact], insight: Insight, at: float) -> Profile:
    """Its readiness is the lead's, which is that of the present."""
    view = _view(state, facts, insight, at)
    return insight.analyst.profile(view, state.lead.readiness if state.lead else insight.analyst.readiness(view))


def _confidence(state: ConversationState, facts: Sequence[Fact], insight: Insight, at: float) -> float:
    return insight.analyst.profile(_view(state, facts, insight, at), NOT_READY).meta.confidence_score


def _view(state: ConversationState, facts: Sequence[Fact], insight: Insight, at: float) -> TurnView:
    session = state.session
    return TurnView(
        session=replace(session, updates=tuple(one for one in session.updates if one.at <= at)),
        facts=settled(as_of(facts, at)),
        understanding=Understanding(),
        news=(),
        persona=insight.personas.get(session.guess.chosen) if session.guess.chosen else None,
        messages=(),
        now=min(at, session.last_at) if session.last_at else at,
    )


def _personas(state: ConversationState, insight: Insight) -> tuple[tuple[str, float], ...]:
    guess = state.session.guess
    likely = [(insight.name_of(name), share) for name, share in guess.probabilities[:SHOWN_PERSONAS]]
    return (*likely, ("None of them", guess.none))
