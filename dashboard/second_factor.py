"""One-time codes of an authenticator app (TOTP, RFC 6238): made known to the app, checked, used once."""

from __future__ import annotations

import hmac
from base64 import b64encode
from io import BytesIO

import pyotp

from core.ports import Clock
from core.store_ports import Notes

STEP_SECONDS = 30
_NOTES = "dashboard/code"
_DRIFT = (0, -1, 1)
"""Steps a phone's clock may be off."""


class SecondFactor:
    """Checks codes. Of one code, the first use counts and no other."""

    def __init__(self, notes: Notes, clock: Clock) -> None:
        self._notes = notes
        self._clock = clock

    async def fits(self, account: str, key: str, code: str) -> bool:
        """Whether a code is the one of this minute, and is used for the first time."""
        step = self._step(key, code.replace(" ", ""))
        if step is None:
            return False
        return await self._notes.add(_NOTES, f"{account}:{step}", "", life=STEP_SECONDS * 4)

    def _step(self, key: str, code: str) -> int | None:
        try:
            codes = pyotp.TOTP(key)
            now = int(self._clock.now()) // STEP_SECONDS
            given = code.encode()
            matches = [
                now + off for off in _DRIFT if hmac.compare_digest(codes.generate_otp(now + off).encode(), given)
            ]
        except ValueError:
            return None
        return matches[0] if matches else None


def new_key() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def is_key(text: str) -> bool:
    """Whether a text can be a key that `new_key` made."""
    return len(text) == len(pyotp.random_base32()) and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def enrolment(key: str, *, account: str, company: str) -> tuple[str, str]:
    """The address an authenticator app reads, and its QR code as a `data:` address ("" without the library for it)."""
    address = pyotp.TOTP(key).provisioning_uri(name=account, issuer_name=company)
    try:
        import segno
    except ImportError:
        return address, ""
    drawing = BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", border=2, scale=5)
    return address, f"data:image/svg+xml;base64,{b64encode(drawing.getvalue()).decode()}"
