"""What the engine has decided to say, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.ids import PersonaId
from core.ledger import Known
from core.passage import Finding
from core.persona import Persona
from core.question import Question
from core.reply import Citation, Mode, ProfileContext
from core.session import Said, Session
from core.understanding import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step of a reply: a phrase to fill, or words to use as they are."""

    phrase: str = ""  # key of the phrase file; "" when `text` is used
    slots: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    citation: Citation | None = None
    optional: bool = False  # may be dropped when the reply gets too long
    tag: str = ""  # what a session remembers of `text`, so that it is said once; phrases have tags of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything a writer may use. What is not in here must not be said."""

    mode: Mode
    language: str
    session: Session  # with this turn's messages taken in
    understanding: Understanding
    known: Known
    persona: Persona | None = None
    persona_id: PersonaId | None = None
    moves: tuple[Move, ...] = ()  # in the order they are said
    email_prompt: Move | None = None
    findings: tuple[Finding, ...] = ()
    unanswered: tuple[str, ...] = ()  # questions the site does not answer
    several: bool = False  # `findings` answer one question each
    question: Question | None = None  # already the last of `moves`
    awaiting: str = ""  # id of what the reply waits for: a question's, EMAIL_QUESTION, EMAIL_CONFIRMATION or ""
    buttons: tuple[str, ...] = ()
    next_steps: str = ""  # phrase key
    profile_context: ProfileContext | None = None
    recent: tuple[Said, ...] = ()  # before this burst
    heard: str = ""  # this burst, in the visitor's words
    aspect: str = ""  # what a message that nobody asked for is about; "" for a reply
    fallback: Move = Move(phrase="answer.unclear")  # said alone when the composed reply may not be sent
