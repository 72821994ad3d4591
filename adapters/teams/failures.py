"""What the connector's refusals mean for a message. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain

UNAUTHORISED = 401
FORBIDDEN = 403
TOO_MANY = 429
PASSING = frozenset({412, TOO_MANY, 502, 503, 504})
"""Answers after which Microsoft asks to send again: nothing has been shown."""
SERVER_ERROR = 500
DEFAULT_RETRY_AFTER = 2.0
LONGEST_RETRY_AFTER = 3_600.0
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{1,60}")


class Blocked(DeliveryParked):
    """Nobody reads there any more: the bot was blocked or taken out."""


def code_of(body: object) -> str:
    """The connector's error word in a decoded answer; "" when it tells none."""
    error = body.get("error") if isinstance(body, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def failure(status: int, code: str, retry_after: str) -> DeliveryError:
    """The error for an answer that is no success. Its text holds the status and the error word, and nothing sent."""
    told = f"{code or 'no reason told'}, status {status}"
    if status in PASSING:
        return DeliveryDelayed(f"Teams takes no message now ({told})", retry_after=_seconds(retry_after))
    if status == FORBIDDEN:
        return Blocked(f"Teams lets the bot write there no longer ({told}): it was blocked or taken out")
    if status == UNAUTHORISED:
        return DeliveryParked(f"Teams does not know the bot ({told}). Next: check app_id, app_password and app_tenant.")
    if status >= SERVER_ERROR:
        return DeliveryUncertain(f"Teams gave no clear answer ({told}); the message may have arrived")
    return DeliveryParked(f"Teams refused the message ({told}). Next: see docs/channels/teams.md, 'When it fails'.")


def _seconds(retry_after: str) -> float:
    if retry_after.isascii() and retry_after.isdigit():
        return min(max(float(retry_after[:9]), 1.0), LONGEST_RETRY_AFTER)
    return DEFAULT_RETRY_AFTER


def decoded_token(body: Mapping[str, Any]) -> tuple[str, float]:
    """The token and its life in seconds. Raises `ValueError` for anything else."""
    token, life = body.get("access_token"), body.get("expires_in")
    seconds = float(life) if isinstance(life, int | float | str) and not isinstance(life, bool) else 0.0
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token or not seconds > 0:
        raise ValueError("no token in the answer")
    return token, seconds
