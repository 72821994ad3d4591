"""Deciding what a reply does: which moves, in which order, with at most one question at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.asking import NOT_BUYERS, may_ask_email
from core.brief import Brief, Move
from core.fact import Field, Operation, Source
from core.ledger import Known, text_of
from core.message import MessageKind
from core.passage import Finding
from core.phrases import Phrases
from core.ports import QuestionPlanner
from core.question import Question
from core.receiving import EMAIL_CONFIRMATION, EMAIL_QUESTION, MAX_ADDRESS_CORRECTIONS, spoken
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS, Citation, Mode, ProfileContext
from core.research import Research
from core.session import Said
from core.turn import TurnView
from core.understanding import Act, EmailVerdict, Intent, VisitorType
from core.wording import facts_in_words

PERSONA_QUESTION = "persona"
ANSWER_WORDS = 38
"""Words of the site quoted in one reply; leaves room for an acknowledgement and a question within sixty."""

OFFERS = 2
"""How often the same quick reply is offered in a conversation."""

NEED_ORDER = (Field.INTEGRATIONS, Field.VOLUME, Field.TECH_STACK, Field.TEAM_SIZE, Field.TIMELINE, Field.BUDGET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that a plan is made from."""

    view: TurnView
    known: Known
    before: Known  # what was known before this turn
    research: Research
    mode: Mode
    entered_sales: bool
    pending: str  # what the last reply waited for
    awaiting_email: bool = False
    audiences: tuple[str, ...] = ()
    profile_context: ProfileContext | None = None
    recent: tuple[Said, ...] = ()

    def has(self, act: Act) -> bool:
        return act in self.view.understanding.acts


class Planner:
    """Turns a situation into a brief. Holds data only; the same situation gives the same brief."""

    def __init__(
        self,
        *,
        questions: QuestionPlanner,
        phrases: Callable[[str], Phrases],
        company: str,
        assistant: str,
        notice: str,
    ) -> None:
        self._questions = questions
        self._phrases = phrases
        self._house = {"company": company, "assistant": assistant, "notice": notice}

    def plan(self, situation: Situation) -> Brief | None:
        """The brief of the reply; None when nothing is to be said (a timer fell due)."""
        if not spoken(situation.view.messages):
            opened = any(message.kind is MessageKind.OPENED for message in situation.view.messages)
            return self._open(situation) if opened else None
        address = self._about_address(situation)
        if address:
            return address
        moves = [*self._manners(situation), *self._acknowledgement(situation), *self._answer(situation)]
        if situation.has(Act.LEAVES):
            return self._brief(situation, [*moves, self._move("goodbye")], step="")
        if self._asks_email(situation, answered=bool(situation.research.findings)):
            return self._ask_email(situation, moves)
        question = self._next_question(situation)
        if question is None:
            moves += self._closing(situation)
        return self._brief(situation, moves or [self._move("answer.unclear")], question=question)

    # --- openings

    def _open(self, situation: Situation) -> Brief:
        return self._brief(situation, self._greeting(situation), question=self._audience_question(situation))

    def _greeting(self, situation: Situation) -> list[Move]:
        page = situation.view.session.page
        known = any(message.returning for message in situation.view.messages)
        moves = [self._move("greet.again" if known else "greet.hello")]
        moves += [_quote(finding, 1) for finding in situation.research.findings[:1]]
        if page and page.title and not situation.research.findings:
            moves.append(self._move("greet.page", page=page.heading or page.title))
        return moves

    def _audience_question(self, situation: Situation) -> Question | None:
        options = situation.audiences[:MAX_BUTTONS]
        if len(options) < MAX_BUTTONS - 1 or situation.view.session.turns:
            return None
        text = self._phrases(situation.view.session.language).say("greet.question")
        return Question(id=PERSONA_QUESTION, field=Field.INDUSTRY, text=text, options=options)

    # --- manners: what politeness and honesty ask for before anything else

    def _manners(self, situation: Situation) -> Iterator[Move]:
        view = situation.view
        if not view.session.introduced:
            yield self._move("introduce")
        elif situation.has(Act.GREETS) and view.session.turns == 1:
            yield self._move("greet.short")
        if view.session.visitor_type in NOT_BUYERS and view.understanding.visitor_type is not VisitorType.UNKNOWN:
            yield self._move(f"door.{view.session.visitor_type.value}")
        for act, phrase in (
            (Act.REFUSES_EMAIL, "email.refused"),
            (Act.ASKS_IF_ROBOT, "robot"),
            (Act.ASKS_WHAT_HAPPENS_WITH_DATA, "data"),
            (Act.INSTRUCTS_BOT, "rules"),
            (Act.SMALL_TALK, "small_talk"),
            (Act.COMPLAINS, "ack.complaint"),
            (Act.THANKS, "ack.thanks"),
        ):
            if situation.has(act):
                yield self._move(phrase, optional=act is Act.THANKS)
        if situation.pending == EMAIL_QUESTION and situation.has(Act.DENIES) and not situation.has(Act.REFUSES_EMAIL):
            yield self._move("email.refused")
        if situation.has(Act.WANTS_HUMAN):
            reachable = Field.EMAIL in situation.known
            yield self._move("human.passed_on" if reachable else "human.noted")

    def _acknowledgement(self, situation: Situation) -> Iterator[Move]:
        phrases = self._phrases(situation.view.session.language)
        stated = [fact for fact in situation.view.news if fact.source is Source.STATED]
        added = [fact for fact in stated if fact.operation in {Operation.SET, Operation.ADD}]
        changed = [fact for fact in added if fact.operation is Operation.SET and fact.field in situation.before]
        corrected = changed if situation.has(Act.CORRECTS) else []
        words = facts_in_words(corrected or added, phrases)
        if corrected and words:
            yield self._move("ack.corrected", facts=words)
        elif words:
            yield self._move("ack.facts", facts=words, optional=True)
        elif len(added) < len(stated):
            yield self._move("ack.dropped")
        elif any(fact.field is Field.OBJECTIONS for fact in added):
            yield self._move("ack.objection", optional=True)
        elif situation.has(Act.DOES_NOT_KNOW):
            yield self._move("ack.unsure")
        elif situation.has(Act.PRAISES):
            yield self._move("ack.praise", optional=True)
        elif situation.has(Act.AFFIRMS) and not situation.view.understanding.questions:
            yield self._move("ack.affirm", optional=True)
        elif not situation.view.understanding.acts and not situation.research.findings:
            yield self._move("ack.heard", optional=True)

    def _answer(self, situation: Situation) -> Iterator[Move]:
        research = situation.research
        each = 2 if len(research.findings) == 1 else 1
        for finding in research.findings:
            yield _quote(finding, each)
        alone = len(situation.view.understanding.questions) == 1
        if research.unanswered and situation.view.understanding.intent is Intent.ACTING:
            return  # asks for the next step, which no page answers: the end of the reply does
        for question in research.unanswered:
            key = "answer.unknown_one" if alone else "answer.unknown"
            yield self._move(key, question=question.strip(" ?!."))
        if research.repeated and not research.findings:
            yield self._move("answer.nothing_new")

    def _closing(self, situation: Situation) -> Iterator[Move]:
        """What ends a reply that asks nothing: the next step, said in as many ways as there are and no oftener."""
        acting = situation.view.understanding.intent is Intent.ACTING
        phrase = "sales.propose" if acting else "sales.next"
        if not acting and situation.mode is not Mode.SALES:
            return
        if situation.view.session.visitor_type in NOT_BUYERS or situation.has(Act.WANTS_HUMAN):
            return
        wordings = len(self._phrases(situation.view.session.language).variants_of(phrase))
        said = sum(tag.startswith(f"{phrase}#") for tag in situation.view.session.used_phrases)
        if said < wordings:
            yield self._move(phrase)

    # --- the e-mail

    def _about_address(self, situation: Situation) -> Brief | None:
        """The reply when the burst held an address, usable or not, or an answer about one."""
        reading, state = situation.view.understanding.email, situation.view.session.email
        if reading is None:
            return None
        if reading.verdict is EmailVerdict.VALID:
            return self._welcome_to_sales(situation) if situation.entered_sales else None
        if state.corrections > MAX_ADDRESS_CORRECTIONS:
            return self._brief(situation, [self._move("email.kept_as_is")], question=self._next_question(situation))
        if reading.verdict is EmailVerdict.MISTYPED:
            moves = [self._move("email.confirm", suggestion=reading.suggestion)]
            return self._brief(
                situation, moves, awaiting=EMAIL_CONFIRMATION, buttons=self._labels(situation, "yes", "no")
            )
        moves = [self._move("email.invalid", address=reading.address or reading.quote)]
        return self._brief(situation, moves, awaiting=EMAIL_QUESTION)

    def _welcome_to_sales(self, situation: Situation) -> Brief:
        phrases = self._phrases(situation.view.session.language)
        held = [fact for facts in situation.known.values() for fact in facts]
        needs = facts_in_words(held, phrases, fields=NEED_ORDER)
        moves = [self._move("email.received", address=text_of(situation.known, Field.EMAIL))]
        if needs:
            moves.append(self._move("sales.recap", needs=needs))
        moves += [_quote(finding, 1) for finding in situation.research.findings[:1]]
        moves.append(self._move("sales.propose"))
        return self._brief(
            situation, moves, step="step.sales", buttons=self._labels(situation, "demo", "trial", "pricing")
        )

    def _asks_email(self, situation: Situation, *, answered: bool) -> bool:
        session = situation.view.session
        wants_human = situation.has(Act.WANTS_HUMAN) and not session.email.refused and not session.email.asked
        if wants_human and Field.EMAIL not in situation.known:
            return True
        return may_ask_email(session, situation.known, gave_something=answered or bool(session.used_quotes))

    def _ask_email(self, situation: Situation, moves: list[Move]) -> Brief:
        phrases = self._phrases(situation.view.session.language)
        held = [fact for facts in situation.known.values() for fact in facts]
        needs = facts_in_words(held, phrases, fields=(Field.VOLUME, Field.INTEGRATIONS, Field.TIMELINE))
        reason = phrases.say("email.reason", facts=needs) if needs else phrases.say("email.reason_plain")
        key = "human.ask_email" if situation.has(Act.WANTS_HUMAN) else "email.ask"
        return self._brief(
            situation,
            moves or [self._move("email.lead_in")],
            awaiting=EMAIL_QUESTION,
            email_prompt=self._move(key, reason=reason),
            buttons=self._labels(situation, "not_now"),
            step="step.ask_email",
        )

    # --- questions and the frame around every brief

    def _next_question(self, situation: Situation) -> Question | None:
        if situation.view.session.visitor_type in NOT_BUYERS or situation.has(Act.WANTS_HUMAN):
            return None
        return self._questions.next_question(situation.view, situation.known)

    def _brief(
        self,
        situation: Situation,
        moves: list[Move],
        *,
        question: Question | None = None,
        awaiting: str = "",
        email_prompt: Move | None = None,
        buttons: tuple[str, ...] = (),
        step: str = "step.lead",
    ) -> Brief:
        view = situation.view
        if question is not None:
            moves = [*moves, Move(text=question.text)]
            awaiting, step = question.id, "step.question"
        return Brief(
            mode=situation.mode,
            language=view.session.language,
            session=view.session,
            understanding=view.understanding,
            known=situation.known,
            persona=view.persona,
            persona_id=view.session.guess.chosen,
            moves=tuple(moves),
            email_prompt=email_prompt,
            findings=situation.research.findings,
            unanswered=situation.research.unanswered,
            question=question,
            awaiting=awaiting,
            buttons=buttons or self._buttons(situation, question),
            next_steps=step,
            profile_context=situation.profile_context,
            recent=situation.recent,
            heard="\n".join(message.text for message in spoken(view.messages)),
        )

    def _buttons(self, situation: Situation, question: Question | None) -> tuple[str, ...]:
        if question is not None:
            return _fitting(question.options)
        if situation.view.session.visitor_type in NOT_BUYERS or situation.has(Act.LEAVES):
            return ()
        if situation.mode is Mode.SALES:
            labels = self._labels(situation, "demo", "trial", "pricing")
        else:
            labels = situation.view.persona.quick_replies if situation.view.persona else ()
        session = situation.view.session
        said, offered = session.said.casefold(), session.used_phrases
        fresh = (one for one in labels if one.casefold() not in said and offered.count(button_tag(one)) < OFFERS)
        return _fitting(tuple(fresh))

    def _labels(self, situation: Situation, *keys: str) -> tuple[str, ...]:
        phrases = self._phrases(situation.view.session.language)
        return _fitting(tuple(phrases.say(f"button.{key}") for key in keys))

    def _move(self, phrase: str, *, optional: bool = False, **slots: str) -> Move:
        return Move(phrase=phrase, slots={**self._house, **slots}, optional=optional)


def button_tag(label: str) -> str:
    """How a session notes that a quick reply was offered."""
    return f"button#{label}"


def _fitting(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label for label in labels if 0 < len(label) <= MAX_BUTTON_LENGTH)[:MAX_BUTTONS]


def _quote(finding: Finding, sentences: int) -> Move:
    """The best sentences of a finding that fit, verbatim, with where they stand."""
    chosen: list[str] = []
    words = 0
    for sentence in finding.sentences[:sentences]:
        words += len(sentence.split())
        if chosen and words > ANSWER_WORDS:
            break
        chosen.append(sentence)
    text = " ".join(chosen)
    return Move(
        text=text, citation=Citation(url=finding.passage.url, quote=text if text in finding.passage.text else chosen[0])
    )
