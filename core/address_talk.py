"""The talk about the visitor's e-mail address: asking for it, spelling it right, and what follows once it is there."""

from __future__ import annotations

from collections.abc import Iterator

from core.asking import WHO_THEY_ARE, AskTiming, may_ask_email, may_ask_for_person
from core.brief import Brief, Move
from core.fact import Field
from core.frame import UNWELCOME, Frame
from core.ledger import text_of
from core.moves import quote
from core.receiving import EMAIL_CONFIRMATION, EMAIL_QUESTION, MAX_ADDRESS_CORRECTIONS
from core.response import Response
from core.situation import Situation
from core.understanding import Act, EmailVerdict
from core.wording import FACTS_NAMED, facts_in_words

ADDRESS = 60
"""Characters of an unreadable address that are said back."""

RECAPPED = (Field.INTEGRATIONS, Field.VOLUME, Field.TECH_STACK, Field.TEAM_SIZE, Field.TIMELINE, Field.BUDGET)
PLANNED_FOR = (Field.VOLUME, Field.INTEGRATIONS)


class AddressTalk:
    """Everything a plan says about the address. Holds data only."""

    def __init__(self, frame: Frame, response: Response, timing: AskTiming) -> None:
        self._frame = frame
        self._response = response
        self._timing = timing

    def about_address(self, situation: Situation) -> Brief | None:
        """The reply when the burst held an address, usable or not, or a "no" to our spelling of it."""
        reading, state = situation.view.understanding.email, situation.view.session.email
        if reading is None:
            denied = situation.pending == EMAIL_CONFIRMATION and situation.has(Act.DENIES)
            refused = situation.has(Act.REFUSES_EMAIL, Act.LEAVES)
            return self._ask_spelling(situation, self._frame.move("email.again")) if denied and not refused else None
        if reading.verdict is EmailVerdict.VALID:
            return self._welcome_to_sales(situation) if situation.entered_sales else None
        if state.corrections > MAX_ADDRESS_CORRECTIONS:
            moves = [*self._response.answer(situation), self._frame.move("email.kept_as_is")]
            return self._frame.brief(situation, moves, question=self._frame.next_question(situation))
        if reading.verdict is EmailVerdict.MISTYPED:
            moves = [
                *self._response.answer(situation),
                self._frame.move("email.confirm", suggestion=reading.suggestion),
            ]
            buttons = self._frame.labels(situation, "yes", "no")
            return self._frame.brief(situation, moves, awaiting=EMAIL_CONFIRMATION, buttons=buttons)
        address = (reading.address or reading.quote)[:ADDRESS]
        return self._ask_spelling(situation, self._frame.move("email.invalid", address=address))

    def _ask_spelling(self, situation: Situation, move: Move) -> Brief:
        moves = [*self._response.answer(situation), move]
        return self._frame.brief(
            situation, moves, awaiting=EMAIL_QUESTION, buttons=self._frame.labels(situation, "not_now")
        )

    def _welcome_to_sales(self, situation: Situation) -> Brief:
        moves = [self._frame.move("email.received", address=text_of(situation.known, Field.EMAIL))]
        if situation.view.session.human_asked:
            moves.append(self._frame.move("human.passed_on"))
        moves += self._response.answer(situation) if situation.view.understanding.questions else self._recap(situation)
        if not situation.is_buyer:
            return self._frame.brief(situation, moves, step="")
        if not situation.view.session.human_asked:
            moves.append(self._frame.move("sales.propose"))
        buttons = self._frame.labels(situation, "demo", "trial", "pricing")
        return self._frame.brief(situation, moves, step="step.sales", buttons=buttons)

    def _recap(self, situation: Situation) -> Iterator[Move]:
        phrases = self._frame.phrases(situation.view.session.language)
        held = [fact for facts in situation.known.values() for fact in facts]
        needs = facts_in_words(held, phrases, fields=RECAPPED, most=FACTS_NAMED)
        if needs and situation.is_buyer:
            yield self._frame.move("sales.recap", needs=needs)
        yield from (quote(finding, 1) for finding in situation.research.findings[:1])

    def due(self, situation: Situation) -> bool:
        """Whether this is the reply to ask for the address in."""
        if situation.has(*UNWELCOME - {Act.COMPLAINS}) or situation.declines_email:
            return False
        session = situation.view.session
        if situation.has(Act.WANTS_HUMAN):
            return may_ask_for_person(session, situation.known)
        gave_something = bool(situation.research.findings or session.used_quotes)
        if situation.has(Act.COMPLAINS) or (situation.apologised and not situation.acts_to_buy):
            return False
        introduced = any(field in situation.before for field in WHO_THEY_ARE)
        engaged = introduced or bool(situation.view.understanding.questions)
        return may_ask_email(
            session, situation.known, gave_something=gave_something, engaged=engaged, timing=self._timing
        )

    def ask(self, situation: Situation, moves: list[Move]) -> Brief:
        """These moves, with the request for the address and what it is for at the end."""
        phrases = self._frame.phrases(situation.view.session.language)
        held = [fact for facts in situation.known.values() for fact in facts]
        needs = facts_in_words(held, phrases, fields=PLANNED_FOR, most=FACTS_NAMED)
        reason = phrases.say("email.reason", facts=needs) if needs else phrases.say("email.reason_plain")
        key = "human.ask_email" if situation.has(Act.WANTS_HUMAN) else "email.ask"
        said = [move for move in moves if move.phrase != "ack.heard"]
        return self._frame.brief(
            situation,
            said or [self._frame.move("email.lead_in")],
            awaiting=EMAIL_QUESTION,
            email_prompt=self._frame.move(key, reason=reason),
            buttons=self._frame.labels(situation, "not_now"),
            step="step.ask_email",
        )
