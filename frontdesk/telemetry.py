"""Traces by OpenTelemetry: the steps of a message, from its acceptance to the post it leads to, under one trace id.

Spans say which channel, kind, sink and conversation (a pseudonym) it was about, and how it ended, never what was said.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from config import TracingSettings
from core.about import CONVERSATION
from core.counts import leaving
from core.errors import ConfigError
from core.message import InboundMessage
from core.tracing import UNTRACED, Tracer
from core.turn import Effect
from frontdesk.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Link

EXPORT_SECONDS = 3.0
"""A collector that takes longer loses what it was to be told: nobody waits for it."""
_PARENT = "traceparent"
Attributes = Mapping[str, str | int]


@asynccontextmanager
async def desk_tracer(
    settings: TracingSettings | None, pseudonyms: Pseudonyms, *, worker: str
) -> AsyncIterator[Tracer]:
    """Tells the collector until the end of the context. Raises `ConfigError` where the extra is missing."""
    if settings is None:
        yield UNTRACED
        return
    provider = _provider(settings, worker)
    try:
        yield OpenTelemetryTracer(provider, pseudonyms)
    finally:
        await asyncio.to_thread(provider.shutdown)


def _provider(settings: TracingSettings, worker: str) -> TracerProvider:
    """Apart from the process's global one: whoever embeds Frontdesk keeps their own."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
    except ImportError:
        raise ConfigError("`tracing` needs OpenTelemetry: install frontdesk with the extra `telemetry`") from None
    headers = {"authorization": settings.authorization.reveal()} if settings.authorization else {}
    exporter = OTLPSpanExporter(endpoint=str(settings.endpoint), headers=headers, timeout=EXPORT_SECONDS)
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(settings.share)),
        resource=Resource.create({"service.name": settings.service, "service.instance.id": worker}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class OpenTelemetryTracer:
    """Implements `core.tracing.Tracer`. The name of a step is a W3C `traceparent`."""

    def __init__(self, provider: TracerProvider, pseudonyms: Pseudonyms) -> None:
        from opentelemetry import trace
        from opentelemetry.context import Context
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._api = trace
        self._nowhere = Context()
        self._spans = provider.get_tracer("frontdesk")
        self._pseudonyms = pseudonyms
        self._travelling = TraceContextTextMapPropagator()

    def accepting(self, message: InboundMessage) -> AbstractContextManager[str]:
        about = {"frontdesk.channel": message.channel, "frontdesk.kind": message.kind.value}
        return self._step("accept", message.trace, about | self._whose(message.conversation))

    def answering(self, burst: Sequence[InboundMessage]) -> AbstractContextManager[str]:
        """A step of the first message's trace, linked to those of the others."""
        first, *others = burst
        about: dict[str, str | int] = {"frontdesk.channel": first.channel, "frontdesk.messages": len(burst)}
        links = [link for message in others if (link := self._link(message.trace)) is not None]
        return self._step("turn", first.trace, about | self._whose(first.conversation), links)

    def delivering(self, effect: Effect, sink: str, *, trace: str) -> AbstractContextManager[str]:
        """What only changes the store is not told."""
        leaves = leaving(effect, sink)
        if leaves is None or not trace:
            return nullcontext("")
        about = {"frontdesk.kind": leaves[0], "frontdesk.to": leaves[1]}
        return self._step("deliver", trace, about | self._whose(CONVERSATION.get()))

    def _whose(self, conversation: str) -> dict[str, str]:
        return {"frontdesk.conversation": self._pseudonyms.of(conversation)}

    @contextmanager
    def _step(self, name: str, trace: str, about: Attributes, links: Sequence[Link] = ()) -> Iterator[str]:
        api = self._api
        span = self._spans.start_span(name, context=self._context(trace), attributes=dict(about), links=links)
        try:
            told: dict[str, str] = {}
            self._travelling.inject(told, context=api.set_span_in_context(span, self._nowhere))
            yield told.get(_PARENT, "")
        except Exception as error:
            span.set_status(api.Status(api.StatusCode.ERROR, type(error).__name__))  # its text may name somebody
            raise
        finally:
            span.end()

    def _link(self, trace: str) -> Link | None:
        if not trace:
            return None
        return self._api.Link(self._api.get_current_span(self._context(trace)).get_span_context())

    def _context(self, trace: str) -> Context:
        """Where a step belongs, whatever else the process traces."""
        return self._travelling.extract({_PARENT: trace}, context=self._nowhere) if trace else self._nowhere
