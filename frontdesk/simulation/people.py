"""Made-up conversations: who came, what was said, how far it got. The same seed makes the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from core.course import Course, Stage, Step
from core.directory import Listing
from core.fact import Fact, Field, Operation, Quantity
from core.ids import ConversationId, FactId, MessageId, PersonaId, VisitorId, lead_of
from core.lead import Lead, LeadStatus, Quote, Readiness, ScoreLine
from core.listing import listing_of
from core.message import Page
from core.persona import PersonaGuess
from core.receiving import EMAIL_QUESTION
from core.rep import Rep, RepId
from core.reply import Mode
from core.session import ConversationState, EmailAsking, Said, Session
from core.store_ports import Commit
from core.transcript import TranscriptEntry
from core.turn import TurnOutcome
from core.understanding import Understanding

DAYS = 180
"""Days back from now over which they came."""
PREFIX = "simulated"
"""Begins the ids of all conversations and visitors made here."""
_SHARES = {
    Stage.ENGAGED: 0.62,
    Stage.PERSONA: 0.71,
    Stage.EMAIL: 0.36,
    Stage.QUALIFIED: 0.66,
    Stage.HANDED_OFF: 0.93,
    Stage.CLAIMED: 0.78,
    Stage.CONTACTED: 0.9,
    Stage.WON: 0.24,
}
"""How many of those who reached the stage before reach each."""


_PAUSES = {Stage.CLAIMED: 5_000.0, Stage.CONTACTED: 5_000.0, Stage.WON: 9 * 86_400.0}
"""Seconds that usually pass before people of the team do something."""


class People(BaseModel):
    """`resources/people.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    given: tuple[str, ...]
    family: tuple[str, ...]
    company_first: tuple[str, ...]
    company_second: tuple[str, ...]
    campaigns: tuple[str, ...]
    languages: tuple[str, ...]
    sizes: dict[str, tuple[int, int]]
    technical: tuple[str, ...]
    needs: tuple[str, ...]
    openings: tuple[str, ...]
    answers: tuple[str, ...]
    replies: tuple[str, ...]
    objections: tuple[str, ...]
    reps: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a desk has that visitors come to."""

    personas: Sequence[tuple[str, str]]  # id and name
    channels: Sequence[str]
    questions: Sequence[str]
    site: str
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One conversation as the store takes it."""

    commit: Commit
    listing: Listing


@cache
def people() -> People:
    data = files("frontdesk.simulation").joinpath("resources", "people.yaml").read_text("utf-8")
    return People.model_validate(yaml.safe_load(data))


class Crowd:
    """Makes conversations; `number` tells one from another, with the seed of `rng` they are always the same."""

    def __init__(self, world: World, rng: Random, name: str) -> None:
        self._world = world
        self._rng = rng
        self._name = name
        self._data = people()

    def make(self, number: int) -> Made:
        rng = self._rng
        chat = ConversationId(f"{PREFIX}.{self._name}.{number}")
        begun = self._world.now - rng.random() ** 1.4 * DAYS * 86_400
        steps = self._steps(begun)
        session = self._session(chat, begun, steps)
        lines = tuple(self._lines(session)) if session.messages else ()
        facts = tuple(self._facts(session, steps, lines[0].text)) if lines else ()
        lead = self._lead(session, steps, facts)
        outcome = TurnOutcome(
            state=ConversationState(session=session, facts=facts, lead=lead, recent=tuple(map(_said, lines))),
            understanding=Understanding(),
            readiness=lead.readiness if lead else self._readiness(steps),
        )
        listing = replace(listing_of(outcome, 1), confidence=round(rng.uniform(0.2, 0.95), 2) if lead else 0.0)
        return Made(commit=Commit(session=session, facts=facts, lines=lines, lead=lead), listing=listing)

    def _steps(self, begun: float) -> tuple[Step, ...]:
        steps, at = [], begun
        for stage, share in _SHARES.items():
            if self._rng.random() > share:
                if stage is Stage.ENGAGED:
                    break
                if stage in {Stage.PERSONA, Stage.QUALIFIED, Stage.CONTACTED}:
                    continue
                break
            at = min(self._world.now, at + self._rng.expovariate(1 / _PAUSES.get(stage, 90.0)))
            steps.append(Step(stage, round(at, 1)))
        return tuple(steps)

    def _session(self, chat: ConversationId, begun: float, steps: Sequence[Step]) -> Session:
        rng, data = self._rng, self._data
        reached = {step.stage for step in steps}
        turns = rng.randint(2, 9) if Stage.ENGAGED in reached else 0
        persona = rng.choice(self._world.personas)[0] if Stage.PERSONA in reached and self._world.personas else None
        asked = tuple(rng.sample(self._world.questions, k=min(len(self._world.questions), turns // 2)))
        answered = asked[: rng.randint(0, len(asked))]
        gave = (EMAIL_QUESTION,) if Stage.EMAIL in reached else ()
        page = Page(url=f"{self._world.site.rstrip('/')}/", title="Start", campaign=rng.choice(data.campaigns))
        return Session(
            conversation=chat,
            visitor=VisitorId(f"{chat}.visitor"),
            channel=rng.choice(self._world.channels),
            started_at=begun,
            last_at=min(self._world.now, begun + turns * rng.uniform(20, 90)),
            turns=turns,
            messages=turns,
            mode=Mode.SALES if Stage.EMAIL in reached else Mode.LEAD,
            language=rng.choice(data.languages),
            guess=PersonaGuess(probabilities=((PersonaId(persona), 0.8),), none=0.2, chosen=PersonaId(persona))
            if persona
            else PersonaGuess(),
            page=page,
            first_page=page,
            pages=(page.url,),
            asked=asked,
            pending_question=asked[-1] if len(answered) < len(asked) else "" if gave or turns < 4 else EMAIL_QUESTION,  # noqa: PLR2004
            email=EmailAsking(asked=1 if gave or turns > 3 else 0),  # noqa: PLR2004  as a real one would by then
            lead=lead_of(chat) if Stage.HANDED_OFF in reached else None,
            course=Course(
                steps=tuple(steps),
                answered=(*answered, *gave),
                waited=round(rng.expovariate(1 / 2.5), 2) if turns else None,
            ),
        )

    def _lines(self, session: Session) -> Iterator[TranscriptEntry]:
        at = session.started_at
        for turn in range(session.turns):
            words = self._rng.choice(self._data.answers if turn else self._data.openings)
            said = words.format(need=self._rng.choice(self._data.needs), size=self._rng.randint(2, 900))
            name = MessageId(f"m{turn}")
            yield TranscriptEntry(seq=0, author="visitor", at=at, text=said, message=name)
            reply = self._rng.choice(self._data.replies)
            yield TranscriptEntry(seq=0, author="bot", at=at + 1, text=reply, reply={"mainText": reply, "buttons": []})
            at += 30

    def _facts(self, session: Session, steps: Sequence[Step], words: str) -> Iterator[Fact]:
        rng, data = self._rng, self._data
        size = rng.choice(tuple(data.sizes))
        low, high = data.sizes[size]
        staff = float(rng.randint(low, high))
        told: list[tuple[Field, Any]] = [
            (Field.COMPANY_SIZE, Quantity(low=staff, high=staff, unit="employees")),
            (Field.TECHNICAL_LEVEL, rng.choice(data.technical)),
        ]
        if rng.random() < 0.3:  # noqa: PLR2004  three in ten have a doubt
            told.append((Field.OBJECTIONS, rng.choice(data.objections)))
        if any(step.stage is Stage.EMAIL for step in steps):
            given, family = rng.choice(data.given), rng.choice(data.family)
            company = f"{rng.choice(data.company_first)} {rng.choice(data.company_second)}"
            address = f"{given}.{family}@{company.replace(' ', '-')}.example".casefold()
            told += [(Field.NAME, f"{given} {family}"), (Field.COMPANY, company), (Field.EMAIL, address)]
        for field, value in told:
            yield Fact(
                id=FactId(f"{session.conversation}:{field.value}"),
                field=field,
                value=value,
                operation=Operation.ADD if field is Field.OBJECTIONS else Operation.SET,
                quote=words,
                message=MessageId("m0"),
                channel=session.channel,
                at=session.started_at,
            )

    def _readiness(self, steps: Sequence[Step]) -> Readiness:
        """Higher the further somebody got."""
        score = min(100.0, max(0.0, self._rng.gauss(14.0 * len(steps), 12.0)))
        level = "high" if score >= 70 else "medium" if score >= 40 else "low"  # noqa: PLR2004  as in the pages
        lines = (ScoreLine(reason="made up", points=round(score, 1)),)
        return Readiness(level=level, score=round(score, 1), probability=score / 100, receipt=lines)

    def _lead(self, session: Session, steps: Sequence[Step], facts: Sequence[Fact]) -> Lead | None:
        if session.lead is None:
            return None
        reached = {step.stage: step.at for step in steps}
        known = {fact.field: fact.value for fact in facts}
        owner = self._rng.choice(self._data.reps) if Stage.CLAIMED in reached else None
        names = dict(self._world.personas)
        return Lead(
            id=session.lead,
            conversation=session.conversation,
            visitor=session.visitor,
            channel=session.channel,
            created_at=reached[Stage.HANDED_OFF],
            updated_at=max(reached.values()),
            revision=1,
            email=str(known.get(Field.EMAIL, "")),
            name=str(known.get(Field.NAME, "")),
            company=str(known.get(Field.COMPANY, "")),
            status=self._status(reached),
            owner=Rep(id=RepId(owner["id"]), name=owner["name"]) if owner else None,
            claimed_at=reached.get(Stage.CLAIMED, 0.0),
            campaign=session.first_page.campaign if session.first_page else "",
            source_page=session.first_page.url if session.first_page else "",
            language=session.language,
            persona=session.guess.chosen,
            persona_name=names.get(session.guess.chosen or "", ""),
            readiness=self._readiness(steps),
            value=round(self._rng.lognormvariate(8, 1)) if Stage.CLAIMED in reached else None,
            quotes=(Quote(text=facts[0].quote, shows="size", message=facts[0].message),),
        )

    def _status(self, reached: dict[Stage, float]) -> LeadStatus:
        if Stage.WON in reached:
            return LeadStatus.CONVERTED
        if Stage.CLAIMED not in reached:
            return LeadStatus.NEW
        held = (LeadStatus.CONTACTED, LeadStatus.QUALIFIED, LeadStatus.LOST)
        return self._rng.choice(held)


def _said(line: TranscriptEntry) -> Said:
    return Said(author=line.author, text=line.text, message=line.message, at=line.at)
