"""What the demo page shows of a visitor, as JSON: a pure view of a conversation after a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from core.chance import Chance
from core.fact import Fact, Quantity
from core.ids import PersonaId
from core.lead import Lead, Readiness
from core.ledger import fold
from core.persona import Persona, PersonaGuess
from core.phrases import Phrases
from core.profile import (
    BehaviorProfile,
    CompanyProfile,
    EngagementProfile,
    IntelligenceProfile,
    Profile,
    ProfileMeta,
    RequirementsProfile,
)
from core.session import ConversationState
from core.turn import TurnOutcome
from core.wording import label_in_words, quantity_in_words, value_in_words

Json = dict[str, Any]
PersonaOf = Callable[[PersonaId | None], Persona | None]
"""The persona of an id, None when there is none: `PersonaDetector.persona`."""
Section = (
    CompanyProfile
    | BehaviorProfile
    | RequirementsProfile
    | EngagementProfile
    | IntelligenceProfile
    | ProfileMeta
    | Quantity
    | Chance
)


def visitor_view(outcome: TurnOutcome, timeline: Iterable[Json], *, phrases: Phrases, persona: PersonaOf) -> Json:
    """The data of a `visitor` event. Times are seconds since the epoch, probabilities and confidences 0 to 1."""
    state, session = outcome.state, outcome.state.session
    profile = _profile(outcome.profile, phrases) if outcome.profile else None
    return {
        "conversation": session.conversation,
        "startedAt": session.started_at,
        "lastAt": session.last_at,
        "messages": session.messages,
        "mode": session.mode.value,
        "language": session.language,
        "askedEmail": outcome.asked_email,
        **_persona(session.guess, persona),
        "facts": [_fact(fact, phrases) for held in fold(state.known_facts).values() for fact in held],
        "news": [fact.id for fact in outcome.new_facts],
        "profile": profile,
        "labels": _labels(profile, phrases, persona) if profile else {},
        "readiness": _readiness(outcome.readiness),
        "timeline": list(timeline),
        "lead": _lead(state.lead, phrases) if state.lead else None,
    }


def timeline_entry(before: ConversationState, outcome: TurnOutcome, phrases: Phrases) -> Json:
    """What one turn changed: the triggers it pulled, what was learned, and the new mode where it changed."""
    after = outcome.state.session
    return {
        "at": after.last_at,
        "triggers": [label_in_words(name, phrases) for name in outcome.triggers],
        "learned": [value_in_words(fact.field, fact.value, phrases) for fact in outcome.new_facts],
        "mode": after.mode.value if after.mode is not before.session.mode else None,
        "readiness": outcome.readiness.score,
    }


def earlier_entries(before: ConversationState, phrases: Phrases) -> list[Json]:
    """The profile updates of a conversation that began before this process."""
    return [
        {
            "at": update.at,
            "triggers": [label_in_words(update.trigger, phrases)],
            "learned": [],
            "mode": None,
            "readiness": None,
        }
        for update in before.session.updates
    ]


def _persona(guess: PersonaGuess, persona: PersonaOf) -> Json:
    def named(id_: PersonaId, probability: float) -> Json:
        known = persona(id_)
        return {"id": id_, "name": known.name if known else _spaced(id_), "probability": probability}

    chosen = guess.chosen
    return {
        "persona": named(chosen, guess.probability(chosen)) if chosen else None,
        "candidates": [named(id_, probability) for id_, probability in guess.probabilities],
        "none": guess.none,
        "signals": [_spaced(signal) for signal in guess.signals],
    }


def _fact(fact: Fact, phrases: Phrases) -> Json:
    return {
        "id": fact.id,
        "field": fact.field.value,
        "value": value_in_words(fact.field, fact.value, phrases),
        "quote": fact.quote,
        "source": fact.source.value,
        "standing": fact.standing.value,
        "confidence": fact.confidence,
        "note": _spaced(fact.note),
        "at": fact.at,
    }


def _readiness(readiness: Readiness) -> Json:
    return {
        "level": readiness.level,
        "score": readiness.score,
        "probability": readiness.probability,
        "receipt": [{"reason": line.reason, "points": line.points} for line in readiness.receipt],
    }


def _lead(lead: Lead, phrases: Phrases) -> Json:
    return {
        "status": lead.status.value,
        "owner": lead.owner.name if lead.owner else "",
        "priority": lead.priority,
        "revision": lead.revision,
        "reasons": [label_in_words(reason, phrases) for reason in lead.reasons],
    }


def _profile(profile: Profile, phrases: Phrases) -> Mapping[str, Json]:
    return {
        "companyProfile": _section(profile.company, phrases),
        "behaviorProfile": _section(profile.behavior, phrases),
        "requirementsProfile": _section(profile.requirements, phrases),
        "engagementProfile": _section(profile.engagement, phrases),
        "intelligenceProfile": _section(profile.intelligence, phrases),
        "profileMeta": _section(profile.meta, phrases),
    }


def _section(section: Section, phrases: Phrases) -> Json:
    return {_camel(one.name): _value(getattr(section, one.name), phrases) for one in fields(section)}


def _value(value: object, phrases: Phrases) -> object:
    """Quantities keep their parts and gain `words`, for people."""
    if isinstance(value, Chance):
        return {**_section(value, phrases), "words": value.in_words()}
    if isinstance(value, Quantity):
        return {**_section(value, phrases), "words": quantity_in_words(value, phrases)}
    return list(value) if isinstance(value, tuple) else value


def _labels(profile: Mapping[str, Json], phrases: Phrases, persona: PersonaOf) -> dict[str, str]:
    """The profile's values in words, where a person would put them otherwise."""
    labels = {text: label_in_words(text, phrases) for section in profile.values() for text in _texts(section)}
    match = profile["intelligenceProfile"]["personaMatch"]
    if matched := persona(match):
        labels[match] = matched.name
    return {text: words for text, words in labels.items() if words != text}


def _texts(section: Json) -> Iterator[str]:
    for value in section.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _spaced(name: str) -> str:
    return name.replace("_", " ")
