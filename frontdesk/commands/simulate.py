"""`frontdesk simulate`: made-up visitors, in any number, to see how pages and exports bear them."""

from __future__ import annotations

import argparse
import json
import sys
from random import Random
from time import monotonic

from config import Desk
from core.directory import Ask
from core.errors import ConfigError
from frontdesk.beside import opened_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import QUALIFICATION, read_desk
from frontdesk.loop import run_async
from frontdesk.progress import Bar
from frontdesk.simulation.filling import fill
from frontdesk.simulation.people import Crowd, World
from profiles.qualification_file import QualificationFile


def run(options: argparse.Namespace) -> int:
    desk = read_desk(options.config)
    seconds = run_async(_fill(desk, options))
    if options.json:
        print(json.dumps({"profiles": options.profiles, "seed": options.seed, "seconds": round(seconds, 1)}))
    else:
        print(f"{options.profiles:,} made-up conversations in {seconds:.0f} s. Their ids begin with `simulated.`")
    return 0


async def _fill(desk: Desk, options: argparse.Namespace) -> float:
    async with opened_beside(desk) as opened:
        if not options.among_others and (await opened.store.directory.find(Ask(count=1))).rows:
            raise ConfigError(
                "this store holds conversations already, and made-up ones among them would spoil every figure: "
                "take a copy of the folder with a `store.url` of its own, or add --among-others"
            )
        began = monotonic()
        bar = Bar(sys.stderr, options.profiles, silent=options.json)
        crowd = Crowd(_world(desk), Random(options.seed), str(options.seed))
        shards = desk.settings.store.shards
        await fill(opened.store, crowd, options.profiles, shards=shards, told=bar.tell)
        bar.close()
        return monotonic() - began


def _world(desk: Desk) -> World:
    questions = desk.file_of(QUALIFICATION, QualificationFile)
    return World(
        personas=tuple((one.id, one.name) for one in desk.personas),
        channels=tuple(desk.channels) or ("web",),
        questions=tuple(one.id for one in questions.questions) if questions else (),
        site=str(desk.settings.company.site),
        now=SystemClock().now(),
    )
