"""Leads by e-mail over SMTP. All attempts at an event carry one Message-ID, by which mail programs see them as one."""

from __future__ import annotations

import asyncio
import logging
import smtplib
import ssl
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import blake2b
from typing import Literal

from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from core.lead import Lead, Posting
from handoff.events import CLAIMED, CREATED, LOST, UPDATED, WON, delivery_id, events, heard, knows
from handoff.gate import Gate
from handoff.payload import summary

_log = logging.getLogger(__name__)

TIMEOUT = 20.0
SUBJECT_LIMIT = 150
_PASSING = range(400, 500)
_HEADLINES = {
    CREATED: "New lead",
    UPDATED: "Lead updated",
    CLAIMED: "Lead claimed",
    WON: "Lead won",
    LOST: "Lead lost",
}

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in. `username` "" means without logging in."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def hand_in(self, message: EmailMessage) -> int:
        """How many recipients were refused, if not all. Blocks; raises what `smtplib` and sockets raise."""
        with self._connected() as server:
            if self.security == "starttls":
                server.starttls(context=self.context())
            if self.username:
                server.login(self.username, self.password)
            return len(server.send_message(message))

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.context())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


class MailSink:
    """`LeadSink` over one mail server."""

    def __init__(
        self, *, server: MailServer, sender: str, recipients: Sequence[str], wanted: Collection[str], gate: Gate
    ) -> None:
        self._server = server
        self._sender = sender
        self._recipients = tuple(recipients)
        self._wanted = frozenset(wanted)
        self._gate = gate

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """See `LeadSink`."""
        if posting is not None and knows(posting, lead):
            return posting
        for event in events(lead, posting, self._wanted):
            await self._send(lead_mail(lead, event, sender=self._sender, recipients=self._recipients))
        return heard(lead)

    async def _send(self, message: EmailMessage) -> None:
        async with self._gate.turn():
            try:
                refused = await asyncio.to_thread(self._server.hand_in, message)
            except (smtplib.SMTPException, OSError) as error:
                raise failure(error, "handoff.email") from None
        if refused:
            _log.warning("the mail server refused %d of the addresses of handoff.email.to", refused)


def lead_mail(lead: Lead, event: str, *, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The message of an event: plain text, one thread a lead, nothing of the visitor's in a header but in one line."""
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2]
    message["From"], message["To"] = sender, ", ".join(recipients)
    message["Subject"] = _line(f"{_HEADLINES[event]}: {lead.company or lead.name or lead.email or lead.id}")
    message["Date"] = format_datetime(datetime.fromtimestamp(lead.updated_at, UTC))
    message["Message-ID"] = _message_id(delivery_id(lead, event), domain)
    message["References"] = _message_id(lead.id, domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(lead))
    return message


def _text(lead: Lead) -> str:
    contact = ("Name", lead.name), ("Company", lead.company), ("E-mail", lead.email), ("Phone", lead.phone)
    head = "\n".join(f"{label}: {words}" for label, words in contact if words)
    changes = "\n".join(f"- {one}" for one in lead.changes)
    opener = lead.opener and f"To begin with:\n{lead.opener}"
    origin = f"From: {lead.channel}{f', {lead.source_page}' if lead.source_page else ''}\nLead: {lead.id}"
    return "\n\n".join(part for part in (head, summary(lead), changes, opener, origin) if part) + "\n"


def _line(text: str) -> str:
    """One line without control characters: what a visitor wrote must not become a header of its own."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:SUBJECT_LIMIT]


def _message_id(identity: str, domain: str) -> str:
    """Hashed, since the parts of an id come from outside."""
    return f"<{blake2b(identity.encode(), digest_size=16).hexdigest()}@{domain}>"


def failure(error: Exception, where: str) -> DeliveryError:
    """What went wrong, with the section (`where`) to look at. The server's texts stay out: they repeat addresses."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryParked(f"The mail server has no valid certificate. Next: renew it, or mend {where}.host.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return DeliveryParked(f"The mail server lacks what is asked for. Next: check {where}.security, username.")
    if isinstance(error, smtplib.SMTPServerDisconnected | TimeoutError):
        return DeliveryUncertain("the mail server gave no clear answer; the mail may have arrived")
    if status := reply_code(error):
        return _refusal(status, where, login=isinstance(error, smtplib.SMTPAuthenticationError))
    return DeliveryDelayed(f"the mail server cannot be reached ({where}.host)", retry_after=10.0)


def _refusal(status: int, where: str, *, login: bool) -> DeliveryError:
    if status in _PASSING:
        return DeliveryDelayed(f"the mail server asks to come again ({status})", retry_after=60.0)
    step = "username and password" if login else "sender and to"
    return DeliveryParked(f"The mail server refused the mail ({status}). Next: check {step} of {where}.")


def reply_code(error: Exception) -> int:
    """The SMTP reply code; with several refused recipients that of the first; 0 without one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _ in error.recipients.values()), 0)
    return int(getattr(error, "smtp_code", 0))
