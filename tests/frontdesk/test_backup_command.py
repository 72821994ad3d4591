"""`frontdesk backup` and `frontdesk restore`: one moment of the store, whole, and nobody who was erased."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import stat
import tarfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.erasing import erase, trace_of_address
from core.ids import ConversationId, PersonId
from core.store_ports import Store
from frontdesk.cli import main
from frontdesk.commands.backup import _back_up
from frontdesk.desk import read_desk
from store.backup_file import DATA, MANIFEST
from store.open import OpenStore, open_store
from tests.contracts.builders import NOW, message
from tests.frontdesk.test_erase_command import DESK, canary, talk, within, write_plainly, written

LATER = NOW + 60.0


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))


@pytest.fixture
def backup(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A backup of a desk with two talks, which are still there."""

    async def fill(store: Store) -> None:
        await talk(store, canary(1))
        await talk(store, canary(2))

    within(desk, fill)
    path = tmp_path / "store.backup"
    assert main(["backup", "-c", str(desk), "--out", str(path)]) == 0
    assert "readable by you alone" in capsys.readouterr().out
    return path


def restore(desk: Path, path: Path, *more: str) -> int:
    return main(["restore", str(path), "-c", str(desk), *more])


def lines_of(desk: Path, number: int) -> list[str]:
    found: list[str] = []

    async def read(store: Store) -> None:
        conversation = ConversationId(f"web.{canary(number)[-5:]}")
        found.extend(line.text for line in await store.transcripts.read(conversation, after=0, limit=10))

    within(desk, read)
    return found


def take_out(number: int) -> Callable[[Store], Awaitable[None]]:
    async def work(store: Store) -> None:
        await erase(store, await trace_of_address(store, f"{canary(number)}@example.com"), at=LATER)

    return work


def test_that_what_was_lost_comes_back_whole(desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = lines_of(desk, 1)
    assert len(before) == 3
    shutil.rmtree(desk / ".frontdesk")
    assert restore(desk, backup, "--json") == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["aside"], told["outdated"]) == (None, False)
    assert lines_of(desk, 1) == before
    assert sorted(path.name for path in (desk / ".frontdesk").iterdir() if path.is_dir()) == ["appendonlydir"]


def test_that_a_backup_is_for_its_owner_and_leaves_nothing_behind(desk: Path, backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(desk.rglob("*.rdb")) == list(desk.rglob("*.base.rdb"))
    with tarfile.open(backup) as archive:
        assert archive.getnames() == [MANIFEST, DATA]


def test_that_who_was_erased_since_stays_erased(desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    within(desk, take_out(1))
    assert restore(desk, backup, "--force", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["erased"]["conversations"], told["erased"]["leads"]) == (1, 1)
    shutil.rmtree(told["aside"])
    assert lines_of(desk, 1) == []
    assert len(lines_of(desk, 2)) == 3
    held = written(desk)
    write_plainly(desk)
    held += written(desk)
    assert canary(1).encode() not in held
    assert canary(2).encode() in held

    async def person(store: Store) -> None:
        assert await store.ledger.read(PersonId("v.00001")) == ()
        assert len(await store.ledger.read(PersonId("v.00002"))) == 2

    within(desk, person)


def test_that_a_restored_erasure_is_remembered_again(desk: Path, backup: Path) -> None:
    within(desk, take_out(1))
    assert restore(desk, backup, "--force") == 0
    assert restore(desk, backup, "--force") == 0
    assert lines_of(desk, 1) == []


def test_that_whoever_came_back_after_their_erasure_keeps_what_is_new(desk: Path, tmp_path: Path) -> None:
    within(desk, lambda store: talk(store, canary(3)))
    within(desk, take_out(3))
    within(desk, came_back)
    path = tmp_path / "later.backup"
    assert main(["backup", "-c", str(desk), "--out", str(path)]) == 0
    assert restore(desk, path, "--force") == 0
    assert lines_of(desk, 3) == ["hello again"]


async def came_back(store: Store) -> None:
    again = replace(message(ConversationId("web.00003"), "m9", "hello again"), at=LATER + 60.0)
    await store.inbox.accept(again, worker="w1")


def test_that_a_store_is_replaced_only_where_that_is_said(
    desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    within(desk, lambda store: talk(store, canary(4)))
    assert restore(desk, backup) == 78
    assert "--force" in capsys.readouterr().err
    assert len(lines_of(desk, 4)) == 3
    assert restore(desk, backup, "--force") == 0
    assert lines_of(desk, 4) == []
    (aside,) = (desk / ".frontdesk").glob("appendonlydir.before-*")
    assert str(aside) in capsys.readouterr().out


def test_that_another_backup_is_not_written_over(desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = backup.read_bytes()
    assert main(["backup", "-c", str(desk), "--out", str(backup)]) == 78
    assert "--force" in capsys.readouterr().err
    assert backup.read_bytes() == before
    assert main(["backup", "-c", str(desk), "--out", str(backup), "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tenant"] == "default"


def cut_off(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-12_000])


def altered(backup: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[data.index(DATA.encode()) + 2_000] ^= 0x20
    backup.write_bytes(bytes(data))


def of_another_release(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes().replace(b"frontdesk.backup/1", b"frontdesk.backup/9"))


def of_another_desk(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes().replace(b'"tenant": "default"', b'"tenant": "defunct"'))


def something_else(backup: Path) -> None:
    with tarfile.open(backup, "w") as archive:
        archive.addfile(tarfile.TarInfo("../../etc/passwd"), io.BytesIO())


def no_archive(backup: Path) -> None:
    backup.write_text("hello")


SPOILT: tuple[tuple[Callable[[Path], None], str], ...] = (
    (cut_off, ""),
    (altered, "damaged"),
    (of_another_release, "another release"),
    (of_another_desk, "defunct"),
    (something_else, "no manifest.json"),
    (no_archive, "no backup"),
    (Path.unlink, "cannot be read"),
)


def test_that_a_file_that_is_no_whole_backup_changes_nothing(
    desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, before = backup.read_bytes(), lines_of(desk, 1)
    for spoil, words in SPOILT:
        backup.write_bytes(whole)
        spoil(backup)
        assert restore(desk, backup, "--force") == 78, spoil
        assert words in capsys.readouterr().err
        assert not (desk / ".frontdesk" / "restoring").exists()
    assert lines_of(desk, 1) == before


def test_that_a_store_that_cannot_be_read_is_replaced_only_without_its_erasures(
    desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (manifest,) = (desk / ".frontdesk" / "appendonlydir").glob("*.manifest")
    manifest.write_text("nonsense\n")
    assert restore(desk, backup, "--force") == 69
    assert "--forget-erasures" in capsys.readouterr().err
    assert restore(desk, backup, "--force", "--forget-erasures") == 0
    assert len(lines_of(desk, 1)) == 3


def test_that_a_server_of_ones_own_is_left_to_its_own_means(
    desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = desk / "frontdesk.yaml"
    settings.write_text(settings.read_text().replace("redis+embedded://.frontdesk", "redis://127.0.0.1:1"))
    assert restore(desk, backup) == 78
    assert "by its own means" in capsys.readouterr().err


async def opened_at(desk: Path) -> OpenStore:
    settings = read_desk(desk).settings
    url, shards = settings.store.url.reveal(), settings.store.shards
    return await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk)


async def test_that_a_backup_beside_a_busy_hub_is_one_moment(desk: Path, tmp_path: Path) -> None:
    """Messages are accepted one after another, in many shards: those in the backup are the first so many."""
    names = [ConversationId(f"web.busy{number}") for number in range(400)]
    opened, under_way = await opened_at(desk), asyncio.Event()

    async def write() -> None:
        for number, name in enumerate(names):
            await opened.store.inbox.accept(message(name), worker="w1")
            if number == 50:
                under_way.set()

    writing = asyncio.create_task(write())
    await under_way.wait()
    manifest = await _back_up(read_desk(desk), tmp_path / "busy.backup")
    await writing
    await opened.close()
    shutil.rmtree(desk / ".frontdesk")
    assert await asyncio.to_thread(restore, desk, tmp_path / "busy.backup") == 0
    again = await opened_at(desk)
    held = [bool(await again.store.transcripts.read(name, after=0, limit=1)) for name in names]
    await again.close()
    assert manifest.bytes > 0
    assert held == sorted(held, reverse=True)
    assert sum(held) >= 50


async def test_that_a_store_that_is_served_is_not_replaced(
    desk: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = await opened_at(desk)
    try:
        assert await asyncio.to_thread(restore, desk, backup, "--force") == 69
        assert await asyncio.to_thread(restore, desk, backup, "--force", "--forget-erasures") == 69
        assert "is in use by process" in capsys.readouterr().err
        await opened.ping()
    finally:
        await opened.close()
