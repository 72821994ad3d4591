"""Experiments: what varies, for whom, and which variant a conversation gets. Pure.

A variant is drawn by hashing, so that every process draws the same and nothing need be stored to draw it again; once a
conversation has met it, it is kept in its session, so that edited weights move nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from hashlib import blake2b
from urllib.parse import urlsplit

from core.asking import PATIENT, AskTiming
from core.ids import person_of
from core.message import InboundMessage
from core.receiving import asks_us, spoken
from core.reply import Mode
from core.session import Exposure, Session

HOLDOUT = "holdout"
"""Id of the experiment that measures what persona and profile bring; its second variant goes without."""
_BUCKETS = 10_000
_FNV_BASIS, _FNV_PRIME, _FNV_MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
_UNIT_BYTES = 8


class Goal(StrEnum):
    """What counts as success; each is reached at most once by a conversation."""

    EMAIL = "email"  # an address was given
    QUALIFIED = "qualified"  # a lead whose readiness is at least medium
    HANDED_OFF = "handed_off"  # the visitor is a lead
    WON = "won"


class Unit(StrEnum):
    """What a variant is drawn for, and what is counted."""

    PERSON = "person"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """What a variant changes; what is left empty stays as the files say."""

    openers: tuple[str, ...] = ()  # said in the place of an audience's own, at the opening
    questions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)  # words by id and language
    ask_first: tuple[str, ...] = ()  # ids of questions, in the order in which they are asked before all others
    asking: AskTiming = PATIENT
    instructions: str = ""  # told to the chat model beside its own
    blind: bool = False  # what is said knows no persona and no profile

    @property
    def kinds(self) -> frozenset[str]:
        """What of a conversation it touches."""
        touched = {
            "openers": bool(self.openers),
            "questions": bool(self.questions or self.ask_first),
            "asking": self.asking != PATIENT,
            "instructions": bool(self.instructions),
            "blind": self.blind,
        }
        return frozenset(name for name, touches in touched.items() if touches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    id: str
    weight: float = 1.0
    variation: Variation = Variation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom an experiment is for; an empty part asks for nothing. Pages are patterns of an address or its path."""

    channels: tuple[str, ...] = ()
    personas: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """The first variant is what the others are compared with. Days are in UTC, both included."""

    id: str
    variants: tuple[Variant, ...]
    audience: Audience = Audience()
    unit: Unit = Unit.PERSON
    goal: Goal = Goal.EMAIL
    since: date | None = None
    until: date | None = None

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset().union(*(one.variation.kinds for one in self.variants))

    def variant(self, name: str) -> Variant | None:
        return next((one for one in self.variants if one.id == name), None)


def position(seed: str, unit: str) -> float:
    """Where a unit stands between 0 and 1, in steps of 1/10,000.

    The hash of GrowthBook's SDKs, version 2 (https://docs.growthbook.io/lib/build-your-own): FNV-1a of seed and unit,
    and once more of its decimal digits, which removes the correlation of units that differ in their last letter.
    """
    return _fnv1a(str(_fnv1a(seed + unit))) % _BUCKETS / _BUCKETS


def drawn(experiment: Experiment, unit: str) -> Variant:
    """The unit's variant: each gets the part of the line that its weight is of all weights."""
    place = position(experiment.id, unit) * sum(one.weight for one in experiment.variants)
    for one in experiment.variants:
        place -= one.weight
        if place < 0:
            return one
    return experiment.variants[-1]


def entered(
    session: Session, messages: Sequence[InboundMessage], experiments: Sequence[Experiment], now: float
) -> tuple[Exposure, ...]:
    """What the conversation is in, with what begins for it as these messages come in. `session` is as loaded.

    A conversation is in no two experiments that touch the same, and in none but the holdout if it is held out.
    """
    trials = session.trials
    for experiment in experiments:
        taken = {kind for one in _met(trials, experiments) for kind in one.kinds}
        if is_held_out(trials) or any(one.experiment == experiment.id for one in trials) or taken & experiment.kinds:
            continue
        if _begins(experiment, session, messages, now):
            unit = _unit(experiment, session, messages)
            mark = _digest(experiment, unit) if experiment.unit is Unit.PERSON else ""
            trials = (*trials, Exposure(experiment=experiment.id, variant=drawn(experiment, unit).id, unit=mark))
    return trials


def is_held_out(trials: Sequence[Exposure]) -> bool:
    return any(one.experiment == HOLDOUT and one.variant == HOLDOUT for one in trials)


def _met(trials: Sequence[Exposure], experiments: Sequence[Experiment]) -> Iterator[Experiment]:
    names = {one.experiment for one in trials if one.experiment != HOLDOUT}
    return (one for one in experiments if one.id in names)


def _begins(experiment: Experiment, session: Session, messages: Sequence[InboundMessage], now: float) -> bool:
    """Openers can matter from the opening on; everything else begins with the visitor's first words."""
    greets = {"openers", "blind"} & experiment.kinds
    if not (asks_us(messages) if greets else spoken(messages)) or session.mode is Mode.HUMAN:
        return False
    today = datetime.fromtimestamp(now, UTC).date()
    if (experiment.since and today < experiment.since) or (experiment.until and today > experiment.until):
        return False
    return not _reached(experiment.goal, session) and _is_for(experiment.audience, session, messages)


def _reached(goal: Goal, session: Session) -> bool:
    """Whether the goal was reached before, so that no variant could have a part in it."""
    return session.lead is not None or (goal is Goal.EMAIL and session.mode is not Mode.LEAD)


def _is_for(audience: Audience, session: Session, messages: Sequence[InboundMessage]) -> bool:
    channel = messages[-1].channel
    if audience.channels and channel not in audience.channels:
        return False
    if audience.personas and session.guess.chosen not in audience.personas:
        return False
    if audience.languages and not _speaks(audience.languages, _language(session, messages)):
        return False
    pages = (*session.pages, *(one.page.url for one in messages if one.page))
    return not audience.pages or any(_is_like(page, audience.pages) for page in pages)


def _language(session: Session, messages: Sequence[InboundMessage]) -> str:
    """Of the words so far; before any, of the page and of the client. "" where nothing tells."""
    if session.turns:
        return session.language
    told = ((one.page.language if one.page else "") or one.locale for one in reversed(messages))
    return next(filter(None, told), "")


def _speaks(languages: Sequence[str], language: str) -> bool:
    return language in languages or language.partition("-")[0] in languages


def _is_like(page: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(form, pattern) for form in (page, urlsplit(page).path) for pattern in patterns)


def _unit(experiment: Experiment, session: Session, messages: Sequence[InboundMessage]) -> str:
    if experiment.unit is Unit.CONVERSATION:
        return session.conversation
    shown = next((one.identity.person for one in messages if one.identity), None)
    return session.person or shown or person_of(session.visitor)


def _digest(experiment: Experiment, unit: str) -> str:
    """Tells units of one experiment apart without naming anybody."""
    return blake2b(f"{experiment.id}\0{unit}".encode(), digest_size=_UNIT_BYTES).hexdigest()


def _fnv1a(text: str) -> int:
    value = _FNV_BASIS
    for byte in text.encode():
        value = (value ^ byte) * _FNV_PRIME & _FNV_MASK
    return value
