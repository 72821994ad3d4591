"""Looking things up on the company's site: one search for each question asked, or one for the need stated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from core.asking import NOT_BUYERS
from core.fact import Field, Quantity
from core.ledger import Known, quantity_of, texts_of
from core.passage import Finding
from core.ports import Knowledge
from core.receiving import spoken
from core.site_search import Conversing, Directing, Looked, SiteSearch, fingerprint
from core.turn import TurnView
from core.understanding import Act, EmailVerdict

MAX_QUESTIONS = 3
"""Questions of one burst that are answered; more would not fit a reply of sixty words."""

NEARLY_AS_WELL = 0.9
SAME, SHORT = 0.5, 3
"""Sentences that share half of their longer words say the same."""

SHORTEST_PART = 3
"""Words that make a part of an enumeration a question of its own."""
CERTAIN = 0.75
"""Sureness from which a statement of the site is told to somebody who did not ask, but said what they need."""
LONGEST_ITEM = 16
"""Words of an item of a list of questions."""
MOST_STATEMENTS, MOST_TOLD = 5, 3
SHORTEST_QUESTION = 4
"""Letters; "and?" and "so?" ask for nothing that could be looked up."""

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
COUNTED = {
    Field.VOLUME: "conversations",
    Field.TEAM_SIZE: "agents",
    Field.COMPANY_SIZE: "employees",
}
"""What a price may be paid by, the likeliest first."""
NAMED_FIELDS = frozenset({Field.INTEGRATIONS, Field.SECURITY, Field.TECH_STACK})
"""What somebody names that a site may well speak of."""
PROOF_POINTS = {
    "price": "discount for yearly payment",
    "effort": "how long does the set-up take",
    "lock_in": "cancel the contract at the end of a month",
    "trust_in_bots": "sources below each answer, approve answers",
}
"""What the site is asked for when a doubt is voiced; for the others a question of ours helps more than a page."""
OTHER_BUSINESS = frozenset({Act.REFUSES_EMAIL, Act.WANTS_HUMAN, Act.INSTRUCTS_BOT, Act.COMPLAINS, Act.CORRECTS})
"""What is not answered with a sentence of the site, unless something was asked, too."""
WORDLESS_ACTS = frozenset({Act.GREETS, Act.THANKS, Act.AFFIRMS, Act.DENIES, Act.SMALL_TALK, Act.LEAVES})
ANSWERED_BY_MANNERS = frozenset(
    {
        Act.ASKS_IF_ROBOT,
        Act.SMALL_TALK,
        Act.WANTS_HUMAN,
        Act.INSTRUCTS_BOT,
        Act.ASKS_WHAT_HAPPENS_WITH_DATA,
        Act.SAYS_KNOWN,
    }
)
"""Acts whose question the assistant answers itself, one each; of these only that about data is worth a search, too."""

_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")
_STATEMENTS = re.compile(r"(?<=[.!;\n。])\s*(?<=[\s。])|\n|、|,\s+(?=\w+\s+\w+\s+\w+)")
_SENTENCES = re.compile(r"(?<=[.!?;\n。])\s*")
_ITEM = re.compile(r"(?:^|\s)\(?(?:\d{1,2}|[a-h])[.)]\s+|(?:^|\n)\s*[-*•]\s+")
_ITEM_ENDS = re.compile(r"(?<=[.?!])\s|\n")
_QUOTED = re.compile(r"^\s*(?:>\s*)+", re.MULTILINE)
_COMMAS = re.compile(r"\s*[,;\n]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Research:
    """`findings` answer, each trimmed to sentences not said before; `repeated`: something was answered already.

    `several`: each finding answers a question of its own. `left` counts those of a long burst that were not looked at.
    `near`: the closest that the site says to questions that it does not answer, for `several` one each and in the order
    of `unanswered`, None where there is nothing. `next_step`: it was asked how things go on from here, which was not
    looked up. `door`: where the site sends a visitor who does not buy.
    """

    findings: tuple[Finding, ...] = ()
    unanswered: tuple[str, ...] = ()
    repeated: bool = False
    several: bool = False
    left: int = 0
    near: tuple[Finding | None, ...] = ()
    next_step: bool = False
    door: Finding | None = None

    @property
    def told(self) -> tuple[Finding, ...]:
        """Everything of the site that a reply may tell."""
        return (*self.findings, *filter(None, (*self.near, self.door)))


async def look_up(knowledge: Knowledge, view: TurnView, known: Known) -> Research:
    """Everything the site says to this burst."""
    if not spoken(view.messages):
        return await _look_up(knowledge, view, known, said=frozenset())
    kind = view.session.visitor_type
    door = knowledge.door(kind.value) if kind in NOT_BUYERS and isinstance(knowledge, Directing) else None
    said = frozenset(map(fingerprint, door.sentences)) if door else frozenset[str]()
    research = await _look_up(knowledge, view, known, said=said)
    return replace(research, door=None if said.intersection(view.session.used_quotes) else door)


async def _look_up(knowledge: Knowledge, view: TurnView, known: Known, *, said: AbstractSet[str]) -> Research:
    """What is found beside what is `said` anyway."""
    acts, asked = view.understanding.acts, view.understanding.questions
    questions = tuple(one for one in asked if not _about_next_step(knowledge, one))
    if asked and not questions:
        return Research(next_step=True)
    next_step = len(questions) < len(asked)
    questions = _without_address(questions, view)
    handled = len(acts & ANSWERED_BY_MANNERS)
    if questions and (len(questions) > handled or Act.ASKS_WHAT_HAPPENS_WITH_DATA in acts):
        search = SiteSearch(
            knowledge,
            view,
            said={*said, *set(view.session.used_quotes).difference(view.session.volunteered)},
            counts=_counts(known),
        )
        research = await _answer(search, questions)
        research = await _with_requirements(research, search, view, questions)
        return replace(_worth_admitting(research, acts, handled), next_step=next_step)
    search = SiteSearch(knowledge, view, said={*said, *view.session.used_quotes})
    if listed := _listed(view, search):
        return await _answer_each(search, listed)
    told = await _about_statements(search, view)
    query = "" if told else _need(view, known)
    if query:
        told = (await search.find(query)).fresh[:1]
    return Research(findings=told, several=len(told) > 1)


def _counts(known: Known) -> tuple[str, ...]:
    """How many of anything the visitor has, as far as it is known, in words by which a price may be added up."""
    told = ((quantity_of(known, field), noun) for field, noun in COUNTED.items())
    return tuple(_count(one, noun) for one, noun in told if one is not None and one.high)


def _count(quantity: Quantity, noun: str) -> str:
    period = f" a {quantity.period}" if quantity.period else ""
    return f"{round(quantity.high or 0)} {quantity.unit or noun}{period}"


def _listed(view: TurnView, search: SiteSearch) -> tuple[str, ...]:
    """What a list asks that is passed on, maybe in another's words: "> 1) SSO 2) where is the data"; () for most."""
    if _is_other_business(view):
        return ()
    text = "\n".join(_QUOTED.sub("", one.text) for one in spoken(view.messages))
    items = (_ITEM_ENDS.split(part)[0] for part in _parts(_ITEM, text, shortest=1))
    asked = tuple(one for one in items if len(one.split()) <= LONGEST_ITEM and not search.tells(one))
    return asked if sum(bool(search.required(one) or search.asks(one)) for one in asked) > 1 else ()


async def _about_statements(search: SiteSearch, view: TurnView) -> tuple[Finding, ...]:
    """What the site says for certain to what is required or told: "it would have to read our tachographs"."""
    if not spoken(view.messages) or _is_other_business(view):
        return ()
    parts = [part.strip(" .,;:!") for part in _STATEMENTS.split(view.understanding.topic)]
    named = [fact.quote for fact in view.news if fact.field in NAMED_FIELDS]
    decides = any(fact.field is Field.DECISION_MAKER for fact in view.news)  # "I'd need to ask our director"
    asked = [query for part in parts for query in _behind(part, named, search, demanding=not decides)]
    found: list[Finding] = []
    for query in list(dict.fromkeys(asked))[:MOST_STATEMENTS]:
        looked = await search.find(query)
        first = looked.fresh[0] if looked.answers and looked.fresh else None
        if first and first.score >= CERTAIN and len(found) < MOST_TOLD:
            found.append(replace(first, verdict=""))  # who asks nothing gets no yes or no
            search.offered(first)
    return tuple(found)


async def _with_requirements(
    research: Research, search: SiteSearch, view: TurnView, questions: Sequence[str]
) -> Research:
    """With what the site says to the requirements named beside questions: "no BAA, no deal. and where is the data?"."""
    if view.session.visitor_type in NOT_BUYERS or len(research.findings) >= MOST_TOLD:
        return research
    asked = {topic for one in questions for topic in search.required(one)}
    parts = (part for message in spoken(view.messages) for part in _STATEMENTS.split(message.text))
    named = dict.fromkeys(topic for part in parts for topic in search.required(part) if topic not in asked)
    found: list[Finding] = []
    for topic in list(named)[: MOST_TOLD - len(research.findings)]:
        looked = await search.find(topic)
        if looked.answers and looked.fresh and looked.fresh[0].score >= CERTAIN:
            found.append(replace(looked.fresh[0], verdict=""))  # it was not asked
            search.offered(looked.fresh[0])
    if not found:
        return research
    if not research.findings and len(questions) == 1 and _in_one_sentence(questions[0], search, view):
        return Research(findings=tuple(found), several=len(found) > 1)
    alone = (next(iter(research.near), None),) * len(research.unanswered)
    near = research.near if research.several else alone
    return replace(research, findings=(*research.findings, *found), several=True, near=near)


def _in_one_sentence(question: str, search: SiteSearch, view: TurnView) -> bool:
    """Whether a question may be about what its sentence requires: "he asks for a BAA, so does anybody sign that"."""
    sentences = (one for message in spoken(view.messages) for one in _SENTENCES.split(message.text))
    return any(question in one and search.required(one) for one in sentences)


def _behind(part: str, named: Sequence[str], search: SiteSearch, *, demanding: bool) -> tuple[str, ...]:
    """What to look up for a statement that requires something, or names what a site may well speak of; () for most."""
    required = search.required(part)
    wanted = demanding and len(part.split()) >= SHORTEST_PART and search.demands(part)
    return required or ((f"{part}?",) if wanted or any(part in one or one in part for one in named) else ())


def _is_other_business(view: TurnView) -> bool:
    """Whether a statement is about something else than what the company sells: a contact, a goodbye, a job."""
    understanding = view.understanding
    wordless = understanding.acts <= WORDLESS_ACTS and bool(understanding.acts) and not understanding.facts
    return bool(
        view.session.visitor_type in NOT_BUYERS
        or understanding.email
        or wordless
        or understanding.acts & OTHER_BUSINESS
    )


def _worth_admitting(research: Research, acts: AbstractSet[Act], handled: int) -> Research:
    """Without the open questions that manners answer, and those that ask nothing."""
    kept = [place for place, one in enumerate(research.unanswered) if place >= handled and _asks_something(one, acts)]
    near = tuple(research.near[place] for place in kept) if research.several else research.near if kept else ()
    return replace(research, unanswered=tuple(research.unanswered[place] for place in kept), near=near)


async def _answer(search: SiteSearch, questions: Sequence[str]) -> Research:
    """Several questions get a sentence each; one question gets two where two pages say two halves of it."""
    if len(questions) > 1:
        return await _answer_each(search, [each for one in questions for each in search.questions_in(one)])
    numbered = tuple(one for one in _parts(_NUMBERED, questions[0], shortest=1) if not search.tells(one))
    if numbered:
        return await _answer_each(search, numbered)
    joined = search.questions_in(questions[0])
    if len(joined) > 1:
        return await _answer_each(search, joined)
    looked = await search.find(questions[0])
    if looked.answers:
        return _of_one(looked)
    parts = _parts(_COMMAS, questions[0])
    asking = [part for part in parts if not search.tells(part)]
    if len(asking) == 1:  # "does it do X, that's where our customers are"
        bare = await search.find(asking[0])
        return _of_one(bare) if bare.answers else Research(unanswered=tuple(questions), near=looked.near)
    pieces = await _answer_each(search, asking if len(asking) == len(parts) else ())
    return pieces if pieces.findings else Research(unanswered=tuple(questions), near=looked.near)


def _of_one(looked: Looked) -> Research:
    """The answer to the only question."""
    findings = _equals(looked.fresh)
    together = any(one.together for one in findings)
    return Research(findings=findings, repeated=not looked.fresh, several=together)


async def _answer_each(search: SiteSearch, questions: Sequence[str]) -> Research:
    findings: list[Finding] = []
    unanswered: list[str] = []
    near: list[Finding | None] = []
    repeated = False
    for question in questions[:MAX_QUESTIONS]:
        looked = await search.find(question)
        if looked.fresh:
            findings.append(looked.fresh[0])
            search.offered(looked.fresh[0])
        elif looked.answers:
            repeated = True
        else:
            unanswered.append(question)
            near.append(next(iter(looked.near), None))
    left = max(0, len(questions) - MAX_QUESTIONS)
    said = {sentence for one in findings for sentence in one.sentences[:1]}
    kept = [place for place, one in enumerate(near) if one is None or one.sentences[0] not in said]
    unanswered, near = [unanswered[place] for place in kept], [near[place] for place in kept]
    return Research(
        findings=tuple(findings),
        unanswered=tuple(unanswered),
        repeated=repeated,
        several=True,
        left=left,
        near=tuple(near),
    )


def _about_next_step(knowledge: Knowledge, question: str) -> bool:
    return isinstance(knowledge, Conversing) and knowledge.asks_what_comes_next(question)


def _parts(between: re.Pattern[str], question: str, *, shortest: int = SHORTEST_PART) -> tuple[str, ...]:
    """The parts of a question that enumerates; () when it does not. What stands before a first number is no part."""
    pieces = between.split(question)[1 if between in {_NUMBERED, _ITEM} else 0 :]
    parts = tuple(piece.strip(" ,;") for piece in pieces if len(piece.split()) >= shortest)
    return parts if len(parts) > 1 else ()


def _equals(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The first finding, and the next where it answers nearly as well: two pages often say two halves of it."""
    if not findings:
        return ()
    first, *others = findings
    if first.together:
        return findings
    if first.conflicts or first.prices:
        return (first,)
    said = _words(first.sentences[0])
    kept = (
        replace(one, verdict="")  # yes or no is said once
        for one in others
        if one.score >= NEARLY_AS_WELL * first.score and len(said & _words(one.sentences[0])) < SAME * len(said)
    )
    return (first, *kept)


def _words(sentence: str) -> frozenset[str]:
    return frozenset(word for word in sentence.casefold().split() if len(word) > SHORT)


def _asks_something(question: str, acts: AbstractSet[Act]) -> bool:
    """Whether it is worth saying that the site does not answer: not to "and?", and not to "hello?"."""
    if Act.GREETS in acts and len(question.split()) < SHORTEST_PART:
        return False
    return sum(char.isalnum() for char in question) >= SHORTEST_QUESTION


def _without_address(questions: Sequence[str], view: TurnView) -> tuple[str, ...]:
    """The questions without the address that blurs a search; one that is nothing but an address asks nothing."""
    email = view.understanding.email
    bare = (one.replace(email.quote, " ") if email else one for one in questions)
    return tuple(asked for asked in (" ".join(one.split()) for one in bare) if asked)


def _need(view: TurnView, known: Known) -> str:
    """What to search for when nothing was asked: the page at the start, needs at the e-mail, else the words said."""
    understanding, page = view.understanding, view.session.page
    if not spoken(view.messages):
        return f"{page.title} {page.heading}".strip() if page else ""
    if view.session.visitor_type in NOT_BUYERS:
        return ""
    if understanding.email:
        if understanding.email.verdict is not EmailVerdict.VALID:
            return ""
        return " ".join(text.replace("_", " ") for field in NEED_FIELDS for text in texts_of(known, field))
    return "" if _is_other_business(view) else _told_need(view)


def _told_need(view: TurnView) -> str:
    """What speaks against a doubt just voiced, or the words in which a need was told; "" for facts without a need."""
    doubts = [fact.value for fact in view.news if fact.field is Field.OBJECTIONS and isinstance(fact.value, str)]
    if reassuring := next((PROOF_POINTS[doubt] for doubt in doubts if doubt in PROOF_POINTS), ""):
        return reassuring
    told = {fact.field for fact in view.news} - {Field.SIGNALS}
    return view.understanding.topic if told & set(NEED_FIELDS) or not told else ""
