"""`frontdesk check`: every problem of the admin's files at once, offline."""

from __future__ import annotations

import argparse
import json

from config import Severity, render
from core.errors import ConfigError
from frontdesk.cli import EXIT_CONFIG
from frontdesk.desk import inspect_desk
from knowledge.files import read_passages


def run(options: argparse.Namespace) -> int:
    """Print what is wrong; 78 when anything is, 0 for warnings only."""
    inspection = inspect_desk(options.config)
    knowledge = ""
    if inspection.desk is not None:
        desk = inspection.desk
        try:
            read_passages(desk.locate(desk.settings.knowledge.file), site=str(desk.settings.company.site))
        except ConfigError as error:
            knowledge = str(error)
    failed = inspection.desk is None or bool(knowledge)
    if options.json:
        problems = [problem.to_json() for problem in inspection.problems]
        if knowledge:
            problems.append({"file": "knowledge", "severity": "error", "message": knowledge})
        print(json.dumps({"ok": not failed, "problems": problems}, ensure_ascii=False, indent=2))
    else:
        report = "\n".join(filter(None, (render(inspection.problems), knowledge)))
        errors = sum(problem.severity is Severity.ERROR for problem in inspection.problems) + bool(knowledge)
        print(report or f"{options.config}: all files are in order.")
        if failed:
            print(f"\n{errors} {'error' if errors == 1 else 'errors'}. Nothing was started.")
    return EXIT_CONFIG if failed else 0
