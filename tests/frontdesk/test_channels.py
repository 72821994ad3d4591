"""The channels of a hub: one that fails stops none of the others."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from aiohttp import web
from pydantic import BaseModel

from adapters.kind import ChannelKind, ChannelPorts
from adapters.web import CHANNEL
from core.errors import ConfigError, DependencyError
from core.reply import Mode, Reply
from core.shards import shard_of
from core.store_ports import Commit
from core.turn import DeliverReply
from frontdesk.beside import store_beside
from frontdesk.channels import RETRY_SECONDS, Channels
from frontdesk.commands.channels import markdown
from frontdesk.desk import channel_kinds, read_desk
from tests.contracts.builders import new_conversation, session
from tests.frontdesk.test_commands import DESK, frontdesk

ROOT = Path(__file__).parents[2]
SHARDS = 64
MODULE = "tests_channel_of_no_platform"


class Settings(BaseModel):
    failures: int = 0
    usable: bool = True


class Sender:
    """A channel whose start fails so many times."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.stopped = False

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return ()

    async def start(self) -> None:
        if self.failures:
            self.failures -= 1
            raise DependencyError("the platform refuses the token")

    async def stop(self) -> None:
        self.stopped = True


def _build(settings: Settings, _: ChannelPorts) -> Sender:
    if not settings.usable:
        raise ConfigError("there is no token")
    return Sender(settings.failures)


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> ChannelKind:
    module: Any = ModuleType(MODULE)
    module.build = _build
    monkeypatch.setitem(sys.modules, MODULE, module)
    return ChannelKind(
        name="test", settings=Settings, builder=f"{MODULE}:build", capabilities=replace(CHANNEL.capabilities, buttons=0)
    )


class Pauses:
    """Sleeps that end when they are let go."""

    def __init__(self) -> None:
        self.lengths: list[float] = []
        self.go = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.lengths.append(seconds)
        await self.go.wait()


def channels(kind: ChannelKind, settings: Mapping[str, Settings], pauses: Pauses | None = None) -> Channels:
    ports: Any = lambda _: None  # noqa: E731
    return Channels(settings, dict.fromkeys(settings, kind), ports, sleep=(pauses or Pauses()).sleep)


async def test_that_a_channel_without_what_it_needs_is_left_out_and_named(
    kind: ChannelKind, caplog: pytest.LogCaptureFixture
) -> None:
    found = channels(kind, {"good": Settings(), "bad": Settings(usable=False)})
    await found.start()
    assert found.states == {"good": "up", "bad": "broken"}
    assert list(found.outgoing) == ["good"]
    assert "channel bad is left out: there is no token" in caplog.text
    await found.stop()


async def test_that_no_channel_at_all_is_an_error_of_the_files(kind: ChannelKind) -> None:
    with pytest.raises(ConfigError, match="there is no token"):
        channels(kind, {"bad": Settings(usable=False)})
    assert channels(kind, {}).states == {}


async def test_that_a_channel_whose_platform_says_no_is_tried_again_beside_the_others(kind: ChannelKind) -> None:
    pauses = Pauses()
    found = channels(kind, {"good": Settings(), "late": Settings(failures=2)}, pauses)
    await found.start()
    assert found.states == {"good": "up", "late": "down"}
    pauses.go.set()
    async with asyncio.timeout(5):
        while found.states["late"] != "up":  # noqa: ASYNC110  the next attempt is a task of the channels
            await asyncio.sleep(0)
    assert pauses.lengths == [RETRY_SECONDS] * 2
    await found.stop()


async def test_that_a_channel_that_never_starts_does_not_hold_up_the_end(kind: ChannelKind) -> None:
    found = channels(kind, {"never": Settings(failures=1_000)})
    await found.start()
    await asyncio.wait_for(found.stop(), 5)
    assert found.states == {"never": "down"}


def test_that_the_readme_shows_what_the_channels_declare() -> None:
    assert markdown(channel_kinds()) in (ROOT / "README.md").read_text()


def test_that_the_command_tells_the_same_to_people_and_programs() -> None:
    told = frontdesk("channels")
    assert told.returncode == 0
    head, *rows = told.stdout.splitlines()
    assert head.split() == list(channel_kinds())
    assert any(row.startswith("longest message") and "4,000 characters" in row for row in rows)
    table = json.loads(frontdesk("channels", "--json").stdout)
    assert table["web"]["buttons"] == CHANNEL.capabilities.buttons


async def test_that_doubtful_deliveries_are_listed_and_settled(tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    for name in ("frontdesk.yaml", "personas.yaml", "knowledge.jsonl", "qualification.yaml"):
        (desk / name).write_bytes((DESK / name).read_bytes())
    shown = await asyncio.to_thread(frontdesk, "deliveries", "-c", str(desk))
    assert (shown.returncode, shown.stdout) == (0, "Of every reply it is known whether it arrived.\n")
    await _doubt(desk, "Two plans, from 20 EUR.")
    shown = await asyncio.to_thread(frontdesk, "deliveries", "-c", str(desk))
    assert "Two plans, from 20 EUR." in shown.stdout
    (listed,) = json.loads((await asyncio.to_thread(frontdesk, "deliveries", "-c", str(desk), "--json")).stdout)
    settled = await asyncio.to_thread(frontdesk, "deliveries", "-c", str(desk), "--settle", listed["id"], "--json")
    assert json.loads(settled.stdout) == []
    for wrong in (listed["id"], "7", "x/y", "9999/1-1"):
        refused = await asyncio.to_thread(frontdesk, "deliveries", "-c", str(desk), "--settle", wrong)
        assert (refused.returncode, refused.stdout) == (78, "")
        assert "is on the list" in refused.stderr


async def _doubt(desk: Path, text: str) -> None:
    async with store_beside(read_desk(desk)) as store:
        conversation = new_conversation()
        shard = shard_of(conversation, SHARDS)
        grant = await store.ownership.acquire(shard, "w1", ttl=60)
        assert grant is not None
        reply = DeliverReply(channel="chat", conversation=conversation, reply=Reply(main_text=text, mode=Mode.LEAD))
        committed = await store.conversations.commit(
            shard, "w1", grant.epoch, Commit(session=session(conversation), outbox=(reply,))
        )
        await store.outbox.doubt(shard, "w1", grant.epoch, committed.outbox[0].seq)
