"""SIGTERM under load: `frontdesk serve` ends within 20 seconds with code 0, and the next process answers the rest.

The real command, the real embedded store, browsers over WebSocket, about 100 messages a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from frontdesk.demo import slack_faults as stand_in
from tests.faults.desks import EXAMPLE, TOKEN, TOKEN_VARIABLE, write_desk
from tests.faults.figures import Figures
from tests.faults.invariants import (
    Observer,
    facts_recorded_once,
    nothing_lost_or_doubled,
    one_card,
    visitor_sees_everything,
)
from tests.faults.visitor import Visitor
from tests.faults.workshop import slack_stand_in, visiting

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

SEED = 99
VISITORS = 50
A_SECOND = 100.0
LOAD_SECONDS = 3.0
MAY_TAKE = 20.0
SERVES = re.compile(rb" at (http://\S+)$")
LEADS = 5
"""So many of the visitors leave an address: Slack takes one message a second."""


def texts_of(number: int) -> list[str]:
    return [
        "Hello, we run a chain of bicycle shops.",
        "About 300 mails a day, and an API integration would be good.",
        "Please send us a quote: lou@velowerk.example" if number < LEADS else "What does it cost?",
        "Is there an audit log?",
        "We want to start next month.",
        "And how long does the set-up take?",
    ]


class Serving:
    """One run of the command after another, over one folder."""

    def __init__(self, desk: Path, log: Path) -> None:
        self._desk = desk
        self._log = log
        self.address = "http://127.0.0.1:9"

    def door(self) -> str:
        return self.address

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Process]:
        with self._log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "frontdesk", "serve", "-c", str(self._desk)),
                stdout=PIPE,
                stderr=log,
                cwd=EXAMPLE.parents[1],
                env={**os.environ, TOKEN_VARIABLE: TOKEN, "PYTHONUNBUFFERED": "1"},
            )
        try:
            assert process.stdout is not None
            async with asyncio.timeout(60):
                while not (found := SERVES.search((await process.stdout.readline()).rstrip())):
                    assert process.returncode is None, self._log.read_text()[-2000:]
            self.address = found[1].decode()
            yield process
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


async def talk(visitor: Visitor, texts: Sequence[str], rng: Random) -> None:
    """One message after another at its share of the load, each acknowledged before the next."""
    loop = asyncio.get_running_loop()
    between = VISITORS / A_SECOND
    due = loop.time() + rng.uniform(0, between)
    for text in texts:
        await asyncio.sleep(max(0.0, due - loop.time()))
        due += between
        seq = await visitor.say(text)
    await visitor.answered(seq)


@pytest.mark.parametrize("slack_is", ["there", "hanging"])
async def test_that_a_hub_told_to_stop_under_load_loses_nothing(
    tmp_path: Path, figures: Figures, slack_is: str
) -> None:
    about = f"seed {SEED}, Slack {slack_is}, log {tmp_path / 'serve.log'}"
    rng = Random(SEED)
    loop = asyncio.get_running_loop()
    async with slack_stand_in() as (slack, address):
        store = tmp_path / "store"
        desk = write_desk(tmp_path / "desk", store=f"redis+embedded://{store}", slack=address)
        serving = Serving(desk, tmp_path / "serve.log")
        async with visiting([serving.door] * VISITORS) as visitors:
            async with serving.process() as first:
                await asyncio.wait_for(asyncio.gather(*(visitor.answered(0) for visitor in visitors)), 30)
                if slack_is == "hanging":
                    slack.order("chat.postMessage", *(stand_in.hanging() for _ in range(LEADS)))
                talks = asyncio.gather(
                    *(talk(one, texts_of(number), Random(rng.random())) for number, one in enumerate(visitors))
                )
                await asyncio.sleep(LOAD_SECONDS * 0.6)
                acknowledged = sum(len(visitor.acknowledged) for visitor in visitors)
                since = loop.time()
                first.send_signal(signal.SIGTERM)
                status = await asyncio.wait_for(first.wait(), MAY_TAKE)
                took = loop.time() - since
            assert status == 0, f"{about}: exit code"
            slack._faults.clear()  # Slack is back
            where = (f"unix://{store / 'valkey.sock'}", "default", 64)
            async with serving.process(), Observer(*where) as outside:
                await outside.settled(talks, visitors, within=60, about=about)
                for number, visitor in enumerate(visitors):
                    seen = await outside.look(visitor.conversation)
                    nothing_lost_or_doubled(seen, texts_of(number), about)
                    await visitor_sees_everything(visitor, seen, about)
                    if number < LEADS:
                        await facts_recorded_once(outside, seen, visitor.visitor, about)
                        await one_card(outside, slack, visitor.conversation, about)
    figures.note(f"SIGTERM under load, Slack {slack_is}", acknowledged_before=acknowledged, seconds_to_exit=took)
