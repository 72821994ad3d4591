"""The frame of every brief: its phrases with the company's words in them, its buttons, its one question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.brief import Brief, Move
from core.moves import button_tag, fitting, was_named
from core.passage import with_conflicts
from core.phrases import Phrases
from core.ports import QuestionPlanner
from core.question import Question
from core.receiving import spoken
from core.reply import UNASKED_WORDS, Mode
from core.situation import Situation
from core.understanding import Act

OFFERS = 2
"""How often the same quick reply is offered in a conversation."""

UNWELCOME = frozenset({Act.COMPLAINS, Act.INSTRUCTS_BOT, Act.REFUSES_EMAIL, Act.LEAVES})
"""After these nothing is asked."""


class Frame:
    """What the parts of a plan have in common. Holds data only."""

    def __init__(self, *, questions: QuestionPlanner, phrases: Callable[[str], Phrases], house: dict[str, str]) -> None:
        self._questions = questions
        self.phrases = phrases
        self.house = house  # slots that every phrase may use: company, assistant, notice

    def next_question(self, situation: Situation) -> Question | None:
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

    def brief(
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
        """The brief that these moves make; the question comes last, with its own buttons."""
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
            labels = self.labels(situation, "human")
        elif situation.mode is Mode.SALES:
            labels = self.labels(situation, "demo", "trial", "pricing")
        else:
            labels = situation.view.persona.quick_replies if situation.view.persona else ()
        session = situation.view.session
        said, offered = session.said.casefold(), session.used_phrases
        fresh = (one for one in labels if one.casefold() not in said and offered.count(button_tag(one)) < OFFERS)
        return fitting(fresh)

    def labels(self, situation: Situation, *keys: str) -> tuple[str, ...]:
        """Buttons by their phrase keys, those that fit."""
        phrases = self.phrases(situation.view.session.language)
        return fitting(phrases.say(f"button.{key}") for key in keys)

    def move(self, phrase: str, *, optional: bool = False, **slots: str) -> Move:
        """A phrase to say, with the company's words and these in it."""
        return Move(phrase=phrase, slots={**self.house, **slots}, optional=optional)

    def words_left(self, lead_in: str, language: str) -> int:
        """Words that a sentence may have beside the longest wording of a lead-in."""
        wordings = self.phrases(language).variants_of(lead_in)
        return UNASKED_WORDS - max(len(one.format(**self.house).split()) for one in wordings)
