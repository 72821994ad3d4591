"""`frontdesk erase` and `frontdesk export`: everything of a person, and nothing of anybody else."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import stat
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.erasing import erase as take_out
from core.erasing import trace_of_address
from core.fact import Field
from core.ids import ConversationId, MessageId, PersonId, VisitorId, lead_of
from core.people import proved_link, user_of
from core.session import Session
from core.shards import shard_of
from core.store_ports import Commit, Store
from core.transcript import TranscriptEntry
from core.turn import DeliverLead, RecordFacts, Timer
from frontdesk.cli import main
from frontdesk.desk import read_desk
from store.open import open_store
from tests.contracts.builders import LONG, NOW, lead, message
from tests.core.pieces import fact

DESK = Path(__file__).parents[2] / "examples" / "desk"
CANARIES = int(os.environ.get("FRONTDESK_CANARIES", "25"))
"""People who are erased; `FRONTDESK_CANARIES=1000` is the figure in docs/privacy.md."""


NEIGHBOURS = range(50_000, 50_100)
"""People who stay: their entries lie in the same streams."""


def canary(number: int) -> str:
    return f"canary{number:05d}"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))


def within(desk: Path, work: Callable[[Store], Awaitable[None]]) -> None:
    async def run() -> None:
        settings = read_desk(desk).settings
        opened = await open_store(
            settings.store.url.reveal(), tenant=settings.tenant, shards=settings.store.shards, data_dir=desk
        )
        try:
            await work(opened.store)
        finally:
            await opened.close()

    asyncio.run(run())


async def talk(store: Store, word: str, shards: int = 64) -> None:
    """A conversation in which every place that can hold a visitor's words holds `word`."""
    conversation, visitor = ConversationId(f"web.{word[-5:]}"), VisitorId(f"v.{word[-5:]}")
    shard = shard_of(conversation, shards)
    grant = await store.ownership.acquire(shard, "w1", ttl=LONG)
    assert grant is not None
    first = replace(message(conversation, "m1", f"I am {word}"), visitor=visitor)
    entry = await store.inbox.accept(first, worker="w1")
    facts = (
        replace(fact(Field.EMAIL, f"{word}@example.com", at=NOW), quote=f"{word}@example.com"),
        replace(fact(Field.COMPANY, word, at=NOW), quote=word),
    )
    session = Session(
        conversation=conversation, visitor=visitor, channel="web", started_at=NOW, said=word, first_message=word
    )
    reply = TranscriptEntry(seq=0, author="bot", at=NOW, text=f"Good day, {word}")
    commit = Commit(
        session=session,
        facts=facts,
        lines=(reply,),
        outbox=(RecordFacts(person=PersonId(visitor), facts=facts), DeliverLead(lead=lead_of(conversation))),
        timers=(Timer(name="later", at=NOW + 600.0),),
        lead=replace(lead(conversation), visitor=visitor, email=f"{word}@example.com", name=word),
        acknowledged=(entry.seq,),
    )
    await store.conversations.commit(shard, "w1", grant.epoch, commit)
    await store.ledger.append(PersonId(visitor), facts)
    await store.inbox.accept(replace(first, id=MessageId("m2"), text=f"still {word}"), worker="w1")
    await store.people.link(replace(proved_link(visitor, user_of("t", word), at=NOW), by=word))
    await store.ownership.release(shard, "w1", grant.epoch)


def write_plainly(desk: Path) -> None:
    """Have the files written without compression, so that a search in them sees everything."""

    async def run() -> None:
        settings = read_desk(desk).settings
        url, shards = settings.store.url.reveal(), settings.store.shards
        opened = await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk)
        try:
            for _, client in opened._lanes.primaries():
                async with client:
                    await client.config_set("rdbcompression", "no")
            await opened.compact()
        finally:
            await opened.close()

    asyncio.run(run())


def written(desk: Path) -> bytes:
    """Every byte that the store has on disk."""
    return b"".join(path.read_bytes() for path in sorted(desk.rglob("*")) if path.is_file() and path.suffix != ".yaml")


def erase(desk: Path, *more: str) -> int:
    return main(["erase", "-c", str(desk), *more])


def test_that_no_file_holds_a_word_of_those_who_were_erased(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def fill(store: Store) -> None:
        for number in (*range(CANARIES + 1), *NEIGHBOURS):
            await talk(store, canary(number))

    within(desk, fill)
    assert canary(0).encode() in written(desk)
    for number in range(1, min(CANARIES, 6)):
        assert erase(desk, "--email", f"{canary(number)}@example.com", "--yes") == 0
    rest = [number for number in range(1, CANARIES + 1) if number >= min(CANARIES, 6)]

    async def erase_rest(store: Store) -> None:
        for number in rest:
            trace = await trace_of_address(store, f"{canary(number)}@example.com")
            assert len(trace.conversations) == 1
            await take_out(store, trace, at=NOW + 60.0)

    within(desk, erase_rest)
    assert erase(desk, "--person", "v.00001", "--yes") == 0  # nothing is left of them, and the files are written anew
    before = written(desk)
    write_plainly(desk)
    held = before + written(desk)
    hits = [number for number in range(1, CANARIES + 1) if canary(number).encode() in held]
    assert hits == []
    assert all(canary(number).encode() in held for number in (0, *NEIGHBOURS))  # somebody else's words are still there
    assert "canary" not in capsys.readouterr().out


def test_that_a_dry_run_takes_out_nothing(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within(desk, lambda store: talk(store, canary(7)))
    assert erase(desk, "--person", "v.00007", "--dry-run", "--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["conversations"] == ["web.00007"]
    assert told["erased"] is None
    assert erase(desk, "--conversation", "web.00007", "--json", "--yes") == 0
    erased = json.loads(capsys.readouterr().out)["erased"]
    assert (erased["conversations"], erased["lines"], erased["leads"], erased["ledger"]) == (1, 3, 1, 2)


def test_that_nobody_is_erased_without_a_yes(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within(desk, lambda store: talk(store, canary(7)))
    assert erase(desk, "--person", "v.00007") == 78
    assert "--yes" in capsys.readouterr().err


def test_that_an_export_holds_everything_and_is_for_its_owner(desk: Path, tmp_path: Path) -> None:
    async def fill(store: Store) -> None:
        await talk(store, canary(7))
        await talk(store, canary(8))

    within(desk, fill)
    out = tmp_path / "person.json"
    assert main(["export", "-c", str(desk), "--email", f"{canary(7)}@example.com", "--out", str(out)]) == 0
    found = json.loads(out.read_text("utf-8"))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert found["shape"] == "frontdesk.person/1"
    (conversation,) = found["conversations"]
    assert [line["text"] for line in conversation["lines"]] == [
        f"I am {canary(7)}",
        f"Good day, {canary(7)}",
        f"still {canary(7)}",
    ]
    assert conversation["lead"]["email"] == f"{canary(7)}@example.com"
    assert {one["field"]: one["quote"] for one in conversation["facts"]}["company"] == canary(7)
    assert len(found["facts"]["v.00007"]) == 2
    assert canary(8) not in out.read_text("utf-8")


def test_that_an_export_replaces_no_file_and_of_nobody_is_refused(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "person.json"
    assert main(["export", "-c", str(desk), "--person", "v.nobody", "--out", str(out)]) == 78
    assert not out.exists()
    within(desk, lambda store: talk(store, canary(7)))
    out.write_text("mine")
    assert main(["export", "-c", str(desk), "--person", "v.00007", "--out", str(out)]) == 78
    assert out.read_text() == "mine"
    assert "another file" in capsys.readouterr().err
