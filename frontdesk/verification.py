"""One-time codes as a desk's files want them: who makes them and who sends them."""

from __future__ import annotations

import asyncio
import secrets

from config import Desk
from core.one_time_code import OneTimeCodes
from core.ports import Clock
from core.proving import CodeSender
from frontdesk.mind import phrases_in
from frontdesk.sinks import mail_server
from handoff.code_mail import CodeMail
from handoff.gate import Gate
from store.open import OpenStore

CODE_KEY = "one-time-codes"


async def one_time_codes(desk: Desk, store: OpenStore) -> OneTimeCodes | None:
    """The codes of a desk, with a key that all its processes share; None without a mail server to send them by."""
    if desk.settings.verification is None:
        return None
    key = await store.shared_secret(CODE_KEY, secrets.token_urlsafe(48))
    return OneTimeCodes(key.encode(), desk.settings.tenant)


def code_sender(desk: Desk, codes: OneTimeCodes | None, store: OpenStore, clock: Clock) -> CodeSender | None:
    """Sends them in the name of `verification.sender`."""
    settings = desk.settings.verification
    if settings is None or codes is None:
        return None
    gate = Gate("The mail server", asyncio.get_running_loop().time, at_once=1)
    company = desk.settings.company.name
    post = CodeMail(mail_server(settings), sender=settings.sender, company=company, phrases=phrases_in, gate=gate)
    return CodeSender(codes, post, store.store.tries, clock)
