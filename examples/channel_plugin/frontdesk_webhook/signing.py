"""Signatures as Standard Webhooks 1.0 describes them: HMAC-SHA256 over `id.timestamp.body`, in base64 behind `v1,`."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

TOLERANCE = 300.0
"""Seconds a message may be old, or ahead of our clock."""
_LONGEST = 20


class Signer:
    """Signs and verifies with one secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def headers(self, identity: str, body: bytes, *, now: float) -> dict[str, str]:
        stamp = str(int(now))
        return {
            "webhook-id": identity,
            "webhook-timestamp": stamp,
            "webhook-signature": self._sign(identity, stamp, body),
        }

    def verifies(self, headers: Mapping[str, str], body: bytes, *, now: float) -> bool:
        """Whether the raw body is signed with our secret, and recently. Takes the same time for every wrong one."""
        identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < _LONGEST):
            return False
        given = headers.get("webhook-signature", "").split(" ")
        wanted = self._sign(identity, stamp, body)
        signed = any(hmac.compare_digest(one.encode(), wanted.encode()) for one in given)
        return signed and abs(now - int(stamp)) <= TOLERANCE

    def _sign(self, identity: str, stamp: str, body: bytes) -> str:
        signed = hmac.new(self._secret, f"{identity}.{stamp}.".encode() + body, sha256).digest()
        return f"v1,{b64encode(signed).decode()}"
