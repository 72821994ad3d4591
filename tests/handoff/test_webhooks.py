"""Outgoing webhooks against a receiver on loopback that verifies with the specification's own library."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from core.lead import Lead, LeadStatus, Posting, PostingState
from core.ports import LeadSink
from core.rep import Rep, RepId
from frontdesk.clock import SystemClock
from handoff.events import events
from handoff.gate import Gate
from handoff.http_calls import HttpCalls
from handoff.webhooks import Signer, WebhookSink, guarded_session
from tests.peers.lead_services import Service, Trouble

MakeLead = Callable[..., Lead]
OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 32).decode()
ADA = Rep(id=RepId("U07"), name="Ada Okafor")
EVERY = ("lead.created", "lead.updated", "lead.claimed", "lead.won", "lead.lost")


@pytest.fixture
def receiver() -> Service:
    return Service()


@pytest.fixture
async def make(receiver: Service, clock: Any) -> AsyncIterator[Callable[..., LeadSink]]:
    private, public = (guarded_session(port=None, private=lifted, connect=2.0) for lifted in (True, False))

    async with receiver.served() as url, private, public:

        def made(
            *, guarded: bool = False, wanted: tuple[str, ...] = EVERY, secrets: tuple[str, ...] = (OLD,)
        ) -> LeadSink:
            gate = Gate("webhook", clock.now, sleep=clock.sleep)
            calls = HttpCalls("The webhook", public if guarded else private, gate, setting="handoff.webhooks")
            return WebhookSink(url=url, calls=calls, signer=Signer(secrets), clock=SystemClock(), wanted=wanted)

        yield made


def told(receiver: Service) -> list[tuple[str, dict[str, Any]]]:
    """Id and body of everything received, verified."""
    return [
        (headers["webhook-id"], Webhook(OLD).verify(body, {key.lower(): one for key, one in headers.items()}))
        for _, headers, body in receiver.requests
    ]


async def test_that_a_lead_arrives_signed_and_whole(
    make: Callable[..., LeadSink], receiver: Service, make_lead: MakeLead
) -> None:
    posting = await make().deliver(make_lead(), None)
    ((identity, body),) = told(receiver)
    assert (posting.state, posting.revision) == (PostingState.POSTED, 1)
    assert identity == "lead.web-7f3a.1.lead.created"
    assert (body["type"], body["timestamp"]) == ("lead.created", "2026-09-21T14:13:20.000Z")
    assert body["data"]["version"] == 1
    assert body["data"]["contact"]["email"] == "nadia@northwindrobotics.io"
    assert body["data"]["qualification"][1]["answer"] == "decides with the CTO"


async def test_that_either_secret_verifies_while_they_change_and_no_other_does(
    make: Callable[..., LeadSink], receiver: Service, make_lead: MakeLead
) -> None:
    await make(secrets=(NEW, OLD)).deliver(make_lead(), None)
    ((_, headers, body),) = receiver.requests
    lower = {key.lower(): one for key, one in headers.items()}
    assert Webhook(OLD).verify(body, lower) == Webhook(NEW).verify(body, lower)
    with pytest.raises(WebhookVerificationError):
        Webhook(base64.b64encode(b"x" * 24).decode()).verify(body, lower)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(body + b" ", lower)


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble(status=500), DeliveryUncertain),
        (Trouble(cut=True, after=True), DeliveryUncertain),
        (Trouble(status=429, headers={"Retry-After": "1"}), DeliveryDelayed),
        (Trouble(status=410), DeliveryParked),
        (Trouble(status=302, headers={"Location": "http://127.0.0.1/"}), DeliveryParked),
        (Trouble(status=400), DeliveryParked),
    ],
)
async def test_that_every_attempt_carries_the_same_id_and_the_same_bytes(
    make: Callable[..., LeadSink],
    receiver: Service,
    make_lead: MakeLead,
    trouble: Trouble,
    expected: type[DeliveryError],
) -> None:
    receiver.troubles.append(trouble)
    with pytest.raises(expected) as caught:
        await make().deliver(make_lead(), None)
    await make().deliver(make_lead(), Posting(state=PostingState.STARTED, revision=0))
    (first, second) = told(receiver)
    assert first == second
    assert receiver.requests[0][2] == receiver.requests[1][2]
    assert "nadia" not in str(caught.value)
    if expected is DeliveryParked:
        assert "Next: " in str(caught.value)


async def test_that_a_pause_asked_for_holds_the_next_lead_back(
    make: Callable[..., LeadSink], receiver: Service, make_lead: MakeLead, clock: Any
) -> None:
    receiver.troubles.append(Trouble(status=503, headers={"Retry-After": "40"}))
    sink = make()
    for _ in range(3):
        with pytest.raises(DeliveryDelayed):
            await sink.deliver(make_lead(), None)
    assert len(receiver.requests) == 1
    clock.time += 41
    await sink.deliver(make_lead(), None)
    assert len(receiver.requests) == 2


async def test_that_no_private_address_is_reached_unless_allowed(
    make: Callable[..., LeadSink], receiver: Service, make_lead: MakeLead
) -> None:
    with pytest.raises(DeliveryParked, match="private or reserved network address"):
        await make(guarded=True).deliver(make_lead(), None)
    assert receiver.requests == []


async def test_that_events_follow_what_the_receiver_was_told(
    make: Callable[..., LeadSink], receiver: Service, make_lead: MakeLead
) -> None:
    steps: tuple[dict[str, Any], ...] = (
        {},
        {"phone": "1"},
        {"owner": ADA},
        {"owner": ADA, "status": LeadStatus.CONVERTED},
        {"owner": Rep(id=RepId("U08")), "status": LeadStatus.LOST},
    )
    sink, posting = make(), None
    for revision, changes in enumerate(steps, start=1):
        posting = await sink.deliver(make_lead(revision=revision, **changes), posting)
    assert [json.loads(body)["type"] for _, _, body in receiver.requests] == [
        "lead.created",
        "lead.updated",
        "lead.claimed",
        "lead.won",
        "lead.claimed",
        "lead.lost",
    ]


async def test_that_only_the_events_asked_for_are_sent_and_a_known_revision_is_not(
    make: Callable[..., LeadSink], receiver: Service, make_lead: MakeLead
) -> None:
    sink = make(wanted=("lead.won",))
    posting = await sink.deliver(make_lead(), None)
    posting = await sink.deliver(make_lead(revision=2, status=LeadStatus.CONVERTED), posting)
    assert await sink.deliver(make_lead(revision=2, status=LeadStatus.CONVERTED), posting) == posting
    assert [body["type"] for _, body in told(receiver)] == ["lead.won"]


def test_that_every_revision_is_some_event(make_lead: MakeLead) -> None:
    assert events(make_lead(), None, EVERY) == ("lead.created",)
    assert events(make_lead(owner=ADA), None, EVERY) == ("lead.created", "lead.claimed")
