"""Looking things up on the company's site: one search for each question asked, or one for the need stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from core.fact import Field
from core.ledger import Known, texts_of
from core.passage import Finding
from core.ports import Knowledge
from core.receiving import spoken
from core.turn import TurnView
from core.understanding import Act, EmailVerdict

MAX_QUESTIONS = 3
"""Questions of one burst that are answered; more would not fit a reply of sixty words."""

NEARLY_AS_WELL = 0.9
SAME, SHORT = 0.5, 3
"""Sentences that share half of their longer words say the same."""

NEED_FIELDS = (
    Field.INTEGRATIONS,
    Field.USE_CASE,
    Field.PAINS,
    Field.SECURITY,
    Field.FEATURES,
    Field.TECH_STACK,
    Field.COMPETITORS,
    Field.OBJECTIONS,
    Field.SCALING,
)
OTHER_BUSINESS = frozenset({Act.REFUSES_EMAIL, Act.WANTS_HUMAN, Act.INSTRUCTS_BOT, Act.COMPLAINS, Act.CORRECTS})
"""What is not answered with a sentence of the site, unless something was asked, too."""
WORDLESS_ACTS = frozenset({Act.GREETS, Act.THANKS, Act.AFFIRMS, Act.DENIES, Act.SMALL_TALK, Act.LEAVES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Research:
    """`findings` answer, each trimmed to sentences not said before; `repeated` were answered already."""

    findings: tuple[Finding, ...] = ()
    unanswered: tuple[str, ...] = ()
    repeated: bool = False


def fingerprint(sentence: str) -> str:
    """A short mark of a sentence, to know it again."""
    return blake2b(sentence.encode(), digest_size=6).hexdigest()


async def look_up(knowledge: Knowledge, view: TurnView, known: Known) -> Research:
    """Everything the site says to this burst."""
    page = view.session.page.url if view.session.page else ""
    hints = (*view.persona.features, *view.persona.industries) if view.persona else ()
    used = set(view.session.used_quotes)
    if len(view.understanding.questions) == 1:
        found = await knowledge.search(view.understanding.questions[0], page=page, hints=hints, limit=2)
        fresh = _fresh(found, used)
        unanswered = () if found else view.understanding.questions
        return Research(findings=_equals(fresh), unanswered=unanswered, repeated=bool(found) and not fresh)
    if view.understanding.questions:
        return await _answer_each(knowledge, view.understanding.questions[:MAX_QUESTIONS], page, hints, used)
    query = _need(view, known)
    if not query:
        return Research()
    found = await knowledge.search(query, page=page, hints=hints, limit=2)
    return Research(findings=_fresh(found, used)[:1])


async def _answer_each(
    knowledge: Knowledge, questions: Sequence[str], page: str, hints: Sequence[str], used: set[str]
) -> Research:
    findings: list[Finding] = []
    unanswered: list[str] = []
    repeated = False
    for question in questions:
        found = await knowledge.search(question, page=page, hints=hints, limit=2)
        fresh = _fresh(found, used)
        if fresh:
            findings.append(fresh[0])
            used |= {fingerprint(sentence) for sentence in fresh[0].sentences}
        elif found:
            repeated = True
        else:
            unanswered.append(question)
    return Research(findings=tuple(findings), unanswered=tuple(unanswered), repeated=repeated)


def _equals(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The first finding, and the next where it answers nearly as well: two pages often say two halves of it."""
    if not findings:
        return ()
    first, *others = findings
    said = _words(first.sentences[0])
    kept = (
        one
        for one in others
        if one.score >= NEARLY_AS_WELL * first.score and len(said & _words(one.sentences[0])) < SAME * len(said)
    )
    return (first, *kept)


def _words(sentence: str) -> frozenset[str]:
    return frozenset(word for word in sentence.casefold().split() if len(word) > SHORT)


def _fresh(found: Sequence[Finding], used: set[str]) -> tuple[Finding, ...]:
    trimmed = (
        replace(finding, sentences=tuple(one for one in finding.sentences if fingerprint(one) not in used))
        for finding in found
    )
    return tuple(finding for finding in trimmed if finding.sentences)


def _need(view: TurnView, known: Known) -> str:
    """What to search for when nothing was asked: the page at the start, needs at the e-mail, else the words said."""
    understanding, page = view.understanding, view.session.page
    if not spoken(view.messages):
        return f"{page.title} {page.heading}".strip() if page else ""
    if understanding.email and understanding.email.verdict is EmailVerdict.VALID:
        return " ".join(text.replace("_", " ") for field in NEED_FIELDS for text in texts_of(known, field))
    wordless = understanding.acts <= WORDLESS_ACTS and bool(understanding.acts) and not understanding.facts
    if wordless or understanding.acts & OTHER_BUSINESS:
        return ""
    tells_a_need = any(fact.field in NEED_FIELDS for fact in view.news)
    return understanding.topic if tells_a_need or not view.news else ""
