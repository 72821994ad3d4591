"""What the engine thinks with, and what it must know about the company it speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.enrich import HandoffPolicy
from core.follow_up import FollowUpPolicy
from core.plan import Planner
from core.ports import Analyst, Interpreter, Knowledge, PersonaDetector, Roster, Writer
from core.reply import MAX_WORDS
from core.suggestion import Suggester
from core.writer import LocalWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What the engine thinks with; each behind its port."""

    interpreter: Interpreter
    detector: PersonaDetector
    knowledge: Knowledge
    analyst: Analyst
    planner: Planner
    local_writer: LocalWriter
    model_writer: Writer | None = None
    suggester: Suggester | None = None  # None: nothing is said without being asked
    roster: Roster | None = None  # None: leads go where all go, and nobody is promised


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the engine must know about the company it speaks for."""

    allowed_hosts: frozenset[str] = frozenset()  # hosts that replies may link to
    language: str = ""  # that the personas are written in, "" where it is not known: their words are not said then
    audiences: tuple[str, ...] = ()  # names of personas that fit a button, most important first
    openers: tuple[str, ...] = ()  # lines to open with in the place of the personas' own
    max_words: int = MAX_WORDS
    policy: HandoffPolicy = field(default_factory=HandoffPolicy)
    team_language: str = ""  # that leads are worded in, "" for the visitor's
    transcript_channels: frozenset[str] = frozenset()  # channels that read replies from the transcript
    follow_ups: Mapping[str, FollowUpPolicy] = field(default_factory=dict)  # by channel; the others have none
    reads_closely: bool = False  # a chat model is there to read what was said
