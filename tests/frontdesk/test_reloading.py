"""Edited files while the hub answers: good ones count from the next turn on, bad ones change nothing and are named."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from frontdesk.app import Running, running
from frontdesk.commands.serve import watching
from frontdesk.desk import read_desk
from tests.core.hub_parts import eventually

SETTINGS = """\
company: {{name: Fernlight, site: "https://fernlight.example", assistant: {assistant}}}
store: {{url: "redis+embedded://state", shards: 4}}
server: {{host: 127.0.0.1, port: 0}}
conversation: {{burst_quiet_seconds: 0}}
models: {{builtin_embeddings: false}}
"""
PERSONAS = """\
personas:
  - id: {name}
    name: Clinics
    kind: industry
    cues: [clinic, patients]
"""
PRICED = "The Grow plan costs {price} a month."
RELOADS = 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "channels").mkdir()
    (tmp_path / "channels" / "web.yaml").write_text('kind: web\nallowed_origins: ["https://fernlight.example"]\n')
    _price(tmp_path, "$40")
    (tmp_path / "personas.yaml").write_text(PERSONAS.format(name="clinics"))
    _write(tmp_path, "Fern")
    return tmp_path


def _write(folder: Path, assistant: str) -> None:
    (folder / "frontdesk.yaml").write_text(SETTINGS.format(assistant=assistant))


def _price(folder: Path, price: str) -> None:
    text = PRICED.format(price=price)
    page = {"url": "https://fernlight.example/plans/", "title": "Plans", "headings": ["Plans"], "text": text}
    (folder / "knowledge.jsonl").write_text(json.dumps({**page, "hash": sha256(text.encode()).hexdigest()}) + "\n")


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Running]:
    async with running(read_desk(folder)) as hub:
        await eventually(lambda: len(hub.hub.owned) == 4, "the hub has not begun")
        yield hub


async def greeted(hub: Running, talk: str) -> str:
    """What a new visitor is answered."""
    return (await said(hub, talk, "hello", 1))[0]


async def said(hub: Running, talk: str, text: str, answers: int) -> list[str]:
    """The bot's lines of the talk once there are so many."""
    message = InboundMessage(
        id=MessageId(f"{talk}.{text}"),
        channel="web",
        conversation=ConversationId(talk),
        visitor=VisitorId(talk),
        kind=MessageKind.TEXT,
        text=text,
        at=1_800_000_000.0,
    )
    await hub.hub.accept(message)
    lines: list[str] = []

    async def answered() -> bool:
        found = await hub.hub.transcript(ConversationId(talk), after=0, limit=100)
        lines[:] = [line.text for line in found if line.author == "bot"]
        return len(lines) >= answers

    await eventually(answered, f"no answer in {talk}")
    return lines


async def test_that_an_edit_counts_from_the_next_turn_on(folder: Path) -> None:
    async with serving(folder) as hub:
        assert "Fern" in await greeted(hub, "before")
        _write(folder, "Juniper")
        found = await hub.reloader.reload()
        assert found.edits.taken == ("frontdesk.yaml: company.assistant: Fern -> Juniper",)
        assert "Juniper" in await greeted(hub, "after")
        assert (await hub.reloader.reload()).edits.taken == ()


async def test_that_a_mistake_changes_nothing_and_is_named(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with serving(folder) as hub:
        _write(folder, "Juniper")
        (folder / "personas.yaml").write_text("personas:\n  - id: a\n    nmae: Clinics\n")
        found = await hub.reloader.reload()
        assert [problem.line for problem in found.problems] == [2, 3]
        assert "nmae" in caplog.text
        assert "personas.yaml:3" in caplog.text
        assert "Fern" in await greeted(hub, "still")
        (folder / "personas.yaml").write_text(PERSONAS.format(name="hospitals"))
        found = await hub.reloader.reload()
        assert found.edits.taken == (
            "frontdesk.yaml: company.assistant: Fern -> Juniper",
            "personas.yaml: new: hospitals",
            "personas.yaml: gone: clinics",
        )
        assert "Juniper" in await greeted(hub, "mended")


async def test_that_what_is_bound_to_the_process_waits_for_a_restart(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    async with serving(folder) as hub:
        text = SETTINGS.format(assistant="Fern").replace("port: 0", "port: 9")
        (folder / "frontdesk.yaml").write_text(text)
        (folder / "channels" / "web.yaml").write_text('kind: web\nallowed_origins: ["https://other.example"]\n')
        _price(folder, "$45")
        found = await hub.reloader.reload()
        assert found.edits.taken == ("knowledge.jsonl: changed",)
        assert found.edits.waiting == ("frontdesk.yaml: server.port: 0 -> 9", "channels/web.yaml: changed")
        assert hub.reloader.desk.settings.server.port == 0
        await hub.reloader.reload()
        assert caplog.text.count("waits for a restart: frontdesk.yaml") == 1
        assert "$45" in " ".join(await said(hub, "asks", "What does the Grow plan cost?", 1))


async def test_that_a_file_that_changes_is_noticed(folder: Path) -> None:
    async with serving(folder) as hub, watching(hub.reloader):
        first = hub.reloader.last

        async def noticed() -> bool:
            _write(folder, "Juniper")  # again and again: the watch may begin after the first
            await asyncio.sleep(0.3)
            return hub.reloader.last is not first and bool(hub.reloader.desk.settings.company.assistant == "Juniper")

        await eventually(noticed, "the edit was not noticed")
        assert "Juniper" in await greeted(hub, "after")


@pytest.mark.timeout(300)
async def test_that_a_hundred_edits_cost_no_visitor_an_answer(folder: Path) -> None:
    """Good and broken files by turns while visitors talk."""

    async def visitor(hub: Running, number: int, edit: int) -> None:
        """Six questions a talk, one to an edit; each has its own answer before the next."""
        talk, turn = divmod(edit, 6)
        await said(hub, f"v{number}.{talk}", f"question {turn + 1} about the Grow plan?", turn + 1)

    async with serving(folder) as hub:
        for edit in range(RELOADS):
            broken = edit % 3 == 2
            (folder / "personas.yaml").write_text("personas: [" if broken else PERSONAS.format(name=f"p{edit}"))
            taking_over = asyncio.create_task(hub.reloader.reload())
            await asyncio.gather(*(visitor(hub, one, edit) for one in range(4)))
            found = await taking_over
            assert bool(found.problems) is broken
            assert bool(found.edits.taken) is not broken
        assert [one.id for one in hub.reloader.desk.personas] == [f"p{RELOADS - 1}"]
        assert not hub.hub.parked
