"""`frontdesk personas`: from chats that fit nobody to an entry an admin can paste."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from config.models.personas import PersonasFile
from core.errors import ConfigError
from core.ids import PersonaId
from core.shards import shard_of
from core.store_ports import Store
from core.unmatched import UnmatchedChat
from frontdesk.commands.personas import run
from frontdesk.desk import read_desk
from store.open import open_store
from tests.contracts.builders import LONG, new_conversation

DESK = Path(__file__).parents[2] / "examples" / "desk"
FARMS = (
    "We run a dairy farm with 200 cows, the milk tanker comes at four",
    "dairy farm here, farmers ring us about milk prices all morning",
    "cows and milk, a farm of 90. who answers when the vet calls",
    "milk cooperative of 30 farms, cows everywhere, farmers ask about quotas",
)


def frontdesk(desk: Path, *, as_json: bool = False, dismiss: str = "") -> int:
    return run(argparse.Namespace(config=desk, json=as_json, dismiss=dismiss))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))


@asynccontextmanager
async def served(desk: Path) -> AsyncIterator[Store]:
    """The desk's own store, as `serve` holds it."""
    settings = read_desk(desk).settings
    url, shards = settings.store.url.reveal(), settings.store.shards
    opened = await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk)
    yield opened.store
    await opened.close()


async def keep(store: Store, shards: int) -> None:
    for number, text in enumerate(FARMS):
        conversation = new_conversation()
        grant = await store.ownership.acquire(shard_of(conversation, shards), "w1", ttl=LONG)
        assert grant is not None
        chat = UnmatchedChat(
            visitor=f"v{number}",
            text=text,
            language="en",
            turn=2,
            at=float(number),
            nearest=PersonaId("agency"),
            share=0.1,
        )
        await store.unmatched.note(conversation, "w1", grant.epoch, chat)


async def test_a_desk_that_is_being_served_can_be_looked_at(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with served(desk) as store:
        await keep(store, read_desk(desk).settings.store.shards)
        assert await asyncio.to_thread(frontdesk, desk, as_json=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["chats"], len(found["proposals"])) == (4, 1)
    assert found["proposals"][0]["nearestPersona"] == "agency"


def test_what_keeps_coming_can_be_pasted_and_dismissed(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(_filled(desk))
    frontdesk(desk, as_json=True)
    (proposal,) = json.loads(capsys.readouterr().out)["proposals"]
    pasted = (desk / "personas.yaml").read_text().replace("\npersonas:\n", f"\npersonas:\n{proposal['yaml']}", 1)
    read = PersonasFile.model_validate(yaml.safe_load(pasted))
    assert (read.personas[0].id, read.personas[0].cues) == (proposal["id"], tuple(proposal["cues"]))

    frontdesk(desk)
    shown = capsys.readouterr().out
    assert proposal["why"] in shown
    assert f"--dismiss {proposal['id']}" in shown

    (desk / "personas.yaml").write_text(pasted)
    frontdesk(desk, as_json=True)
    assert json.loads(capsys.readouterr().out)["proposals"] == []
    shutil.copy(DESK / "personas.yaml", desk / "personas.yaml")

    assert frontdesk(desk, dismiss=proposal["id"]) == 0
    assert proposal["name"] in capsys.readouterr().out
    frontdesk(desk, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"chats": 4, "proposals": []}


async def _filled(desk: Path) -> None:
    async with served(desk) as store:
        await keep(store, read_desk(desk).settings.store.shards)


def test_an_unknown_proposal_is_refused_and_a_fresh_desk_has_none(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigError, match="no proposal 'ghosts'"):
        frontdesk(desk, dismiss="ghosts")
    assert frontdesk(desk) == 0
    shown = capsys.readouterr().out
    assert "0 chats" in shown
    assert "no new kinds" in shown
