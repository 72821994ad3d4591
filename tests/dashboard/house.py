"""The whole house behind the pages: the real engine and hub over a real store, and visitors who talk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from core.directory import Ask
from core.hub import Hub
from core.ids import ConversationId, VisitorId, lead_of
from core.message import Page
from core.store_ports import Store
from dashboard.door import Rooms
from frontdesk.desk import read_desk
from frontdesk.mind import build_mind
from tests.contracts.builders import new_conversation
from tests.core.hub_parts import Ears, Sales, Thread, ToldClock, eventually, running_hub, said
from tests.dashboard.desk import Desk, open_desk
from tests.dashboard.grounds import DESK, rooms_over

SITE = "https://fernlight.example"


@dataclass
class House:
    """`sales` and `thread` are the team's Slack: what arrived there."""

    desk: Desk
    store: Store
    hub: Hub
    clock: ToldClock
    sales: Sales
    thread: Thread
    forgotten: list[bool]  # one for each time somebody was taken out

    async def talk(self, *texts: str, visitor: str = "visitor-1", page: Page | None = None) -> ConversationId:
        """A conversation in which each text was answered, a minute apart."""
        conversation = new_conversation()
        await self.says(conversation, *texts, visitor=visitor, page=page)
        return conversation

    async def says(
        self, conversation: ConversationId, *texts: str, visitor: str = "visitor-1", page: Page | None = None
    ) -> None:
        ears = Ears()
        await self.hub.watch(conversation, ears)
        for number, text in enumerate(texts, 1):
            self.clock.at += 60
            self.desk.clock.time = self.clock.at
            plain = said(conversation, text, identity=f"{conversation}-{self.clock.at:.0f}", at=self.clock.at)
            await self.hub.accept(replace(plain, visitor=VisitorId(visitor), page=page))
            await ears.replied(number)
        await self.hub.unwatch(conversation, ears)
        await self.listed(conversation)

    async def listed(self, conversation: ConversationId) -> None:
        """The directory shows the newest turn."""

        async def shown() -> bool:
            state = await self.store.conversations.load(conversation)
            raw = await self.store.directory.find(Ask(count=200))
            versions = {row.conversation: row.version for row in raw.rows}
            return state is not None and versions.get(conversation) == state.session.version

        await eventually(shown, "the directory lags behind")

    async def carded(self, conversation: ConversationId, revision: int) -> None:
        """The card has been brought up to a revision."""
        lead = lead_of(conversation)
        await eventually(
            lambda: any(one == lead and held >= revision for one, held, _ in self.sales.calls), "the card lags behind"
        )


def _rooms(store: Store, hub: Hub, forgotten: list[bool]) -> Rooms:
    return rooms_over(store, accept=hub.accept, patience=1.0, forgotten=lambda: forgotten.append(True))


@asynccontextmanager
async def open_house(store: Store) -> AsyncIterator[House]:
    clock, sales, thread = ToldClock(), Sales(), Thread()
    forgotten: list[bool] = []
    engine = build_mind(read_desk(DESK), clock=clock, transcript_channels=("web",)).engine
    async with (
        running_hub(store, engine=engine, sales=sales, thread=thread, clock=clock) as hub,
        open_desk(store, rooms=_rooms(store, hub, forgotten)) as desk,
    ):
        yield House(desk, store, hub, clock, sales, thread, forgotten)
