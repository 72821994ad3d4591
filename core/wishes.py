"""What visitors may ask to be done with what is kept of them, and with how they are talked to."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Wish(StrEnum):
    """The values are also the names of the commands that channels offer."""

    PRIVACY = "privacy"  # to be told what is kept, and what can be done about it
    COPY = "copy"  # to see what is kept
    DELETE = "delete"  # to have it taken out
    WITHDRAW = "withdraw"  # nothing more is to be learned
    LANGUAGE = "language"  # to be answered in another language
    MENU = "menu"  # to be told what can be asked here


COMMANDS = frozenset(wish.value for wish in Wish)


class WishReader(Protocol):
    def wish(self, text: str) -> Wish | None:
        """What a message asks for; None where it is about something else. Never raises on text."""
        ...

    def decision(self, text: str) -> bool | None:
        """A yes or a no of few words; None for anything else, also for both at once."""
        ...
