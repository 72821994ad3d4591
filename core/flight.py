"""What another version of the files would have made of conversations that took place: values to show, and counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.ids import ConversationId


class Aspect(StrEnum):
    """What of a turn is compared, in the order of its weight."""

    PERSONA = "persona"
    READINESS = "readiness"
    LEAD = "lead"  # whether the visitor is a lead, and for which reasons
    ROUTE = "route"  # to which team or channel, by which rule
    QUESTION = "question"  # the id of what the reply asks, the request for an address among it
    TEXT = "text"


WEIGHTY = tuple(one for one in Aspect if one is not Aspect.TEXT)
"""What a conversation counts as changed by unless somebody says otherwise: other words alone are no other outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A turn under one version. Every aspect is in words, "" where there is none."""

    turn: int  # of the visitor's, from 1; 0 is the opening
    heard: str
    persona: str
    readiness: str
    lead: str
    route: str
    question: str
    text: str

    def of(self, aspect: Aspect) -> str:
        """The field of an aspect's name."""
        value: str = getattr(self, aspect.value)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A turn in which the versions differ, and in another way than in the turn before."""

    turn: int
    heard: str
    aspect: Aspect
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A conversation that would have gone otherwise."""

    conversation: ConversationId
    changes: tuple[Change, ...]  # in the order of their turns

    def has(self, aspects: Collection[Aspect]) -> bool:
        return any(change.aspect in aspects for change in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """What was compared and how it came out. Holds words of visitors: to be shown, never to be logged."""

    conversations: int = 0
    turns: int = 0
    leads_before: int = 0
    leads_after: int = 0
    changed: tuple[Changed, ...] = ()

    def count(self, aspects: Collection[Aspect] = WEIGHTY) -> int:
        """Conversations that change in any of these."""
        return sum(one.has(aspects) for one in self.changed)

    def share(self, aspects: Collection[Aspect] = WEIGHTY) -> float:
        """The same, of all; 0 when nothing was compared."""
        return self.count(aspects) / self.conversations if self.conversations else 0.0


def differences(before: Sequence[Step], after: Sequence[Step]) -> tuple[Change, ...]:
    """Where two runs over the same turns differ.

    What lasts is told where it begins and where it changes again; what each reply asks and says, turn by turn.
    """
    return tuple(
        sorted(
            (change for aspect in Aspect for change in _of_aspect(aspect, before, after)),
            key=lambda change: change.turn,
        )
    )


def _of_aspect(aspect: Aspect, before: Sequence[Step], after: Sequence[Step]) -> Iterator[Change]:
    lasts = aspect not in {Aspect.QUESTION, Aspect.TEXT}
    told = ("", "")
    for old, new in zip(before, after, strict=True):
        pair = old.of(aspect), new.of(aspect)
        if pair[0] != pair[1] and not (lasts and pair == told):
            yield Change(turn=new.turn, heard=new.heard, aspect=aspect, before=pair[0], after=pair[1])
        told = pair
