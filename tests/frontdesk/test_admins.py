"""The dashboard as `serve` puts it together: the files in force, edited ones beside them, and a whole visit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from core.ids import ConversationId
from core.rep import Rep, RepId
from dashboard.profile_page import team_of
from frontdesk.admins import first_link, insights
from frontdesk.app import Running, running
from frontdesk.desk import read_desk
from tests.contracts.builders import lead
from tests.core.hub_parts import eventually
from tests.dashboard.desk import PASSWORD, Browser

SETTINGS = """\
company: {name: Fernlight, site: "https://fernlight.example", assistant: Fern}
store: {url: "redis+embedded://state", shards: 4}
server: {host: 127.0.0.1, port: 0}
models: {builtin_embeddings: false}
"""
PAGES = ("/profiles", "/live", "/leads", "/personas", "/experiments", "/flight", "/health", "/config", "/audit")
TEAMS = """\
teams:
  - id: emea
    members: [{slack: U01ADA, name: Ada Nowak}, {slack: U02BEN}]
  - id: apac
    members: [{slack: U01ADA, name: Ada Nowak}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "channels").mkdir()
    (tmp_path / "channels" / "web.yaml").write_text('kind: web\nallowed_origins: ["https://fernlight.example"]\n')
    (tmp_path / "personas.yaml").write_text("personas:\n  - {id: clinics, name: Clinics, cues: [clinic]}\n")
    (tmp_path / "knowledge.jsonl").write_text("")
    (tmp_path / "frontdesk.yaml").write_text(SETTINGS)
    return tmp_path


@pytest.fixture
async def hub(folder: Path) -> AsyncIterator[Running]:
    async with running(read_desk(folder)) as hub:
        await eventually(lambda: len(hub.hub.owned) == 4, "the hub has not begun")
        yield hub


@pytest.fixture
async def owner(hub: Running) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        browser = Browser(session, hub.address)
        link = await first_link(hub.reloader.desk, hub.store.store, hub.address)
        fields = {"key": link.partition("key=")[2], "name": "anna", "password": PASSWORD}
        assert (await browser.post("/dashboard/link", fields)).status == 303
        yield browser


async def test_that_every_page_opens(hub: Running, owner: Browser) -> None:
    for path in (
        "",
        "/profiles",
        "/live",
        "/leads",
        "/personas",
        "/experiments",
        "/flight",
        "/health",
        "/config",
        "/audit",
    ):
        seen = await owner.get(f"/dashboard{path}")
        assert seen.status == 200, path
    assert "web" in (await owner.get("/dashboard/health")).text
    assert len(hub.hub.owned) == 4


async def test_that_edited_files_show_beside_those_in_force(folder: Path, hub: Running, owner: Browser) -> None:
    settings = folder / "frontdesk.yaml"
    settings.write_text(SETTINGS.replace("Fern}", "Ada}"))
    edited = (await owner.get("/dashboard/config")).text
    assert "company.assistant: Fern -&gt; Ada" in edited
    assert '<span class="plus">+company: {name: Fernlight' in edited
    assert (await owner.submit("/dashboard/config/apply")).status == 303
    assert hub.reloader.desk.settings.company.assistant == "Ada"
    assert "What is in force is what the files say" in (await owner.get("/dashboard/config")).text
    settings.write_text(SETTINGS.replace("assistant", "asistant"))
    assert (await owner.submit("/dashboard/config/apply")).status == 409
    broken = (await owner.get("/dashboard/config")).text
    assert "cannot be taken over" in broken
    assert "frontdesk.yaml:1:" in broken
    await hub.reloader.reload()
    assert "the last good version answers" in (await owner.get("/dashboard/health")).text
    settings.write_text(SETTINGS)
    await hub.reloader.reload()
    assert "What is in force is what the files say" in (await owner.get("/dashboard/config")).text


def test_that_a_lead_can_be_given_to_whom_the_files_name_and_to_who_has_one(folder: Path) -> None:
    (folder / "handoff.yaml").write_text(TEAMS)
    colleagues = insights(lambda: read_desk(folder))().colleagues
    assert [(rep.id, rep.name) for rep in colleagues] == [("U01ADA", "Ada Nowak"), ("U02BEN", "")]
    owned = replace(lead(ConversationId("c")), owner=Rep(id=RepId("U02BEN"), name="Ben Vos"))
    others = replace(lead(ConversationId("d")), owner=Rep(id=RepId("U03CLEO"), name="Cleo"))
    assert [rep.name for rep in team_of(colleagues, (owned, others))] == ["Ada Nowak", "Ben Vos", "Cleo"]
