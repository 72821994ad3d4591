"""One-time codes: somebody who can read what is sent to an address has it. Pure: the state goes in and comes out."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from core.ids import ConversationId

DIGITS = 6
LIFE = 10 * 60.0
"""Seconds a code can be used."""
ATTEMPTS = 5
CODES_PER_HOUR = 3
"""Codes that a conversation sends to an address within an hour: their guesses together stay below one in 60,000."""
PAUSE = 60.0
"""Seconds between two of them."""
_HOUR = 3600.0
_SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeState:
    """What is kept of the codes of one address in one conversation. The code itself is not: only its keyed hash."""

    digest: str = ""  # "" = no code is live
    sent_at: float = 0.0
    attempts: int = 0
    sent: tuple[float, ...] = ()  # when codes were sent, the last hour's


NOTHING_SENT = CodeState()


class Verdict(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"  # expired, used, guessed at too often, or never sent


class OneTimeCodes:
    """Codes of one tenant. `key` has at least 32 bytes; `draw(n)` gives 0 to n - 1 from a cryptographic source."""

    def __init__(self, key: bytes, draw: Callable[[int], int]) -> None:
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"a key for one-time codes needs at least {_SHORTEST_KEY} bytes")
        self._key = key
        self._draw = draw

    def send(
        self, state: CodeState, address: str, conversation: ConversationId, *, now: float
    ) -> tuple[CodeState, str | None]:
        """A new code, in place of one that was live; None when too many were sent."""
        sent = tuple(at for at in state.sent if at > now - _HOUR)
        if len(sent) >= CODES_PER_HOUR or (sent and now - sent[-1] < PAUSE):
            return replace(state, sent=sent), None
        code = f"{self._draw(10**DIGITS):0{DIGITS}d}"
        digest = self._digest(code, address, conversation)
        return CodeState(digest=digest, sent_at=now, sent=(*sent, now)), code

    def check(
        self, state: CodeState, typed: str, address: str, conversation: ConversationId, *, now: float
    ) -> tuple[CodeState, Verdict]:
        """Whether what was typed is the live code. A right one is used up; spaces and dashes in it do not matter."""
        given = typed.replace(" ", "").replace("-", "").strip()
        matches = hmac.compare_digest(self._digest(given, address, conversation), state.digest)
        if not state.digest or not 0 <= now - state.sent_at < LIFE or state.attempts >= ATTEMPTS:
            return replace(state, digest=""), Verdict.OVER
        if matches:
            return replace(state, digest=""), Verdict.RIGHT
        return replace(state, attempts=state.attempts + 1), Verdict.WRONG

    def _digest(self, code: str, address: str, conversation: ConversationId) -> str:
        """Bound to the address and the conversation, so that a code means nothing anywhere else."""
        parts = (code, address.casefold(), conversation)
        content = "".join(f"{len(part)}:{part}" for part in parts)
        return hmac.new(self._key, content.encode("utf-8", "surrogatepass"), sha256).hexdigest()
