"""Reading a visitor's messages: from words to facts, acts and intent. Local, deterministic, no model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from core.asking import NOT_BUYERS
from core.fact import Fact, Field, Operation, Quantity, Source
from core.ledger import Known, fold
from core.message import InboundMessage, MessageKind, Page, opening_on
from core.receiving import begin
from core.session import Session
from core.understanding import Act, EmailReading, EmailVerdict, Intent, Understanding, VisitorType
from profiles.acts import acts_in
from profiles.agent_nouns import AgentNounFile, AgentNounReader
from profiles.answers import AnswerReader
from profiles.authority import AuthorityFile, AuthorityReader
from profiles.contacts import AddressReader, email_finding, notes_of
from profiles.context import Context
from profiles.corrections import denials, replaced_tools, restated_tools, settle, unsaid, withdrawals
from profiles.ellipsis import carried
from profiles.facts import Finding, to_fact
from profiles.headcount import UNOWNED
from profiles.intent import intent, visitor_type
from profiles.japanese import JapaneseFile, JapaneseReader
from profiles.japanese_people import JapanesePeopleReader
from profiles.label_meaning import LabelMeaning
from profiles.labels import read_labels, read_voiced
from profiles.language import LanguageFile, LanguageVoter
from profiles.lexicon import build_lexicon
from profiles.mail_address import AddressJudge, MailFile
from profiles.name_file import NameFile
from profiles.named_times import TimelineFile
from profiles.names import NameReader
from profiles.numbers import Number
from profiles.outsiders import of_standing
from profiles.phones import PhoneReader
from profiles.qualification_file import QualificationFile, neutral
from profiles.quantities import SECONDARY, QuantityReader
from profiles.quantity_grammar import QuantityFile
from profiles.question_reader import QuestionFile, QuestionReader
from profiles.reading import Reading
from profiles.repairs import corrected_number, retimed, retold, struck
from profiles.resources import load
from profiles.roles import RoleFile, RoleReader
from profiles.technical import read_style, read_technical_level
from profiles.technologies import Mention, TechnologyFile, TechnologyReader
from profiles.timelines import TimelineReader
from profiles.tool_references import referred_back
from profiles.topic import topic_of

_NOWHERE = Page(url="")
_READ_KINDS = frozenset({MessageKind.TEXT, MessageKind.BUTTON})
TURNS_TO_TELL = 2
"""Messages in which a visitor who does not buy shows it by what they mean; later ones are too short to tell."""
TELLS_BUYER = frozenset({Field.VOLUME, Field.TEAM_SIZE, Field.COMPANY_SIZE, Field.BUDGET, Field.TECH_STACK})
_TOOL_FIELDS = frozenset({Field.TECH_STACK, Field.INTEGRATIONS, Field.COMPETITORS})


class _Heard(NamedTuple):
    """A message as the readers get it: with the talk so far, what it does, and where addresses stand in it."""

    reading: Reading
    context: Context
    session: Session
    known: Known
    acts: set[Act]
    contacts: list[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one message of the burst gave."""

    reading: Reading
    context: Context
    acts: set[Act]
    questions: tuple[str, ...]
    facts: tuple[Fact, ...]
    email: EmailReading | None
    topic: str


class LocalInterpreter:
    """`core.ports.Interpreter` by cue phrases and grammar.

    `free_domains` and `disposable_domains` are added to the shipped lists, which are loaded with the first address.
    With `meaning`, the company's labels are recognised by what is meant, too.
    """

    def __init__(
        self,
        qualification: QualificationFile | None = None,
        *,
        free_domains: Collection[str] = (),
        disposable_domains: Collection[str] = (),
        meaning: LabelMeaning | None = None,
        company: str = "",
    ) -> None:
        """`company` is the name of whom visitors talk to."""
        qualification = qualification or neutral()
        self._meaning = meaning
        self._company = company
        quantities = load("quantities.yaml", QuantityFile).counting(qualification.volume)
        timelines = load("timelines.yaml", TimelineFile)
        roles, names, mail = load("roles.yaml", RoleFile), load("names.yaml", NameFile), load("mail.yaml", MailFile)
        self._tools = TechnologyReader(
            load("technologies.yaml", TechnologyFile), rivals=qualification.rivals, own=qualification.tools
        )
        self._quantities = QuantityReader(quantities)
        japanese = load("japanese.yaml", JapaneseFile)
        self._japanese = JapaneseReader(japanese, next(iter(quantities.volume)))
        self._japanese_people = JapanesePeopleReader(japanese)
        self._timelines = TimelineReader(timelines)
        unlisted = AgentNounReader(load("agent_nouns.yaml", AgentNounFile))
        self._roles = RoleReader(roles, AuthorityReader(load("authority.yaml", AuthorityFile)), unlisted)
        self._names = NameReader(names)
        judge = AddressJudge(mail, free=free_domains, disposable=disposable_domains)
        self._addresses = AddressReader(mail, judge)
        self._questions = QuestionReader(load("questions.yaml", QuestionFile))
        self._language = LanguageVoter(load("languages.yaml", LanguageFile))
        self._phones = PhoneReader(mail, self._language)
        self._answers = AnswerReader(qualification, self._quantities, self._timelines, self._names)
        self._judge = judge.judge
        self._lexicon = build_lexicon(
            qualification,
            self._tools.cues,
            quantities=quantities,
            timelines=timelines,
            roles=roles,
            names=names,
            mail=mail,
        )

    async def interpret(self, messages: Sequence[InboundMessage], session: Session, known: Known) -> Understanding:
        """Read one burst; each fact names its own message and quotes it. Never raises on text."""
        spoken = [message for message in messages if message.kind in _READ_KINDS and message.text.strip()]
        if not spoken:
            return Understanding(language=session.language, intent=session.intent, visitor_type=session.visitor_type)
        reads: list[_Read] = []
        for message in spoken:
            read = self._read(message, session, known)
            reads.append(read)
            if read.facts:
                known = fold([*(fact for held in known.values() for fact in held), *read.facts])
        understood = self._understood(reads, session, known)
        meaning, language = self._meaning, understood.language.partition("-")[0]
        if meaning is None or not meaning.speaks(language):
            return understood
        if understood.visitor_type in NOT_BUYERS:
            overruled = session.visitor_type not in NOT_BUYERS and await meaning.is_buyers(reads[-1].reading, language)
            if not overruled:
                return understood
            understood = self._understood(reads, session, known, kind=session.visitor_type)
        kind = await _meant_kind(meaning, reads, understood, session)
        if kind is not None:
            return replace(understood, visitor_type=kind, intent=Intent.NONE)
        return replace(understood, facts=(*understood.facts, *await self._meant(meaning, reads, known, language)))

    def figures(self, text: str) -> frozenset[float]:
        """The numbers a text says, in digits or in words; of a range both ends."""
        message = opening_on(_NOWHERE, at=0.0)
        numbers = self._quantities.numbers(Reading(replace(message, text=text), self._lexicon))
        return frozenset(end for number in numbers for end in (number.low, number.high))

    def understands(self, question: str, answer: str) -> bool:
        """Whether these words, pressed under a question of the bank, fill the field that it asks for."""
        entry = self._answers.pending(question)
        pressed = replace(opening_on(_NOWHERE, at=0.0), kind=MessageKind.BUTTON, text=answer)
        session = replace(begin(pressed).session, pending_question=question)
        return entry is not None and any(one.field is entry.field for one in self._read(pressed, session, {}).facts)

    def canonical_tool(self, name: str) -> str:
        """The usual name of a tool, the same text for one that is not listed."""
        return self._tools.canonical(name)

    def _read(self, message: InboundMessage, session: Session, known: Known) -> _Read:
        reading = Reading(message, self._lexicon)
        context = Context(reading)
        questions = self._questions.read(reading)
        acts = acts_in(reading, context, session, questions)
        email, extra = self._email(reading, context, session, acts)
        contacts = self._addresses.spans(reading, session) if email else []
        heard = _Heard(reading, context, session, known, acts, contacts)
        findings = [*extra, *self._findings(heard)]
        repaired = context.any("correction") or context.any("negation")
        facts = tuple(_marked(to_fact(found, reading), known, repaired=repaired) for found in findings)
        _acts_from(acts, email, facts)
        return _Read(
            reading=reading,
            context=context,
            acts=acts,
            questions=questions,
            facts=facts,
            email=email,
            topic=topic_of(reading, questions, contacts),
        )

    def _email(
        self, reading: Reading, context: Context, session: Session, acts: set[Act]
    ) -> tuple[EmailReading | None, list[Finding]]:
        """The visitor's address and the fact it is. A "yes" confirms the spelling they were asked about."""
        email = self._addresses.read(reading, context, session)
        if email is None and session.email.to_confirm and Act.AFFIRMS in acts:
            email = self._judge(session.email.to_confirm, reading.quote(0, len(reading.text)))
        valid = email_finding(email) if email else None
        if email is None or valid is None:
            return email, []
        at = max(0, reading.text.find(email.quote))
        field, value, confidence = valid
        found = Finding(field, value, at, at + len(email.quote), confidence=confidence, note=notes_of(email))
        return email, [found]

    def _findings(self, heard: _Heard) -> list[Finding]:
        """What one message tells, settled: repairs, answers and what is taken back included."""
        reading, context, session, known, acts, contacts = heard
        entry = self._answers.pending(session.pending_question) if session.pending_question else None
        pending = entry.field if entry else None
        phones = list(self._phones.read(reading, context, session, asked=pending is Field.PHONE))
        numbers = [
            one
            for one in self._quantities.numbers(reading)
            if self._quantities.counting(reading, one) and not any(_overlap(one, phone) for phone in phones)
        ]
        mentions = self._mentions(reading, pending)
        stated = [*phones, *self._stated(heard, pending, numbers, mentions)]
        found = [one for one in stated if not any(start < one.end and one.start < end for start, end in contacts)]
        found = carried(reading, context, numbers, found, self._quantities)
        found += referred_back(reading, known)
        found += restated_tools(reading, context, mentions, known, self._tools.category)
        repaired = corrected_number(
            reading, context, numbers, found, known, pending=pending, reader=self._quantities
        ) or retimed(reading, context, found, known, self._quantities)
        if repaired is not None:
            found.append(repaired)
        elif entry is not None and not any(one.field is entry.field for one in found):
            spoken_for = [one for one in found if isinstance(one.value, Quantity)]
            free = [number for number in numbers if not any(_overlap(number, one) for one in spoken_for)]
            found += self._answers.read(entry, reading, context, free, acts)
        if not found and not reading.shown.rstrip().endswith("?"):
            found += self._answers.late(session.asked, reading, known)
        taken_back = _once(
            [
                *withdrawals(reading, context, mentions, known),
                *denials(reading, context, mentions, known),
                *retold(reading, context, found, known),
                *struck(reading, context, numbers, found, known),
                *unsaid(reading, context, found, known),
            ]
        )
        gone = {one.value for one in taken_back}
        kept = [one for one in settle(found, context) if one.value not in gone or one.operation is not Operation.ADD]
        replaced = list(replaced_tools(reading, context, kept, known, self._tools.category)) if not taken_back else []
        firm = context.any("correction") or pending in {Field.COMPANY_SIZE, Field.INDUSTRY}
        return [*taken_back, *replaced, *(one for one in kept if not _gives_way(one, known, firm=firm))]

    def _mentions(self, reading: Reading, pending: Field | None) -> list[Mention]:
        return self._tools.mentions(reading, asked=pending in _TOOL_FIELDS)

    def _stated(
        self, heard: _Heard, pending: Field | None, numbers: list[Number], mentions: list[Mention]
    ) -> Iterator[Finding]:
        """Everything the readers see, in no particular order of importance."""
        reading, context, known = heard.reading, heard.context, heard.known
        yield from self._quantities.read(reading, context, numbers, asked=pending)
        yield from self._timelines.read(reading, context)
        yield from self._japanese.read(reading, asked=pending)
        yield from self._japanese_people.read(reading)
        introduced = tuple(self._names.read(reading, context, heard.contacts))
        yield from introduced
        yield from self._roles_in(heard, pending, introduced, counts=bool(numbers))
        yield from self._tools.read(reading, context, mentions, asked=pending if pending in _TOOL_FIELDS else None)
        if heard.session.visitor_type not in NOT_BUYERS:
            yield from read_labels(reading, context)
        yield from read_voiced(reading, context)
        yield from read_technical_level(reading, context, self._tools.technical(mentions), known)
        if reading.of("style"):
            yield from read_style(reading, known)

    def _roles_in(
        self, heard: _Heard, pending: Field | None, introduced: Sequence[Finding], *, counts: bool
    ) -> Iterator[Finding]:
        """Roles and authority, where a word of the message or the question before it speaks of them."""
        reading = heard.reading
        # Who asks back answers nothing.
        deciding = pending is Field.DECISION_MAKER and not self._questions.read(reading)
        asked = pending is Field.ROLE
        cued = any(reading.of(name) for name in ("role", "authority", "deciding", "duty"))
        if deciding or asked or cued or self._roles.names_one(reading) or self._roles.names_who_decides(reading):
            ends = tuple(one.end for one in introduced)
            yield from self._roles.read(
                reading, heard.context, asked=asked, deciding=deciding, counts=counts, introduced=ends
            )

    async def _meant(self, meaning: LabelMeaning, reads: list[_Read], known: Known, language: str) -> list[Fact]:
        """The labels that no cue phrase told; the industry only while none is known."""
        facts: list[Fact] = []
        for read in reads:
            settled = {Field.INDUSTRY} if Field.INDUSTRY in known else set()
            told = {(fact.field, fact.value) for fact in read.facts}
            found = await meaning.read(read.reading, read.context, language=language, settled=settled)
            decided = any(fact.field is Field.DECISION_MAKER for fact in read.facts)  # "finance pays" is no trade
            facts += [
                to_fact(one, read.reading)
                for one in found
                if (one.field, one.value) not in told and not (decided and one.field is Field.INDUSTRY)
            ]
        return facts

    def _understood(
        self, reads: list[_Read], session: Session, known: Known, *, kind: VisitorType | None = None
    ) -> Understanding:
        """All readings of a burst together; `kind` stands in for what its cues say of the visitor."""
        readings = [read.reading for read in reads]
        acts = {act for read in reads for act in read.acts}
        facts = tuple(fact for read in reads for fact in read.facts)
        email = next((read.email for read in reversed(reads) if read.email), None)
        if email is not None:
            acts.discard(Act.REFUSES_EMAIL)
        contexts = [read.context for read in reads]
        kind = kind or visitor_type(readings, contexts, session, facts, company=self._company)
        step = intent(readings, contexts, session, kind=kind, acts=acts, facts=facts, email=email)
        return Understanding(
            language=self._language.language(
                " ".join(reading.low for reading in readings), spoken=session.language, settled=session.messages > 0
            ),
            acts=frozenset(acts),
            questions=tuple(question for read in reads for question in read.questions),
            facts=of_standing(facts, readings, known, session, kind),
            intent=step,
            visitor_type=kind,
            email=email,
            topic=" ".join(filter(None, (read.topic for read in reads))),
        )


async def _meant_kind(
    meaning: LabelMeaning, reads: list[_Read], understood: Understanding, session: Session
) -> VisitorType | None:
    """Who writes, by what is meant, while nothing that only a buyer tells is known and no step of buying is taken."""
    if session.turns >= TURNS_TO_TELL or session.visitor_type is VisitorType.BUYER:
        return None
    if understood.intent is Intent.ACTING or any(fact.field in TELLS_BUYER for fact in understood.facts):
        return None
    if any(hit.name == "buyer" for read in reads for hit in read.reading.of("visitors")):
        return None
    language = understood.language.partition("-")[0]
    doubtful = understood.visitor_type is VisitorType.BUYER
    return await meaning.visitor(reads[0].reading, language, asks=bool(reads[0].questions), doubtful=doubtful)


def _gives_way(found: Finding, known: Known, *, firm: bool) -> bool:
    """Whether a finding is too weak for what is known.

    Orders or bookings stand for the volume only while no support volume is known. A count of people without an owner
    replaces none that has one, unless it was asked for or corrects it (`firm`). The trade said first stands: a later
    word of another is most often about somebody else.
    """
    if found.field is Field.INDUSTRY and not firm:
        return any(one.source is not Source.INFERRED for one in known.get(found.field, ()))
    if found.note == SECONDARY:
        return Field.VOLUME in known
    held = known.get(found.field, ())
    return found.note == UNOWNED and not firm and bool(held) and held[-1].note != UNOWNED


def _once(findings: list[Finding]) -> list[Finding]:
    return list({(one.field, one.value, one.operation): one for one in findings}.values())


def _marked(fact: Fact, known: Known, *, repaired: bool) -> Fact:
    """The fact, marked as a correction where words of repair replace what is known."""
    if repaired and fact.operation is Operation.SET and fact.field in known:
        return replace(fact, corrects=True)
    return fact


def _acts_from(acts: set[Act], email: EmailReading | None, facts: tuple[Fact, ...]) -> None:
    """Acts that show in what was learned rather than in a phrase."""
    if email is not None and email.verdict is not EmailVerdict.INVALID:
        acts.add(Act.GIVES_EMAIL)
        acts.discard(Act.REFUSES_EMAIL)
    if any(fact.field in TELLS_BUYER for fact in facts):
        acts.discard(Act.SMALL_TALK)  # "we use a whiteboard lol" tells something
    if any(fact.corrects or fact.operation in {Operation.REMOVE, Operation.CLEAR} for fact in facts):
        acts.add(Act.CORRECTS)


def _overlap(number: Number, finding: Finding) -> bool:
    return number.start < finding.end and finding.start < number.end
