"""`frontdesk check`: every problem of the admin's files at once, offline."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from config import Inspection, Problem, Severity, render
from config.models.offers import OffersFile
from config.wording import did_you_mean
from frontdesk.cli import EXIT_CONFIG
from frontdesk.desk import OFFERS, inspect_desk
from frontdesk.experiment_names import of_the_experiments
from frontdesk.outcomes import OUTCOMES, examine_outcomes
from knowledge.files import PassageErrors, read_passages


def run(options: argparse.Namespace) -> int:
    """Print what is wrong; 78 when anything is, 0 for warnings only."""
    _, problems = examine_files(options.config)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if options.json:
        report = {"ok": not errors, "problems": [problem.to_json() for problem in problems]}
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        print(render(problems) or f"{options.config}: all files are in order.")
        if errors:
            print(f"\n{errors} {'error' if errors == 1 else 'errors'}. Nothing was started.")
    return EXIT_CONFIG if errors else 0


def examine_files(directory: Path) -> tuple[Inspection, tuple[Problem, ...]]:
    """The folder as far as it can be read, and every problem of its files."""
    inspection = inspect_desk(directory)
    of_outcomes = examine_outcomes(directory / OUTCOMES)[1]
    return inspection, (
        *inspection.problems,
        *_of_the_passages(inspection),
        *_of_the_offers(inspection),
        *of_the_experiments(inspection.desk),
        *of_outcomes,
    )


def _of_the_passages(inspection: Inspection) -> Iterator[Problem]:
    if inspection.knowledge is None:
        return
    try:
        read_passages(inspection.knowledge)
    except PassageErrors as error:
        for line, message in error.flaws:
            yield Problem(file=str(error.path), line=line, column=int(line > 0), message=message)


def _of_the_offers(inspection: Inspection) -> Iterator[Problem]:
    """Offers for personas that the folder does not have."""
    offers = inspection.desk.file_of(OFFERS, OffersFile) if inspection.desk else None
    if inspection.desk is None or offers is None:
        return
    known = sorted(persona.id for persona in inspection.desk.personas)
    for place, offer in enumerate(offers.offers):
        for position, persona in enumerate(offer.personas):
            if persona not in known:
                path = ("offers", place, "personas", position)
                message, hint = f"there is no persona '{persona}'", did_you_mean(persona, known)
                yield inspection.desk.sources[OFFERS].problem(path, message, hint, severity=Severity.WARNING)
