"""The e-mail sink against a mail server on loopback."""

from __future__ import annotations

import email
from collections.abc import Callable
from email.policy import default
from typing import Any

import pytest

from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from core.lead import Lead, Posting, PostingState
from handoff.gate import Gate
from handoff.mail import MailServer, MailSink
from tests.peers.lead_services import MailHost

MakeLead = Callable[..., Lead]
STARTED = Posting(state=PostingState.STARTED, revision=0)


def sink(port: int, clock: Any, *, wanted: tuple[str, ...] = ("lead.created",), **server: Any) -> MailSink:
    return MailSink(
        server=MailServer(host="127.0.0.1", port=port, security=server.pop("security", "none"), **server),
        sender="frontdesk@fernlight.example",
        recipients=("sales@fernlight.example", "second@fernlight.example"),
        wanted=wanted,
        gate=Gate("The mail server", clock.now, sleep=clock.sleep),
    )


async def test_that_a_lead_is_mailed_once_with_what_a_rep_needs(clock: Any, make_lead: MakeLead) -> None:
    host = MailHost(login=("frontdesk", "stand-in"))
    async with host.served() as port:
        one = sink(port, clock, username="frontdesk", password="stand-in")
        posting = await one.deliver(make_lead(), None)
        await one.deliver(make_lead(revision=2), posting)
    (raw,) = host.messages
    mail = email.message_from_bytes(raw, policy=default)
    assert mail["Subject"] == "New lead: Northwind Robotics"
    assert mail["To"] == "sales@fernlight.example, second@fernlight.example"
    assert "Need: deflect 300 mails a day" in mail.get_content()
    assert len(host.recipients) == 2


async def test_that_no_visitors_word_becomes_a_header(clock: Any, make_lead: MakeLead) -> None:
    host = MailHost()
    async with host.served() as port:
        company = "Evil\r\nBcc: everybody@example.com\r\n\r\nbody\x00\u2028more"
        await sink(port, clock).deliver(make_lead(company=company), None)
    mail = email.message_from_bytes(host.messages[0], policy=default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "New lead: Evil Bcc: everybody@example.com body more"
    assert len(host.recipients) == 2


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (MailHost(answers={"DATA": "451 later"}), DeliveryDelayed),
        (MailHost(answers={"MAIL": "550 not you"}), DeliveryParked),
        (MailHost(answers={"AUTH": "535 no"}), DeliveryParked),
        (MailHost(cut_after_data=True), DeliveryUncertain),
    ],
)
async def test_that_failures_are_told_apart_and_a_repeat_has_the_same_message_id(
    clock: Any, make_lead: MakeLead, host: MailHost, expected: type[DeliveryError]
) -> None:
    host.login = ("frontdesk", "stand-in")
    async with host.served() as port:
        one = sink(port, clock, username="frontdesk", password="stand-in")
        with pytest.raises(expected) as caught:
            await one.deliver(make_lead(), None)
        host.cut_after_data = False
        clock.time += 100
        await one.deliver(make_lead(), STARTED)
    assert not any(leak in str(caught.value) for leak in ("stand-in", "@"))
    assert len({email.message_from_bytes(raw)["Message-ID"] for raw in host.messages}) == 1


async def test_that_one_refused_address_of_two_is_told_and_keeps_nobody_waiting(
    clock: Any, make_lead: MakeLead, caplog: pytest.LogCaptureFixture
) -> None:
    host = MailHost(answers={"RCPT": "550 nobody"})
    async with host.served() as port:
        await sink(port, clock).deliver(make_lead(), None)
    assert len(host.messages) == 1
    assert "refused 1 of the addresses" in caplog.text


async def test_that_encryption_the_server_lacks_parks_the_lead(clock: Any, make_lead: MakeLead) -> None:
    host = MailHost()
    async with host.served() as port:
        with pytest.raises(DeliveryParked, match=r"handoff\.email\.security"):
            await sink(port, clock, security="starttls").deliver(make_lead(), None)
    assert host.messages == []


async def test_that_a_mail_server_that_is_away_is_a_delay(clock: Any, make_lead: MakeLead) -> None:
    with pytest.raises(DeliveryDelayed):
        await sink(9, clock).deliver(make_lead(), None)
