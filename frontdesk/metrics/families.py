"""The metrics by name: what each says, from plain numbers that are read at this moment. Pure.

Every label is a word of the program or a name of the admin's files, so their number is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from core.counts import Counts, Spread
from inference.metering import CallOutcome, Meter
from store.backlog import Backlog


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """One model's meter, and what a million of its tokens cost, where that is known."""

    meter: Meter
    price: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that is told, at `now`. `backlog` is None while the store does not answer."""

    now: float
    version: str
    counts: Counts
    channels: Mapping[str, str]  # their states, by name
    shards: int
    owned: int
    parked: int
    backlog: Backlog | None
    reloads: Mapping[str, int]
    stale: bool  # an edit was refused, and the last good version is in force
    models: Mapping[str, ModelFigures] = field(default_factory=dict)


def families(told: Figures) -> Iterator[Metric]:
    """Every metric, also those that have nothing to tell yet."""
    yield InfoMetricFamily("frontdesk", "The release that runs.", {"version": told.version})
    yield from _work(told)
    yield from _deliveries(told)
    yield from _waiting(told)
    yield from _parts(told)
    yield from _models(told.models)


def _work(told: Figures) -> Iterator[Metric]:
    counts = told.counts
    messages = _counter("messages", "Messages that were recorded, or seen again.", "channel", "kind", "status")
    for (channel, kind, status), count in counts.accepted.items():
        messages.add_metric([channel, kind, status], count)
    yield messages
    turn = "Seconds from loading a conversation to its commit."
    yield _histogram("turn_seconds", turn, counts.turns)
    wait = "Seconds from a visitor's message to its committed reply, the wait for the end of a burst included."
    yield _histogram("reply_wait_seconds", wait, counts.waits)
    replies = _counter("replies", "Replies that were committed.", "channel", "author")
    for (channel, author), count in counts.replies.items():
        replies.add_metric([channel, author], count)
    yield replies
    set_aside = _counter("set_aside", "Messages that became dead letters.", "reason")
    for reason, count in counts.set_aside.items():
        set_aside.add_metric([reason], count)
    yield set_aside


def _deliveries(told: Figures) -> Iterator[Metric]:
    deliveries = _counter("deliveries", "Attempts to bring something out, by what became of them.", *_DELIVERY)
    for (kind, to, outcome), count in told.counts.deliveries.items():
        deliveries.add_metric([kind, to, outcome], count)
    yield deliveries
    yield _gauge("parked", "Destinations whose deliveries wait until somebody mends something.", told.parked)


_DELIVERY = ("kind", "to", "outcome")


def _waiting(told: Figures) -> Iterator[Metric]:
    """Of the shards this process owns, so that the sum over all processes is right."""
    yield _gauge("shards", "Shards of the store.", told.shards)
    yield _gauge("shards_owned", "Shards this process works on.", told.owned)
    backlog = told.backlog
    yield _gauge("store_up", "Whether the store answered.", int(backlog is not None))
    if backlog is None:
        return
    lag = max(0.0, told.now - backlog.oldest_at) if backlog.oldest_at is not None else 0.0
    yield _gauge("inbox_waiting", "Messages no turn has committed yet.", backlog.waiting)
    yield _gauge("inbox_lag_seconds", "Age of the oldest of them.", lag)
    yield _gauge("outbox_waiting", "Effects of committed turns that have not happened yet.", backlog.effects)
    yield _gauge("uncertain", "Deliveries that may have arrived and are left to a person.", backlog.uncertain)
    yield _gauge("dead_letters", "Messages that were set aside and are kept.", backlog.dead)


def _parts(told: Figures) -> Iterator[Metric]:
    up = GaugeMetricFamily("frontdesk_channel_up", "Whether the channel was started.", labels=["channel"])
    for channel, state in told.channels.items():
        up.add_metric([channel], int(state == "up"))
    yield up
    reloads = _counter("reloads", "Looks at the admin's files, by what became of them.", "outcome")
    for outcome in ("taken", "unchanged", "refused"):
        reloads.add_metric([outcome], told.reloads.get(outcome, 0))
    yield reloads
    yield _gauge("config_stale", "Whether an edit was refused and the last good version is in force.", int(told.stale))


def _models(models: Mapping[str, ModelFigures]) -> Iterator[Metric]:
    calls = _counter("model_calls", "Calls of models.", "model", "outcome")
    tokens = _counter("model_tokens", "Tokens of models; those of a failed call are what it may have cost.", "model")
    cost = _counter("model_cost", "What they cost by `price_per_million_tokens`, where that is set.", "model")
    for name, one in models.items():
        for outcome in CallOutcome:
            calls.add_metric([name, outcome.value], one.meter.calls[outcome])
        tokens.add_metric([name], one.meter.tokens)
        if one.price is not None:
            cost.add_metric([name], one.meter.tokens * one.price / 1_000_000)
    yield from (calls, tokens, cost)


def _counter(name: str, what: str, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"frontdesk_{name}", what, labels=labels)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"frontdesk_{name}", what, value=value)


def _histogram(name: str, what: str, spreads: Mapping[str, Spread]) -> Metric:
    family = HistogramMetricFamily(f"frontdesk_{name}", what, labels=["channel"])
    for channel, spread in spreads.items():
        family.add_metric([channel], _buckets(spread), spread.total)
    return family


def _buckets(spread: Spread) -> list[tuple[str, float]]:
    """Prometheus counts what lies below each bound, so each bucket holds the ones before it."""
    found: list[tuple[str, float]] = []
    below = 0
    for bound, count in zip([*map(repr, spread.bounds), "+Inf"], spread.counts, strict=True):
        below += count
        found.append((bound, below))
    return found
