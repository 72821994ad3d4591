"""Bringing replies into Teams: paced, at most once, and quiet where the bot is not wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from time import monotonic

from adapters.capabilities import Capabilities
from adapters.pacing import Pacing, Window
from adapters.teams.bridge import addressed
from adapters.teams.cards import Card, Cards
from adapters.teams.connector import Connector
from adapters.teams.failures import Blocked
from adapters.teams.inbound import Pressed, chat_of
from adapters.teams.outbound import TYPING, Composed, Outgoing, chosen, compose, with_buttons
from adapters.teams.reference import PERSONAL, Reference
from adapters.teams.whereabouts import Whereabouts
from core.errors import DeliveryDelayed, DeliveryError, DeliveryUncertain, StoreUnavailable
from core.ids import ConversationId
from core.reply import Reply
from core.store_ports import Notes

_log = logging.getLogger(__name__)

LIMITS = (Window(7, 1.15), Window(8, 2.15), Window(60, 30.5), Window(1_800, 3_610.0))
"""Microsoft's limits of a bot in one thread, with room for messages that overtake each other on their way."""
TYPING_SECONDS = 3.0
"""Teams shows that somebody types for about that long."""
_TYPING_PATIENCE = 0.5
_PARTS_KEPT = 86_400.0
_MOST_CHATS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What sending keeps in the store."""

    notes: Notes
    channel: str
    whereabouts: Whereabouts
    cards: Cards


class Sending:
    """All that leaves through the connector."""

    def __init__(
        self,
        connector: Connector,
        memory: Memory,
        capabilities: Capabilities,
        *,
        suggested: bool,
        ticks: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._connector = connector
        self._memory = memory
        self._capabilities = capabilities
        self._suggested = suggested
        self._ticks = ticks
        self._pacing = Pacing(chat=LIMITS, ticks=ticks, sleep=sleep)
        self._typed: dict[str, float] = {}
        self._typing: dict[str, asyncio.Task[None]] = {}

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        """As `core.delivery.ReplyChannel` says. Nothing can be looked up in Teams, so a doubt stays a doubt."""
        if again:
            raise DeliveryUncertain("an earlier attempt may have arrived in Teams, where nothing can be looked up")
        chat = chat_of(conversation)
        reference = await self._memory.whereabouts.find(chat)
        await self._typing_is_over(chat)
        suggested = self._suggested and reference.kind == PERSONAL
        composed = compose(reply, self._capabilities, suggested=suggested)
        out = await self._parts_out(effect) if len(composed.messages) > 1 else 0
        for place in range(out, len(composed.messages)):
            await self._pacing.turn(chat)
            await self._show(reference, await self._ready(composed, place, chat))
            if place + 1 < len(composed.messages):
                await self._memory.notes.put(self._memory.channel, f"out.{effect}", str(place + 1), life=_PARTS_KEPT)

    def show_typing(self, reference: Reference) -> None:
        """Show that an answer is on its way, unless that was just done; failing at it costs nothing."""
        now, chat = self._ticks(), reference.chat
        if chat in self._typing or now - self._typed.get(chat, float("-inf")) < TYPING_SECONDS:
            return
        if len(self._typed) >= _MOST_CHATS:
            self._typed.clear()
        self._typed[chat] = now
        task = asyncio.get_running_loop().create_task(self._quietly(reference, self._type(reference)))
        self._typing[chat] = task
        task.add_done_callback(lambda _: self._typing.pop(chat, None))

    async def close_card(self, press: Pressed, card: Card) -> None:
        """Take the buttons of a card away after a press; a card that held nothing else goes as a whole."""
        if press.card and not press.invoked:
            await self._quietly(press.reference, self._close(press, card))

    async def stop(self) -> None:
        """Leave nothing behind that still wants to be shown."""
        tasks = tuple(self._typing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _show(self, reference: Reference, outgoing: Outgoing) -> None:
        try:
            await self._connector.send(reference, addressed(outgoing, reference))
        except DeliveryDelayed as error:
            self._pacing.rest(reference.chat, error.retry_after)
            raise
        except Blocked:
            await self._memory.whereabouts.lose(reference)
            raise

    async def _ready(self, composed: Composed, place: int, chat: str) -> Outgoing:
        """A part to be sent; buttons get a token of their own each time, so that none is shown twice."""
        part = composed.messages[place]
        if part.card is None:
            return part
        token = await self._memory.cards.issue(chat, composed.labels, composed.body)
        return replace(part, card=with_buttons(composed.body, composed.labels, token))

    async def _parts_out(self, effect: str) -> int:
        kept = await self._memory.notes.get(self._memory.channel, f"out.{effect}")
        return int(kept) if kept and kept.isdecimal() else 0

    async def _type(self, reference: Reference) -> None:
        await self._pacing.turn(reference.chat)
        await self._connector.send(reference, addressed(TYPING, reference))

    async def _typing_is_over(self, chat: str) -> None:
        """Wait a moment for a sign on its way: shown after the answer it would promise another one."""
        if task := self._typing.get(chat):
            await asyncio.wait({task}, timeout=_TYPING_PATIENCE)

    async def _close(self, press: Pressed, card: Card) -> None:
        await self._pacing.turn(press.reference.chat)
        if not card.body:
            await self._connector.delete(press.reference, press.card)
            return
        closed = Outgoing(card=chosen(card.body, card.labels[press.choice]))
        await self._connector.update(press.reference, press.card, addressed(closed, press.reference))

    async def _quietly(self, reference: Reference, doing: Awaitable[None]) -> None:
        try:
            await doing
        except DeliveryDelayed as error:
            self._pacing.rest(reference.chat, error.retry_after)
        except (DeliveryError, StoreUnavailable) as error:
            _log.info("teams: %s", error)
