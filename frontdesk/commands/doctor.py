"""`frontdesk doctor`: what `check` cannot see offline, asked of everything a desk leans on."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config import Problem, Severity, render
from core.health import Level
from frontdesk.cli import EXIT_CONFIG, EXIT_DEPENDENCY
from frontdesk.commands.check import examine_files
from frontdesk.doctor.examination import Finding, examine
from frontdesk.loop import run_async


def run(options: argparse.Namespace) -> int:
    """Print what was found: 0, 69 when something does not answer or is refused, 78 when a file is wrong.

    With `--json` one object: `{"ok": bool, "problems": [...], "findings": [{"part", "level", "what", "nextStep"}]}`.
    `problems` are those of `check --json`. `level` is ok, warning or error; `nextStep` is "" where nothing is to be
    done; `part` is a place in the files, `store`, `hub`, `clock`, or `channels/NAME`. Files that cannot be read leave
    `findings` empty; a channel whose file is wrong has none. `ok` is true with the exit code 0.
    """
    inspection, problems = examine_files(options.config)
    findings = run_async(examine(inspection.desk)) if inspection.desk else ()
    code = _code(problems, findings)
    if options.json:
        report = {
            "ok": code == 0,
            "problems": [problem.to_json() for problem in problems],
            "findings": [_as_json(finding) for finding in findings],
        }
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(problems, findings)))
    return code


def _code(problems: Sequence[Problem], findings: Sequence[Finding]) -> int:
    if any(problem.severity is Severity.ERROR for problem in problems):
        return EXIT_CONFIG
    return EXIT_DEPENDENCY if any(one.diagnosis.level is Level.ERROR for one in findings) else 0


def _as_json(finding: Finding) -> Mapping[str, Any]:
    one = finding.diagnosis
    return {"part": finding.part, "level": one.level.value, "what": one.what, "nextStep": one.next_step}


def _lines(problems: Sequence[Problem], findings: Sequence[Finding]) -> Iterator[str]:
    if problems:
        yield render(problems) + "\n"
    wide = max((len(finding.part) for finding in findings), default=0)
    for finding in findings:
        one = finding.diagnosis
        yield f"{one.level.value:<8} {finding.part:<{wide}}  {one.what}"
        if one.next_step:
            yield f"{'':<8} {'':<{wide}}  next: {one.next_step}"
    yield f"\n{_summary(findings)}" if findings else "The files are wrong, so nothing was asked."


def _summary(findings: Sequence[Finding]) -> str:
    counts = [(level, sum(one.diagnosis.level is level for one in findings)) for level in (Level.ERROR, Level.WARNING)]
    told = [f"{count} {level.value}{'s' if count > 1 else ''}" for level, count in counts if count]
    return f"{' and '.join(told)}." if told else "Everything answers."
