"""Handing what a visitor does to the hub, within the limits of the channel. The same for socket and POST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from adapters.rates import Rates, SlowDown, client_key
from adapters.web.inbound import Presence, Saying, to_message, to_opening, to_presence
from adapters.web.settings import Limits
from adapters.web.tokens import Claims
from core.errors import Refused
from core.message import Page
from core.ports import Clock
from core.reception import Reception
from core.store_ports import AcceptStatus

_TYPING_PER_SECOND = 2.0
_TYPING_BURST = 4
_PRESENCE_PER_SECOND = 0.2
_PRESENCE_BURST = 10
"""A visitor who reads page after page leaves a tab and is back in it with each of them."""
_INVITATIONS_PER_SECOND = 0.1
_INVITATIONS_BURST = 12
_MINUTE, _HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Taken:
    """The message is on disk as line `seq` of the transcript."""

    seq: int
    cut: bool
    by_person: bool  # a person answers it, who takes their time


class Intake:
    """The channel's way into the hub. Methods raise `SlowDown`, `Refused` and `StoreUnavailable`."""

    def __init__(
        self,
        channel: str,
        reception: Reception,
        clock: Clock,
        limits: Limits,
        *,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._channel = channel
        self._reception = reception
        self._clock = clock
        per_ip = limits.messages_per_minute_per_ip
        sessions = limits.sessions_per_hour_per_ip
        self._by_session = Rates(per_second=limits.messages_per_second, burst=limits.message_burst, ticks=ticks)
        self._by_ip = Rates(per_second=per_ip / _MINUTE, burst=per_ip, ticks=ticks)
        self._sessions = Rates(per_second=sessions / _HOUR, burst=sessions, ticks=ticks)
        self._typing = Rates(per_second=_TYPING_PER_SECOND, burst=_TYPING_BURST, ticks=ticks)
        self._presence = Rates(per_second=_PRESENCE_PER_SECOND, burst=_PRESENCE_BURST, ticks=ticks)
        self._invitations = Rates(per_second=_INVITATIONS_PER_SECOND, burst=_INVITATIONS_BURST, ticks=ticks)

    async def say(self, saying: Saying, claims: Claims, *, ip: str | None, page: Page | None) -> Taken:
        """Have a message recorded. `Refused` with `conflict` (409) when its id was used for another text."""
        self._by_session.take(claims.conversation)
        self._by_ip.take(client_key(ip))
        message = to_message(saying, claims, channel=self._channel, at=self._clock.now(), page=page)
        acceptance = await self._reception.accept(message)
        if acceptance.status is AcceptStatus.CONFLICT:
            raise Refused("conflict", status=409)
        return Taken(acceptance.log_seq, saying.text.cut, acceptance.person_answers)

    async def opened(self, claims: Claims, *, ip: str | None, page: Page | None) -> None:
        """The visitor opened the chat; only the first report of a conversation has an effect."""
        self._by_ip.take(client_key(ip))
        await self._reception.accept(to_opening(claims, channel=self._channel, at=self._clock.now(), page=page))

    async def present(self, presence: Presence, claims: Claims, *, ip: str | None) -> None:
        """The visitor left the tab or came back; too many reports are dropped."""
        try:
            self._presence.take(claims.conversation)
            self._by_ip.take(client_key(ip))
        except SlowDown:
            return
        await self._reception.accept(to_presence(presence, claims, channel=self._channel, at=self._clock.now()))

    def admit_invitation(self, ip: str | None) -> None:
        """Count one more invitation that is composed for an address."""
        self._invitations.take(client_key(ip))

    def typing(self, claims: Claims) -> None:
        """Pass on that the visitor types; too many reports are dropped."""
        try:
            self._typing.take(claims.conversation)
        except SlowDown:
            return
        self._reception.typing(claims.conversation)

    def admit_session(self, ip: str | None) -> None:
        """Count one more new conversation of an address."""
        self._sessions.take(client_key(ip))
