"""From the rounds to the rows: a ratio is taken inside a round, and the median over the rounds is quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from benchmarks.load import Result
from benchmarks.table import Row, Target, measured

CPU = Target(0.75, 0.5)
P99_CROWDED = Target(1.0, 0.5)
P50_AT_A_RATE = Target(1.5, 1.0)
ROUND_TRIPS = Target(3, 2)
STORE_CPU = Target(20, 10)
FIRST_ANSWER = Target(10, 4)
HELP = Target(0.3, 0.15)
LOADER, APP = Target(3, 2), Target(30, 20)

TURNS = 10
"""Messages of a conversation, over which the cost of opening it is spread."""


class Round(msgspec.Struct, kw_only=True):
    """One after another: everybody at once against the bare bot and the hub by both transports; then at a rate."""

    bare: Result
    socket: Result
    stream: Result
    bare_at_rate: Result
    socket_at_rate: Result

    def faults(self) -> list[str]:
        """What the load generator saw go wrong; the figures of such a round count for nothing."""
        return [fault for result in msgspec.structs.astuple(self) for fault in result.wrong]


class Trips(msgspec.Struct, kw_only=True):
    """One visitor alone: batches that left for the store, and commands by name, in so many turns."""

    turns: int
    batches: int
    commands: dict[str, int]


class Waits(msgspec.Struct, kw_only=True):
    """Seconds to the first answer (each time) and of `--help`; kilobytes of the widget."""

    demo: list[float]
    help: list[float]
    loader: float
    app: float


def rows_of(all_rounds: Sequence[Round], bare_trips: Trips, hub_trips: Trips, waits: Waits) -> list[Row]:
    """Every row, from the rounds in which nothing went wrong."""
    rounds = [one for one in all_rounds if not one.faults()]
    return [
        *ratio_rows(rounds),
        *store_rows(rounds, hub_trips),
        *wait_rows(waits),
        *explaining_rows(rounds, bare_trips),
    ]


def ratio_rows(rounds: Sequence[Round]) -> list[Row]:
    """Scenarios 1 and 4: the hub over the bare bot of the same round."""

    def row(scenario: int, what: str, target: Target | None, ratio: Callable[[Round], float]) -> Row:
        return Row(scenario=scenario, what=what, measured=measured(map(ratio, rounds)), unit="x B1", target=target)

    return [
        row(1, "CPU a message, WebSocket", CPU, lambda r: r.socket.server_us / r.bare.server_us),
        row(1, "CPU a message, POST and event stream", CPU, lambda r: r.stream.server_us / r.bare.server_us),
        row(
            1,
            f"the first with a WebSocket opened and closed every {TURNS} messages",
            None,
            lambda r: (r.socket.server_us + r.socket.opening_us / TURNS) / r.bare.server_us,
        ),
        row(4, "p99 of 200 visitors at once, WebSocket", P99_CROWDED, lambda r: r.socket.p99_ms / r.bare.p99_ms),
        row(4, "p99 of 200 visitors at once, POST", P99_CROWDED, lambda r: r.stream.p99_ms / r.bare.p99_ms),
        row(
            4,
            "p50 of 300 messages a second, WebSocket",
            P50_AT_A_RATE,
            lambda r: r.socket_at_rate.p50_ms / r.bare_at_rate.p50_ms,
        ),
    ]


def store_rows(rounds: Sequence[Round], trips: Trips) -> list[Row]:
    """Scenario 6: what a turn costs the store."""

    def row(what: str, unit: str, values: Sequence[float], target: Target | None = None) -> Row:
        return Row(scenario=6, what=what, measured=measured(values), unit=unit, target=target)

    return [
        row("round trips to the store a turn, one visitor alone", "", [trips.batches / trips.turns], ROUND_TRIPS),
        row(f"commands a turn ({_commands(trips)})", "", [sum(trips.commands.values()) / trips.turns]),
        row("CPU of the store process a message", "us", [one.socket.store_us for one in rounds], STORE_CPU),
        row("of it inside scripts", "us", [one.socket.script_us for one in rounds]),
        row("the store process of B1, for comparison", "us", [one.bare.store_us for one in rounds]),
    ]


def _commands(trips: Trips) -> str:
    return ", ".join(f"{name} {count / trips.turns:.3g}" for name, count in Counter(trips.commands).most_common())


def wait_rows(waits: Waits) -> list[Row]:
    """Scenarios 10 and 11: what people wait for."""
    return [
        Row(
            scenario=10,
            what="first answer after `frontdesk demo`",
            measured=measured(waits.demo),
            unit="s",
            target=FIRST_ANSWER,
        ),
        Row(scenario=10, what="`frontdesk --help`", measured=measured(waits.help), unit="s", target=HELP),
        Row(scenario=11, what="widget: loader, gzip", measured=measured([waits.loader]), unit="KB", target=LOADER),
        Row(scenario=11, what="widget: all modules, gzip", measured=measured([waits.app]), unit="KB", target=APP),
    ]


def explaining_rows(rounds: Sequence[Round], bare_trips: Trips) -> list[Row]:
    """The absolute figures behind the ratios: of this machine at this hour."""

    def row(scenario: int, what: str, unit: str, figure: Callable[[Round], float]) -> Row:
        return Row(scenario=scenario, what=what, measured=measured(map(figure, rounds)), unit=unit)

    return [
        row(1, "B1: CPU a message", "us", lambda r: r.bare.server_us),
        row(1, "hub, WebSocket: CPU a message", "us", lambda r: r.socket.server_us),
        row(1, "hub, POST: CPU a message", "us", lambda r: r.stream.server_us),
        row(1, "hub, WebSocket: CPU of opening and closing", "us", lambda r: r.socket.opening_us),
        row(1, "B1: messages a second", "", lambda r: r.bare.messages / r.bare.seconds),
        row(1, "hub, WebSocket: messages a second", "", lambda r: r.socket.messages / r.socket.seconds),
        row(1, "hub, POST: messages a second", "", lambda r: r.stream.messages / r.stream.seconds),
        row(1, "B1: share of its core", "", lambda r: r.bare.server_busy),
        row(1, "hub, WebSocket: share of its core", "", lambda r: r.socket.server_busy),
        row(1, "hub, POST: share of its core", "", lambda r: r.stream.server_busy),
        row(4, "B1, 200 at once: p50", "ms", lambda r: r.bare.p50_ms),
        row(4, "B1, 200 at once: p99", "ms", lambda r: r.bare.p99_ms),
        row(4, "hub, 200 at once: p50", "ms", lambda r: r.socket.p50_ms),
        row(4, "hub, 200 at once: p99", "ms", lambda r: r.socket.p99_ms),
        row(4, "B1, 300 a second: p50", "ms", lambda r: r.bare_at_rate.p50_ms),
        row(4, "B1, 300 a second: p99", "ms", lambda r: r.bare_at_rate.p99_ms),
        row(4, "hub, 300 a second: p50", "ms", lambda r: r.socket_at_rate.p50_ms),
        row(4, "hub, 300 a second: p99", "ms", lambda r: r.socket_at_rate.p99_ms),
        Row(scenario=6, what="B1: round trips a message", measured=measured([bare_trips.batches / bare_trips.turns])),
    ]
