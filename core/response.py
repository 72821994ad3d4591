"""What a reply says before it goes on: its manners, that the visitor was heard, and the answer of the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.answers import closest, closest_to, tell
from core.brief import Move
from core.fact import Field, Operation, Source
from core.frame import Frame
from core.ledger import text_of
from core.moves import echoed, quote
from core.passage import Finding
from core.promise import PROMISED, back_in_words
from core.receiving import talks_anew, wants_person
from core.situation import Situation
from core.understanding import Act, EmailVerdict, VisitorType
from core.wording import FACTS_NAMED, facts_in_words

TURNED_AWAY = frozenset({VisitorType.JOB_SEEKER, VisitorType.VENDOR, VisitorType.SPAM})
"""To these the door is the whole answer at first: our pages are not about what they want."""


class Response:
    """The first part of a reply. Holds data only."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def manners(self, situation: Situation) -> Iterator[Move]:
        """What politeness and honesty ask for before anything else."""
        view = situation.view
        if not view.session.introduced:
            yield self._frame.move("introduce")
        elif situation.has(Act.GREETS):
            answered = situation.research.findings or situation.view.news
            if view.session.turns == 1 or not answered:
                yield self._frame.move("greet.short" if view.session.turns == 1 else "greet.here", optional=True)
        yield from self._answered_by_manners(situation)
        if situation.has(Act.COMPLAINS) and not situation.research.findings:  # the best apology is an answer
            yield self._frame.move("ack.complaint")
        if situation.declines_email:
            yield self._frame.move("email.refused")
        if wants_person(situation.view.understanding):
            yield from self._person_wanted(situation)
        door = self._door(situation)
        if door and not (situation.research.door and door.startswith("door_again.")):
            yield self._frame.move(door)

    def _answered_by_manners(self, situation: Situation) -> Iterator[Move]:
        """What is answered in the same way by whoever works here."""
        for act, phrase in (
            (Act.ASKS_IF_ROBOT, "robot"),
            (Act.ASKS_WHAT_HAPPENS_WITH_DATA, "data"),
            (Act.INSTRUCTS_BOT, "rules"),
            (Act.SMALL_TALK, "small_talk"),
            (Act.THANKS, "ack.thanks"),
        ):
            if situation.has(act):
                yield self._frame.move(phrase, optional=act is Act.THANKS)
        if situation.has(Act.SAYS_KNOWN) and talks_anew(situation.view.session):
            yield self._frame.move("proof.elsewhere")

    def _person_wanted(self, situation: Situation) -> Iterator[Move]:
        """Who comes and when, as far as roster and hours back it; for whom there is nobody, the door is the answer."""
        team, session, view = situation.team, situation.view.session, situation.view
        if team is not None and not team.for_them:
            return
        there = team.availability if team else None
        address = text_of(situation.known, Field.EMAIL)
        if session.promise is not None and session.promise.is_open:
            yield self._frame.move("human.waiting")
        elif there is None or (session.promise is not None and session.promise.bars_another(view.now)):
            yield self._frame.move("human.passed_on" if address else "human.noted")
        elif there.here:
            yield self._frame.move(PROMISED, minutes=str(there.minutes))
        else:
            back = back_in_words(there, view.now, self._frame.phrases(session.language))
            if address:
                yield self._frame.move("human.closed_known", back=back, address=address)
            else:
                yield self._frame.move("human.closed", back=back)

    def _door(self, situation: Situation) -> str:
        """Who does not buy hears once where the right door is, and again in other words when we cannot help."""
        if situation.is_buyer:
            return ""
        session = situation.view.session
        phrases, kind = self._frame.phrases(session.language), session.visitor_type.value
        if phrases.unsaid(f"door.{kind}", session.used_phrases):
            return f"door.{kind}"
        waits = situation.has(Act.WANTS_HUMAN) and (situation.team is None or situation.team.for_them)
        lost = not situation.research.findings and not situation.has(Act.THANKS, Act.LEAVES) and not waits
        return f"door_again.{kind}" if lost and phrases.unsaid(f"door_again.{kind}", session.used_phrases) else ""

    def acknowledgement(self, situation: Situation) -> Iterator[Move]:
        """That the visitor was heard: one move at most, and none that says less than the answer does."""
        reading = situation.view.understanding.email
        if reading is not None and reading.verdict is EmailVerdict.VALID:
            yield self._frame.move("email.received", address=text_of(situation.known, Field.EMAIL))
            return
        if situation.is_buyer:
            yield from self._about_facts(situation)
        elif not self._door(situation):
            yield from self._about_tone(situation)

    def _about_facts(self, situation: Situation) -> Iterator[Move]:
        phrases = self._frame.phrases(situation.view.session.language)
        stated = [fact for fact in situation.view.news if fact.source is Source.STATED]
        added = [fact for fact in stated if fact.operation in {Operation.SET, Operation.ADD}]
        changed = [fact for fact in added if fact.operation is Operation.SET and fact.field in situation.before]
        corrected = changed if situation.has(Act.CORRECTS) else []
        words = facts_in_words(corrected or added, phrases, most=FACTS_NAMED)
        if corrected and words:
            yield self._frame.move("ack.corrected", facts=words)
        elif words:
            yield self._frame.move("ack.facts", facts=words, optional=True)
        elif len(added) < len(stated):
            yield self._frame.move("ack.dropped")
        elif any(fact.field is Field.OBJECTIONS for fact in added):
            yield self._frame.move("ack.objection", optional=True)
        else:
            yield from self._about_tone(situation)

    def _about_tone(self, situation: Situation) -> Iterator[Move]:
        if situation.has(Act.THANKS, Act.LEAVES, Act.COMPLAINS, Act.WANTS_HUMAN) or situation.declines_email:
            return
        asked = situation.view.understanding.questions
        if situation.has(Act.DOES_NOT_KNOW):
            yield self._frame.move("ack.unsure")
        elif situation.has(Act.PRAISES) and not situation.has(Act.SMALL_TALK):
            yield self._frame.move("ack.praise", optional=True)
        elif situation.has(Act.AFFIRMS) and not asked:
            yield self._frame.move("ack.affirm", optional=True)
        elif situation.has(Act.DENIES) and not asked:
            yield self._frame.move("ack.deny", optional=True)
        elif not situation.view.understanding.acts and not situation.research.findings:
            yield self._frame.move("ack.heard", optional=True)

    def answer(self, situation: Situation) -> Iterator[Move]:
        """What the site says to the questions, which of them it does not answer, and what is left for later."""
        research, understanding = situation.research, situation.view.understanding
        kind, door = situation.view.session.visitor_type, self._door(situation)
        if research.door and (door or (understanding.questions and not research.findings)):
            yield quote(research.door, 1)
        if kind in TURNED_AWAY and door.startswith("door."):
            return
        each = _sentences_each(research.findings)
        phrases = self._frame.phrases(situation.view.session.language)
        for finding in research.findings:
            yield from tell(finding, each, phrases)
        alone = len(understanding.questions) == 1 and not research.findings
        next_step = situation.acts_to_buy and understanding.email is None
        ends_with_it = alone and next_step  # no page tells what to do next, the end of the reply does
        referred = door and kind in {*TURNED_AWAY, VisitorType.CUSTOMER}
        if research.unanswered and not (ends_with_it or referred):
            yield from self._open_questions(situation, alone=alone)
        if research.repeated and not research.findings:
            yield self._frame.move("answer.nothing_new")
        if research.left:
            yield self._frame.move("answer.rest")
        if research.next_step and not referred:
            yield self._going_on(situation)

    def _going_on(self, situation: Situation) -> Move:
        """How it goes on after this conversation, as the desk works."""
        if Field.EMAIL in situation.known:
            return self._frame.move("going_on.with_address", address=text_of(situation.known, Field.EMAIL))
        return self._frame.move("going_on.without_address")

    def _open_questions(self, situation: Situation, *, alone: bool) -> Iterator[Move]:
        """That the site does not answer, with the closest that it says."""
        research = situation.research
        phrases = self._frame.phrases(situation.view.session.language)
        at_the_door = research.door.sentences if research.door else ()
        closests = [one if one and one.sentences[0] not in at_the_door else None for one in research.near]
        near = list(filter(None, closests))
        if near and not research.several:
            yield from closest(near, phrases)
            return
        told = dict(zip(research.unanswered, closests, strict=False)) if len(near) == 1 else {}
        if without := [one for one in research.unanswered if not told.get(one)]:
            yield self._unknown(without, situation, alone=alone)
        for question, finding in told.items():
            if finding:
                yield closest_to(question, finding, phrases)

    def _unknown(self, questions: Sequence[str], situation: Situation, *, alone: bool) -> Move:
        phrases = self._frame.phrases(situation.view.session.language)
        if alone:
            return self._frame.move("answer.unknown_one")
        return self._frame.move("answer.unknown", questions=echoed(questions, phrases))


def _sentences_each(findings: Sequence[Finding]) -> int:
    """Sentences told of each finding: three rows of a table, else what leaves room for the others."""
    if findings and findings[0].columns:
        return 3
    return 2 if len(findings) == 1 or (findings and findings[0].together) else 1
