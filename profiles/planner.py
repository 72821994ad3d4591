"""The next best question: worth of the answer minus what one more question costs the visitor's patience."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from core.fact import Field
from core.ledger import Known
from core.persona import Persona
from core.question import Question
from core.session import Session
from core.turn import TurnView
from core.understanding import Act
from profiles.analysis_file import AnalysisFile
from profiles.asked import QuestionSpotter
from profiles.own_questions import OwnQuestions, Understands
from profiles.qualification_file import Option, QualificationFile, QuestionEntry, neutral
from profiles.resources import load
from profiles.standing import is_buyer
from profiles.technologies import TechnologyFile, tools_of, with_own

FRAMEWORK_WORTH = 0.4
"""Added for a field the qualification framework still lacks entirely."""


def _anything(_: str, __: str) -> bool:
    return True


class NextQuestionPlanner:
    """`core.ports.QuestionPlanner` over the question bank of `qualification.yaml`."""

    def __init__(
        self,
        qualification: QualificationFile | None = None,
        *,
        language: str = "",
        understands: Understands = _anything,
        first: Sequence[str] = (),
    ) -> None:
        """`language` is that of the personas' own questions; without it they are not used.

        `first` are ids of questions asked before all others, in this order, as long as they are worth their cost.
        """
        own, shipped = qualification or neutral(), neutral()
        self._entries = own.questions or shipped.questions
        self._by_id = {entry.id: entry for entry in self._entries}
        self._values = {**shipped.values, **own.values}
        self._first = {name: len(first) - place for place, name in enumerate(first)}
        self._annoyance = own.annoyance
        framework = load("analysis.yaml", AnalysisFile).frameworks[own.framework]
        self._tools = tools_of(with_own(load("technologies.yaml", TechnologyFile), own.tools))[0]
        self._spotter: QuestionSpotter | None = None  # made on first use; only a replay needs it
        self._own = OwnQuestions(language, understands)
        self._criteria = [frozenset(criterion.fields) for criterion in framework]

    def next_question(self, view: TurnView, known: Known) -> Question | None:
        """The question most worth asking, in the visitor's language; None when none is worth its cost."""
        said = view.understanding
        if not is_buyer(said.visitor_type) or not is_buyer(view.session.visitor_type) or Act.LEAVES in said.acts:
            return None
        told = {fact.field for fact in said.facts}
        cost = self._cost(view)
        worths = ((self._worth(entry, known, told), entry) for entry in self._open(view.session, known))
        # of equals, the one that stands first in the bank
        best = max(
            (
                (self._first.get(entry.id, 0), worth, -index, entry)
                for index, (worth, entry) in enumerate(worths)
                if worth > cost
            ),
            default=None,
            key=lambda one: one[:3],
        )
        return self._phrased(best[3], view) if best else None

    def question_in(self, text: str) -> str:
        """The id of the question a message of another bot asks, "" when it asks none of ours."""
        if self._spotter is None:
            self._spotter = QuestionSpotter({entry.field: entry.id for entry in reversed(self._entries)})
        return self._spotter.spot(text)

    def question_field(self, question: str) -> str:
        """The field a question id fills, "" for an unknown id."""
        entry = self._by_id.get(question)
        return entry.field.value if entry else ""

    def _open(self, session: Session, known: Known) -> list[QuestionEntry]:
        asked = set(session.asked)
        fields = {entry.field for entry in self._entries if entry.id in asked}
        return [
            entry
            for entry in self._entries
            if entry.field not in known and entry.field not in fields and not self._answered(entry, known)
        ]

    def _answered(self, entry: QuestionEntry, known: Known) -> bool:
        """Whether another field holds the answer already."""
        said = [fact.value for field in entry.answered_by for fact in known.get(field, ())]
        if not entry.tool_kinds:
            return bool(said)
        return any(str(value) in self._tools and self._tools[str(value)].category in entry.tool_kinds for value in said)

    def _worth(self, entry: QuestionEntry, known: Known, told: set[Field]) -> float:
        value = entry.value if entry.value is not None else self._values.get(entry.field, 0.0)
        lacking = any(
            entry.field in criterion and not any(field in known for field in criterion) for criterion in self._criteria
        )
        boost = sum(extra for field, extra in entry.boosts.items() if field in told)
        return value + boost + FRAMEWORK_WORTH * lacking

    def _cost(self, view: TurnView) -> float:
        annoyance = self._annoyance
        doubt = view.understanding.acts & {Act.DOES_NOT_KNOW, Act.COMPLAINS, Act.REFUSES_EMAIL}
        return annoyance.first + annoyance.growth * len(view.session.asked) + annoyance.after_doubt * bool(doubt)

    def _phrased(self, entry: QuestionEntry, view: TurnView) -> Question:
        language = view.understanding.language
        own_question = None if self._bank_knows(entry, view.persona) else self._own.of(entry, view.persona, language)
        if own_question is not None:
            return own_question
        key = _persona_key(entry, view.persona)
        texts = entry.personas.get(key, {})
        variants = texts.get(language) or texts.get("en") or entry.text.get(language) or entry.text["en"]
        # A conversation keeps its variant, another conversation hears another: nothing is left to chance.
        text = variants[crc32(view.session.conversation.encode("utf-8", "replace")) % len(variants)]
        own = any(text in said for said in texts.values())
        in_language = text in (texts if own else entry.text).get(language, ())
        offered = entry.persona_options.get(key, {}) if own else entry.options
        options: tuple[Option, ...] = offered.get(language if in_language else "en", ())
        return Question(id=entry.id, field=entry.field, text=text, options=tuple(option.label for option in options))

    @staticmethod
    def _bank_knows(entry: QuestionEntry, persona: Persona | None) -> bool:
        """Whether the admin has written words for this very persona into the bank."""
        return persona is not None and persona.id in entry.personas


def _persona_key(entry: QuestionEntry, persona: Persona | None) -> str:
    """Under which name the bank has words of its own for a persona, "" where it has none."""
    names = (persona.id, persona.kind) if persona else ()
    return next((name for name in names if name in entry.personas), "")
