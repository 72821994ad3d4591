"""Traces: one id from the door to the post in Slack, also over a restart, and nothing in them of what was said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext

from core.errors import DeliveryParked
from core.ids import ConversationId, MessageId, PersonId, VisitorId
from core.message import InboundMessage, MessageKind
from core.reply import Mode, Reply
from core.tracing import UNTRACED
from core.turn import DeliverReply, RecordFacts
from frontdesk.app import running
from frontdesk.clock import SystemClock
from frontdesk.demo.slack import SlackStandIn
from frontdesk.desk import read_desk
from frontdesk.pseudonyms import Pseudonyms
from frontdesk.telemetry import OpenTelemetryTracer
from store.open import open_store
from tests.contracts.builders import new_conversation
from tests.contracts.stores import SHARDS
from tests.core.hub_parts import Sales, eventually, make_hub, said
from tests.faults.desks import SALES, TOKEN, TOKEN_VARIABLE, write_desk

TEXT = "Please send us a quote: kim@tidewater.example"
TRACING = """\
tracing:
  endpoint: {endpoint}
  authorization: ${{env:COLLECTOR_KEY}}
"""


@dataclass(kw_only=True)
class Collector:
    """An OTLP collector on loopback."""

    spans: list[Any] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    raw: bytes = b""

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.raw += body
        self.keys.add(request.headers["Authorization"])
        told = ExportTraceServiceRequest.FromString(body)
        self.spans += [
            span for resource in told.resource_spans for scope in resource.scope_spans for span in scope.spans
        ]
        return web.Response(content_type="application/x-protobuf")

    def named(self, name: str) -> list[Any]:
        return [span for span in self.spans if span.name == name]


@asynccontextmanager
async def at_loopback(application: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@asynccontextmanager
async def collecting() -> AsyncIterator[tuple[Collector, str]]:
    collector, application = Collector(), web.Application()
    application.router.add_post("/v1/traces", collector.take)
    async with at_loopback(application) as address:
        yield collector, f"{address}/v1/traces"


@pytest.fixture
async def slack() -> AsyncIterator[tuple[SlackStandIn, str]]:
    stand_in = SlackStandIn(token=TOKEN, channels={SALES: "sales"}, clock=SystemClock())
    async with at_loopback(stand_in.application()) as address:
        yield stand_in, f"{address}/"


def message(text: str, number: int = 1) -> InboundMessage:
    return InboundMessage(
        id=MessageId(f"m{number}"),
        channel="web",
        conversation=ConversationId("web.kim-of-tidewater"),
        visitor=VisitorId("v.kim-of-tidewater"),
        kind=MessageKind.TEXT,
        text=text,
        at=SystemClock().now(),
    )


def attributes(span: Any) -> dict[str, Any]:
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


async def serve_one(folder: Path, slack: SlackStandIn) -> None:
    """One visitor asks for a quote, and the card stands in Slack."""
    async with running(read_desk(folder)) as hub:
        await hub.hub.accept(message(TEXT))
        await eventually(lambda: bool(slack.channels[SALES].messages), "no card")
        await eventually(lambda: ("lead", "slack", "delivered") in hub.hub.counts.deliveries, "no lead")


async def test_that_one_trace_leads_from_the_door_to_slack(
    tmp_path: Path, slack: tuple[SlackStandIn, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    monkeypatch.setenv("COLLECTOR_KEY", "Bearer-of-news-1234567890")
    folder = write_desk(tmp_path / "desk", store="redis+embedded://state", slack=slack[1], shards=4)
    async with collecting() as (collector, endpoint):
        with (folder / "frontdesk.yaml").open("a") as file:
            file.write(TRACING.format(endpoint=endpoint))
        await serve_one(folder, slack[0])
    (accept,) = collector.named("accept")
    turn = next(span for span in collector.named("turn") if span.parent_span_id == accept.span_id)
    posts = [one for one in collector.named("deliver") if attributes(one)["frontdesk.to"] == "slack"]
    assert {one.trace_id for one in (turn, *posts)} == {accept.trace_id}
    assert turn.span_id in {one.parent_span_id for one in posts}
    assert attributes(accept)["frontdesk.kind"] == "text"
    assert "lead" in {attributes(one)["frontdesk.kind"] for one in posts}
    assert len({attributes(span)["frontdesk.conversation"] for span in collector.spans}) == 1
    assert accept.start_time_unix_nano <= turn.start_time_unix_nano <= posts[0].start_time_unix_nano
    assert collector.keys == {"Bearer-of-news-1234567890"}
    assert b"tidewater" not in collector.raw
    assert b"quote" not in collector.raw


async def test_that_a_collector_that_is_away_holds_nobody_up(
    tmp_path: Path, slack: tuple[SlackStandIn, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    monkeypatch.setenv("COLLECTOR_KEY", "Bearer-of-news-1234567890")
    folder = write_desk(tmp_path / "desk", store="redis+embedded://state", slack=slack[1], shards=4)
    with (folder / "frontdesk.yaml").open("a") as file:
        file.write(TRACING.format(endpoint="http://127.0.0.1:1/v1/traces"))
    async with asyncio.timeout(30):
        await serve_one(folder, slack[0])


class Kept:
    """A tracer whose spans stay in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer = OpenTelemetryTracer(provider, Pseudonyms())

    def named(self, name: str) -> Sequence[ReadableSpan]:
        return [span for span in self._exporter.get_finished_spans() if span.name == name]


async def test_that_a_trace_goes_on_in_the_next_process(tmp_path: Path) -> None:
    opened = await open_store(f"redis+embedded://{tmp_path}", tenant="acme", shards=SHARDS)
    first, second = Kept(), Kept()
    refusing = Sales(*(DeliveryParked("refused by kim@tidewater.example") for _ in range(1_000)))
    hub = make_hub(opened.store, "w1", sales=refusing, tracer=first.tracer)
    await hub.start()
    await hub.accept(said(new_conversation(), "lead"))
    await eventually(lambda: bool(first.named("deliver")), "nothing was tried")
    await hub.stop()
    sales = Sales()
    hub = make_hub(opened.store, "w2", sales=sales, tracer=second.tracer)
    await hub.start()
    await eventually(lambda: ("lead", "slack", "delivered") in hub.counts.deliveries, "nothing was delivered")
    await hub.stop()
    await opened.close()
    (turn,) = first.named("turn")
    refused, delivered = first.named("deliver")[0], second.named("deliver")[-1]
    assert len(sales.calls) == 1
    assert _trace(delivered) == _trace(refused) == _trace(turn) == _trace(first.named("accept")[0])
    assert delivered.parent is not None
    assert delivered.parent.span_id == _context(turn).span_id
    assert (refused.status.is_ok, refused.status.description) == (False, "DeliveryParked")
    assert "tidewater" not in refused.to_json()


def _context(span: ReadableSpan) -> SpanContext:
    context = span.get_span_context()
    assert context is not None
    return context


def _trace(span: ReadableSpan) -> int:
    return _context(span).trace_id


def test_that_a_burst_belongs_to_its_first_message_and_is_linked_to_the_others() -> None:
    kept = Kept()
    burst = []
    for number in range(3):
        with kept.tracer.accepting(message("hello", number)) as trace:
            burst.append(replace(message("hello", number), trace=trace))
    with kept.tracer.answering([*burst, message("untraced", 9)]) as trace:
        assert trace
    (turn,) = kept.named("turn")
    first, *others = kept.named("accept")
    assert _trace(turn) == _trace(first)
    assert [link.context.trace_id for link in turn.links] == [_trace(one) for one in others]


def test_that_what_only_changes_the_store_and_what_nobody_traced_is_not_told() -> None:
    kept = Kept()
    with kept.tracer.answering([message("hello")]) as trace:
        pass
    facts = RecordFacts(person=PersonId("v"), facts=())
    with kept.tracer.delivering(facts, "", trace=trace) as name:
        assert name == ""
    reply = DeliverReply(
        channel="phone", conversation=ConversationId("c"), reply=Reply(main_text="hello", mode=Mode.LEAD)
    )
    with kept.tracer.delivering(reply, "", trace="") as name:
        assert name == ""
    assert kept.named("deliver") == []


def test_that_without_a_tracer_nothing_travels() -> None:
    with UNTRACED.accepting(message("hello")) as trace:
        assert trace == ""
