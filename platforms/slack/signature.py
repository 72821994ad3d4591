"""Whether a request comes from Slack, told from its raw bytes before anything is parsed.

`v0=` and hexadecimal HMAC-SHA256 of `v0:timestamp:body` under the signing secret, no older than five minutes
(docs.slack.dev/authentication/verifying-requests-from-slack).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Protocol

TOLERANCE = 300.0
_LONGEST_STAMP = 12
_TIMESTAMP, _SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


class Headers(Protocol):
    def getall(self, key: str, default: Sequence[str]) -> Sequence[str]: ...


def signed_by(secret: str, headers: Headers, body: bytes, *, now: float) -> bool:
    """Each header exactly once, a timestamp of plain digits within `TOLERANCE`, and the very signature."""
    stamps, signatures = headers.getall(_TIMESTAMP, ()), headers.getall(_SIGNATURE, ())
    if len(stamps) != 1 or len(signatures) != 1:
        return False
    stamp, signature = stamps[0], signatures[0]
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _LONGEST_STAMP):
        return False
    wanted = signature_of(secret, stamp, body)
    same = hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "surrogateescape"))
    return same and abs(now - int(stamp)) <= TOLERANCE


def signature_of(secret: str, stamp: str, body: bytes) -> str:
    signed = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, sha256)
    return f"v0={signed.hexdigest()}"


def signed_headers(secret: str, body: bytes, *, now: float) -> Mapping[str, str]:
    """What Slack would send with this body."""
    stamp = str(int(now))
    return {_TIMESTAMP: stamp, _SIGNATURE: signature_of(secret, stamp, body)}
