"""Values for tests of the store: complete, and as short to ask for as possible."""

from __future__ import annotations

from itertools import count

from core.fact import Fact, Field, Operation, Quantity
from core.ids import ConversationId, Epoch, FactId, LeadId, MessageId, Shard, VisitorId, lead_of
from core.lead import Criterion, Lead, Quote, Readiness, ScoreLine
from core.message import InboundMessage, MessageKind, Page
from core.session import Session
from core.shards import shard_of
from core.store_ports import Store
from core.transcript import TranscriptEntry
from tests.contracts.stores import SHARDS

_conversations = count(1)
NOW = 1_800_000_000.0
LONG = 1_000.0  # a lease that outlasts any test


def new_conversation() -> ConversationId:
    return ConversationId(f"web.conversation-{next(_conversations)}")


def home(conversation: ConversationId) -> Shard:
    return shard_of(conversation, SHARDS)


def message(
    conversation: ConversationId,
    identity: str = "m1",
    text: str = "hello",
    kind: MessageKind = MessageKind.TEXT,
) -> InboundMessage:
    return InboundMessage(
        id=MessageId(identity),
        channel="web",
        conversation=conversation,
        visitor=VisitorId("visitor-1"),
        kind=kind,
        text=text,
        at=NOW,
        page=Page(url="https://www.example.com/pricing", title="Pricing"),
        locale="en-GB",
    )


def session(conversation: ConversationId) -> Session:
    return Session(conversation=conversation, visitor=VisitorId("visitor-1"), channel="web", started_at=NOW)


def fact(identity: str = "f1", value: str | Quantity = "React") -> Fact:
    return Fact(
        id=FactId(identity),
        field=Field.TECH_STACK,
        value=value,
        operation=Operation.ADD,
        quote="React",
        message=MessageId("m1"),
        channel="web",
        at=NOW,
    )


def line(text: str = "Good day") -> TranscriptEntry:
    return TranscriptEntry(seq=0, author="bot", at=NOW, text=text, reply={"mainText": text, "buttons": ["Yes"]})


def lead(conversation: ConversationId, revision: int = 1) -> Lead:
    return Lead(
        id=LeadId(lead_of(conversation)),
        conversation=conversation,
        visitor=VisitorId("visitor-1"),
        channel="web",
        created_at=NOW,
        updated_at=NOW,
        revision=revision,
        email="ada@example.com",
        readiness=Readiness(
            level="high", score=70.0, probability=0.7, receipt=(ScoreLine(reason="asked", points=70.0),)
        ),
        qualification=(Criterion(id="need", name="Need", answer="API"),),
        requirements=(("Volume", "100 a day"),),
        quotes=(Quote(text="we need an API", shows="need"),),
    )


async def own(store: Store, conversation: ConversationId, worker: str = "w1") -> tuple[Shard, Epoch]:
    """Acquire the conversation's shard."""
    shard = home(conversation)
    grant = await store.ownership.acquire(shard, worker, ttl=LONG)
    assert grant is not None
    return shard, grant.epoch
