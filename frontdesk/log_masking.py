"""Logs without personal data: addresses, numbers and keys are masked in whatever a record becomes, traces included."""

from __future__ import annotations

import logging
import re

from inference.masking import Mask

_HELD_IN_ADDRESSES = re.compile(
    r"(?P<kept>/bot)\d{6,}:[\w-]{20,}"  # Telegram's API has the token in its paths
    r"|(?P<named>\b(?:bearer\s+|(?:access_token|api_key|client_secret|password|secret|sig|signature|token)=))[^\s&\"']{6,}",
    re.IGNORECASE,
)
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class MaskingFormatter(logging.Formatter):
    """Formats as it is told to, and masks the finished text: arguments, messages of exceptions and traces alike."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        stamp = getattr(record, "asctime", "")  # a date looks like a telephone number
        return stamp + masked(text.removeprefix(stamp)) if text.startswith(stamp) else masked(text)


def masked(text: str) -> str:
    """The text with placeholders such as `[email 1]` in the place of what could identify or let in somebody."""
    return Mask().hide(_HELD_IN_ADDRESSES.sub(_named, text))


def log_to_stderr(level: str, *, form: str = FORMAT, formatter: logging.Formatter | None = None) -> None:
    """What every command that runs for long logs with; another `formatter` has to mask as well."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter or MaskingFormatter(form, datefmt="%H:%M:%S"))
    logging.basicConfig(level=level.upper(), handlers=[handler])


def _named(found: re.Match[str]) -> str:
    return f"{found['kept'] or found['named']}[key]"
