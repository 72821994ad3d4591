"""Slack's refusals in Frontdesk's terms. What each error word means is data: `resources/errors.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from core.errors import DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain

Scope = Literal["workspace", "channel", "card", "request"]

DEFAULT_RETRY_AFTER = 30.0
"""Seconds to wait when Slack limits the rate without a usable Retry-After."""
LONGEST_RETRY_AFTER = 3_600.0
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}\Z")


class SlackRefused(DeliveryParked):
    """A lasting refusal; `scope` says what is unusable, `code` is Slack's own word."""

    def __init__(self, reason: str, *, code: str, scope: Scope) -> None:
        super().__init__(reason)
        self.code = code
        self.scope = scope


class ErrorClass(BaseModel):
    """One row of the table of error words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Literal["refused", "delayed", "unclear"]
    scope: Scope
    codes: tuple[str, ...]
    step: str


class Answer(NamedTuple):
    """What is left of a failed call: method, HTTP status (0 when none came), Slack's error word, Retry-After."""

    method: str
    status: int
    code: str
    retry_after: str


@cache
def error_classes() -> Mapping[str, ErrorClass]:
    """Every known error word and its row."""
    text = (files("platforms.slack") / "resources" / "errors.yaml").read_text("utf-8")
    rows = TypeAdapter(tuple[ErrorClass, ...]).validate_python(yaml.safe_load(text))
    return {code: row for row in rows for code in row.codes}


def failure(answer: Answer, *, writes: bool) -> DeliveryError:
    """The error to raise for a call that Slack answered with anything but success.

    An error word Slack never told us of is lasting: a person should look. The texts hold the method, the status and the
    error word only, never a body, so neither tokens nor visitors' words get into them.
    """
    row = error_classes().get(answer.code)
    if answer.status == TOO_MANY_REQUESTS or (row and row.outcome == "delayed"):
        return DeliveryDelayed(f"Slack limits {answer.method}", retry_after=_seconds(answer.retry_after))
    if row and row.outcome == "refused":
        return SlackRefused(
            f"Slack refused {answer.method}: {answer.code}. Next: {row.step}.", code=answer.code, scope=row.scope
        )
    if row or answer.status >= SERVER_ERROR or (answer.status in {0, 200} and not answer.code):
        return unclear(answer.method, answer.code or f"status {answer.status}", writes=writes)
    return _unexpected(answer)


def unclear(method: str, what: str, *, writes: bool) -> DeliveryError:
    """The error for a call of which nobody knows whether it worked; a call that only reads can simply be made again."""
    if writes:
        return DeliveryUncertain(f"Slack gave no clear answer to {method} ({what}); the message may have arrived")
    return DeliveryDelayed(f"Slack gave no clear answer to {method} ({what})")


def read_code(data: object) -> str:
    """Slack's error word in a decoded body, "" when there is none; anything that does not look like one is dropped."""
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) and _CODE.match(code) else ""


def read_failure(method: str, response: Any) -> Answer:
    """The remains of a failed call out of either of the two response classes the SDK puts into its errors."""
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    headers = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    return Answer(method, int(status), read_code(data), str(headers.get("Retry-After", "")))


def _unexpected(answer: Answer) -> SlackRefused:
    if answer.code:
        step = "look the word up in Slack's documentation of the method"
        return SlackRefused(
            f"Slack refused {answer.method}: {answer.code}. Next: {step}.", code=answer.code, scope="request"
        )
    step = "check api_base_url and any proxy in between"
    reason = f"No Slack API answered {answer.method} (status {answer.status}). Next: {step}."
    return SlackRefused(reason, code=f"status_{answer.status}", scope="workspace")


def _seconds(retry_after: str) -> float:
    if retry_after.isascii() and retry_after.isdigit():
        return min(max(float(retry_after[:9]), 1.0), LONGEST_RETRY_AFTER)
    return DEFAULT_RETRY_AFTER
