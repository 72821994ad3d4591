"""What can go wrong with a call of the Slack stand-in, as its users order it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

HTML_PAGE = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one call. `applied`: the call takes effect first, only its answer is spoiled."""

    kind: str  # status | error | hang | reset | truncated | page | body
    status: int = 200
    error: str = ""
    retry_after: str = ""
    body: bytes = b""
    content_type: str = "application/json"
    applied: bool = False


def rate_limited(retry_after: str = "30") -> Fault:
    """429 with Slack's body; an empty `retry_after` leaves the header out."""
    return Fault(kind="error", status=429, error="ratelimited", retry_after=retry_after)


def failing(status: int, error: str = "", *, applied: bool = False) -> Fault:
    """An HTTP status, with `ok: false` and an error word or with an empty JSON object."""
    return Fault(kind="error", status=status, error=error, applied=applied)


def refusing(error: str) -> Fault:
    """`ok: false` with an error word."""
    return Fault(kind="error", error=error)


def hanging(*, applied: bool = False) -> Fault:
    """No answer for as long as the client waits."""
    return Fault(kind="hang", applied=applied)


def resetting(*, applied: bool = False) -> Fault:
    """The connection is cut instead of answered."""
    return Fault(kind="reset", applied=applied)


def truncated(*, applied: bool = False) -> Fault:
    """The first half of the answer, sent as if it were all."""
    return Fault(kind="truncated", applied=applied)


def html_page(status: int = 200, *, applied: bool = False) -> Fault:
    """What a proxy or a maintenance page answers."""
    return Fault(kind="body", status=status, body=HTML_PAGE.encode(), content_type="text/html", applied=applied)


def strange_body(body: bytes, content_type: str = "application/json", *, applied: bool = False) -> Fault:
    """Any bytes as an answer."""
    return Fault(kind="body", body=body, content_type=content_type, applied=applied)


class Refusal(Exception):
    """`ok: false` by the rules of the method itself."""

    def __init__(self, error: str, *details: str) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


def spoiled(fault: Fault, answer: Mapping[str, Any]) -> web.Response:
    """What comes of a true answer, of all kinds that answer at all."""
    if fault.kind == "truncated":
        whole = json.dumps(answer)
        return web.Response(text=whole[: len(whole) // 2], content_type="application/json")
    if fault.kind == "body":
        return web.Response(body=fault.body, status=fault.status, content_type=fault.content_type)
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    body = {"ok": False, "error": fault.error} if fault.error else {}
    return web.json_response(body, status=fault.status, headers=headers)
