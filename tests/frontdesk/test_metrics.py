"""`/metrics`: what it tells, to whom, and what it never tells."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from config import MetricsSettings, Secret
from core.counts import Counts, Spread
from core.errors import ModelError
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from frontdesk.app import Running, running
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.httpd import HttpServer
from frontdesk.metrics.families import Figures, ModelFigures, families
from frontdesk.metrics.page import metrics_routes
from inference.budget import DailyTokenBudget
from inference.metering import Meter, MeteredBudget
from store.backlog import Backlog
from tests.core.hub_parts import eventually

FILES = {
    "frontdesk.yaml": """\
company: {name: Fernlight, site: "https://fernlight.example"}
store: {url: "redis+embedded://state", shards: 4}
server: {host: 127.0.0.1, port: 0}
conversation: {burst_quiet_seconds: 0}
models: {builtin_embeddings: false}
""",
    "personas.yaml": "personas: []\n",
    "knowledge.jsonl": "",
    "channels/web.yaml": 'kind: web\nallowed_origins: ["https://fernlight.example"]\n',
}
CANARY = "zyzzyva"
NOTHING = Figures(
    now=100.0,
    version="1.2.3",
    counts=Counts(),
    channels={"web": "up"},
    shards=8,
    owned=3,
    parked=0,
    backlog=Backlog(),
    reloads={},
    stale=False,
)
Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "channels").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Running]:
    async with running(read_desk(folder)) as hub:
        await eventually(lambda: len(hub.hub.owned) == 4, "the hub has not begun")
        yield hub


@asynccontextmanager
async def page(settings: MetricsSettings) -> AsyncIterator[str]:
    async def figures() -> Figures:
        return NOTHING

    server = HttpServer(metrics_routes(settings, figures))
    address = await server.start("127.0.0.1", 0)
    try:
        yield f"{address}/metrics"
    finally:
        await server.stop()


async def status(address: str, headers: Mapping[str, str]) -> int:
    async with ClientSession() as client, client.get(address, headers=headers) as answer:
        body = await answer.text()
        assert ("frontdesk_" in body) == (answer.status == 200)
        return answer.status


async def read(address: str) -> Samples:
    async with ClientSession() as client, client.get(address) as answer:
        return samples(await answer.text())


def samples(text: str) -> Samples:
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def told(figures: Figures) -> Samples:
    return {
        (one.name, frozenset(one.labels.items())): one.value for family in families(figures) for one in family.samples
    }


def sample(found: Samples, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


async def say(hub: Running, text: str) -> None:
    message = InboundMessage(
        id=MessageId(f"m.{CANARY}"),
        channel="web",
        conversation=ConversationId(f"web.{CANARY}"),
        visitor=VisitorId(f"v.{CANARY}"),
        kind=MessageKind.TEXT,
        text=text,
        at=SystemClock().now(),
    )
    await hub.hub.accept(message)
    await eventually(lambda: bool(hub.hub.counts.replies), "no reply")


async def test_that_a_message_shows_and_nothing_of_its_visitor(folder: Path) -> None:
    async with serving(folder) as hub:
        await say(hub, f"hello, I am {CANARY}")
        found = await read(f"{hub.address}/metrics")
    assert sample(found, "frontdesk_messages_total", channel="web", kind="text", status="accepted") == 1
    assert sample(found, "frontdesk_replies_total", channel="web", author="bot") == 1
    assert sample(found, "frontdesk_turn_seconds_count", channel="web") == 1
    assert sample(found, "frontdesk_turn_seconds_bucket", channel="web", le="+Inf") == 1
    assert sample(found, "frontdesk_reply_wait_seconds_count", channel="web") == 1
    assert sample(found, "frontdesk_shards_owned") == 4
    assert sample(found, "frontdesk_store_up") == 1
    assert sample(found, "frontdesk_inbox_waiting") == 0
    assert sample(found, "frontdesk_channel_up", channel="web") == 1
    assert sample(found, "process_resident_memory_bytes") > 0
    assert not [key for key in found if CANARY in str(key)]


async def test_that_a_look_at_edited_files_is_counted(folder: Path) -> None:
    async with serving(folder) as hub:
        (folder / "personas.yaml").write_text("personas: [{id: 1}]\n")
        await hub.reloader.reload()
        broken = await read(f"{hub.address}/metrics")
        (folder / "personas.yaml").write_text("personas: []\n")
        await hub.reloader.reload()
        mended = await read(f"{hub.address}/metrics")
    assert sample(broken, "frontdesk_reloads_total", outcome="refused") == 1
    assert sample(broken, "frontdesk_config_stale") == 1
    assert sample(mended, "frontdesk_reloads_total", outcome="unchanged") == 1
    assert sample(mended, "frontdesk_config_stale") == 0


async def test_that_it_is_ready_while_the_store_answers_and_no_longer(folder: Path) -> None:
    async with serving(folder) as hub, ClientSession() as client:
        async with client.get(f"{hub.address}/readyz") as answer:
            assert (answer.status, (await answer.json())["shards"]) == (200, 4)
        await hub.store.close()
        async with client.get(f"{hub.address}/readyz") as answer:
            assert answer.status == 503
        found = await read(f"{hub.address}/metrics")
    assert sample(found, "frontdesk_store_up") == 0
    assert ("frontdesk_inbox_waiting", frozenset()) not in found


TOKEN = "t" * 24
WITH_TOKEN = MetricsSettings(token=Secret(TOKEN, origin="${env:T}"))


@pytest.mark.parametrize(
    ("settings", "headers", "expected"),
    [
        (MetricsSettings(), {}, 200),
        (MetricsSettings(), {"X-Forwarded-For": "203.0.113.9"}, 403),
        (MetricsSettings(), {"Forwarded": "for=127.0.0.1"}, 403),
        (MetricsSettings(), {"Authorization": "Bearer "}, 200),
        (MetricsSettings(readers=("10.0.0.0/8",)), {}, 403),
        (MetricsSettings(readers=("10.0.0.0/8",)), {"Authorization": f"Bearer {TOKEN}"}, 403),
        (MetricsSettings(readers=(), enabled=False), {}, 404),
        (WITH_TOKEN, {"X-Forwarded-For": "203.0.113.9", "Authorization": f"Bearer {TOKEN}"}, 200),
        (WITH_TOKEN, {"X-Forwarded-For": "203.0.113.9", "Authorization": f"Bearer {TOKEN}x"}, 403),
        (WITH_TOKEN, {"X-Forwarded-For": "203.0.113.9", "Authorization": f"Basic {TOKEN}"}, 403),
    ],
)
async def test_who_may_read_it(settings: MetricsSettings, headers: dict[str, str], expected: int) -> None:
    async with page(settings) as address:
        assert await status(address, headers) == expected


def test_that_the_buckets_of_a_spread_hold_those_before_them() -> None:
    counts = Counts()
    counts.turns["web"] = spread = Spread((0.5, 1.0))
    for value in (0.1, 0.7, 0.8, 3.0):
        spread.add(value)
    found = told(replace(NOTHING, counts=counts))
    below = [sample(found, "frontdesk_turn_seconds_bucket", channel="web", le=le) for le in ("0.5", "1.0", "+Inf")]
    assert below == [1, 3, 4]
    assert sample(found, "frontdesk_turn_seconds_sum", channel="web") == pytest.approx(4.6)


def test_that_the_inbox_lags_by_the_age_of_its_oldest_message() -> None:
    found = told(replace(NOTHING, backlog=Backlog(waiting=3, oldest_at=88.0)))
    assert sample(found, "frontdesk_inbox_lag_seconds") == 12
    assert sample(told(NOTHING), "frontdesk_inbox_lag_seconds") == 0


async def test_that_tokens_and_cost_of_a_model_are_told() -> None:
    meter = Meter()
    budget = MeteredBudget(DailyTokenBudget(SystemClock(), limit=1_000), meter)
    async with budget.reserved(600) as spending:
        spending.tokens = 400
    with pytest.raises(ModelError, match="no shape"):
        async with budget.reserved(500):
            raise ModelError("no shape")
    with pytest.raises(ModelError, match="used up"):
        async with budget.reserved(500):
            raise AssertionError("nothing may be asked")
    models = {"chat": ModelFigures(meter=meter, price=2.0)}
    found = told(replace(NOTHING, models=models))
    assert sample(found, "frontdesk_model_tokens_total", model="chat") == 900
    assert sample(found, "frontdesk_model_cost_total", model="chat") == pytest.approx(0.0018)
    calls = [
        sample(found, "frontdesk_model_calls_total", model="chat", outcome=one)
        for one in ("answered", "failed", "refused")
    ]
    assert calls == [1, 1, 1]
