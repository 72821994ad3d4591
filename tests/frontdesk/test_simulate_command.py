"""`frontdesk simulate`: what it writes is what pages, exports and erasing find."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from core.course import Stage
from core.directory import Ask
from core.erasing import erase, trace_of_conversation
from core.errors import DependencyError
from core.ids import ConversationId, Shard
from core.store_ports import Store
from frontdesk.simulation.filling import fill
from frontdesk.simulation.people import Crowd, World
from tests.contracts.stores import SHARDS, embedded_server, embedded_store

__all__ = ["embedded_server", "embedded_store"]

ROOT = Path(__file__).parents[2]
NOW = 1_800_000_000.0
WORLD = World(
    personas=(("clinics", "Clinics"), ("shops", "Shops")),
    channels=("web", "telegram"),
    questions=("volume", "budget", "timeline"),
    site="https://www.example.com",
    now=NOW,
)


def crowd(seed: int = 7) -> Crowd:
    return Crowd(WORLD, Random(seed), str(seed))


async def test_that_what_was_made_is_found_read_counted_and_erased(embedded_store: Store) -> None:
    heard: list[int] = []
    await fill(embedded_store, crowd(), 250, shards=SHARDS, told=heard.append)
    assert heard == [100, 200, 250]
    counts = await embedded_store.directory.counts()
    assert sum(counts["channel"].values()) == 250
    leads = (await embedded_store.directory.find(Ask(filters={"status": "new"}, count=200))).rows
    assert leads
    for row in leads[:5]:
        state = await embedded_store.conversations.load(row.conversation)
        assert state is not None
        assert state.lead is not None
        assert (state.lead.email, state.session.course) == (row.email, row.course)
        assert row.course.at(Stage.HANDED_OFF)
        lines = await embedded_store.transcripts.read(row.conversation, after=0, limit=50)
        assert {fact.quote for fact in state.facts} == {lines[0].text}
    trace = await trace_of_conversation(embedded_store, leads[0].conversation)
    erased = await erase(embedded_store, trace, at=NOW + 1)
    assert (erased.conversations, erased.leads) == (1, 1)
    assert erased.ledger > 0


def test_that_the_same_seed_makes_the_same_people() -> None:
    def made(seed: int) -> list[object]:
        one = crowd(seed)
        return [one.make(number) for number in range(30)]

    assert made(3) == made(3)
    assert made(3) != made(4)


async def test_that_a_store_that_is_served_is_left_alone(embedded_store: Store) -> None:
    assert await embedded_store.ownership.acquire(Shard(3), "a-hub", ttl=60)
    with pytest.raises(DependencyError, match="being served"):
        await fill(embedded_store, crowd(), 10, shards=SHARDS, told=lambda _: None)
    assert (await embedded_store.directory.find(Ask())).rows == ()


def test_that_the_command_fills_an_empty_store_once(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    shutil.copytree(ROOT / "examples" / "desk", desk, ignore=shutil.ignore_patterns(".*"))

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "frontdesk", "simulate", "-c", str(desk), "--profiles", "40", *more]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)

    first = run("--json", "--seed", "5")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["profiles"] == 40
    again = run()
    assert again.returncode == 78
    assert "--among-others" in again.stderr
    assert run("--among-others", "--seed", "6").returncode == 0
    wrong = run("--profiles", "0")
    assert wrong.returncode == 64


async def test_that_nothing_made_up_can_be_taken_for_somebody(embedded_store: Store) -> None:
    await fill(embedded_store, crowd(), 40, shards=SHARDS, told=lambda _: None)
    rows = (await embedded_store.directory.find(Ask(count=200))).rows
    assert {row.conversation for row in rows} == {ConversationId(f"simulated.7.{number}") for number in range(40)}
    assert all(row.email.endswith(".example") for row in rows if row.email)
