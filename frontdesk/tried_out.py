"""What stands behind the dashboard's pages about flights and experiments: counted and flown beside the visitors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from config import Desk
from core.errors import FrontdeskError
from core.flight import Flight
from core.ports import Clock
from core.store_ports import Store
from core.trial_evidence import judged
from dashboard.door import Rooms
from dashboard.experiments_page import ExperimentsPage, Tally
from dashboard.flight_page import FlightPage, FlightState
from frontdesk.flights import flight_before_apply
from frontdesk.trial_counts import counted
from frontdesk.variants import experiments_of

_log = logging.getLogger(__name__)

FRESH = 60.0
"""Seconds in which experiments are not counted again."""
PATIENCE = 0.1
"""Seconds that a page waits for a count; a small desk's is done by then."""
KEPT = 3_600.0
"""Seconds in which a flight can be looked at. It holds visitors' words, so it is in memory alone, and not for long."""


def tried_rooms(desk: Callable[[], Desk], store: Store, clock: Clock) -> Rooms:
    """The pages and what is done on them. `desk` gives the one in force."""
    flight = FlightPage(flights=DeskFlights(desk().directory, store, clock))
    experiments = ExperimentsPage(look=Counts(desk, store, clock).look)
    return Rooms(pages=(*experiments.pages(), *flight.pages()), actions=flight.actions())


class Counts:
    """Counts all conversations, and keeps what came out for a while."""

    def __init__(self, desk: Callable[[], Desk], store: Store, clock: Clock) -> None:
        self._desk = desk
        self._store = store
        self._clock = clock
        self._newest: Tally | None = None
        self._counting: asyncio.Task[None] | None = None

    async def look(self) -> Tally | None:
        """The newest counts; None while the first ones take long."""
        experiments = tuple(one for one, _ in self._newest.tests) if self._newest else ()
        fresh = self._newest is not None and self._clock.now() - self._newest.counted_at < FRESH
        if not fresh or experiments != experiments_of(self._desk()):
            if self._counting is None or self._counting.done():
                self._counting = asyncio.create_task(self._count())
            await asyncio.wait((self._counting,), timeout=PATIENCE)
        return self._newest

    async def _count(self) -> None:
        experiments = experiments_of(self._desk())
        try:
            arms = await counted(self._store.directory, experiments) if experiments else {}
        except FrontdeskError as error:
            _log.warning("the experiments were not counted: %s", error)
            return
        tests = tuple((one, judged(arms[one.id])) for one in experiments)
        self._newest = Tally(counted_at=self._clock.now(), tests=tests)


class DeskFlights:
    """One flight at a time, in a thread; see `dashboard.flight_page.Flights`."""

    def __init__(self, directory: Path, store: Store, clock: Clock) -> None:
        self._directory = directory
        self._store = store
        self._clock = clock
        self._state = FlightState()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def state(self) -> FlightState:
        ended = self._state.ended_at
        if ended and self._clock.now() - ended > KEPT:
            self._state = FlightState()
        return self._state

    def start(self, last: int) -> bool:
        if self._state.running:
            return False
        self._state = FlightState(running=True)
        self._task = asyncio.create_task(self._fly(last))
        return True

    async def ended(self) -> None:
        """Wait for the flight under way."""
        if self._task is not None:
            await self._task

    async def _fly(self, last: int) -> None:
        try:
            flight = await flight_before_apply(self._directory, self._store, last=last, progress=self._progress)
            self._ended(flight=flight)
        except asyncio.CancelledError:
            self._stopping = True  # the thread ends at its next conversation, and the process with it
            raise
        except FrontdeskError as error:
            self._ended(problem=str(error))
        except Exception:
            _log.exception("a flight came to nothing")
            self._ended(problem="The flight came to nothing; the log says why.")

    def _progress(self, done: int, of: int) -> None:
        if self._stopping:
            raise InterruptedError
        self._state = replace(self._state, done=done, of=of)

    def _ended(self, flight: Flight | None = None, problem: str = "") -> None:
        self._state = FlightState(ended_at=self._clock.now(), flight=flight, problem=problem)
