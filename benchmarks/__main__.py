"""`make bench`: Frontdesk's hub beside a bare bot, under the same load, in alternating rounds.

Prints the table and writes everything measured as JSON. The exit code tells about the guards alone: 1 when a reply was
lost, doubled or out of order, else 0, however fast or slow it was.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from benchmarks import acknowledging, detector, extraction, guards, pages, starting
from benchmarks.figures import Round, Trips, Waits, rows_of
from benchmarks.load import Job, Result
from benchmarks.round_trips import relay
from benchmarks.servers import LOAD_CORE, ROOT, SERVER_CORE, System, bare_bot, can_place, hub, valkey
from benchmarks.table import Row, shown

RATE = 300.0
BACKGROUND_SECONDS = 1.5


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """How long the bench takes."""

    rounds: int
    conversations: int
    at_rate: int  # conversations of the part at a given rate
    starts: int
    helps: int
    profiles: int
    acknowledged: float  # seconds of events a platform


FULL = Scale(
    rounds=5,
    conversations=1_000,
    at_rate=300,
    starts=3,
    helps=10,
    profiles=pages.PROFILES,
    acknowledged=acknowledging.SECONDS,
)
QUICK = Scale(
    rounds=2,
    conversations=300,
    at_rate=90,
    starts=1,
    helps=3,
    profiles=pages.QUICK,
    acknowledged=acknowledging.QUICK_SECONDS,
)


class Report(msgspec.Struct, kw_only=True):
    """What is written as JSON."""

    load_before: tuple[float, float, float]
    load_after: tuple[float, float, float]
    pinned: bool
    rows: list[Row]
    rounds: list[Round]
    trips: dict[str, Trips]
    waits: Waits
    wrong: list[str]


async def bench(scale: Scale) -> Report:
    before = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        directory = Path(folder)
        say("start times and sizes")
        waits = await _waits(scale)
        say("round trips")
        trips = await _trips(directory)
        rounds, wrong = await _rounds(directory, scale)
        say("personas by meaning, and pages read")
        more = [*await detector.bench(), *await asyncio.to_thread(extraction.bench)]
        say(f"the dashboard over {scale.profiles:,} profiles")
        more += await pages.bench(scale.profiles)
        say("how soon platforms are told that an event is kept")
        told, unkept = await acknowledging.bench(scale.acknowledged)
        more += told
        wrong += unkept
        say("guards: fragments, repeats, kill -9")
        wrong += await guards.broken(Path(tempfile.mkdtemp(dir=folder)))
    wrong += [fault for one in rounds for fault in one.faults()]
    return Report(
        load_before=before,
        load_after=os.getloadavg(),
        pinned=can_place(SERVER_CORE) and can_place(LOAD_CORE),
        rows=[*rows_of(rounds, trips["bare"], trips["hub"], waits), *more],
        rounds=rounds,
        trips=trips,
        waits=waits,
        wrong=wrong,
    )


async def _rounds(directory: Path, scale: Scale) -> tuple[list[Round], list[str]]:
    """The rounds, and what the systems complained of."""
    rounds = []
    async with (
        valkey(directory / "bare") as bare_store,
        valkey(directory / "hub") as hub_store,
        bare_bot(bare_store) as bare,
        hub(hub_store, directory / "desk") as desk,
    ):
        say("warming up")
        await _round(bare, desk, QUICK, seed=0)
        for number in range(1, scale.rounds + 1):
            say(f"round {number} of {scale.rounds}")
            rounds.append(await _round(bare, desk, scale, seed=number))
        return rounds, [*bare.errors(), *desk.errors()]


async def _round(bare: System, desk: System, scale: Scale, *, seed: int) -> Round:
    crowd, some = scale.conversations, scale.at_rate
    return Round(
        bare=await loaded(bare, "bare", "closed", crowd, seed),
        socket=await loaded(desk, "socket", "closed", crowd, seed),
        stream=await loaded(desk, "stream", "closed", crowd, seed + 1_000),
        bare_at_rate=await loaded(bare, "bare", "open", some, seed + 2_000),
        socket_at_rate=await loaded(desk, "socket", "open", some, seed + 2_000),
    )


async def loaded(
    system: System,
    talking: Literal["bare", "socket", "stream"],
    shape: Literal["closed", "open", "single"],
    conversations: int,
    seed: int,
) -> Result:
    """One run of the load generator, in a process of its own."""
    job = Job(
        system=talking,
        shape=shape,
        address=system.address,
        server=system.process,
        store=system.store.process,
        store_url=system.store.url,
        platform_port=system.platform_port,
        conversations=conversations,
        rate=RATE,
        seed=seed,
        core=LOAD_CORE,
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.load", cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    answer, _ = await process.communicate(msgspec.json.encode(job))
    if process.returncode:
        raise RuntimeError(f"the load generator ended with status {process.returncode}")
    return msgspec.json.decode(answer, type=Result)


async def _trips(directory: Path) -> dict[str, Trips]:
    """Both systems with one visitor alone, their commands to the store counted on the way."""
    counted = {}
    for name in ("bare", "hub"):
        async with valkey(directory / f"trips-{name}") as store:
            path = directory / f"{name}.sock"
            async with relay(store.socket, path) as relayed:
                url = f"unix://{path}"
                start = bare_bot(store, through=url) if name == "bare" else hub(store, directory / "trips", through=url)
                async with start as system:
                    await asyncio.sleep(BACKGROUND_SECONDS)
                    relayed.clear()
                    result = await loaded(system, "bare" if name == "bare" else "socket", "single", 12, 1)
                    counted[name] = relayed.of_turns(result.asked)
    return counted


async def _waits(scale: Scale) -> Waits:
    loader, app = starting.widget_kilobytes()
    await starting.first_answer("demo")  # writes the compiled modules
    return Waits(
        demo=[await starting.first_answer("demo") for _ in range(scale.starts)],
        help=[await starting.help_seconds() for _ in range(scale.helps)],
        loader=loader,
        app=app,
    )


def say(what: str) -> None:
    print(f"... {what}", file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, help="alternating rounds (default: 5)")
    parser.add_argument("--quick", action="store_true", help="a look in under two minutes, not for quoting")
    parser.add_argument("--json", type=Path, default=Path(__file__).parent / "results" / "latest.json", metavar="FILE")
    options = parser.parse_args(arguments)
    if not Path("/proc/self/stat").exists():
        print("The bench reads CPU times from /proc, so it needs Linux.")
        return 0
    scale = QUICK if options.quick else FULL
    if options.rounds:
        scale = msgspec.structs.replace(scale, rounds=options.rounds)
    report = asyncio.run(bench(scale))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    print(shown(report.rows))
    print(f"\nLoad of the machine before and after: {report.load_before[0]:.1f}, {report.load_after[0]:.1f}")
    if not report.pinned:
        print("There were no two cores to keep apart: latencies tell little.")
    for fault in report.wrong:
        print(f"GUARD: {fault}")
    print("Guards: " + ("FAILED" if report.wrong else "nothing lost, nothing doubled, order kept"))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
