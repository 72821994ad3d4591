"""`frontdesk dashboard` and `frontdesk audit`, and the hub that serves what they speak of."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import aiohttp
import pytest

from core.errors import ConfigError
from dashboard.accounts import Account, Accounts
from dashboard.roles import Role
from frontdesk.admins import first_link
from frontdesk.app import running
from frontdesk.beside import opened_beside
from frontdesk.cli import main
from frontdesk.desk import read_desk

DESK = Path(__file__).parents[2] / "examples" / "desk"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    shutil.copytree(DESK, folder, ignore=shutil.ignore_patterns(".frontdesk"))
    return folder


async def _add(folder: Path, account: Account) -> None:
    async with opened_beside(read_desk(folder)) as opened:
        await Accounts(opened.store.records).add(account)


async def _tamper(folder: Path) -> None:
    async with opened_beside(read_desk(folder)) as opened:
        length, last = await opened.store.journal.last()
        await opened.store.journal.append(last.replace("command line", "nobody"), after=length)


async def _first(folder: Path, address: str) -> str:
    desk = read_desk(folder)
    async with opened_beside(desk) as opened:
        return await first_link(desk, opened.store, address)


def test_that_the_journal_tells_of_printed_links_and_of_tampering(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dashboard", "link", "-c", str(folder), "--role", "agent"]) == 0
    assert "/dashboard/link?key=" in capsys.readouterr().out
    assert main(["audit", "verify", "-c", str(folder), "--json"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["lines"], verdict["brokenAt"]) == (1, None)
    asyncio.run(_tamper(folder))
    assert main(["audit", "verify", "-c", str(folder)]) == 1
    assert "line 2" in capsys.readouterr().out


def test_that_a_link_for_an_account_needs_one_and_a_desk_without_a_dashboard_has_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["dashboard", "link", "-c", str(folder), "--account", "Anna"]
    assert main(arguments) == 78
    assert "no account is called 'Anna'" in capsys.readouterr().err
    asyncio.run(_add(folder, Account(name="anna", role=Role.VIEWER, password="x")))
    assert main(arguments) == 0
    settings = folder / "frontdesk.yaml"
    settings.write_text(f"{settings.read_text('utf-8')}\ndashboard: {{enabled: false}}\n", "utf-8")
    assert main(arguments) == 78


def test_that_the_first_owner_gets_a_link_and_nobody_after_them(folder: Path) -> None:
    assert asyncio.run(_first(folder, "http://127.0.0.1:1")).startswith("http://127.0.0.1:1/dashboard/link?key=")
    asyncio.run(_add(folder, Account(name="anna", role=Role.OWNER, password="x")))
    assert asyncio.run(_first(folder, "http://127.0.0.1:1")) == ""


async def test_that_a_served_desk_lets_the_first_owner_in(folder: Path) -> None:
    desk = read_desk(folder)
    async with running(desk, port=0) as hub, aiohttp.ClientSession() as http:
        link = await first_link(desk, hub.store.store, hub.address)
        async with http.get(link) as answer:
            assert answer.status == 200
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        async with http.get(f"{hub.address}/api/v1/openapi.json") as answer:
            assert (await answer.json())["openapi"] == "3.1.0"


def test_that_a_company_sign_in_that_cannot_be_checked_is_a_mistake_of_the_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frontdesk import admins

    settings = folder / "frontdesk.yaml"
    oidc = "dashboard: {oidc: {issuer: 'https://login.example', client_id: f}}"
    settings.write_text(f"{settings.read_text('utf-8')}\n{oidc}\n", "utf-8")
    monkeypatch.setattr(admins, "find_spec", lambda _name: None)

    async def serve() -> None:
        async with running(read_desk(folder), port=0):
            pytest.fail("it was served")

    with pytest.raises(ConfigError, match="cryptography"):
        asyncio.run(serve())
