"""Where each conversation is, remembered for all processes, so that it can be answered at any time."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.teams.inbound import conversation_of
from adapters.teams.reference import Reference
from core.errors import DeliveryParked
from core.store_ports import Notes

KEPT_SECONDS = 180 * 86_400.0
"""How long after its last activity a conversation can still be written to."""
_GONE = "gone"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    notes: Notes
    channel: str

    async def keep(self, reference: Reference) -> None:
        """Somebody spoke there: it is where it can be reached from now on, whatever was before."""
        whose = conversation_of(self.channel, reference.chat)
        await self.notes.put(self.channel, _key(reference.chat), reference.encode(), life=KEPT_SECONDS, of=whose)

    async def lose(self, reference: Reference) -> None:
        """Nothing reaches it until somebody speaks there again."""
        await self.notes.put(self.channel, _key(reference.chat), _GONE, life=KEPT_SECONDS)

    async def find(self, chat: str) -> Reference:
        """Raises `DeliveryParked` for a conversation that is unknown or that the bot was shut out of."""
        kept = await self.notes.get(self.channel, _key(chat))
        if kept is None:
            raise DeliveryParked("Teams: nobody has spoken in that conversation for half a year; it cannot be reached")
        if kept == _GONE:
            raise DeliveryParked("Teams: the bot was blocked or taken out there; nothing is sent until somebody writes")
        try:
            return Reference.decode(kept)
        except ValueError:
            raise DeliveryParked(
                "Teams: it is not readable where that conversation is; it can be reached once somebody writes"
            ) from None


def _key(chat: str) -> str:
    return f"at.{chat}"
