"""Sinks as `handoff.yaml` has them: a hub delivers to them, what has not arrived is listed and sent again by hand."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from config import Desk
from core.errors import ConfigError, DependencyError
from core.ids import LeadId, lead_of
from core.lead import Posting, PostingState
from core.shards import shard_of
from core.store_ports import Commit
from core.turn import DeliverLead
from frontdesk.app import running
from frontdesk.beside import store_beside
from frontdesk.cli import main
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.lead_deliveries import send_again, undelivered
from frontdesk.sinks import further_sinks, sink_names
from tests.contracts.builders import lead, new_conversation, session
from tests.core.hub_parts import eventually
from tests.peers.lead_services import HubSpot, Service

DESK = Path(__file__).parents[2] / "examples" / "desk"
TOKEN = "pat-stand-in-0123456789"
HANDOFF = """
webhooks:
  - name: warehouse
    url: THERE
    secrets: ["${env:SINKS_WEBHOOK}"]
    allow_private_hosts: true
hubspot:
  token: ${env:SINKS_HUBSPOT}
  api_base_url: ELSEWHERE
"""
TRIAL = """
salesforce:
  base_url: https://company.my.salesforce.com
  client_id: ${env:SINKS_HUBSPOT}
  client_secret: ${env:SINKS_WEBHOOK}
  dry_run: true
email:
  host: smtp.example.com
  sender: a@example.com
  to: [b@example.com]
  dry_run: true
"""


def desk_in(folder: Path, monkeypatch: pytest.MonkeyPatch, handoff: str) -> Desk:
    for name in ("frontdesk.yaml", "personas.yaml", "knowledge.jsonl", "qualification.yaml"):
        (folder / name).write_bytes((DESK / name).read_bytes())
    (folder / "handoff.yaml").write_text(handoff, encoding="utf-8")
    monkeypatch.setenv("SINKS_HUBSPOT", TOKEN)
    monkeypatch.setenv("SINKS_WEBHOOK", "whsec_" + base64.b64encode(b"k" * 32).decode())
    return read_desk(folder)


async def keep_lead(desk: Desk, *, parked: Mapping[str, str]) -> LeadId:
    """A lead in the outbox, parked in these sinks; nobody owns its shard afterwards."""
    async with store_beside(desk) as store:
        conversation = new_conversation()
        shard = shard_of(conversation, desk.settings.store.shards)
        grant = await store.ownership.acquire(shard, "w1", ttl=0.001)
        assert grant is not None
        identity = lead_of(conversation)
        turn = Commit(session=session(conversation), lead=lead(conversation), outbox=(DeliverLead(lead=identity),))
        await store.conversations.commit(shard, "w1", grant.epoch, turn)
        for sink, reason in parked.items():
            posting = Posting(state=PostingState.STARTED, revision=0, reason=reason)
            await store.leads.record_posting(identity, "w1", grant.epoch, posting, sink)
        return identity


async def test_that_a_running_hub_brings_what_waited_to_every_sink(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, hubspot = Service(), HubSpot(token=TOKEN)
    async with hook.served() as hook_url, hubspot.served() as hubspot_url:
        handoff = HANDOFF.replace("THERE", hook_url).replace("ELSEWHERE", hubspot_url)
        desk = desk_in(tmp_path, monkeypatch, handoff)
        identity = await keep_lead(desk, parked={})
        async with running(desk, port=0) as hub:

            async def delivered() -> bool:
                stored = [await hub.store.store.leads.posting(identity, name) for name in sink_names(desk.handoff)]
                return [one.revision if one else 0 for one in stored] == [1, 1]

            await eventually(delivered, "the lead did not arrive")
    assert [json.loads(body)["data"]["id"] for _, _, body in hook.requests] == [identity]
    assert list(hubspot.contacts) == ["ada@example.com"]


async def test_that_what_is_parked_is_listed_and_sent_again_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = Service()
    async with hook.served() as url:
        desk = desk_in(tmp_path, monkeypatch, HANDOFF.replace("THERE", url).replace("ELSEWHERE", url))
        identity = await keep_lead(desk, parked={"webhook-warehouse": "It was refused. Next: mend it."})
        async with store_beside(desk) as store:
            found = {one.sink: one for one in await undelivered(desk, store)}
            assert {name: one.state for name, one in found.items()} == {
                "webhook-warehouse": "parked",
                "hubspot": "waiting",
            }
            for _ in range(2):
                await send_again(desk, store, found["webhook-warehouse"].id)
            with pytest.raises(DependencyError, match="HubSpot answered without a contact"):
                await send_again(desk, store, found["hubspot"].id)
            for wrong in ("lead.nobody@hubspot", f"{identity}@slack", "nonsense"):
                with pytest.raises(ConfigError, match="LEAD@SINK"):
                    await send_again(desk, store, wrong)
    ids = [headers["webhook-id"] for path, headers, _ in hook.requests if path == "/"]
    assert ids == [f"{identity}.1.lead.created"] * 2
    assert await asyncio.to_thread(main, ["deliveries", "-c", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert f"{identity}@webhook-warehouse  revision 1  parked\n  It was refused. Next: mend it." in shown
    assert await asyncio.to_thread(main, ["deliveries", "-c", str(tmp_path), "--json"]) == 0
    listed: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [(one["sink"], one["state"]) for one in listed] == [
        ("webhook-warehouse", "parked"),
        ("hubspot", "waiting"),
    ]


async def test_that_a_trial_sends_nothing_and_shows_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = desk_in(tmp_path, monkeypatch, TRIAL)
    caplog.set_level("DEBUG")
    async with (
        aiohttp.ClientSession() as http,
        further_sinks(desk.handoff, http, SystemClock()) as sinks,
    ):
        for sink in sinks.values():
            await sink.deliver(lead(new_conversation()), None)
    assert list(sinks) == ["salesforce", "email"]
    assert "would get lead" in caplog.text
    assert TOKEN not in caplog.text + repr(desk.handoff)
