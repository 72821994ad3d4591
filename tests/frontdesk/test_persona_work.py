"""Work on personas from the dashboard: a proposal becomes one, a reading of the site is looked at and accepted."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.ids import PersonaId
from core.store_ports import Store
from core.unmatched import UnmatchedChat
from dashboard.insight import Insight
from dashboard.persona_desk import ReadingState
from dashboard.roles import Role
from dashboard.rooms import persona_rooms
from frontdesk.admins import insights
from frontdesk.desk import inspect_desk, read_desk
from frontdesk.persona_work import PersonaWork
from tests.contracts.builders import home, new_conversation, own
from tests.contracts.stores import embedded_server, embedded_store
from tests.core.hub_parts import ToldClock
from tests.dashboard.desk import Desk, open_desk
from tests.frontdesk.test_personas_command import FARMS

__all__ = ["embedded_server", "embedded_store"]

EXAMPLES = Path(__file__).parents[2] / "examples"
ROOT = "/dashboard/personas"


@dataclass
class Office:
    folder: Path
    work: PersonaWork
    desk: Desk

    @property
    def insight(self) -> Insight:
        return insights(lambda: read_desk(self.folder))()


@pytest.fixture
async def office(embedded_store: Store, tmp_path: Path) -> AsyncIterator[Office]:
    folder = Path(shutil.copytree(EXAMPLES / "desk", tmp_path / "desk"))
    settings = folder / "frontdesk.yaml"
    settings.write_text(settings.read_text() + "models: {builtin_embeddings: false}\n")
    in_force = read_desk(folder)
    work = PersonaWork(
        lambda: in_force,
        embedded_store.unmatched,
        ToldClock(),
        inspect=inspect_desk,
        site=str(EXAMPLES / "site"),
    )
    rooms = persona_rooms(embedded_store, insights(lambda: in_force), work.page())
    async with open_desk(embedded_store, rooms=rooms) as desk:
        yield Office(folder, work, desk)
    await work.close()


async def _farmers(store: Store) -> None:
    for number, text in enumerate(FARMS):
        conversation = new_conversation()
        _, epoch = await own(store, conversation, worker=f"w{home(conversation)}")
        chat = UnmatchedChat(
            visitor=f"v{number}", text=text, language="en", turn=2, at=float(number), nearest=None, share=0.1
        )
        await store.unmatched.note(conversation, f"w{home(conversation)}", epoch, chat)


async def test_that_a_proposal_becomes_a_persona_with_every_comment_kept(office: Office) -> None:
    await _farmers(office.desk.store)
    admin = await office.desk.member(Role.ADMIN)
    assert "Being worked out" in (await admin.get(ROOT)).text
    await office.work.settled()
    text = (await admin.get(ROOT)).text
    assert "4 chats of the last 90 days fit no persona" in text
    identity = text.split('name="id" value="')[1].split('"')[0]
    before = (office.folder / "personas.yaml").read_text()
    assert (await admin.submit(f"{ROOT}/accept", {"id": identity})).status == 303
    after = (office.folder / "personas.yaml").read_text()
    assert set(before.splitlines()) <= set(after.splitlines())
    assert PersonaId(identity) in office.insight.personas
    assert (await admin.submit(f"{ROOT}/accept", {"id": identity})).status == 409
    assert "No new kind of visitor" in (await admin.get(ROOT)).text


async def test_that_a_persona_that_would_break_the_files_is_put_back(office: Office) -> None:
    await _farmers(office.desk.store)
    await office.work.page().proposals()
    await office.work.settled()
    (identity,) = [one.id for one in (await office.work.page().proposals()).found]
    file = office.folder / "personas.yaml"
    (office.folder / "handoff.yaml").write_text("nonsense: 1\n")
    before = file.read_bytes()
    admin = await office.desk.member(Role.ADMIN)
    refused = await admin.submit(f"{ROOT}/accept", {"id": identity})
    assert (refused.status, "would not be taken over" in refused.text) == (409, True)
    assert file.read_bytes() == before


async def test_that_a_dismissed_proposal_stays_away(office: Office) -> None:
    await _farmers(office.desk.store)
    await office.work.page().proposals()
    await office.work.settled()
    (identity,) = [one.id for one in (await office.work.page().proposals()).found]
    admin = await office.desk.member(Role.ADMIN)
    assert (await (await office.desk.member(Role.AGENT)).submit(f"{ROOT}/dismiss", {"id": identity})).status == 403
    assert (await admin.submit(f"{ROOT}/dismiss", {"id": identity})).status == 303
    assert [one.id for one in await office.desk.store.unmatched.dismissed()] == [identity]


async def test_that_the_site_is_read_looked_at_and_accepted(office: Office) -> None:
    file = office.folder / "personas.yaml"
    text = file.read_text()
    gone = text.index("  - id:", text.index("  - id:") + 1)
    file.write_text("# ours\n" + text[:gone] + text[text.index("  - id:", gone + 1) :])
    (office.folder / ".crawl").mkdir(exist_ok=True)
    edited = file.read_text()
    admin = await office.desk.member(Role.ADMIN)
    assert (await admin.submit(f"{ROOT}/take-over")).status == 409
    assert (await admin.submit(f"{ROOT}/read")).status == 303
    await office.work.settled()
    reading = office.work.page().reading()
    assert reading.state is ReadingState.FOUND, reading.reason
    assert any(": a new persona" in line for line in reading.lines)
    shown = (await admin.get(ROOT)).text
    assert "a new persona" in shown
    assert file.read_text() == edited
    assert (await admin.submit(f"{ROOT}/take-over")).status == 303
    assert file.read_text().startswith("# ours\n")
    assert inspect_desk(office.folder).errors == ()
    assert len(office.insight.personas) == text.count("\n  - id:") + text.startswith("  - id:")
    assert office.work.page().reading().state is ReadingState.IDLE
    lines = await office.desk.store.journal.lines(0, 99)
    assert [line for line in lines if "site.taken-over" in line]


async def test_that_a_site_that_cannot_be_read_says_why(office: Office, embedded_store: Store, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    work = PersonaWork(
        lambda: read_desk(office.folder), embedded_store.unmatched, ToldClock(), inspect=inspect_desk, site=str(empty)
    )
    await work.page().read()
    await work.settled()
    reading = work.page().reading()
    assert (reading.state, bool(reading.reason)) == (ReadingState.FAILED, True)
