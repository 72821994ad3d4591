"""Making and growing the lead record out of what a conversation has taught."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.fact import Fact, Field, Source
from core.ids import lead_of
from core.lead import Criterion, Lead, Quote, Readiness
from core.ledger import Known, text_of, texts_of
from core.phrases import Phrases
from core.profile import Profile
from core.turn import TurnView
from core.understanding import Intent
from core.wording import facts_in_words, value_in_words

QUOTES = 3
REASON_EMAIL = "email_captured"
REASON_HUMAN = "human_requested"
REASON_HOT = "hot_signal"

REQUIREMENT_FIELDS = (
    Field.USE_CASE,
    Field.VOLUME,
    Field.INTEGRATIONS,
    Field.TECH_STACK,
    Field.COMPANY_SIZE,
    Field.TEAM_SIZE,
    Field.SECURITY,
    Field.PAINS,
    Field.FEATURES,
    Field.TIMELINE,
    Field.BUDGET,
    Field.COMPETITORS,
    Field.TECHNICAL_LEVEL,
)
OPENER_FIELDS = (Field.VOLUME, Field.INTEGRATIONS, Field.TECH_STACK, Field.SECURITY)
QUOTE_FIELDS = (
    Field.VOLUME,
    Field.INTEGRATIONS,
    Field.PAINS,
    Field.BUDGET,
    Field.TIMELINE,
    Field.SECURITY,
    Field.USE_CASE,
    Field.COMPANY_SIZE,
    Field.TECH_STACK,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The judgement a lead is enriched with."""

    view: TurnView
    known: Known
    readiness: Readiness
    criteria: tuple[Criterion, ...]
    profile: Profile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffPolicy:
    """When an address makes a visitor a lead: at once, or from a level of readiness on."""

    at_email: bool = True
    readiness: str = "medium"


_LEVELS = ("low", "medium", "high")


def reasons_to_hand_off(assessment: Assessment, policy: HandoffPolicy) -> tuple[str, ...]:
    """Why sales should see this now; () = not yet."""
    known, session = assessment.known, assessment.view.session
    if session.person and not session.messages:
        return ()  # somebody logged in has opened a page: that is no conversation yet
    reasons = []
    ready = _LEVELS.index(assessment.readiness.level) >= _LEVELS.index(policy.readiness)
    if Field.EMAIL in known and (policy.at_email or ready):
        reasons.append(REASON_EMAIL)
    if session.human_asked:
        reasons.append(REASON_HUMAN)
    if Field.EMAIL in known and session.intent_peak is Intent.ACTING:
        reasons.append(REASON_HOT)
    return tuple(reasons)


def enrich(lead: Lead | None, assessment: Assessment, reasons: tuple[str, ...], phrases: Phrases) -> Lead:
    """A new lead, or the same lead with everything known now. The revision grows when a rep would see a difference."""
    fresh = _as_known(lead or _begun(assessment), assessment, reasons, phrases)
    if lead is None:
        return fresh
    if _as_seen(fresh) == _as_seen(lead):
        return lead
    view = assessment.view
    changes = (facts_in_words(view.news, phrases, fields=REQUIREMENT_FIELDS), _climb(lead, fresh))
    return replace(
        fresh,
        revision=lead.revision + 1,
        updated_at=view.now,
        changes=tuple(change for change in changes if change),
    )


def _begun(assessment: Assessment) -> Lead:
    session, now = assessment.view.session, assessment.view.now
    return Lead(
        id=lead_of(session.conversation),
        conversation=session.conversation,
        visitor=session.visitor,
        channel=session.channel,
        created_at=now,
        updated_at=now,
        revision=1,
        email="",
        readiness=assessment.readiness,
    )


def _as_known(lead: Lead, assessment: Assessment, reasons: tuple[str, ...], phrases: Phrases) -> Lead:
    """The lead with all that is known now; what people set on it stays."""
    known = assessment.known
    steps = assessment.profile.intelligence.recommended_next_steps if assessment.profile else ()
    return replace(
        _as_met(lead, assessment.view),
        email=text_of(known, Field.EMAIL),
        email_note=_note(known, Field.EMAIL),
        name=text_of(known, Field.NAME),
        company=text_of(known, Field.COMPANY),
        phone=text_of(known, Field.PHONE),
        priority=assessment.readiness.level,
        reasons=tuple(dict.fromkeys((*lead.reasons, *reasons))),
        readiness=assessment.readiness,
        qualification=assessment.criteria,
        requirements=_requirements(known, phrases),
        quotes=_quotes(known, phrases),
        objections=texts_of(known, Field.OBJECTIONS),
        next_step=next(iter(steps), lead.next_step),
        opener=_opener(known, phrases),
    )


def _as_met(lead: Lead, view: TurnView) -> Lead:
    """The lead with where the visitor came from and who they seem to be."""
    session = view.session
    page = session.first_page
    return replace(
        lead,
        source_page=page.url if page else "",
        source_title=page.title if page else "",
        campaign=page.campaign if page else "",
        referrer=page.referrer if page else "",
        first_message=session.first_message,
        language=session.language,
        persona=session.guess.chosen,
        persona_name=view.persona.name if view.persona else "",
        persona_probability=session.guess.probability(session.guess.chosen),
        pages=tuple(dict.fromkeys(session.pages)),
    )


def _as_seen(lead: Lead) -> Lead:
    """A lead in the precision in which people read it: whole points and per cents."""
    ready = lead.readiness
    receipt = tuple(replace(line, points=round(line.points)) for line in ready.receipt)
    seen = replace(ready, score=round(ready.score), probability=0.0, receipt=receipt)  # only the level is shown
    return replace(lead, readiness=seen, persona_probability=round(lead.persona_probability, 2))


def _opener(known: Known, phrases: Phrases) -> str:
    """A first message for the rep, out of what was said and nothing else."""
    held = [fact for facts in known.values() for fact in facts]
    needs = facts_in_words(held, phrases, fields=OPENER_FIELDS)
    name = text_of(known, Field.NAME).split(" ")[0]
    greeting = phrases.say("opener.named", name=name) if name else phrases.say("opener.unnamed")
    return f"{greeting} {phrases.say('opener.needs', needs=needs) if needs else phrases.say('opener.plain')}"


def _note(known: Known, field: Field) -> str:
    held = known.get(field, ())
    return held[-1].note if held else ""


def _climb(before: Lead, after: Lead) -> str:
    if round(before.readiness.score) == round(after.readiness.score):
        return ""
    return f"readiness {before.readiness.score:.0f} → {after.readiness.score:.0f}"


def _requirements(known: Known, phrases: Phrases) -> tuple[tuple[str, str], ...]:
    rows = ((field, facts_in_words(known.get(field, ()), phrases, fields=(field,))) for field in REQUIREMENT_FIELDS)
    return tuple((field.value.replace("_", " "), words) for field, words in rows if words)


def _quotes(known: Known, phrases: Phrases) -> tuple[Quote, ...]:
    """The most telling stated facts in the visitor's own words, no clause twice."""
    chosen: dict[str, Quote] = {}
    for fact in (fact for field in QUOTE_FIELDS for fact in known.get(field, ())):
        if fact.source is Source.STATED and fact.quote not in chosen and len(chosen) < QUOTES:
            chosen[fact.quote] = Quote(text=fact.quote, shows=_shows(fact, phrases))
    return tuple(chosen.values())


def _shows(fact: Fact, phrases: Phrases) -> str:
    return f"{fact.field.value.replace('_', ' ')}: {value_in_words(fact.field, fact.value, phrases)}"
