"""The rooms of the dashboard over a store of the tests, with the example company's files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from itertools import count
from pathlib import Path

from config import Desk
from core.linking import Accept
from core.store_ports import Store
from dashboard.door import Rooms
from dashboard.rooms import Ground, people_rooms
from frontdesk.admins import insights
from frontdesk.desk import read_desk

DESK = Path(__file__).parents[2] / "examples" / "desk"


@cache
def example_desk() -> Desk:
    return read_desk(DESK)


def rooms_over(
    store: Store,
    *,
    accept: Accept | None = None,
    patience: float = 0,
    forgotten: Callable[[], None] = lambda: None,
) -> Rooms:
    """Without `accept` nobody takes in what is done there: it waits in the inbox."""
    numbers = count(1)
    return people_rooms(
        Ground(
            store=store,
            insight=insights(example_desk),
            accept=accept or partial(store.inbox.accept, worker="test"),
            forgotten=forgotten,
            new_id=lambda: f"n{next(numbers)}",
        ),
        patience=patience,
    )
