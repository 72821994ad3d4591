"""Deciding what a reply does: which moves, in which order, with at most one question at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.answers import closest, tell
from core.asking import may_ask_email, may_ask_for_person
from core.brief import Brief, Move
from core.fact import Field, Operation, Source
from core.ledger import text_of
from core.message import MessageKind
from core.moves import button_tag, echoed, fitting, quote, quote_within, was_named
from core.passage import with_conflicts
from core.phrases import Phrases
from core.ports import QuestionPlanner
from core.question import Question
from core.receiving import EMAIL_CONFIRMATION, EMAIL_QUESTION, MAX_ADDRESS_CORRECTIONS, spoken, wants_person
from core.reply import MAX_BUTTONS, UNASKED_WORDS, Citation, Mode
from core.situation import Situation
from core.suggestion import Suggestion
from core.understanding import Act, EmailVerdict, VisitorType
from core.wording import facts_in_words

PERSONA_QUESTION = "persona"

GREETING_QUOTE, GREETING_QUOTE_BESIDE_QUESTION = 18, 12
"""Words of the site in a greeting: a message that nobody asked for has at most thirty."""

OFFERS = 2
"""How often the same quick reply is offered in a conversation."""

FACTS_NAMED = 5
"""Facts said back in one reply."""

TITLE, ADDRESS = 60, 60
"""Characters of a page's title and of an unreadable address that are said back."""

RECAPPED = (Field.INTEGRATIONS, Field.VOLUME, Field.TECH_STACK, Field.TEAM_SIZE, Field.TIMELINE, Field.BUDGET)
PLANNED_FOR = (Field.VOLUME, Field.INTEGRATIONS)

TURNED_AWAY = frozenset({VisitorType.JOB_SEEKER, VisitorType.VENDOR, VisitorType.SPAM})
"""To these the door is the whole answer at first: our pages are not about what they want."""

UNWELCOME = frozenset({Act.COMPLAINS, Act.INSTRUCTS_BOT, Act.REFUSES_EMAIL, Act.LEAVES})
"""After these nothing is asked."""


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
        if situation.suggestion is not None:
            return self.unasked(situation, situation.suggestion, f"follow_up.{situation.suggestion.aspect.value}")
        if not spoken(situation.view.messages):
            opened = any(message.kind is MessageKind.OPENED for message in situation.view.messages)
            begun = situation.view.session.messages > 0  # a visitor who writes at once is answered, not greeted after
            return self._open(situation) if opened and not begun else None
        return self._about_address(situation) or self._about_silence(situation) or self._talk(situation)

    def _talk(self, situation: Situation) -> Brief:
        moves = [*self._manners(situation), *self._acknowledgement(situation), *self._answer(situation)]
        if situation.has(Act.LEAVES):
            return self._brief(situation, [*moves, self._move("goodbye")], step="")
        if self._asks_email(situation):
            return self._ask_email(situation, moves)
        closing = list(self._closing(situation, moves))
        question = None if closing and situation.acts_to_buy else self._next_question(situation)
        moves += [] if question else closing
        moves = moves or ([] if question else [self._move("answer.unclear")])
        return self._brief(situation, moves, question=question)

    # --- openings

    def _open(self, situation: Situation) -> Brief:
        session = situation.view.session
        returning = any(message.returning for message in situation.view.messages) or session.introduced
        hello = self._move("greet.again" if returning else "greet.hello")
        question = None if situation.likely else self._audience_question(situation)
        moves = [hello, *self._about_page(situation, GREETING_QUOTE_BESIDE_QUESTION if question else GREETING_QUOTE)]
        buttons = fitting(situation.likely.quick_replies) if situation.likely else ()
        brief = self._brief(situation, moves, question=question, buttons=buttons)
        return replace(brief, fallback=hello)

    def _about_page(self, situation: Situation, words: int) -> Iterator[Move]:
        """A sentence of the site on what the visitor looks at; where none is short enough, the page by its name."""
        page = situation.view.session.page
        sentence = quote_within(situation.research.findings, words)
        if sentence:
            yield sentence
        elif page and page.title and self._house["company"] not in {page.title, page.heading}:
            yield self._move("greet.page", page=(page.heading or page.title)[:TITLE])

    def _audience_question(self, situation: Situation) -> Question | None:
        options = situation.audiences[:MAX_BUTTONS]
        if len(options) < MAX_BUTTONS - 1 or situation.view.session.introduced:
            return None
        text = self._phrases(situation.view.session.language).say("greet.question")
        return Question(id=PERSONA_QUESTION, field=Field.INDUSTRY, text=text, options=options)

    # --- messages that nobody asked for

    def unasked(self, situation: Situation, suggestion: Suggestion, lead_in: str) -> Brief:
        """A lead-in and one sentence of the site. What the last reply has asked stays asked."""
        finding = suggestion.finding
        sentence = Move(text=suggestion.sentence, citation=Citation(url=finding.passage.url, quote=suggestion.sentence))
        brief = self._brief(
            situation, [self._move(lead_in), sentence], awaiting=situation.pending, buttons=suggestion.buttons
        )
        return replace(brief, findings=(finding,), aspect=suggestion.aspect.value)

    def _about_silence(self, situation: Situation) -> Brief | None:
        """The reply to somebody who wants to be left alone, and asks nothing else."""
        if not situation.silenced or situation.view.understanding.questions or situation.has(Act.LEAVES):
            return None
        introduction = () if situation.view.session.introduced else (self._move("introduce"),)
        brief = self._brief(situation, [*introduction, self._move("follow_up.declined")], step="")
        return replace(brief, buttons=())

    def words_left(self, lead_in: str, language: str) -> int:
        """Words that a sentence may have beside the longest wording of a lead-in."""
        wordings = self._phrases(language).variants_of(lead_in)
        return UNASKED_WORDS - max(len(one.format(**self._house).split()) for one in wordings)

    # --- manners: what politeness and honesty ask for before anything else

    def _manners(self, situation: Situation) -> Iterator[Move]:
        view = situation.view
        if not view.session.introduced:
            yield self._move("introduce")
        elif situation.has(Act.GREETS):
            answered = situation.research.findings or situation.view.news
            if view.session.turns == 1 or not answered:
                yield self._move("greet.short" if view.session.turns == 1 else "greet.here", optional=True)
        for act, phrase in (
            (Act.ASKS_IF_ROBOT, "robot"),
            (Act.ASKS_WHAT_HAPPENS_WITH_DATA, "data"),
            (Act.INSTRUCTS_BOT, "rules"),
            (Act.SMALL_TALK, "small_talk"),
            (Act.THANKS, "ack.thanks"),
        ):
            if situation.has(act):
                yield self._move(phrase, optional=act is Act.THANKS)
        if situation.has(Act.COMPLAINS) and not situation.research.findings:  # the best apology is an answer
            yield self._move("ack.complaint")
        if situation.declines_email:
            yield self._move("email.refused")
        if wants_person(situation.view.understanding):
            yield self._move("human.passed_on" if Field.EMAIL in situation.known else "human.noted")
        door = self._door(situation)
        if door:
            yield self._move(door)

    def _door(self, situation: Situation) -> str:
        """Who does not buy hears once where the right door is, and again in other words when we cannot help."""
        if situation.is_buyer:
            return ""
        session = situation.view.session
        phrases, kind = self._phrases(session.language), session.visitor_type.value
        if phrases.unsaid(f"door.{kind}", session.used_phrases):
            return f"door.{kind}"
        lost = not situation.research.findings and not situation.has(Act.THANKS, Act.LEAVES, Act.WANTS_HUMAN)
        return f"door_again.{kind}" if lost and phrases.unsaid(f"door_again.{kind}", session.used_phrases) else ""

    def _acknowledgement(self, situation: Situation) -> Iterator[Move]:
        """That the visitor was heard: one move at most, and none that says less than the answer does."""
        reading = situation.view.understanding.email
        if reading is not None and reading.verdict is EmailVerdict.VALID:
            yield self._move("email.received", address=text_of(situation.known, Field.EMAIL))
            return
        if situation.is_buyer:
            yield from self._about_facts(situation)
        elif not self._door(situation):
            yield from self._about_tone(situation)

    def _about_facts(self, situation: Situation) -> Iterator[Move]:
        phrases = self._phrases(situation.view.session.language)
        stated = [fact for fact in situation.view.news if fact.source is Source.STATED]
        added = [fact for fact in stated if fact.operation in {Operation.SET, Operation.ADD}]
        changed = [fact for fact in added if fact.operation is Operation.SET and fact.field in situation.before]
        corrected = changed if situation.has(Act.CORRECTS) else []
        words = facts_in_words(corrected or added, phrases, most=FACTS_NAMED)
        if corrected and words:
            yield self._move("ack.corrected", facts=words)
        elif words:
            yield self._move("ack.facts", facts=words, optional=True)
        elif len(added) < len(stated):
            yield self._move("ack.dropped")
        elif any(fact.field is Field.OBJECTIONS for fact in added):
            yield self._move("ack.objection", optional=True)
        else:
            yield from self._about_tone(situation)

    def _about_tone(self, situation: Situation) -> Iterator[Move]:
        if situation.has(Act.THANKS, Act.LEAVES, Act.COMPLAINS, Act.WANTS_HUMAN) or situation.declines_email:
            return
        asked = situation.view.understanding.questions
        if situation.has(Act.DOES_NOT_KNOW):
            yield self._move("ack.unsure")
        elif situation.has(Act.PRAISES) and not situation.has(Act.SMALL_TALK):
            yield self._move("ack.praise", optional=True)
        elif situation.has(Act.AFFIRMS) and not asked:
            yield self._move("ack.affirm", optional=True)
        elif situation.has(Act.DENIES) and not asked:
            yield self._move("ack.deny", optional=True)
        elif not situation.view.understanding.acts and not situation.research.findings:
            yield self._move("ack.heard", optional=True)

    def _answer(self, situation: Situation) -> Iterator[Move]:
        research, understanding = situation.research, situation.view.understanding
        kind, door = situation.view.session.visitor_type, self._door(situation)
        if kind in TURNED_AWAY and door.startswith("door."):
            return
        each = 2 if len(research.findings) == 1 else 1
        phrases = self._phrases(situation.view.session.language)
        for finding in research.findings:
            yield from tell(finding, each, phrases)
        alone = len(understanding.questions) == 1 and not research.findings
        next_step = situation.acts_to_buy and understanding.email is None
        ends_with_it = alone and next_step  # no page tells what to do next, the end of the reply does
        referred = door and kind in {*TURNED_AWAY, VisitorType.CUSTOMER}
        if research.near and not (ends_with_it or referred):
            yield from closest(research.near, phrases)
        elif research.unanswered and not ends_with_it and not referred:
            yield self._unknown(situation, alone=alone)
        if research.repeated and not research.findings:
            yield self._move("answer.nothing_new")
        if research.left:
            yield self._move("answer.rest")

    def _unknown(self, situation: Situation, *, alone: bool) -> Move:
        phrases = self._phrases(situation.view.session.language)
        if alone:
            return self._move("answer.unknown_one")
        return self._move("answer.unknown", questions=echoed(situation.research.unanswered, phrases))

    def _closing(self, situation: Situation, moves: list[Move]) -> Iterator[Move]:
        """What ends a reply that asks nothing: the next step, said in as many ways as there are and no oftener."""
        only_acknowledged = all(move.phrase.startswith("ack.") for move in moves)
        if not situation.is_buyer or situation.only_thanks or situation.research.unanswered or situation.declines_email:
            return
        if situation.has(Act.WANTS_HUMAN, Act.DOES_NOT_KNOW, *UNWELCOME):
            return
        if situation.mode is Mode.SALES:
            phrase = "sales.noted" if situation.acts_to_buy else "sales.next"
        elif situation.acts_to_buy:
            phrase = "email.how"
        else:
            phrase = "lead.next"
        session = situation.view.session
        said_enough = phrase == "lead.next" and not only_acknowledged
        if not said_enough and self._phrases(session.language).unsaid(phrase, session.used_phrases):
            yield self._move(phrase)

    # --- the e-mail

    def _about_address(self, situation: Situation) -> Brief | None:
        """The reply when the burst held an address, usable or not, or a "no" to our spelling of it."""
        reading, state = situation.view.understanding.email, situation.view.session.email
        if reading is None:
            denied = situation.pending == EMAIL_CONFIRMATION and situation.has(Act.DENIES)
            refused = situation.has(Act.REFUSES_EMAIL, Act.LEAVES)
            return self._ask_spelling(situation, self._move("email.again")) if denied and not refused else None
        if reading.verdict is EmailVerdict.VALID:
            return self._welcome_to_sales(situation) if situation.entered_sales else None
        if state.corrections > MAX_ADDRESS_CORRECTIONS:
            moves = [*self._answer(situation), self._move("email.kept_as_is")]
            return self._brief(situation, moves, question=self._next_question(situation))
        if reading.verdict is EmailVerdict.MISTYPED:
            moves = [*self._answer(situation), self._move("email.confirm", suggestion=reading.suggestion)]
            buttons = self._labels(situation, "yes", "no")
            return self._brief(situation, moves, awaiting=EMAIL_CONFIRMATION, buttons=buttons)
        address = (reading.address or reading.quote)[:ADDRESS]
        return self._ask_spelling(situation, self._move("email.invalid", address=address))

    def _ask_spelling(self, situation: Situation, move: Move) -> Brief:
        moves = [*self._answer(situation), move]
        return self._brief(situation, moves, awaiting=EMAIL_QUESTION, buttons=self._labels(situation, "not_now"))

    def _welcome_to_sales(self, situation: Situation) -> Brief:
        moves = [self._move("email.received", address=text_of(situation.known, Field.EMAIL))]
        if situation.view.session.human_asked:
            moves.append(self._move("human.passed_on"))
        moves += self._answer(situation) if situation.view.understanding.questions else self._recap(situation)
        if not situation.is_buyer:
            return self._brief(situation, moves, step="")
        if not situation.view.session.human_asked:
            moves.append(self._move("sales.propose"))
        buttons = self._labels(situation, "demo", "trial", "pricing")
        return self._brief(situation, moves, step="step.sales", buttons=buttons)

    def _recap(self, situation: Situation) -> Iterator[Move]:
        phrases = self._phrases(situation.view.session.language)
        held = [fact for facts in situation.known.values() for fact in facts]
        needs = facts_in_words(held, phrases, fields=RECAPPED, most=FACTS_NAMED)
        if needs and situation.is_buyer:
            yield self._move("sales.recap", needs=needs)
        yield from (quote(finding, 1) for finding in situation.research.findings[:1])

    def _asks_email(self, situation: Situation) -> bool:
        if situation.has(*UNWELCOME - {Act.COMPLAINS}) or situation.declines_email:
            return False
        session = situation.view.session
        if situation.has(Act.WANTS_HUMAN):
            return may_ask_for_person(session, situation.known)
        gave_something = bool(situation.research.findings or session.used_quotes)
        calm = not situation.has(Act.COMPLAINS)
        return calm and may_ask_email(session, situation.known, gave_something=gave_something)

    def _ask_email(self, situation: Situation, moves: list[Move]) -> Brief:
        phrases = self._phrases(situation.view.session.language)
        held = [fact for facts in situation.known.values() for fact in facts]
        needs = facts_in_words(held, phrases, fields=PLANNED_FOR, most=FACTS_NAMED)
        reason = phrases.say("email.reason", facts=needs) if needs else phrases.say("email.reason_plain")
        key = "human.ask_email" if situation.has(Act.WANTS_HUMAN) else "email.ask"
        said = [move for move in moves if move.phrase != "ack.heard"]
        return self._brief(
            situation,
            said or [self._move("email.lead_in")],
            awaiting=EMAIL_QUESTION,
            email_prompt=self._move(key, reason=reason),
            buttons=self._labels(situation, "not_now"),
            step="step.ask_email",
        )

    # --- questions and the frame around every brief

    def _next_question(self, situation: Situation) -> Question | None:
        """What the question planner asks next, but for what the visitor has named without being understood."""
        if not situation.is_buyer or situation.declines_email or situation.was_angry or situation.only_thanks:
            return None
        if situation.has(Act.WANTS_HUMAN, *UNWELCOME):
            return None
        view = situation.view
        question = self._questions.next_question(view, situation.known)
        while question is not None and was_named(question, view.session.said) and question.id not in view.session.asked:
            view = replace(view, session=replace(view.session, asked=(*view.session.asked, question.id)))
            question = self._questions.next_question(view, situation.known)
        return question

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
        view, told = situation.view, with_conflicts(situation.research.told)
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
            findings=told,
            unanswered=situation.research.unanswered,
            several=situation.research.several or len(told) > len(situation.research.told),
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
            return fitting(question.options)
        if not situation.is_buyer or situation.has(Act.LEAVES):
            return ()
        if situation.has(Act.COMPLAINS) and not situation.has(Act.WANTS_HUMAN):
            labels = self._labels(situation, "human")
        elif situation.mode is Mode.SALES:
            labels = self._labels(situation, "demo", "trial", "pricing")
        else:
            labels = situation.view.persona.quick_replies if situation.view.persona else ()
        session = situation.view.session
        said, offered = session.said.casefold(), session.used_phrases
        fresh = (one for one in labels if one.casefold() not in said and offered.count(button_tag(one)) < OFFERS)
        return fitting(fresh)

    def _labels(self, situation: Situation, *keys: str) -> tuple[str, ...]:
        phrases = self._phrases(situation.view.session.language)
        return fitting(phrases.say(f"button.{key}") for key in keys)

    def _move(self, phrase: str, *, optional: bool = False, **slots: str) -> Move:
        return Move(phrase=phrase, slots={**self._house, **slots}, optional=optional)
