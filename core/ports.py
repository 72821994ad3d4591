"""The engine's ports: what it needs from the rooms below, one role each. `core.store_ports` holds the hub's."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.brief import Brief
from core.fact import Fact
from core.ids import LeadId, PersonaId
from core.lead import Criterion, Lead, Posting, Readiness, Route
from core.ledger import Known
from core.message import InboundMessage, Page
from core.passage import Finding
from core.persona import Persona, PersonaGuess
from core.profile import Profile
from core.promise import Availability
from core.question import Question
from core.rep import Rep, RepId, Rung, TeamNote
from core.reply import Reply
from core.session import Session
from core.turn import ReadClosely, TurnView
from core.understanding import Understanding


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch."""
        ...


class Interpreter(Protocol):
    async def interpret(self, messages: Sequence[InboundMessage], session: Session, known: Known) -> Understanding:
        """Read one burst. `session.pending_question` tells what a bare "40" or "no" answers. Never raises on text."""
        ...


class PersonaDetector(Protocol):
    async def detect(self, said: str, *, page: Page | None, known: Known, previous: PersonaGuess) -> PersonaGuess:
        """Weigh every persona on all that was said, the page and the known facts."""
        ...

    def persona(self, persona: PersonaId | None) -> Persona | None:
        """The persona of an id; None for None and for an id no longer configured."""
        ...


class Knowledge(Protocol):
    async def search(
        self, query: str, *, page: str = "", hints: Sequence[str] = (), limit: int = 3
    ) -> tuple[Finding, ...]:
        """Passages that answer, best first, none below the room's own threshold. `hints` break ties."""
        ...


class Analyst(Protocol):
    """Judgement over facts; pure, no model needed."""

    def profile(self, view: TurnView, readiness: Readiness) -> Profile: ...

    def readiness(self, view: TurnView) -> Readiness: ...

    def qualification(self, known: Known) -> tuple[Criterion, ...]: ...

    def triggers(self, before: Session, view: TurnView) -> tuple[str, ...]:
        """Names of the smart triggers this turn pulls, most important first."""
        ...


class QuestionPlanner(Protocol):
    def next_question(self, view: TurnView, known: Known) -> Question | None:
        """The most valuable thing still unknown and not yet asked; None when nothing is worth a question."""
        ...

    def question_in(self, text: str) -> str:
        """The id of the question a bot's message asks, so that a bare answer can be read; "" when it asks none."""
        ...

    def question_field(self, question: str) -> str:
        """The field a question id fills, "" for an unknown id."""
        ...


class Writer(Protocol):
    async def write(self, brief: Brief) -> Reply:
        """Put a brief into words in `brief.language`. May raise `ModelError`; the local writer never does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One request to a chat model: system text, the talk so far as (role, text), and the JSON schema of the answer."""

    system: str
    messages: tuple[tuple[str, str], ...]
    schema: Mapping[str, Any]
    max_tokens: int = 400
    payers: tuple[str, ...] = ()  # whose allowances the call is counted against, as "conversation:...", "site:..."


class FactReader(Protocol):
    async def read(self, reading: ReadClosely, known: Known) -> tuple[Fact, ...]:
        """What the lines say beyond `known`, each fact with a quote of its line. Raises `ModelError`."""
        ...


class ChatModel(Protocol):
    async def complete(self, prompt: Prompt) -> Mapping[str, Any]:
        """An answer that fits `prompt.schema`. Raises `ModelError` for everything else."""
        ...


class Embedder(Protocol):
    """Texts to vectors, so that texts of one meaning lie close together."""

    @property
    def model(self) -> str:
        """Which model this is, with its dimension; vectors of different models must never be compared."""
        ...

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        """One vector a text: 32-bit floats of unit length. Raises `ModelError`."""
        ...


class TeamThread(Protocol):
    async def tell(self, lead: Lead, posting: Posting, note: TeamNote, *, effect: str, again: bool) -> None:
        """Write the note under the card that stands at `posting`; for one person only where `note.only_for` is set.

        `effect` is the same for every attempt. With `again` an earlier attempt may have arrived: look first. Raises
        `DeliveryDelayed`, `DeliveryParked` or `DeliveryUncertain`.
        """
        ...


class Roster(Protocol):
    """Where leads go, and who is there for them."""

    def route(self, lead: Lead) -> Route | None:
        """Where it goes as it is known now; None: to nobody, so that it is no lead."""
        ...

    def rung(self, lead: Lead, step: int, now: float) -> Rung | None:
        """What is to be done when nobody has claimed it, counted from now; None when the ladder ends there."""
        ...

    async def assign(self, lead: Lead, now: float, *, passed: Collection[RepId] = ()) -> Rep | None:
        """Whose turn it is, and nobody's of `passed`; None when nobody is free. The same lead again: the same rep."""
        ...

    async def availability(self, route: Route, language: str, now: float) -> Availability | None:
        """Who is there for whoever would be routed so; None where roster or hours do not say."""
        ...


class LeadWithdrawal(Protocol):
    async def withdraw(self, lead: LeadId, *, since: float, channel: str, reference: str) -> None:
        """Delete the lead's card and what was written under it by us; one that is not there is no failure.

        Without a `reference` the card is searched among messages after `since`. Raises as `LeadSink.deliver` does.
        """
        ...


class LeadSink(Protocol):
    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """Post or update the lead's card and say where it stands now.

        `posting` is what was last recorded; state STARTED means an earlier post may have arrived: look first.
        Raises `DeliveryDelayed`, `DeliveryParked` or `DeliveryUncertain`.
        """
        ...
