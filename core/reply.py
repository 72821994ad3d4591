"""What goes out: one shape for every channel, and its wire form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.attachment import Attachment
from core.ids import PersonaId
from core.rep import Rep

MAX_BUTTONS = 3
MAX_BUTTON_LENGTH = 20
MAX_WORDS = 60
UNASKED_WORDS = 30
"""Of a message that nobody asked for."""
SLACK_WORDS = 15
"""Words over the limit that are let through rather than losing the answer to several questions."""


class Mode(StrEnum):
    LEAD = "lead_generation"
    SALES = "sales"
    HUMAN = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A page of the company's site and the sentence taken from it, letter for letter."""

    url: str
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileContext:
    """What the reply was written for, in words; every field is "" while it is unknown."""

    persona_match: str
    technical_level: str
    buying_readiness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    main_text: str
    mode: Mode
    buttons: tuple[str, ...] = ()
    persona: PersonaId | None = None
    next_steps: str = ""
    email_prompt: str | None = None
    citations: tuple[Citation, ...] = ()
    profile_context: ProfileContext | None = None
    rep: Rep | None = None  # who of the sales team wrote it; None for the bot
    file: Attachment | None = None  # of the rep's, that `main_text` names; only for channels that can send it
    owed: bool = False  # what visitors are entitled to hear, whoever has the conversation

    @property
    def may_be_withheld(self) -> bool:
        """Whether it must not go out once a person has taken over."""
        return self.rep is None and not self.owed

    def to_wire(self) -> dict[str, Any]:
        """The public JSON shape (camelCase): the widget's frame, the output of `replay`, the API."""
        context = self.profile_context
        by = {} if self.rep is None else {"rep": {"name": self.rep.first_name, "picture": self.rep.picture}}
        return {
            **by,
            "mainText": self.main_text,
            "buttons": list(self.buttons),
            "persona": self.persona,
            "nextSteps": self.next_steps,
            "botMode": self.mode.value,
            "emailPrompt": self.email_prompt,
            "citations": [{"url": citation.url, "quote": citation.quote} for citation in self.citations],
            "profileContext": None
            if context is None
            else {
                "personaMatch": context.persona_match,
                "technicalLevel": context.technical_level,
                "buyingReadiness": context.buying_readiness,
            },
        }
