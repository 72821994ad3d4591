"""Showing that an address is somebody's: the code that is sent, and the visitor it makes known again."""

from __future__ import annotations

import json
from typing import Protocol

from core.access_ports import Tries
from core.errors import DeliveryError
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from core.one_time_code import LIFE, OneTimeCodes
from core.people import Identity, Proof, Thread
from core.ports import Clock
from core.store_ports import Store
from core.turn import ProveAddress, SendCode

MOST_TO_AN_ADDRESS = 5
"""Codes that one address is sent in `ADDRESS_HOURS`, by whomever: nobody's mailbox is flooded from here."""
ADDRESS_HOURS = 24 * 3600.0
HOME_LIFE = 400 * 86_400.0
"""Seconds it is known in which conversation an address was shown last."""
_PLACE = ":proved"
"""Where in the notes; no channel can have this name."""


class CodePost(Protocol):
    async def post(self, address: str, code: str, *, language: str, minutes: int) -> None:
        """Bring a code to an address. Raises `DeliveryDelayed`, `DeliveryParked` or `DeliveryUncertain`."""
        ...


class CodeSender:
    """Sends the codes of one tenant, as long as they can still be used and nobody is flooded with them."""

    def __init__(self, codes: OneTimeCodes, post: CodePost, tries: Tries, clock: Clock) -> None:
        self._codes = codes
        self._post = post
        self._tries = tries
        self._clock = clock

    async def send(self, effect: SendCode) -> bool:
        """Whether it was sent. Safe to call again: the code is the same. Raises what `CodePost` does."""
        if self._clock.now() - effect.at >= LIFE:
            return False
        key = f"code:{effect.address.casefold()}"
        if await self._tries.count(key, life=ADDRESS_HOURS) > MOST_TO_AN_ADDRESS:
            return False
        code = self._codes.code(effect.address, effect.conversation, sent_at=effect.at)
        try:
            await self._post.post(effect.address, code, language=effect.language, minutes=int(LIFE // 60))
        except DeliveryError:
            await self._tries.give_back(key)
            raise
        return True


async def proved(store: Store, effect: ProveAddress) -> InboundMessage:
    """What makes the conversation know who its visitor is; with the conversation in which they showed it before.

    Safe to call again: the message is the same. Raises `StoreUnavailable`.
    """
    thread = effect.thread
    kept = await store.notes.get(_PLACE, effect.holder)
    last, before_last = json.loads(kept) if kept else (None, None)
    own = [thread.conversation, thread.visitor, thread.channel]
    before = before_last if last and last[0] == thread.conversation else last
    await store.notes.put(_PLACE, effect.holder, json.dumps([own, before]), life=HOME_LIFE, of=thread.conversation)
    return InboundMessage(
        id=MessageId(f"proved:{effect.at!r}"),
        channel=thread.channel,
        conversation=thread.conversation,
        visitor=thread.visitor,
        kind=MessageKind.IDENTIFIED,
        text=effect.address,
        at=effect.at,
        identity=Identity(person=effect.holder, email=effect.address, proof=Proof.ONE_TIME_CODE),
        continues=_thread(*before) if before else None,
    )


def _thread(conversation: str, visitor: str, channel: str) -> Thread:
    return Thread(conversation=ConversationId(conversation), visitor=VisitorId(visitor), channel=channel)
