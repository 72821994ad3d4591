"""One-time codes: somebody who can read what is sent to an address has it. Pure: the state goes in and comes out."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from core.ids import ConversationId, PersonId
from core.people import user_of

DIGITS = 6
LIFE = 10 * 60.0
"""Seconds a code can be used."""
ATTEMPTS = 5
CODES_PER_HOUR = 3
"""Codes that a conversation sends within an hour: their guesses together stay below one in 60,000."""
PAUSE = 60.0
"""Seconds between two of them."""
_HOUR = 3600.0
_SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeState:
    """What a conversation keeps of its codes. No code: it is worked out from the key, the address and the time."""

    address: str = ""  # that the live code was sent to, "" = none is live
    sent_at: float = 0.0
    attempts: int = 0
    sent: tuple[float, ...] = ()  # when codes were sent, the last hour's
    offered: int = 0  # how often the visitor was offered one


NOTHING_SENT = CodeState()


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"  # expired, used, guessed at too often, or never sent


class OneTimeCodes:
    """Codes of one tenant; `key` has at least 32 bytes that nobody else knows."""

    def __init__(self, key: bytes, tenant: str) -> None:
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"a key for one-time codes needs at least {_SHORTEST_KEY} bytes")
        self._key = key
        self._tenant = tenant

    def send(self, state: CodeState, address: str, *, now: float) -> CodeState | None:
        """The state with a new code in place of one that was live; None when too many were sent."""
        sent = tuple(at for at in state.sent if at > now - _HOUR)
        if len(sent) >= CODES_PER_HOUR or (sent and now - sent[-1] < PAUSE):
            return None
        return replace(state, address=address, sent_at=now, attempts=0, sent=(*sent, now))

    def code(self, address: str, conversation: ConversationId, *, sent_at: float) -> str:
        """The code sent to an address at a time: the same however often it is asked for.

        Bound to the conversation, so that it means nothing in any other. Dynamic truncation is for hashes of 20 bytes
        (RFC 4226); of 32 bytes, the remainder of the whole is as even.
        """
        parts = (address.casefold(), conversation, repr(sent_at))
        content = "".join(f"{len(part)}:{part}" for part in parts)
        digest = hmac.new(self._key, content.encode("utf-8", "surrogatepass"), sha256).digest()
        return f"{int.from_bytes(digest, 'big') % 10**DIGITS:0{DIGITS}d}"

    def check(
        self, state: CodeState, typed: str, conversation: ConversationId, *, now: float
    ) -> tuple[CodeState, Verdict]:
        """Whether what was typed is the live code. A right one is used up; spaces and dashes in it do not matter."""
        given = typed.replace(" ", "").replace("-", "").strip().encode("utf-8", "surrogatepass")
        if not state.address or not 0 <= now - state.sent_at < LIFE or state.attempts >= ATTEMPTS:
            return replace(state, address=""), Verdict.OVER
        if hmac.compare_digest(self.code(state.address, conversation, sent_at=state.sent_at).encode(), given):
            return replace(state, address=""), Verdict.RIGHT
        return replace(state, attempts=state.attempts + 1), Verdict.WRONG

    def holder(self, address: str) -> PersonId:
        """Who has an address: nobody's visitor, whom all visitors are linked to who have shown that they have it."""
        return user_of(self._tenant, f"mail:{address.casefold()}")
