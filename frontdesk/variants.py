"""Engines that differ in what experiments vary, and share everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from config import Desk
from config.models.experiments import ExperimentsFile
from core.asking import AskTiming
from core.engine import Engine
from core.plan import Planner
from core.ports import QuestionPlanner, Writer
from core.rooms import House, Rooms
from core.trial import Experiment, Variation
from frontdesk.desk import EXPERIMENTS
from profiles.qualification_file import QualificationFile, QuestionEntry, neutral

Words = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Wordings by question and language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The parts of a desk's engine, and how those that vary are made."""

    rooms: Rooms
    house: House
    engine: Callable[[Rooms, House], Engine]
    planner: Callable[[QuestionPlanner, AskTiming], Planner]
    blind: Planner  # that knows no persona and no profile
    questions: Callable[[QualificationFile | None, Sequence[str]], QuestionPlanner]
    writer: Callable[[str], Writer] | None  # with these instructions; None without a chat model
    bank: QualificationFile | None
    personas: tuple[str, ...]  # ids

    def varied(self, variation: Variation) -> Engine:
        """The desk's engine with a variation."""
        if variation.blind:
            return self.engine(replace(self.rooms, planner=self.blind, suggester=None), self.house)
        bank = reworded(self.bank, variation.questions, self.personas) if variation.questions else self.bank
        planner = self.planner(self.questions(bank, variation.ask_first), variation.asking)
        writer = self.writer(variation.instructions) if self.writer else None
        return self.engine(
            replace(self.rooms, planner=planner, model_writer=writer), replace(self.house, openers=variation.openers)
        )


def reworded(bank: QualificationFile | None, words: Words, personas: Sequence[str]) -> QualificationFile:
    """The bank with other words for some questions, for every persona alike; their quick replies stay."""
    bank = bank or neutral()
    entries = bank.questions or neutral().questions
    return bank.model_copy(
        update={
            "questions": tuple(_reworded(one, words[one.id], personas) if one.id in words else one for one in entries)
        }
    )


def _reworded(entry: QuestionEntry, words: Mapping[str, tuple[str, ...]], personas: Sequence[str]) -> QuestionEntry:
    text = {**entry.text, **words}
    named = dict.fromkeys(personas, text)
    return entry.model_copy(
        update={"text": text, "personas": named, "persona_options": dict.fromkeys(personas, entry.options)}
    )


def experiments_of(desk: Desk) -> tuple[Experiment, ...]:
    """Those of the desk's file, the holdout first; none without a file."""
    file = desk.file_of(EXPERIMENTS, ExperimentsFile)
    return file.to_experiments() if file else ()
