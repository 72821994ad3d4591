"""`frontdesk directory`: the lists and figures of the dashboard made anew from the conversations, or checked."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from config import Desk
from core.relisting import Difference, differences, relist
from frontdesk.beside import opened_beside
from frontdesk.desk import QUALIFICATION, read_desk
from frontdesk.loop import run_async
from frontdesk.outcomes import OUTCOMES, read_outcomes
from frontdesk.progress import Bar
from profiles.analyst import ProfileAnalyst
from profiles.qualification_file import QualificationFile

_SHOWN = 20


def run(options: argparse.Namespace) -> int:
    """The exit code is 1 where figures are not what the conversations sum up to."""
    desk = read_desk(options.config)
    listed = run_async(_rebuild(desk, silent=options.json)) if options.what == "rebuild" else None
    wrong = run_async(_check(desk))
    if options.json:
        print(json.dumps({"listed": listed, "differences": [asdict(one) for one in wrong]}, indent=1))
    else:
        _say(listed, wrong)
    return 1 if wrong else 0


async def _rebuild(desk: Desk, *, silent: bool) -> int:
    analyst = ProfileAnalyst(
        desk.file_of(QUALIFICATION, QualificationFile), outcomes=read_outcomes(desk.locate(OUTCOMES))
    )
    async with opened_beside(desk) as opened:
        bar = Bar(sys.stderr, silent=silent)
        listed = await relist(opened.store, opened.conversations(), analyst, bar.tell)
        bar.close()
        return listed


async def _check(desk: Desk) -> tuple[Difference, ...]:
    async with opened_beside(desk) as opened:
        return await differences(opened.store.directory)


def _say(listed: int | None, wrong: tuple[Difference, ...]) -> None:
    if listed is not None:
        print(f"{listed:,} conversations are listed anew.")
    if not wrong:
        print("Every figure is what the conversations sum up to.")
        return
    for one in wrong[:_SHOWN]:
        print(f"{one.period} {one.name}: {one.held} is held, {one.summed} are there")
    print(
        f"{len(wrong)} figures are not what the conversations sum up to. A turn that was answered just now may be the "
        "reason: look again, and if they stay, run `frontdesk directory rebuild`."
    )
