"""Deciding what a reply does: which moves, in which order, with at most one question at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.address_talk import AddressTalk
from core.asking import PATIENT, AskTiming
from core.brief import Brief, Move
from core.fact import Field
from core.frame import UNWELCOME, Frame
from core.message import MessageKind
from core.moves import fitting, quote_within
from core.offer import Offer, against_doubts, as_next_step
from core.openers import opener
from core.phrases import Phrases
from core.ports import QuestionPlanner
from core.question import Question
from core.receiving import spoken
from core.reply import MAX_BUTTONS, Citation, Mode
from core.response import Response
from core.situation import Situation
from core.suggestion import Suggestion
from core.understanding import Act
from core.wording import FACTS_NAMED, facts_in_words

PERSONA_QUESTION = "persona"
INVITATION = "proactive.lead_in"

GREETING_QUOTE, GREETING_QUOTE_BESIDE_QUESTION = 18, 12
"""Words of the site in a greeting: a message that nobody asked for has at most thirty."""

TITLE = 60
"""Characters of a page's title that are said back."""


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
        offers: tuple[Offer, ...] = (),
        asking: AskTiming = PATIENT,
    ) -> None:
        house = {"company": company, "assistant": assistant, "notice": notice}
        self._frame = Frame(questions=questions, phrases=phrases, house=house)
        self._response = Response(self._frame)
        self._address = AddressTalk(self._frame, self._response, asking)
        self._offers = offers

    def plan(self, situation: Situation) -> Brief | None:
        """The brief of the reply; None when nothing is to be said (a timer fell due)."""
        if situation.suggestion is not None:
            return self.unasked(situation, situation.suggestion, f"follow_up.{situation.suggestion.aspect.value}")
        if not spoken(situation.view.messages):
            opened = any(message.kind is MessageKind.OPENED for message in situation.view.messages)
            begun = situation.view.session.messages > 0  # a visitor who writes at once is answered, not greeted after
            if situation.continued:
                return self._take_up(situation)
            return self._open(situation) if opened and not begun else None
        return self._address.about_address(situation) or self._about_silence(situation) or self._talk(situation)

    def _talk(self, situation: Situation) -> Brief:
        moves = [
            *self._response.manners(situation),
            *self._response.acknowledgement(situation),
            *self._response.answer(situation),
        ]
        if situation.has(Act.LEAVES):
            return self._frame.brief(situation, [*moves, self._frame.move("goodbye")], step="")
        answering = against_doubts(self._offers, situation)
        moves += [answering] if answering else []
        if self._address.due(situation):
            return self._address.ask(situation, moves)
        step = None if answering else as_next_step(self._offers, situation)
        closing = [step] if step else list(self._closing(situation, moves))
        question = None if closing and situation.acts_to_buy else self._frame.next_question(situation)
        moves += [] if question else closing
        moves = moves or ([] if question else [self._frame.move("answer.unclear")])
        return self._frame.brief(situation, moves, question=question)

    # --- openings

    def _open(self, situation: Situation) -> Brief:
        session = situation.view.session
        returning = any(message.returning for message in situation.view.messages) or session.introduced
        hello = self._frame.move("greet.again" if returning else "greet.hello")
        question = None if situation.likely else self._audience_question(situation)
        words = GREETING_QUOTE_BESIDE_QUESTION if question else GREETING_QUOTE
        line = "" if returning else opener(situation.openers, words=words, messages=situation.view.messages, later=True)
        moves = [hello, *((Move(text=line),) if line else self._about_page(situation, words))]
        buttons = fitting(situation.likely.quick_replies) if situation.likely else ()
        brief = self._frame.brief(situation, moves, question=question, buttons=buttons)
        return replace(brief, fallback=hello)

    def _take_up(self, situation: Situation) -> Brief:
        """To somebody who goes on here: what was told so far, and what was left open."""
        phrases = self._frame.phrases(situation.view.session.language)
        held = (fact for facts in situation.known.values() for fact in facts)
        noted = facts_in_words(held, phrases, most=FACTS_NAMED)
        hello = self._frame.move("greet.continued")
        moves = [hello, *((self._frame.move("greet.noted", facts=noted),) if noted else ())]
        brief = self._frame.brief(situation, moves, question=self._frame.next_question(situation))
        return replace(brief, fallback=hello)

    def _about_page(self, situation: Situation, words: int) -> Iterator[Move]:
        """A sentence of the site on what the visitor looks at; where none is short enough, the page by its name."""
        page = situation.view.session.page
        sentence = quote_within(situation.research.findings, words)
        if sentence:
            yield sentence
        elif page and page.title and self._frame.house["company"] not in {page.title, page.heading}:
            yield self._frame.move("greet.page", page=(page.heading or page.title)[:TITLE])

    def _audience_question(self, situation: Situation) -> Question | None:
        options = situation.audiences[:MAX_BUTTONS]
        if len(options) < MAX_BUTTONS - 1 or situation.view.session.introduced:
            return None
        text = self._frame.phrases(situation.view.session.language).say("greet.question")
        return Question(id=PERSONA_QUESTION, field=Field.INDUSTRY, text=text, options=options)

    # --- messages that nobody asked for

    def invitation(self, situation: Situation, suggestion: Suggestion) -> Brief:
        """To somebody who only reads so far: who speaks, a line for such a reader if one fits, what the site says."""
        left = self.words_left(INVITATION, situation.view.session.language) - len(suggestion.sentence.split())
        line = opener(situation.openers, words=left)
        lead_in = [self._frame.move(INVITATION), *((Move(text=line),) if line else ())]
        return self._suggested(situation, suggestion, lead_in)

    def unasked(self, situation: Situation, suggestion: Suggestion, lead_in: str) -> Brief:
        """A lead-in and one sentence of the site. What the last reply has asked stays asked."""
        return self._suggested(situation, suggestion, [self._frame.move(lead_in)])

    def _suggested(self, situation: Situation, suggestion: Suggestion, lead_in: list[Move]) -> Brief:
        finding = suggestion.finding
        sentence = Move(text=suggestion.sentence, citation=Citation(url=finding.passage.url, quote=suggestion.sentence))
        brief = self._frame.brief(
            situation, [*lead_in, sentence], awaiting=situation.pending, buttons=suggestion.buttons
        )
        return replace(brief, findings=(finding,), aspect=suggestion.aspect.value)

    def _about_silence(self, situation: Situation) -> Brief | None:
        """The reply to somebody who wants to be left alone, and asks nothing else."""
        if not situation.silenced or situation.view.understanding.questions or situation.has(Act.LEAVES):
            return None
        introduction = () if situation.view.session.introduced else (self._frame.move("introduce"),)
        brief = self._frame.brief(situation, [*introduction, self._frame.move("follow_up.declined")], step="")
        return replace(brief, buttons=())

    def words_left(self, lead_in: str, language: str) -> int:
        """Words that a sentence may have beside the longest wording of a lead-in."""
        return self._frame.words_left(lead_in, language)

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
        if not said_enough and self._frame.phrases(session.language).unsaid(phrase, session.used_phrases):
            yield self._frame.move(phrase)
