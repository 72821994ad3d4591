"""One-time links: a conversation goes on in another channel, and both visitors are one person from then on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

from core.ids import ConversationId, VisitorId
from core.message import InboundMessage
from core.people import Thread, followed_link
from core.people_ports import People
from core.ports import Clock
from core.store_ports import Notes

LIFE = 15 * 60.0
"""Seconds a link works."""
REDEEMED_LIFE = 25 * 3600.0
"""Seconds it is known who has used it: longer than it works, and than any platform repeats a delivery."""
_ADDRESS_LIFE = 400 * 86_400.0
_ADDRESS = "begin-at"
_PLACE = "{token}"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")


class OneTimeLinks:
    """Implements `core.reception.Continuations`.

    A token is kept with the channel it leads to, so that it means nothing in any other. Whoever uses it first has it:
    the same message again, delivered twice or after a crash, has it again, and anybody else never.
    """

    def __init__(self, notes: Notes, people: People, clock: Clock, new_token: Callable[[], str]) -> None:
        """`new_token` gives 22 to 64 of `A-Z a-z 0-9 _ -` from a cryptographic source."""
        self._notes = notes
        self._people = people
        self._clock = clock
        self._new_token = new_token

    async def begin_at(self, channel: str, address: str) -> None:
        await self._notes.put(channel, _ADDRESS, address, life=_ADDRESS_LIFE)

    async def mint(self, thread: Thread, *, channel: str) -> str | None:
        address = await self._notes.get(channel, _ADDRESS)
        if address is None:
            return None
        token = self._new_token()
        kept = json.dumps([thread.conversation, thread.visitor, thread.channel, self._clock.now() + LIFE])
        await self._notes.put(channel, _minted(token), kept, life=LIFE, of=thread.conversation)
        return address.replace(_PLACE, token)

    async def redeem(self, token: str, message: InboundMessage) -> InboundMessage:
        before = await self._minted(token, message.channel)
        if before is None or not await self._is_first(token, message):
            return message
        newcomer = Thread(conversation=message.conversation, visitor=message.visitor, channel=message.channel)
        await self._people.link(followed_link(newcomer, before, at=message.at))
        return replace(message, continues=before)

    async def _minted(self, token: str, channel: str) -> Thread | None:
        kept = await self._notes.get(channel, _minted(token)) if _TOKEN.fullmatch(token) else None
        if kept is None:
            return None
        conversation, visitor, name, until = json.loads(kept)
        if self._clock.now() >= until:
            return None
        return Thread(conversation=ConversationId(conversation), visitor=VisitorId(visitor), channel=name)

    async def _is_first(self, token: str, message: InboundMessage) -> bool:
        key, who = _redeemed(token), f"{message.conversation} {message.visitor}"
        if await self._notes.add(message.channel, key, who, life=REDEEMED_LIFE, of=message.conversation):
            return True
        return await self._notes.get(message.channel, key) == who


async def has_begun(notes: Notes, channel: str) -> bool:
    """Whether a channel has said where its chats begin."""
    return await notes.get(channel, _ADDRESS) is not None


def _minted(token: str) -> str:
    return f"continue:{token}"


def _redeemed(token: str) -> str:
    return f"continued:{token}"
