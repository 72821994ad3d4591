"""The directory: every conversation as lists show it, one row each, and what lists ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.course import NOWHERE_YET, Course
from core.ids import ConversationId, VisitorId
from core.session import Exposure


class Order(StrEnum):
    """What a list is sorted by, the highest first."""

    ACTIVE = "active"  # when something last happened
    CREATED = "created"
    SCORE = "score"
    CONFIDENCE = "confidence"


FILTERS = (
    "lead", "persona", "channel", "readiness", "size", "technical", "status", "owner", "language", "corrected",
)  # fmt: skip
"""What a list can be narrowed by: attributes of a `Listing`; "" is a value nobody can ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One row. `version` is the session's: of two rows of a conversation the higher one holds."""

    conversation: ConversationId
    visitor: VisitorId
    version: int
    created_at: float
    active_at: float
    channel: str
    language: str
    campaign: str = ""
    messages: int = 0
    trials: tuple[Exposure, ...] = ()  # variants of experiments that were met
    name: str = ""
    company: str = ""
    email: str = ""
    persona: str = ""
    persona_name: str = ""
    readiness: str = "low"
    score: float = 0.0
    confidence: float = 0.0
    size: str = ""
    technical: str = ""
    status: str = ""  # of the lead, "" while there is none
    owner: str = ""
    value: float | None = None
    tags: tuple[str, ...] = ()
    corrected: str = ""  # "detected>right" where somebody of the team said which persona it is
    mode: str = ""  # of the conversation: human while a rep answers
    said: str = ""  # the beginning of the last line of a person's, of the bot's where there is none
    author: str = ""  # of that line: visitor | bot | rep
    lead: str = ""  # "yes" once it is one
    course: Course = NOWHERE_YET
    asked: tuple[str, ...] = ()  # ids of the questions put to the visitor
    pending: str = ""  # the question that is open


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What of the directory is wanted. `prefix` begins a name, a company or an address; `after` is a page's `next`."""

    order: Order = Order.ACTIVE
    filters: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    after: str = ""
    count: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page. `next` asks for the rows after it, "" at the end; a page may hold fewer than asked for before that."""

    rows: tuple[Listing, ...]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """Tallies over several periods: all names in sum, some of them also period by period."""

    total: Mapping[str, int]
    each: Mapping[str, Mapping[str, int]]


class Directory(Protocol):
    """Every conversation of the tenant, listed, filtered, sorted and counted without a scan."""

    async def list(self, listing: Listing) -> None:
        """Put a row in the place of an older one; nothing happens where a newer one stands."""
        ...

    async def forget(self, conversation: ConversationId, *, at: float) -> None:
        """Take a conversation out of every list and count; no row of what began before `at` comes back."""
        ...

    async def find(self, ask: Ask) -> Found:
        """One round trip, whatever is asked. Raises `ValueError` for an unknown filter or an `after` of nobody's."""
        ...

    async def one(self, conversation: ConversationId) -> Listing | None:
        """The row of a conversation, None where it is not listed."""
        ...

    async def counts(self) -> Mapping[str, Mapping[str, int]]:
        """How many conversations have each value of each filter."""
        ...

    async def tallies(self, periods: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """By period (see `core.course.periods_of`), then by name (see `core.course.Share`); in one round trip.

        A conversation counts in the day and the month it began in. One that was taken out still counts.
        """
        ...

    async def summed(self, periods: Sequence[str], names: Sequence[str]) -> Summed:
        """The same summed up in the store, in one round trip; `names` are told of each period by itself, too."""
        ...

    async def departed(self) -> Mapping[str, Mapping[str, int]]:
        """What conversations that were taken out add to the tallies of every period."""
        ...

    async def clear(self) -> None:
        """Empty every list and tally for filling them anew by `list`; what was taken out still counts."""
        ...


def facets(listing: Listing) -> Iterator[str]:
    """`filter:value` for each filter the row has a value of."""
    for name in FILTERS:
        value = getattr(listing, name)
        if value:
            yield f"{name}:{value}"
