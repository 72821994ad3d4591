"""The page on which an edit is tried out on past conversations, before it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import Field

from core.flight import Aspect, Flight
from dashboard.pages import Action, Form, NotDone, Page, Shown, Visit, Written
from dashboard.roles import Role

CHOICES = (20, 100, 500)
"""Conversations that may be replayed at once."""
_MOST_SHOWN = 50
_NAMES = {
    Aspect.PERSONA: "Persona",
    Aspect.READINESS: "Readiness",
    Aspect.LEAD: "Lead, or why",
    Aspect.ROUTE: "Route",
    Aspect.QUESTION: "Next question",
    Aspect.TEXT: "Words",
}


class Begin(Form):
    last: Annotated[int, Field(ge=1, le=CHOICES[-1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightState:
    """Where the newest flight of this process stands. `problem` says why it came to nothing."""

    running: bool = False
    done: int = 0
    of: int = 0  # 0 until the conversations are read
    ended_at: float = 0.0
    flight: Flight | None = None
    problem: str = ""


class Flights(Protocol):
    def state(self) -> FlightState: ...

    def start(self, last: int) -> bool:
        """Begin with so many conversations; False while one is under way."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightPage:
    flights: Flights

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/flight", title="Try an edit out", role=Role.ADMIN, handler=self._show, nav="Flight"),)

    def actions(self) -> tuple[Action, ...]:
        return (Action(path="/flight", role=Role.ADMIN, form=Begin, handler=self._begin),)

    async def _show(self, _visit: Visit) -> Shown:
        state = self.flights.state()
        flight = state.flight
        values = {
            "state": state,
            "flight": flight,
            "choices": CHOICES,
            "table": _table(flight) if flight else [],
            "changed": flight.changed[:_MOST_SHOWN] if flight else (),
            "names": {aspect.value: name for aspect, name in _NAMES.items()},
        }
        return Shown(template="flight.html", values=values)

    async def _begin(self, _visit: Visit, form: Begin) -> Written:
        if not self.flights.start(form.last):
            raise NotDone("A flight is under way. Wait until it has come down.", back="/flight")
        return Written(what="flight.begun", on=str(form.last), to="/flight")


def _table(flight: Flight) -> list[tuple[str, int, float]]:
    return [(name, flight.count((aspect,)), flight.share((aspect,))) for aspect, name in _NAMES.items()]
