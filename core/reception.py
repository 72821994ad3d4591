"""The hub as a channel sees it: where messages go in and lines come out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from core.ids import ConversationId, PersonId
from core.message import InboundMessage, Page
from core.people import Thread
from core.people_ports import Claim
from core.reply import Reply
from core.store_ports import Acceptance
from core.transcript import TranscriptEntry

Listener = Callable[[tuple[TranscriptEntry, ...] | None], None]
"""Called with new lines, and with None once the conversation is erased; it must return at once.

Two listeners are the same when they are equal.
"""


class Inviter(Protocol):
    async def invite(self, page: Page) -> Reply | None:
        """A message for somebody who reads `page` and has not written; None when the site has nothing that fits.

        Nothing is recorded, and nobody needs to have a conversation for it.
        """
        ...


class Identities(Protocol):
    async def claim(self, visitor: PersonId, user: PersonId, *, token: str, life: float) -> Claim:
        """See `core.store_ports.People`."""
        ...


class Continuations(Protocol):
    """Going on with a conversation in another channel, by a link that works once. Raises `StoreUnavailable`."""

    async def begin_at(self, channel: str, address: str) -> None:
        """Say where chats of a channel begin: an address with `{token}` in it."""
        ...

    async def mint(self, thread: Thread, *, channel: str) -> str | None:
        """The address at which `thread` goes on in `channel`; None while that channel has not said where."""
        ...

    async def redeem(self, token: str, message: InboundMessage) -> InboundMessage:
        """The message that begins a chat, with what it continues; unchanged for a token that is worth nothing.

        Safe to call again with the same message. To be called only where nobody else reads the chat.
        """
        ...


class Reception(Protocol):
    async def accept(self, message: InboundMessage) -> Acceptance:
        """Record the message durably; acknowledge to the sender only after this returns.

        Calling again with the same message is safe and gives DUPLICATE; the same id with another text gives CONFLICT.
        Raises `StoreUnavailable`, after which the effect is unknown.
        """
        ...

    async def transcript(self, conversation: ConversationId, *, after: int, limit: int) -> tuple[TranscriptEntry, ...]:
        """At most `limit` lines with a sequence above `after`, in order. Raises `StoreUnavailable`."""
        ...

    async def watch(self, conversation: ConversationId, listener: Listener) -> None:
        """Call `listener` with each line added from now on; one may come twice, and a gap asks for `transcript`."""
        ...

    async def unwatch(self, conversation: ConversationId, listener: Listener) -> None:
        """Stop calling `listener`, also when this raises `StoreUnavailable`; one that did not watch is ignored."""
        ...

    def typing(self, conversation: ConversationId) -> None:
        """The visitor is typing: the hub waits a little longer before answering."""
        ...
