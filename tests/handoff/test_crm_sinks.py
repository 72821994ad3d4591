"""HubSpot and Salesforce sinks against stand-ins that hold them to tokens, shapes and limits."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from config.models.sinks import HUBSPOT_FIELDS, SALESFORCE_FIELDS
from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from core.lead import Lead, Posting, PostingState
from handoff.dry_run import DryRunSink
from handoff.gate import Gate
from handoff.http_calls import HttpCalls
from handoff.hubspot import HubSpotSink
from handoff.payload import mapped
from handoff.salesforce import SalesforceAccount, SalesforceSink
from tests.peers.lead_services import HubSpot, Salesforce, Trouble

MakeLead = Callable[..., Lead]
TOKEN, CLIENT, SECRET = "pat-stand-in", "client-stand-in", "secret-stand-in"
STARTED = Posting(state=PostingState.STARTED, revision=0)
TROUBLES = [
    (Trouble(status=502, after=True), DeliveryUncertain),
    (Trouble(cut=True, after=True), DeliveryUncertain),
    (Trouble(status=429, headers={"Retry-After": "2"}), DeliveryDelayed),
]


@pytest.fixture
def hubspot() -> HubSpot:
    return HubSpot(token=TOKEN)


@pytest.fixture
def salesforce() -> Salesforce:
    return Salesforce(client_id=CLIENT, client_secret=SECRET)


@pytest.fixture
async def to_hubspot(
    hubspot: HubSpot, session: aiohttp.ClientSession, clock: Any
) -> AsyncIterator[Callable[..., HubSpotSink]]:
    async with hubspot.served() as url:

        def made(*, token: str = TOKEN, **fields: str) -> HubSpotSink:
            calls = HttpCalls("HubSpot", session, Gate("HubSpot", clock.now, sleep=clock.sleep), setting="a setting")
            return HubSpotSink(base_url=url, token=token, fields={**HUBSPOT_FIELDS, **fields}, calls=calls)

        yield made


@pytest.fixture
async def to_salesforce(
    salesforce: Salesforce, session: aiohttp.ClientSession, clock: Any
) -> AsyncIterator[Callable[..., SalesforceSink]]:
    async with salesforce.served() as url:

        def made(*, secret: str = SECRET, field: str = "Frontdesk_Id__c", **fields: str) -> SalesforceSink:
            calls = HttpCalls("Salesforce", session, Gate("SF", clock.now, sleep=clock.sleep), setting="a setting")
            account = SalesforceAccount(base_url=url, client_id=CLIENT, client_secret=secret, calls=calls)
            names = {**SALESFORCE_FIELDS, **fields}
            return SalesforceSink(account=account, calls=calls, api_version="62.0", external_field=field, fields=names)

        yield made


async def test_that_a_lead_becomes_one_contact_and_stays_it(
    to_hubspot: Callable[..., HubSpotSink], hubspot: HubSpot, make_lead: MakeLead
) -> None:
    first = await to_hubspot().deliver(make_lead(), None)
    second = await to_hubspot().deliver(make_lead(revision=2, phone="+49 1"), first)
    assert (first.reference, second.reference, second.revision) == ("501", "501", 2)
    contact = hubspot.contacts["nadia@northwindrobotics.io"]
    assert (contact["firstname"], contact["lastname"], contact["phone"]) == ("Nadia", "Kessler", "+49 1")
    assert "Need: deflect 300 mails a day" in contact["message"]
    assert await to_hubspot().deliver(make_lead(revision=2), second) == second
    assert len(hubspot.requests) == 2


async def test_that_what_is_unknown_overwrites_nothing(
    to_hubspot: Callable[..., HubSpotSink], hubspot: HubSpot, make_lead: MakeLead
) -> None:
    await to_hubspot().deliver(make_lead(), None)
    await to_hubspot(summary="").deliver(make_lead(revision=2, name="", company="", phone=""), STARTED)
    sent = json.loads(hubspot.requests[1][2])["inputs"][0]["properties"]
    assert sent == {"email": "nadia@northwindrobotics.io"}


async def test_that_a_lead_without_address_stays_out_of_hubspot(
    to_hubspot: Callable[..., HubSpotSink], hubspot: HubSpot, make_lead: MakeLead
) -> None:
    posting = await to_hubspot().deliver(make_lead(email=""), None)
    assert posting.state is PostingState.POSTED
    assert "no e-mail address" in posting.reason
    assert hubspot.requests == []


@pytest.mark.parametrize(("trouble", "expected"), TROUBLES)
async def test_that_a_repeated_call_makes_no_second_contact(
    to_hubspot: Callable[..., HubSpotSink],
    hubspot: HubSpot,
    make_lead: MakeLead,
    trouble: Trouble,
    expected: type[DeliveryError],
) -> None:
    hubspot.troubles.append(trouble)
    with pytest.raises(expected):
        await to_hubspot().deliver(make_lead(), None)
    await to_hubspot().deliver(make_lead(), STARTED)
    assert len(hubspot.contacts) == 1
    assert hubspot.requests[0][2] == hubspot.requests[1][2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"token": "pat-other"}, ("401", "INVALID_AUTHENTICATION", "handoff.hubspot.token")),
        ({"persona": "no_such_property"}, ("400", "VALIDATION_ERROR", "handoff.hubspot.fields")),
    ],
)
async def test_that_a_lasting_refusal_says_the_next_step_and_no_secret(
    to_hubspot: Callable[..., HubSpotSink], make_lead: MakeLead, changes: dict[str, str], words: tuple[str, ...]
) -> None:
    sink = to_hubspot(**changes)
    with pytest.raises(DeliveryParked) as caught:
        await sink.deliver(make_lead(), None)
    assert all(word in str(caught.value) for word in words)
    assert not any(leak in f"{caught.value} {sink!r}" for leak in ("pat-", "nadia", "told to people"))


async def test_that_a_partly_refused_batch_is_refused(
    to_hubspot: Callable[..., HubSpotSink], hubspot: HubSpot, make_lead: MakeLead
) -> None:
    hubspot.troubles.append(Trouble(status=207, body={"errors": [{"category": "VALIDATION_ERROR"}], "results": []}))
    with pytest.raises(DeliveryParked, match="VALIDATION_ERROR"):
        await to_hubspot().deliver(make_lead(), None)


async def test_that_a_lead_becomes_one_salesforce_lead_and_stays_it(
    to_salesforce: Callable[..., SalesforceSink], salesforce: Salesforce, make_lead: MakeLead
) -> None:
    sink = to_salesforce()
    first = await sink.deliver(make_lead(), None)
    second = await sink.deliver(make_lead(revision=2, company="", name="N" * 100), first)
    assert first.reference == second.reference == "00Q000000000000001"
    stored = salesforce.leads["lead.web-7f3a"]
    assert (stored["Company"], stored["LastName"]) == ("[not provided]", "N" * 80)
    assert salesforce.tokens == 1


async def test_that_an_expired_token_is_exchanged_once(
    to_salesforce: Callable[..., SalesforceSink], salesforce: Salesforce, make_lead: MakeLead
) -> None:
    sink = to_salesforce()
    await sink.deliver(make_lead(), None)
    salesforce.expire()
    await sink.deliver(make_lead(revision=2), STARTED)
    paths = [path.rpartition("/")[2] for path, _, _ in salesforce.requests]
    assert paths == ["token", "lead.web-7f3a", "lead.web-7f3a", "token", "lead.web-7f3a"]


@pytest.mark.parametrize(("trouble", "expected"), TROUBLES)
async def test_that_a_repeated_call_makes_no_second_lead(
    to_salesforce: Callable[..., SalesforceSink],
    salesforce: Salesforce,
    make_lead: MakeLead,
    trouble: Trouble,
    expected: type[DeliveryError],
) -> None:
    sink = to_salesforce()
    await sink.deliver(make_lead(id="lead.other"), None)
    salesforce.troubles.append(trouble)
    with pytest.raises(expected):
        await sink.deliver(make_lead(), None)
    await to_salesforce().deliver(make_lead(), STARTED)
    assert len(salesforce.leads) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret": "wrong"}, ("invalid_client", "client_secret")),
        ({"persona": "Nothing__c"}, ("INVALID_FIELD", "handoff.salesforce.fields")),
        ({"field": "Other__c"}, ("NOT_FOUND", "external_field")),
    ],
)
async def test_that_salesforce_refusals_say_the_next_step_and_no_secret(
    to_salesforce: Callable[..., SalesforceSink], make_lead: MakeLead, changes: dict[str, str], words: tuple[str, ...]
) -> None:
    with pytest.raises(DeliveryParked) as caught:
        await to_salesforce(**changes).deliver(make_lead(), None)
    assert all(word in str(caught.value) for word in words)
    assert not any(leak in str(caught.value) for leak in ("wrong", SECRET, "nadia", "told to people"))


async def test_that_a_used_up_allowance_is_waited_for_and_a_converted_lead_left_alone(
    to_salesforce: Callable[..., SalesforceSink], salesforce: Salesforce, make_lead: MakeLead
) -> None:
    sink = to_salesforce()
    first = await sink.deliver(make_lead(), None)
    salesforce.troubles.append(Trouble(status=403, body=[{"errorCode": "REQUEST_LIMIT_EXCEEDED"}]))
    with pytest.raises(DeliveryDelayed):
        await sink.deliver(make_lead(revision=2), first)
    salesforce.troubles.append(Trouble(status=400, body=[{"errorCode": "CANNOT_UPDATE_CONVERTED_LEAD"}]))
    after = await sink.deliver(make_lead(revision=2), first)
    assert (after.revision, after.reference) == (2, first.reference)
    assert "converted" in after.reason


async def test_that_nobody_there_is_a_delay(session: aiohttp.ClientSession, clock: Any, make_lead: MakeLead) -> None:
    calls = HttpCalls("HubSpot", session, Gate("HubSpot", clock.now, sleep=clock.sleep), setting="a setting")
    sink = HubSpotSink(base_url="http://127.0.0.1:9/", token=TOKEN, fields={}, calls=calls)
    with pytest.raises(DeliveryDelayed, match="cannot be reached"):
        await sink.deliver(make_lead(), None)


async def test_that_a_dry_run_names_fields_and_sends_no_value(
    caplog: pytest.LogCaptureFixture, make_lead: MakeLead
) -> None:
    sink = DryRunSink(name="hubspot", describe=lambda lead, _: ", ".join(mapped(lead, HUBSPOT_FIELDS)))
    with caplog.at_level(logging.INFO):
        posting = await sink.deliver(make_lead(), None)
    assert (posting.state, posting.revision) == (PostingState.POSTED, 1)
    assert "firstname, lastname, company, phone, message" in caplog.text
    assert "Nadia" not in caplog.text
