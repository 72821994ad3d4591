"""Cards that wait for a press: what their opaque tokens stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.teams.inbound import Pressed, conversation_of
from core.store_ports import Notes

KEPT_SECONDS = 7 * 86_400.0
"""How long a card's buttons work."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What is behind a token: in which chat, what the buttons said, and what the card says above them."""

    chat: str
    labels: tuple[str, ...]
    body: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    notes: Notes
    channel: str
    new_id: Callable[[], str]

    async def issue(self, chat: str, labels: Sequence[str], body: Sequence[Mapping[str, Any]]) -> str:
        """A new token, remembered before anybody can show it."""
        token = self.new_id()
        card = Card(chat=chat, labels=tuple(labels), body=tuple(body))
        kept, whose = _ENCODER.encode(card).decode(), conversation_of(self.channel, chat)
        await self.notes.put(self.channel, _key(token), kept, life=KEPT_SECONDS, of=whose)
        return token

    async def find(self, press: Pressed) -> Card | None:
        """The card a press belongs to; None for a token that was never given, is used up, or is another chat's."""
        kept = await self.notes.get(self.channel, _key(press.token))
        try:
            card = msgspec.json.decode(kept, type=Card) if kept else None
        except ValueError:
            return None
        fits = card is not None and card.chat == press.reference.chat and press.choice < len(card.labels)
        return card if fits else None

    async def use_up(self, token: str) -> None:
        await self.notes.take(self.channel, _key(token))


def _key(token: str) -> str:
    return f"card.{token}"


_ENCODER = msgspec.json.Encoder()
