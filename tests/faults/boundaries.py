"""Where a hub process is killed: its calls to its ports, wrapped from outside. Nothing in the product knows of it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from core.store_ports import Store

STEPS = {
    "inbox.accept": ("before", "during", "after"),  # after: on disk, not acknowledged
    "inbox.waiting": ("after",),
    "inbox.attempt": ("after",),
    "ownership.acquire": ("after",),
    "outbox.pending": ("after",),
    "conversations.load": ("before", "after"),
    "engine.respond": ("before", "after"),
    "conversations.commit": ("before", "during", "after"),
    "ledger.append": ("before", "after"),
    "leads.record_posting": ("before", "after"),
    "sink.deliver": ("before", "during", "after"),
    "outbox.delivered": ("before", "after"),
}
"""The calls on a message's way, in order, and where around each of them a process may die."""

BOUNDARIES = tuple(f"{when} {step}" for step, whens in STEPS.items() for when in whens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Die at the `nth` passage of a boundary; `delay` seconds after it for one within a call."""

    boundary: str
    nth: int
    delay: float = 0.0
    by: int = signal.SIGKILL  # SIGSTOP only stops it


class Killer:
    """Counts passages and kills its own process with SIGKILL; `last_words` is called just before."""

    def __init__(self, kill: Kill | None, last_words: Callable[[str], None]) -> None:
        self._kill = kill
        self._last_words = last_words
        self._passed = 0

    def passes(self, boundary: str) -> None:
        if self._kill is None or boundary != self._kill.boundary:
            return
        self._passed += 1
        if self._passed != self._kill.nth:
            return
        if self._kill.delay:
            asyncio.get_running_loop().call_later(self._kill.delay, self.die, boundary, self._kill.by)
        else:
            self.die(boundary, self._kill.by)

    def die(self, where: str, number: int = signal.SIGKILL) -> None:
        self._last_words(where)
        os.kill(os.getpid(), number)


class Watched:
    """A port whose calls pass boundaries before, during and after."""

    def __init__(self, name: str, port: object, killer: Killer) -> None:
        self._name = name
        self._port = port
        self._killer = killer

    def __getattr__(self, method: str) -> Any:
        call = getattr(self._port, method)
        step = f"{self._name}.{method}"
        return self._crossing(step, call) if step in STEPS else call

    def _crossing(self, step: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def crossing(*args: Any, **kwargs: Any) -> Any:
            self._killer.passes(f"before {step}")
            self._killer.passes(f"during {step}")
            result = await call(*args, **kwargs)
            self._killer.passes(f"after {step}")
            return result

        return crossing


def watched_store(store: Store, killer: Killer) -> Store:
    ports = {one.name: cast("Any", Watched(one.name, getattr(store, one.name), killer)) for one in fields(store)}
    return replace(store, **ports)
