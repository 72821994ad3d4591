"""A prospect and the sales team in a Slack workspace that somebody else wrote."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import yaml

from frontdesk.app import running
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from platforms.slack.signature import signed_headers
from tests.frontdesk.test_commands import DESK
from tests.peers.emulate import GENERAL, SECRET, TOKEN, Workspace, emulated_slack
from tests.peers.playground import free_port


@asynccontextmanager
async def workspace(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Workspace, str]]:
    """A workspace in which the desk is both: whom prospects write to, and what tells sales; and the hub's address."""
    monkeypatch.setenv("BOT", TOKEN)
    monkeypatch.setenv("SIGNING", SECRET)
    hub = f"http://127.0.0.1:{(port := free_port())}"
    async with emulated_slack(f"{hub}/channels/slack/shared/events") as slack, asyncio.timeout(30):
        app = {"bot_token": "${env:BOT}", "signing_secret": "${env:SIGNING}", "api_base_url": f"{slack.url}/api/"}
        desk = Path(shutil.copytree(DESK, folder / "desk", ignore=shutil.ignore_patterns(".*")))
        (desk / "channels" / "shared.yaml").write_text(yaml.safe_dump({"kind": "slack", "mode": "http", **app}))
        (desk / "handoff.yaml").write_text(yaml.safe_dump({"slack": {**app, "channel": GENERAL}}))
        async with running(read_desk(desk), port=port):
            yield slack, hub


async def test_a_talk_with_an_edit_and_the_lead_it_becomes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with workspace(tmp_path, monkeypatch) as (slack, hub):
        size = await slack.say("We are 25 people in support. What does it cost?")
        (answer, *_) = await slack.until(lambda found: len(found) == 1)
        assert "$" in answer["text"]
        await slack.edit(size, "We are 52 people in support. What does it cost?")
        await slack.until(lambda found: len(found) == 2)
        await slack.say("Can we see a demo? Please write to jo@northfold.example")
        found = await slack.until(lambda now: any("jo@northfold.example" in one["text"] for one in now))
        assert len({one["text"] for one in found}) == len(found), "something was said twice"
        (card,) = await slack.until(lambda now: len(now) == 1, GENERAL)
        shown = json.dumps(card["blocks"], ensure_ascii=False)
        assert "jo@northfold.example" in shown
        assert "52" in shown
        assert await _press(hub, card, "Claim") == 200
        await slack.until(lambda now: "admin answers" in json.dumps(now[0]["blocks"]), GENERAL)
        before = len(await slack.messages())
        await slack.say("Are you still there?")
        thread = await _until_told(slack, card["ts"], "Are you still there?")
        assert len(thread) == len({one["text"] for one in thread}), "something was told twice"
        assert len(await slack.messages()) == before, "the bot spoke after the claim"
        assert len(await slack.messages(GENERAL)) == 1, "there is one card"


async def _until_told(slack: Workspace, card: str, words: str) -> list[dict[str, Any]]:
    while True:
        found = await slack.thread(GENERAL, card)
        if any(words in one["text"] for one in found):
            return found
        await asyncio.sleep(0.05)


async def _press(hub: str, card: dict[str, Any], label: str) -> int:
    """What the workspace lacks: a press of a button by its administrator, signed as Slack does."""
    actions = (one for block in card["blocks"] if block["type"] == "actions" for one in block["elements"])
    button = next(one for one in actions if one.get("text", {}).get("text") == label)
    payload = {
        "type": "block_actions",
        "team": {"id": "T000000001"},
        "user": {"id": "U000000001", "team_id": "T000000001", "name": "admin"},
        "api_app_id": "A0FRONTDESK",
        "trigger_id": "1.1.1",
        "channel": {"id": GENERAL},
        "container": {"type": "message", "message_ts": card["ts"], "channel_id": GENERAL},
        "message": card,
        "actions": [{**button, "action_ts": "1700000001.000001"}],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    headers = {
        **signed_headers(SECRET, body, now=SystemClock().now()),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{hub}/handoff/slack/events", data=body, headers=headers) as got,
    ):
        return got.status
