"""A prospect in Slack, a whole hub, and Slack's own API between them: over HTTP and over Socket Mode."""

from __future__ import annotations

import ast
import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from frontdesk.app import running
from frontdesk.clock import SystemClock
from frontdesk.commands.slack import manifest_for
from frontdesk.demo.slack import SlackStandIn
from frontdesk.desk import read_desk
from tests.adapters.slack.workspace import DIRECT, ROOM, TOKENS, Caller, event, press
from tests.frontdesk.test_commands import DESK, frontdesk
from tests.peers.slack_sockets import SlackSockets

ROOT = Path(__file__).parents[3]
Say = Callable[[Mapping[str, Any], str], Awaitable[None]]
SCOPES = {
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "auth_test": set[str](),
    "files_info": {"files:read"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
}
"""What each call needs, by docs.slack.dev/reference/methods."""


@asynccontextmanager
async def talking(mode: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[SlackStandIn, Say]]:
    """A served desk with a Slack channel, and a way to say something to it in Slack."""
    for name, token in TOKENS.items():
        monkeypatch.setenv(name, token)
    clock = SystemClock()
    slack = SlackStandIn(token=TOKENS["BOT"], channels={DIRECT: "direct", ROOM: "shared"}, clock=clock)
    sockets = SlackSockets(app_token=TOKENS["APP"])
    application = web.Application()
    application.add_routes(sockets.routes("/api"))
    application.add_subapp("/api/", slack.application())
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk = Path(shutil.copytree(DESK, folder / "desk", ignore=shutil.ignore_patterns(".*")))
    secret = "signing_secret: ${env:SIGNING}" if mode == "http" else "app_token: ${env:APP}"
    (desk / "channels" / "shared.yaml").write_text(
        f"kind: slack\nmode: {mode}\nbot_token: ${{env:BOT}}\n{secret}\n"
        f"api_base_url: http://127.0.0.1:{runner.addresses[0][1]}/api/\n"
    )
    try:
        async with running(read_desk(desk), port=0) as hub, aiohttp.ClientSession() as http, asyncio.timeout(60):
            caller = Caller(f"{hub.address}/channels/slack/shared/events", http, clock)

            async def say(payload: Mapping[str, Any], kind: str) -> None:
                if mode == "socket":
                    await sockets.heard(await sockets.envelope(payload, kind=kind))
                else:
                    assert await caller.send(payload, form=kind == "interactive") == 200

            yield slack, say
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_a_prospect_is_answered_and_becomes_a_lead(
    mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talking(mode, tmp_path, monkeypatch) as (slack, say):
        first = event("Hi, we are 25 people in support and drown in tickets. What does it cost?")
        await say(first, "events_api")
        await say(first, "events_api")
        version = await answered(slack, DIRECT, 1)
        (reply,) = slack.messages(DIRECT)
        assert "$" in reply["text"]
        if any(block["type"] == "actions" for block in reply["blocks"]):
            await say(press(reply, 0), "interactive")
            await slack.changed(after=version)
        await say(event("Can we see a demo? Please write to jo@northfold.example"), "events_api")
        while not any("jo@northfold.example" in one["text"] for one in slack.messages(DIRECT)):
            await slack.changed(after=slack.version)
        assert slack.messages(ROOM) == ()
        efforts = [one["metadata"]["event_payload"]["effect"] for one in slack.messages(DIRECT)]
        assert len(set(efforts)) == len(efforts), "something was said twice"


async def answered(slack: SlackStandIn, channel: str, times: int) -> int:
    while len(slack.messages(channel)) < times:
        await slack.changed(after=slack.version)
    return slack.version


def test_that_the_manifest_asks_for_the_scopes_the_calls_need_and_no_more() -> None:
    sources = (ROOT / "adapters" / "slack" / "api.py", ROOT / "platforms" / "slack" / "files.py")
    called = {
        node.func.attr
        for source in sources
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "sdk"
    }
    manifest = manifest_for(None, "slack")
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = {"app_mentions:read"} if "app_mention" in events else set()
    needed |= {f"{one.removeprefix('message.')}:history" for one in events if one.startswith("message.")}
    assert needed == {"app_mentions:read", "channels:history", "groups:history", "im:history", "mpim:history"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed | set().union(*(SCOPES[one] for one in called))


def test_that_the_command_fills_the_manifest_in(tmp_path: Path) -> None:
    desk = Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))
    assert json.loads(frontdesk("slack", "manifest").stdout) == manifest_for(None, "slack")
    told = frontdesk("slack", "manifest", "-c", str(desk))
    assert told.returncode == 78
    assert "public_url" in told.stderr
    settings = desk / "frontdesk.yaml"
    settings.write_text(
        settings.read_text().replace("\nserver:\n", "\nserver:\n  public_url: https://hub.example/x/\n")
    )
    found = json.loads(frontdesk("slack", "manifest", "-c", str(desk), "--channel", "shared").stdout)
    assert found["settings"]["interactivity"]["request_url"] == "https://hub.example/x/channels/slack/shared/events"
