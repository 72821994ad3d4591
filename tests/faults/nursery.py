"""A process with everything imported and the engine built, which forks a hub whenever it is told to.

Run as `python -m tests.faults.nursery DESK`; orders come in on stdin, news goes out on stdout, logs to stderr. It ends
with its stdin, and every hub with it.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import logging
import os
import selectors
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from config import ConnectionUrl, Desk
from core.attachment import FileSource
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from core.ports import Clock
from core.receiving import begin
from core.session import ConversationState
from core.store_ports import Store
from core.turn import TurnOutcome
from frontdesk import app
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async, stop_event
from frontdesk.mind import build_mind
from frontdesk.sales import SalesTeam
from handoff.pace import ChannelPace
from handoff.slack import SlackLeadSink
from handoff.slack_api import SlackApi
from platforms.slack.client import SlackClient
from store import tether
from store.open import OpenStore, open_store
from tests.faults.boundaries import Killer, Watched, watched_store
from tests.faults.desks import SALES, TOKEN
from tests.faults.orders import News, Order

WARM_UP = ("Hello, we are 12 people on Django.", "80 tickets a day and an API, please. me@lindenwerk.example")


class Mortal:
    """The engine behind its doors, with the faults of an order."""

    def __init__(self, engine: Any, order: Order, killer: Killer) -> None:
        self._engine = Watched("engine", engine, killer)
        self._order = order
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        order = self._order
        if order.poison and any(order.poison in message.text for message in messages):
            self._killer.die("poison")
        if order.think:
            _tell(order.name, "thinks")
            await asyncio.sleep(order.think)
        outcome: TurnOutcome = await self._engine.respond(state, messages)
        return outcome


class Cradle:
    """Everything two hubs of a test have in common, made once."""

    def __init__(self, directory: Path) -> None:
        self.desk = read_desk(directory)
        self.mind = build_mind(self.desk, clock=SystemClock(), transcript_channels=self.desk.channels)
        run_async(self._warm_up())
        gc.collect()
        gc.freeze()

    async def _warm_up(self) -> None:
        state = None
        for number, text in enumerate(WARM_UP):
            message = InboundMessage(
                id=MessageId(f"m{number}"),
                channel="web",
                conversation=ConversationId("warm-up"),
                visitor=VisitorId("v"),
                kind=MessageKind.TEXT,
                text=text,
                at=0.0,
            )
            state = (await self.mind.desk.respond(state or begin(message), (message,))).state

    def desk_for(self, order: Order) -> Desk:
        settings = self.desk.settings
        store = settings.store.model_copy(update={"url": ConnectionUrl(order.store), "shards": order.shards})
        changed = settings.model_copy(update={"store": store, "tenant": order.tenant})
        return dataclasses.replace(self.desk, settings=changed)

    async def live(self, order: Order) -> None:
        """Serve by the product's own wiring, with every port watched, until SIGTERM."""
        killer = Killer(order.kill, lambda where: _tell(order.name, "dies", where))
        mind = self.mind

        async def watched(*args: Any, **kwargs: Any) -> OpenStore:
            opened = await open_store(*args, **kwargs)
            opened.store = watched_store(opened.store, killer)
            return opened

        def sales(
            desk: Desk,
            store: Store,
            session: aiohttp.ClientSession,
            clock: Clock,
            files: Mapping[str, FileSource],
        ) -> SalesTeam:
            assert desk.handoff is not None
            assert desk.handoff.slack is not None
            slack = desk.handoff.slack.model_copy(update={"api_base_url": order.slack})
            team = SalesTeam(desk, slack, store, session, clock, files)
            pace = ChannelPace(asyncio.get_running_loop().time, interval=0.005)
            api = SlackApi(SlackClient(token=TOKEN, session=session, base_url=order.slack, timeout=0.5))
            team.sink = cast("Any", Watched("sink", SlackLeadSink(api=api, channel=SALES, pace=pace), killer))
            return team

        mortal = cast("Any", Mortal(mind.desk, order, killer))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app, "open_store", watched)
            patch.setattr(app, "build_mind", lambda *_, **__: dataclasses.replace(mind, desk=mortal))
            patch.setattr(app, "_sales", sales)
            stop = stop_event()
            async with app.running(self.desk_for(order), pace=order.pace) as hub:
                _tell(order.name, "listens", hub.address)
                await stop.wait()


def _tell(name: str, event: str, detail: str = "") -> None:
    os.write(1, News(name=name, event=event, detail=detail).to_line())  # one write: lines of several processes mix


class Nursery:
    def __init__(self, cradle: Cradle) -> None:
        self._cradle = cradle
        self._pid = os.getpid()
        self._selector = selectors.DefaultSelector()
        self._selector.register(0, selectors.EVENT_READ)
        self._rest = b""

    def work(self) -> None:
        _tell("", "ready")
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._bury(key.fd, *key.data)
                elif not self._read():
                    return

    def _read(self) -> bool:
        chunk = os.read(0, 65536)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._bear(Order.of_line(line))
        return bool(chunk)

    def _bear(self, order: Order) -> None:
        pid = os.fork()
        if pid == 0:
            self._child(order)
        self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, order.name))
        _tell(order.name, "started", str(pid))

    def _child(self, order: Order) -> None:
        status = 70
        try:
            tether.tie_to_parent(self._pid)
            self._selector.close()
            run_async(self._cradle.live(order))
            status = 0
        except BaseException:
            logging.getLogger(order.name).exception("the hub failed")
        finally:
            os._exit(status)

    def _bury(self, pidfd: int, pid: int, name: str) -> None:
        _, status = os.waitpid(pid, 0)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        _tell(name, "ended", str(os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    logging.basicConfig(level="WARNING", format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    Nursery(Cradle(Path(sys.argv[1]))).work()
