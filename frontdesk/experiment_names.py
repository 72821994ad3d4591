"""What `experiments.yaml` names of other files, looked up in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config import Desk, Problem, Severity
from config.models.experiments import ExperimentEntry, ExperimentsFile
from config.tree import KeyPath
from config.wording import did_you_mean
from frontdesk.desk import EXPERIMENTS, QUALIFICATION
from profiles.qualification_file import QualificationFile, neutral


def of_the_experiments(desk: Desk | None) -> Iterator[Problem]:
    """A warning for each channel, persona and question that the folder does not have."""
    file = desk.file_of(EXPERIMENTS, ExperimentsFile) if desk else None
    if desk is None or file is None:
        return
    bank = desk.file_of(QUALIFICATION, QualificationFile) or neutral()
    known: dict[str, Sequence[str]] = {
        "channel": sorted(desk.channels),
        "persona": sorted(one.id for one in desk.personas),
        "question": sorted(one.id for one in bank.questions or neutral().questions),
    }
    for place, experiment in enumerate(file.experiments):
        for kind, path, name in _named(experiment):
            if name not in known[kind]:
                hint = did_you_mean(name, known[kind])
                where = ("experiments", place, *path)
                message = f"there is no {kind} '{name}'"
                yield desk.sources[EXPERIMENTS].problem(where, message, hint, severity=Severity.WARNING)


def _named(experiment: ExperimentEntry) -> Iterator[tuple[str, KeyPath, str]]:
    """Kind, place and name."""
    for place, name in enumerate(experiment.audience.channels):
        yield "channel", ("audience", "channels", place), name
    for place, name in enumerate(experiment.audience.personas):
        yield "persona", ("audience", "personas", place), name
    for number, variant in enumerate(experiment.variants):
        for name in variant.questions:
            yield "question", ("variants", number, "questions", name), name
        for place, name in enumerate(variant.ask_first):
            yield "question", ("variants", number, "ask_first", place), name
