"""Making and growing the lead record out of what a conversation has taught."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.fact import Fact, Field, Quantity, Source, Standing
from core.ids import lead_of
from core.lead import Criterion, Lead, Quote, Readiness
from core.ledger import Known, text_of, texts_of
from core.phrases import Phrases
from core.profile import Profile
from core.same_address import is_hinted
from core.session import Session
from core.turn import TurnView
from core.understanding import Intent
from core.wording import facts_in_words, value_in_words

QUOTES = 3
NOTE_SHARED = "shared"
"""Note on an address that another visitor gave as well."""
REASON_EMAIL = "email_captured"
REASON_HUMAN = "human_requested"
REASON_HOT = "hot_signal"
REASON_UNANSWERED = "unanswered_question"
REASON_VALUE = "high_value"

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
    unanswered: bool = False  # they have just asked what the site does not answer


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffPolicy:
    """When a visitor is a lead: with an address at once, or from a level of readiness on; some without an address."""

    at_email: bool = True
    readiness: str = "medium"
    unanswered: bool = False  # also who is so ready, and asks what the site does not answer
    value_readiness: str = ""  # also who is so ready, and of a company so large; "" = nobody
    value_employees: float = 0.0


_LEVELS = ("low", "medium", "high")


def reasons_to_hand_off(assessment: Assessment, policy: HandoffPolicy) -> tuple[str, ...]:
    """Why sales should see this now; () = not yet."""
    known, session = assessment.known, assessment.view.session
    if session.person and not session.messages:
        return ()  # somebody logged in has opened a page: that is no conversation yet
    reasons = []
    ready = _is_ready(assessment, policy.readiness)
    if Field.EMAIL in known and (policy.at_email or ready):
        reasons.append(REASON_EMAIL)
    if session.human_asked:
        reasons.append(REASON_HUMAN)
    if Field.EMAIL in known and session.intent_peak is Intent.ACTING:
        reasons.append(REASON_HOT)
    if not session.email.refused:  # who keeps their address to themselves is left in peace
        reasons += _reasons_without_an_address(assessment, policy)
    return tuple(reasons)


def _reasons_without_an_address(assessment: Assessment, policy: HandoffPolicy) -> Iterator[str]:
    if policy.unanswered and assessment.unanswered and _is_ready(assessment, policy.readiness):
        yield REASON_UNANSWERED
    if policy.value_readiness and _is_ready(assessment, policy.value_readiness):
        size = employees_of(assessment.known)
        if size is not None and size >= policy.value_employees:
            yield REASON_VALUE


def _is_ready(assessment: Assessment, level: str) -> bool:
    return _LEVELS.index(assessment.readiness.level) >= _LEVELS.index(level)


def employees_of(known: Known) -> float | None:
    """How many the company has at the least; None where nobody has said it."""
    held = known.get(Field.COMPANY_SIZE, ())
    value = held[-1].value if held else None
    return (value.low or value.high) if isinstance(value, Quantity) else None


def enrich(
    lead: Lead | None, assessment: Assessment, reasons: tuple[str, ...], phrases: Phrases, team: Phrases | None = None
) -> Lead:
    """A new lead, or the same lead with everything known now. The revision grows when a rep would see a difference.

    The opener is in the words of `phrases`, for the visitor; all else is for the team, in theirs if they are given.
    """
    team = team or phrases
    fresh = _as_known(lead or _begun(assessment), assessment, reasons, team)
    fresh = replace(fresh, opener=_opener(assessment.known, phrases))
    if lead is None:
        return fresh
    if _as_seen(fresh) == _as_seen(lead):
        return lead
    view = assessment.view
    news = facts_in_words(view.news, team, fields=REQUIREMENT_FIELDS)
    changes = (*new_threads(lead, fresh, team), news, _climb(lead, fresh, team))
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
        email_note=_email_note(known, assessment.view.session),
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
        employees=employees_of(known),
        next_step=next(iter(steps), lead.next_step),
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
        visitor_type=session.visitor_type.value,
        persona=session.guess.chosen,
        persona_name=view.persona.name if view.persona else "",
        persona_probability=session.guess.probability(session.guess.chosen),
        pages=tuple(dict.fromkeys(session.pages)),
        threads=session.threads,
    )


def _as_seen(lead: Lead) -> Lead:
    """A lead in the precision in which people read it: whole points and per cents."""
    ready = lead.readiness
    receipt = tuple(replace(line, points=round(line.points)) for line in ready.receipt)
    seen = replace(ready, score=round(ready.score), probability=0.0, receipt=receipt)  # only the level is shown
    probability = round(lead.persona_probability, 2)
    return replace(lead, readiness=seen, persona_probability=probability, visitor_type="", employees=None)


def _opener(known: Known, phrases: Phrases) -> str:
    """A first message for the rep, out of what was said and nothing else."""
    held = [fact for facts in known.values() for fact in facts]
    needs = facts_in_words(held, phrases, fields=OPENER_FIELDS)
    name = text_of(known, Field.NAME).split(" ")[0]
    greeting = phrases.say("opener.named", name=name) if name else phrases.say("opener.unnamed")
    return f"{greeting} {phrases.say('opener.needs', needs=needs) if needs else phrases.say('opener.plain')}"


def _email_note(known: Known, session: Session) -> str:
    held = known.get(Field.EMAIL, ())
    if not held:
        return ""
    newest = held[-1]
    shared = newest.standing is not Standing.VERIFIED and is_hinted(session, str(newest.value))
    return ", ".join(filter(None, (newest.note, NOTE_SHARED if shared else "")))


def new_threads(before: Lead, after: Lead, team: Phrases) -> tuple[str, ...]:
    """The channels that the person goes on in since then, in the team's words."""
    known = {one.conversation for one in before.threads}
    fresh = (one for one in after.threads if one.conversation not in known)
    return tuple(team.say("card.also_on", channel=one.channel) for one in fresh)


def _climb(before: Lead, after: Lead, team: Phrases) -> str:
    was, now = round(before.readiness.score), round(after.readiness.score)
    return "" if was == now else team.say("card.climb", before=str(was), after=str(now))


def _requirements(known: Known, phrases: Phrases) -> tuple[tuple[str, str], ...]:
    rows = ((field, facts_in_words(known.get(field, ()), phrases, fields=(field,))) for field in REQUIREMENT_FIELDS)
    return tuple((field.value.replace("_", " "), words) for field, words in rows if words)


def _quotes(known: Known, phrases: Phrases) -> tuple[Quote, ...]:
    """The most telling stated facts in the visitor's own words, no clause twice."""
    chosen: dict[str, Quote] = {}
    for fact in (fact for field in QUOTE_FIELDS for fact in known.get(field, ())):
        if fact.source is Source.STATED and fact.quote not in chosen and len(chosen) < QUOTES:
            chosen[fact.quote] = Quote(text=fact.quote, shows=_shows(fact, phrases), message=fact.message)
    return tuple(chosen.values())


def _shows(fact: Fact, phrases: Phrases) -> str:
    return f"{fact.field.value.replace('_', ' ')}: {value_in_words(fact.field, fact.value, phrases)}"
