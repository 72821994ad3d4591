"""Who is talking and how close to buying they act."""

from __future__ import annotations

import re

from core.asking import NOT_BUYERS
from core.fact import Fact, Field, Quantity, Source
from core.session import Session
from core.understanding import Act, EmailReading, EmailVerdict, Intent, VisitorType
from profiles.answers import ANSWER_LIMIT
from profiles.context import Context
from profiles.cues import Hit
from profiles.reading import Reading

_BUSINESS = frozenset(
    {
        Field.COMPANY_SIZE,
        Field.TEAM_SIZE,
        Field.VOLUME,
        Field.BUDGET,
        Field.TIMELINE,
        Field.TECH_STACK,
        Field.INTEGRATIONS,
        Field.PAINS,
        Field.USE_CASE,
        Field.SECURITY,
        Field.COMPETITORS,
        Field.DECISION_MAKER,
    },
)
"""Fields that one tells a vendor only when evaluating for one's own organisation."""

ASKS_FOR_ONE = frozenset({"trial_request", "demo_request", "quote_request"})
"""Conversion signals that are steps of buying by themselves."""
LEAST_LOAD = 10
"""Messages a period from which on nobody counts their own complaints."""
_NONE = "none"
_MAY_BE_NONE = frozenset({Field.TIMELINE, Field.BUDGET})
_INTRODUCES = frozenset({Field.COMPANY_SIZE, Field.INDUSTRY})
"""What strangers tell of their business, and customers expect to be known."""
AGREEMENT = 4
"""Words up to which a "yes" to the request for the address is all that is said."""
_WHOSE = re.compile(
    r"\s*(?:customers?|clients?|subscribers?|users?|kunden?|clientes?|klant(?:en)?)?\s+(?:of|with|at|bei|von|chez|de|van|bij)\s+"
    r"(?!(?:yours?|you|us|euch|ihnen|dir|vous|toi|vosotros|ustedes|você|vocês|u|jullie|je|the|a|an|my|this|it)\b)(?P<whose>\w.*)"
)
_KIND_OF_MAIL = re.compile(
    r"(?:[\s\"'”]+(?!(?:i|we|you|and|but|my|our)\b)[\w-]+){0,2}?[\s\"'”]+"
    r"(?:e-?mails|mails|messages|questions|tickets|calls|requests|enquiries|inquiries|dms|chats|anfragen|mensajes|mensagens)\b"
)
"""Behind what a customer would say: it names a kind of message, as in "where is my parcel mails"."""
_ORDER = ("spam", "student", "job_seeker", "vendor", "competitor", "customer")


def _is_business(fact: Fact) -> bool:
    return fact.field in _BUSINESS and not (fact.field in _MAY_BE_NONE and fact.value == _NONE)


def visitor_type(
    readings: list[Reading], contexts: list[Context], session: Session, facts: tuple[Fact, ...], *, company: str = ""
) -> VisitorType:
    """What the words say of the visitor, else what was known; a buyer's facts do not turn a student into a buyer.

    `company` is ours: whoever is a customer of another one is none of ours.
    """
    names = {
        hit.name
        for reading, context in zip(readings, contexts, strict=True)
        for hit in reading.of("visitors")
        if not _of_others(hit, reading, context) and not _of_another(hit, reading, company)
    }
    trade = any(fact.field is Field.INDUSTRY for fact in facts)  # "toy shop here, where is my parcel all day"
    if _answers_as_buyer(readings, session) or trade or any(map(_is_load, facts)):
        names.discard("customer")
    for name in _ORDER:
        if name in names:
            return VisitorType(name)
    if session.visitor_type in NOT_BUYERS:
        returns = "buyer" in names and any(map(_is_business, facts))
        taken_for_customer = session.visitor_type is VisitorType.CUSTOMER and any(map(_only_buyers_tell, facts))
        return VisitorType.BUYER if returns or taken_for_customer else session.visitor_type
    if "buyer" in names or any(map(_is_business, facts)):
        return VisitorType.BUYER
    return session.visitor_type


def _only_buyers_tell(fact: Fact) -> bool:
    """Whether no customer with a complaint says this: what their business is, what comes in, or the money there is."""
    if fact.field in _INTRODUCES:
        return fact.source is Source.STATED
    return _is_load(fact) or (fact.field is Field.BUDGET and isinstance(fact.value, Quantity))


def _is_load(fact: Fact) -> bool:
    """Whether a fact counts what comes in day by day: who tells that quotes their customers, "mostly: where is it?"."""
    if fact.field is not Field.VOLUME or not isinstance(fact.value, Quantity) or not fact.value.period:
        return False
    return (fact.value.low or fact.value.high or 0) >= LEAST_LOAD


def _of_others(hit: Hit, reading: Reading, context: Context) -> bool:
    """Whether somebody else says or does it: "our customers can't log in", "candidates ask about open positions"."""
    begin = reading.sentence(hit.start)[0]
    told = any(begin <= other.start < hit.start for other in reading.of("reports"))
    told = told or (hit.name == "customer" and _KIND_OF_MAIL.match(reading.low, hit.end) is not None)
    return told or (hit.name != "buyer" and (context.foreign(hit.start) or context.hypothetical(hit.start)))


def _of_another(hit: Hit, reading: Reading, company: str) -> bool:
    """Whether a customer is another company's: "we have been customers of Oakdesk for years"."""
    if hit.name != "customer":
        return False
    whose = _WHOSE.match(reading.low, hit.end)
    return whose is not None and not (company and whose["whose"].startswith(company.lower()))


def _answers_as_buyer(readings: list[Reading], session: Session) -> bool:
    """Whether a prospect answers what we asked: what their own customers write to them is no request to us."""
    short = all(len(reading.text) <= ANSWER_LIMIT for reading in readings)
    return short and bool(session.pending_question) and session.visitor_type is VisitorType.BUYER


def intent(
    readings: list[Reading],
    contexts: list[Context],
    session: Session,
    *,
    kind: VisitorType,
    acts: set[Act],
    facts: tuple[Fact, ...],
    email: EmailReading | None,
) -> Intent:
    """The highest step any of the messages reaches."""
    if kind in NOT_BUYERS:
        return Intent.NONE
    names = {
        hit.name
        for reading, context in zip(readings, contexts, strict=True)
        for hit in reading.of("intent")
        if not (context.negated(hit.start) and hit.name == "acting") and not context.past(hit.start)
    }
    names |= {
        "acting"
        for reading, context in zip(readings, contexts, strict=True)
        for hit in reading.of(Field.SIGNALS)
        if hit.name in ASKS_FOR_ONE and not context.negated(hit.start) and not context.past(hit.start)
    }
    if any(hit.name == "others" for reading in readings for hit in reading.of("reports")):
        names.add("evaluating")  # whoever tells what their customers do speaks for an organisation
    short = sum(len(reading.text.split()) for reading in readings) <= AGREEMENT
    if _acts(names, acts, email, facts) or (short and _agrees(session, acts)):
        return Intent.ACTING
    if Act.TURNS_AWAY in acts:
        return Intent.LOOKING if Act.ASKS in acts else Intent.NONE
    if "none" in names or Act.INSTRUCTS_BOT in acts:
        return Intent.NONE
    if "evaluating" in names or any(map(_is_business, facts)):
        return Intent.EVALUATING
    return _carried(session, acts)


def _carried(session: Session, acts: set[Act]) -> Intent:
    """The step of a turn that says nothing of buying: an answer or a question goes on with what went before."""
    if Act.LEAVES in acts and Act.ASKS not in acts:
        return Intent.NONE
    evaluates = session.intent is not Intent.NONE and session.intent_peak >= Intent.EVALUATING
    only_thanks = Act.THANKS in acts and Act.ASKS not in acts
    return Intent.EVALUATING if evaluates and not only_thanks else Intent.LOOKING


def _acts(names: set[str], acts: set[Act], email: EmailReading | None, facts: tuple[Fact, ...]) -> bool:
    if "acting" in names or Act.WANTS_HUMAN in acts:
        return True
    if email is not None and email.verdict is not EmailVerdict.INVALID:
        return True
    return any(fact.field is Field.PHONE for fact in facts)


def _agrees(session: Session, acts: set[Act]) -> bool:
    """Whether a "yes" accepts what the last reply has asked the address for."""
    offered = session.email.asked > 0 and session.email.asked_turn >= session.turns and session.turns > 0
    return offered and Act.AFFIRMS in acts and not acts & {Act.REFUSES_EMAIL, Act.ASKS}
