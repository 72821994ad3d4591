"""One-time codes by e-mail: short, in the visitor's language, and the same text for whoever has the address."""

from __future__ import annotations

import asyncio
import logging
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid

from core.phrases import Phrases
from handoff.gate import Gate
from handoff.mail import MailServer, failure, reply_code

_log = logging.getLogger(__name__)

_SETTINGS = "verification"
_FOR_GOOD = 500
"""SMTP reply codes from here on are final: whoever typed the address has mistyped it, or it is nobody's."""


class CodeMail:
    """Implements `core.proving.CodePost` over one mail server."""

    def __init__(
        self, server: MailServer, *, sender: str, company: str, phrases: Callable[[str], Phrases], gate: Gate
    ) -> None:
        self._server = server
        self._sender = sender
        self._company = company
        self._phrases = phrases
        self._gate = gate

    async def post(self, address: str, code: str, *, language: str, minutes: int) -> None:
        """See `core.proving.CodePost`."""
        say = self._phrases(language).say
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._sender, address
        message["Subject"] = say("proof.mail_subject", code=code, company=self._company)
        message["Date"] = localtime()
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(say("proof.mail_text", code=code, company=self._company, minutes=str(minutes)) + "\n")
        async with self._gate.turn():
            try:
                await asyncio.to_thread(self._server.hand_in, message)
            except smtplib.SMTPRecipientsRefused as error:
                if reply_code(error) < _FOR_GOOD:
                    raise failure(error, _SETTINGS) from None
                _log.info("a one-time code was not sent: the mail server knows no such mailbox")
            except (smtplib.SMTPException, OSError) as error:
                raise failure(error, _SETTINGS) from None
