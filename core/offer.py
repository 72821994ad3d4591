"""Offers the company has approved: what may be promised beyond what the site says, to whom, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.brief import Move
from core.fact import Field
from core.frame import UNWELCOME
from core.ids import PersonaId
from core.ledger import texts_of
from core.reply import Mode
from core.situation import Situation
from core.understanding import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`objections` () is an offer for whoever has left an address; otherwise it answers one of these doubts.

    `since` and `until` are days in UTC, both included.
    """

    id: str
    texts: Mapping[str, str]  # by language; the first one stands in for a language that is missing
    objections: tuple[str, ...] = ()
    personas: tuple[PersonaId, ...] = ()  # () = everybody
    since: date | None = None
    until: date | None = None

    @property
    def tag(self) -> str:
        """What a session keeps of it once it was made."""
        return f"offer.{self.id}"

    def in_words(self, language: str) -> str:
        """The offer in a language, or in the one its file names first."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    def holds_on(self, day: date) -> bool:
        """Whether it may be made that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def against_doubts(offers: Sequence[Offer], situation: Situation) -> Move | None:
    """The first offer for a doubt that this visitor has voiced, None when there is none to make."""
    doubts = set(texts_of(situation.known, Field.OBJECTIONS))
    return _first((one for one in offers if doubts.intersection(one.objections)), situation)


def as_next_step(offers: Sequence[Offer], situation: Situation) -> Move | None:
    """The first offer for whoever has left an address, None when there is none to make."""
    in_sales = situation.mode is Mode.SALES
    return _first((one for one in offers if in_sales and not one.objections), situation)


def _first(offers: Iterable[Offer], situation: Situation) -> Move | None:
    session, day = situation.view.session, datetime.fromtimestamp(situation.view.now, UTC).date()
    pushes = situation.has(Act.WANTS_HUMAN, *UNWELCOME) or situation.declines_email or situation.was_angry
    if pushes or not situation.is_buyer:
        return None
    for one in offers:
        addressed = not one.personas or session.guess.chosen in one.personas
        if addressed and one.holds_on(day) and one.tag not in session.used_phrases:
            return Move(text=one.in_words(session.language), tag=one.tag)
    return None
