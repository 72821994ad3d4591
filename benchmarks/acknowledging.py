"""`python -m benchmarks.acknowledging`: how soon each platform is told that its event is kept (R15), and at what cost.

`frontdesk serve` runs with a Telegram, a Slack and a Teams channel against the platforms' sides on loopback. Events
come at random moments, 200 a second on average, signed as the platform signs them, from a thousand chats; each is on
disk before it is answered with a 2xx, and every chat gets its reply meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import aiohttp
import yaml
from aiohttp import web

from benchmarks.measuring import cpu_seconds
from benchmarks.servers import System, hub, valkey
from benchmarks.table import Row, Target, measured, shown
from frontdesk.clock import SystemClock
from frontdesk.demo.slack import SlackStandIn
from platforms.slack.signature import signed_headers
from tests.adapters.slack.workspace import event
from tests.peers.bot_framework import APP_ID, PASSWORD, TENANT, BotFramework, running_framework
from tests.peers.telegram_api import TelegramApi

SCENARIO = 15
RATE, SECONDS, QUICK_SECONDS = 200, 20, 3
CHATS = RATE * 5
WAIT = Target(300, 100)
TOKEN, HOOK = "7000000001:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0", "a-webhook-secret-of-the-bench-1"
SLACK_TOKEN, SIGNING = "xoxb-bench-token", "8f742231b10e8888abcd99yyyzzz85a5"
SECRETS = {
    "BENCH_TELEGRAM": TOKEN,
    "BENCH_HOOK": HOOK,
    "BENCH_SLACK": SLACK_TOKEN,
    "BENCH_SIGNING": SIGNING,
    "BENCH_TEAMS": PASSWORD,
}
LINES = (
    "what does it cost a month",
    "we are 40 people and answer 300 mails a day",
    "does it work with Zendesk",
    "where is my data stored",
    "our guests ask the same questions all day",
)
Event = tuple[bytes, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Platform:
    """Where its events go, and what the n-th of them is: body and headers."""

    name: str
    path: str
    event: Callable[[int], Event]


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds each event waited for its 2xx, CPU milliseconds of the hub an event, and other statuses."""

    waits: tuple[float, ...]
    cpu: float
    refused: tuple[int, ...]


@asynccontextmanager
async def platforms(desk: Path) -> AsyncIterator[list[Platform]]:
    """The platforms' sides, and the channels of a desk that talk to them."""
    clock = SystemClock()
    telegram, framework = TelegramApi(token=TOKEN), BotFramework(clock=clock.now, ticks=perf_counter)
    rooms = {f"D{number:08d}": "direct" for number in range(CHATS)}
    slack = SlackStandIn(token=SLACK_TOKEN, channels=rooms, clock=clock)
    app = web.Application()
    app.add_subapp("/slack", slack.application())
    app.add_routes(telegram.routes())
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    there = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with running_framework(framework):
        _write_channels(desk, there, framework)
        bearer = framework.bearer()

        def of_teams(number: int) -> Event:
            chat = f"a:{number % CHATS}"
            said = framework.activity(
                LINES[number % len(LINES)],
                id=str(1_700_000_000_000 + number),
                conversation={"id": chat, "conversationType": "personal", "tenantId": TENANT},
            )
            return json.dumps(said).encode(), {"Authorization": bearer, "Content-Type": "application/json"}

        yield [
            Platform("Telegram", "/channels/telegram/telegram", lambda number: _of_telegram(telegram, number)),
            Platform("Slack", "/channels/slack/slack/events", _of_slack),
            Platform("Teams", "/channels/teams/teams/messages", of_teams),
        ]
    await runner.cleanup()


def _write_channels(desk: Path, there: str, framework: BotFramework) -> None:
    channels: dict[str, dict[str, Any]] = {
        "telegram": {
            "bot_token": "${env:BENCH_TELEGRAM}",
            "webhook_secret": "${env:BENCH_HOOK}",
            "api_base_url": there,
            "mode": "webhook",
            "public_url": "https://chat.example/",
        },
        "slack": {
            "bot_token": "${env:BENCH_SLACK}",
            "signing_secret": "${env:BENCH_SIGNING}",
            "api_base_url": f"{there}/slack/",
        },
        "teams": {
            "app_id": APP_ID,
            "app_password": "${env:BENCH_TEAMS}",
            "tenants": [TENANT],
            "openid_metadata_url": f"{framework.url}/openid",
            "token_url": f"{framework.url}/token",
            "service_hosts": [framework.host],
        },
    }
    for kind, values in channels.items():
        (desk / f"{kind}.yaml").write_text(yaml.safe_dump({"kind": kind, **values}), "utf-8")


def _of_telegram(api: TelegramApi, number: int) -> Event:
    update = api.text(LINES[number % len(LINES)], chat=1_000 + number % CHATS)
    return json.dumps(update).encode(), {"X-Telegram-Bot-Api-Secret-Token": HOOK, "Content-Type": "application/json"}


def _of_slack(number: int) -> Event:
    said = event(LINES[number % len(LINES)], channel=f"D{number % CHATS:08d}", user=f"U{number % CHATS:08d}")
    body = json.dumps(said).encode()
    return body, {**signed_headers(SIGNING, body, now=SystemClock().now()), "Content-Type": "application/json"}


async def bring(system: System, platform: Platform, seconds: float, *, seed: int) -> Answered:
    """Events at random moments for some seconds."""
    waits: list[float] = []
    refused: list[int] = []
    moments, chance = [], random.Random(seed)
    at = 0.0
    while (at := at + chance.expovariate(RATE)) < seconds:
        moments.append(at)
    first = seed * 1_000_000
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:

        async def one(number: int, moment: float) -> None:
            await asyncio.sleep(max(0.0, start + moment - perf_counter()))
            body, headers = platform.event(number)
            began = perf_counter()
            async with http.post(f"{system.address}{platform.path}", data=body, headers=headers) as answer:
                await answer.read()
            waits.append((perf_counter() - began) * 1_000)
            if answer.status >= 300:
                refused.append(answer.status)

        start, spent = perf_counter(), cpu_seconds(system.process)
        await asyncio.gather(*(one(first + number, moment) for number, moment in enumerate(moments)))
        spent = cpu_seconds(system.process) - spent
    return Answered(tuple(waits), spent * 1_000 / max(len(moments), 1), tuple(refused))


async def bench(seconds: float) -> tuple[list[Row], list[str]]:
    """The rows, and what was answered with anything but a 2xx."""
    os.environ.update(SECRETS)
    rows, wrong = [], []
    with tempfile.TemporaryDirectory(prefix="frontdesk-acknowledging-") as folder:
        channels = Path(folder) / "channels"
        channels.mkdir()
        async with (
            platforms(channels) as all_of_them,
            valkey(Path(folder) / "store") as store,
            hub(store, Path(folder) / "desk", more=channels) as system,
        ):
            for number, platform in enumerate(all_of_them, start=1):
                print(f"acknowledging {platform.name}", file=sys.stderr, flush=True)
                await bring(system, platform, QUICK_SECONDS, seed=100 + number)
                found = await bring(system, platform, seconds, seed=number)
                rows += _rows(platform, found)
                wrong += [f"{platform.name} answered {status}" for status in found.refused]
                await asyncio.sleep(2)
            wrong += system.errors()
    return rows, wrong


def _rows(platform: Platform, found: Answered) -> list[Row]:
    cuts = quantiles(found.waits, n=100, method="inclusive")
    figures = (
        ("p99 until its 2xx", cuts[98], WAIT),
        ("p50", cuts[49], None),
        ("CPU an event, with its turn and reply", found.cpu, None),
    )
    return [
        Row(
            scenario=SCENARIO,
            what=f"{platform.name}, {RATE} events a second: {what}",
            measured=measured([value]),
            unit="ms",
            target=target,
        )
        for what, value, target in figures
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three seconds a platform: does it run at all?")
    quick = parser.parse_args().quick
    rows, wrong = asyncio.run(bench(QUICK_SECONDS if quick else SECONDS))
    print(shown(rows))
    for one in dict.fromkeys(wrong):
        print(one)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
