"""An invented visitor of an invented greenhouse supplier, turn by turn, and a server for the demo's routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web

from core.fact import Fact, Field, Operation, Quantity, Source
from core.ids import ConversationId, FactId, MessageId, PersonaId, VisitorId, lead_of
from core.lead import NOT_READY, Lead, Readiness, ScoreLine
from core.persona import Persona, PersonaGuess
from core.phrases import Phrases
from core.profile import (
    BehaviorProfile,
    CompanyProfile,
    EngagementProfile,
    IntelligenceProfile,
    Profile,
    ProfileMeta,
    ProfileUpdate,
    RequirementsProfile,
)
from core.rep import Rep, RepId
from core.reply import Mode
from core.session import ConversationState, Session
from core.turn import TurnOutcome
from core.understanding import Understanding
from frontdesk.demo.feed import DemoFeed

DAWN = 1_793_000_000.0
GROWERS, FLORISTS = PersonaId("growers"), PersonaId("florist_chains")
NAMES = {GROWERS: "Commercial growers", FLORISTS: "Florist chains"}
PHRASES = Phrases(
    language="en",
    variants={"value.per_month": ("{amount} a month",), "label.soil_ph": ("soil acidity",)},
)


def persona(id_: PersonaId | None) -> Persona | None:
    """Only the growers are configured; the chains were dropped from the files since."""
    return Persona(id=id_, name=NAMES[id_]) if id_ == GROWERS else None


def demo_feed(*, heartbeat: float = 15.0) -> DemoFeed:
    return DemoFeed(sales_channel="hothouse-leads", phrases=PHRASES, persona=persona, heartbeat=heartbeat)


def fact(number: int, field: Field, value: str | Quantity, quote: str, **more: Any) -> Fact:
    scalar = field in {Field.VOLUME, Field.EMAIL, Field.ROLE}
    return Fact(
        id=FactId(f"f{number}"),
        field=field,
        value=value,
        operation=Operation.SET if scalar else Operation.ADD,
        quote=quote,
        message=MessageId(f"m{number}"),
        channel="web",
        at=DAWN + number,
        **more,
    )


TRAYS = Quantity(low=900, high=900, unit="trays", period="month")
VOLUME = fact(1, Field.VOLUME, TRAYS, "900 trays every month", confidence=0.9)
PAIN = fact(2, Field.PAINS, "soil_ph", "our pH is all over the place", source=Source.INFERRED)
ADDRESS = fact(3, Field.EMAIL, "odile@fernhaven.farm", "odile@fernhaven.farm", note="role_account")

GUESS = PersonaGuess(
    probabilities=((GROWERS, 0.71), (FLORISTS, 0.2)), none=0.09, chosen=GROWERS, signals=("trays", "pot_sizes")
)
READY = Readiness(
    level="high",
    score=64.0,
    probability=0.6,
    receipt=(ScoreLine(reason="volume is known", points=70.0), ScoreLine(reason="far off season", points=-6.0)),
)


def state(name: str = "c1", *, facts: Iterable[Fact] = (), **more: Any) -> ConversationState:
    session = Session(
        conversation=ConversationId(name),
        visitor=VisitorId(f"v-{name}"),
        channel="web",
        started_at=DAWN,
        last_at=DAWN + 30,
        **{"messages": 2, **more},
    )
    return ConversationState(session=session, facts=tuple(facts))


def outcome(after: ConversationState, **more: Any) -> TurnOutcome:
    return TurnOutcome(state=after, **{"understanding": Understanding(), "readiness": NOT_READY, **more})


def profile() -> Profile:
    return Profile(
        company=CompanyProfile(size="small_business", tech_stack=("DripOS",)),
        behavior=BehaviorProfile(role="head grower"),
        requirements=RequirementsProfile(volume=TRAYS, pains=("soil_ph",)),
        engagement=EngagementProfile(questions_asked=2, time_on_site=95.0),
        intelligence=IntelligenceProfile(persona_match=GROWERS, conversion_probability=0.6),
        meta=ProfileMeta(confidence_score=0.8, last_updated=DAWN + 30, total_updates=1),
    )


def lead() -> Lead:
    conversation = ConversationId("c1")
    return Lead(
        id=lead_of(conversation),
        conversation=conversation,
        visitor=VisitorId("v-c1"),
        channel="web",
        created_at=DAWN,
        updated_at=DAWN,
        revision=2,
        email="odile@fernhaven.farm",
        owner=Rep(id=RepId("U0BRAM"), name="Bram"),
        reasons=("email_captured",),
        readiness=READY,
    )


def first_turn(name: str = "c1") -> tuple[ConversationState, TurnOutcome]:
    """Says how much, nothing else."""
    after = state(name, facts=(VOLUME,), guess=replace(GUESS, chosen=None))
    return state(name), outcome(after, new_facts=(VOLUME,), triggers=("technical_terms",))


def sales_turn() -> tuple[ConversationState, TurnOutcome]:
    """Leaves an address: sales mode, a profile and a lead."""
    before = state(facts=(VOLUME,), updates=(ProfileUpdate(trigger="return_visitor", at=DAWN - 500),))
    after = replace(state(facts=(VOLUME, PAIN, ADDRESS), mode=Mode.SALES, guess=GUESS), lead=lead())
    turn = outcome(
        after, new_facts=(PAIN, ADDRESS), readiness=READY, profile=profile(), triggers=("email_captured", "volume")
    )
    return before, turn


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """An application on a free port of the loopback interface; yields the address."""
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
