"""Slack away in every way while leads are captured: visitors notice nothing, and afterwards each card stands once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from frontdesk.demo import slack_faults as stand_in
from frontdesk.demo.slack import SlackStandIn
from frontdesk.demo.slack_faults import Fault
from tests.faults.desks import SALES, TOKEN
from tests.faults.figures import Figures
from tests.faults.invariants import Observer, Outside, facts_recorded_once, nothing_lost_or_doubled, one_card
from tests.faults.visitor import Visitor
from tests.faults.workshop import Lineage, Workshop, eventually, slack_stand_in, visiting

pytestmark = [pytest.mark.fault, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

VISITORS = 4
TEXTS = ("Please send us a quote: kim@tidewater.example", "Is there single sign-on?")
UNNOTICED = 2.0
"""Seconds within which an answer comes, Slack or no Slack."""

PASSING: dict[str, Callable[[], Fault]] = {
    "hangs": stand_in.hanging,
    "hangs after taking it": lambda: stand_in.hanging(applied=True),
    "resets": stand_in.resetting,
    "resets after taking it": lambda: stand_in.resetting(applied=True),
    "truncates after taking it": lambda: stand_in.truncated(applied=True),
    "answers 503": lambda: stand_in.failing(503),
    "answers 500 after taking it": lambda: stand_in.failing(500, applied=True),
    "shows a page": lambda: stand_in.html_page(502),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A hub, visitors who were greeted, and somebody who looks from outside."""

    lineage: Lineage
    visitors: list[Visitor]
    outside: Outside
    about: str

    async def say(self, text: str) -> float:
        """All visitors say it at once; the longest wait for an answer, in seconds."""

        async def one(visitor: Visitor) -> float:
            since = asyncio.get_running_loop().time()
            await visitor.answered(await visitor.say(text))
            return asyncio.get_running_loop().time() - since

        return max(await asyncio.wait_for(asyncio.gather(*map(one, self.visitors)), 20))

    async def parked(self) -> int:
        parked: int = (await self.lineage.health())["parked"]
        return parked

    async def check(self, slack: SlackStandIn) -> None:
        await self.outside.settled(asyncio.sleep(0), self.visitors, within=20, about=self.about)
        for visitor in self.visitors:
            seen = await self.outside.look(visitor.conversation)
            nothing_lost_or_doubled(seen, TEXTS, self.about)
            await facts_recorded_once(self.outside, seen, visitor.visitor, self.about)
            await one_card(self.outside, slack, visitor.conversation, self.about)
        assert await self.parked() == 0, f"{self.about}: still parked"


async def open_desk(stack: AsyncExitStack, workshop: Workshop, address: str, about: str) -> Desk:
    order = workshop.order(address)
    lineage = await stack.enter_async_context(Lineage(workshop, order))
    await eventually(lineage.serves, within=20, what=f"{about}: no hub")
    visitors = await stack.enter_async_context(visiting([lineage.door] * VISITORS))
    outside = await stack.enter_async_context(Observer(workshop.store, order.tenant, order.shards))
    await asyncio.wait_for(asyncio.gather(*(visitor.answered(0) for visitor in visitors)), 20)
    return Desk(lineage=lineage, visitors=visitors, outside=outside, about=about)


@pytest.mark.parametrize("fault", PASSING)
async def test_that_a_failing_slack_delays_cards_and_nothing_else(
    workshop: Workshop, fault: str, figures: Figures
) -> None:
    about = f"Slack {fault}, log {workshop.hubs.log}"
    async with AsyncExitStack() as stack:
        slack, address = await stack.enter_async_context(slack_stand_in())
        desk = await open_desk(stack, workshop, address, about)
        for method in ("chat.postMessage", "chat.update", "conversations.history"):
            slack.order(method, *(PASSING[fault]() for _ in range(3)))
        waits = [await desk.say(text) for text in TEXTS]
        assert max(waits) < UNNOTICED, f"{about}: answers took {waits}"
        await desk.check(slack)
    figures.note("Slack failing", cases=1, leads=VISITORS)


async def test_that_cards_wait_for_a_slack_that_cannot_be_reached(workshop: Workshop, figures: Figures) -> None:
    about = f"Slack unreachable, log {workshop.hubs.log}"
    port = free_port()
    async with AsyncExitStack() as stack:
        desk = await open_desk(stack, workshop, f"http://127.0.0.1:{port}/", about)
        waits = [await desk.say(text) for text in TEXTS]
        assert max(waits) < UNNOTICED, f"{about}: answers took {waits}"
        assert await desk.outside.unfinished(), f"{about}: nothing waits for Slack"
        slack, _ = await stack.enter_async_context(slack_stand_in(port=port))
        await desk.check(slack)
    figures.note("Slack failing", cases=1, leads=VISITORS)


@pytest.mark.parametrize("word", ["channel_not_found", "is_archived", "not_in_channel", "invalid_auth"])
async def test_that_a_lasting_refusal_parks_leads_with_an_alarm_until_mended(
    workshop: Workshop, word: str, figures: Figures
) -> None:
    about = f"Slack says {word}, log {workshop.hubs.log}"
    async with AsyncExitStack() as stack:
        slack, address = await stack.enter_async_context(slack_stand_in())
        desk = await open_desk(stack, workshop, address, about)
        if word == "invalid_auth":
            slack.token = "xoxb-another"
        else:
            slack.channels[SALES].broken = word
        alarms = workshop.hubs.log.read_text().count("parked until mended")
        waits = [await desk.say(TEXTS[0])]

        async def all_parked() -> bool:
            return await desk.parked() == VISITORS

        await eventually(all_parked, within=10, what=f"{about}: leads are not parked")
        waits.append(await desk.say(TEXTS[1]))
        assert max(waits) < UNNOTICED, f"{about}: answers took {waits}"
        told = workshop.hubs.log.read_text().count("parked until mended") - alarms
        assert told == VISITORS, f"{about}: one alarm a lead"
        slack.token, slack.channels[SALES].broken = TOKEN, ""
        await desk.check(slack)
    figures.note("Slack refusing", cases=1, leads=VISITORS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
