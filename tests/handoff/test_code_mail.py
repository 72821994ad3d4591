"""One-time codes by e-mail, against a mail server on loopback."""

from __future__ import annotations

import email
import logging
from email.policy import default
from typing import Any

import pytest

from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from frontdesk.mind import phrases_in
from handoff.code_mail import CodeMail
from handoff.gate import Gate
from handoff.mail import MailServer
from tests.peers.lead_services import MailHost

ADDRESS = "mara.lind@hafen.example"


def mail(port: int, clock: Any, *, company: str = "Fernlight") -> CodeMail:
    return CodeMail(
        MailServer(host="127.0.0.1", port=port, security="none"),
        sender="hello@fernlight.example",
        company=company,
        phrases=phrases_in,
        gate=Gate("The mail server", clock.now, sleep=clock.sleep),
    )


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "nl", "ja"])
async def test_that_the_code_comes_in_the_visitors_language(clock: Any, language: str) -> None:
    host = MailHost()
    async with host.served() as port:
        await mail(port, clock).post(ADDRESS, "004711", language=language, minutes=10)
    (raw,) = host.messages
    message = email.message_from_bytes(raw, policy=default)
    assert (message["To"], message["From"]) == (ADDRESS, "hello@fernlight.example")
    assert "004711" in message["Subject"]
    assert "Fernlight" in message["Subject"]
    body = message.get_content()
    assert "004711" in body
    assert "10" in body
    assert "{" not in body


async def test_that_no_address_becomes_a_second_header(clock: Any) -> None:
    host = MailHost()
    async with host.served() as port:
        with pytest.raises(ValueError, match="linefeed or carriage return"):
            await mail(port, clock).post("a@b.example\r\nBcc: all@b.example", "004711", language="en", minutes=10)
    assert host.messages == []


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (MailHost(answers={"DATA": "451 later"}), DeliveryDelayed),
        (MailHost(answers={"RCPT": "451 greylisted"}), DeliveryDelayed),
        (MailHost(answers={"MAIL": "550 not you"}), DeliveryParked),
        (MailHost(cut_after_data=True), DeliveryUncertain),
    ],
)
async def test_that_failures_are_told_apart(clock: Any, host: MailHost, expected: type[DeliveryError]) -> None:
    async with host.served() as port:
        with pytest.raises(expected) as raised:
            await mail(port, clock).post(ADDRESS, "004711", language="en", minutes=10)
    assert "mara" not in str(raised.value)
    assert "handoff.email" not in str(raised.value)


async def test_that_a_mailbox_that_does_not_exist_raises_no_alarm(clock: Any, caplog: Any) -> None:
    host = MailHost(answers={"RCPT": "550 no such user mara.lind"})
    with caplog.at_level(logging.INFO):
        async with host.served() as port:
            await mail(port, clock).post(ADDRESS, "004711", language="en", minutes=10)
    assert host.messages == []
    assert "mara" not in caplog.text
    assert "004711" not in caplog.text
