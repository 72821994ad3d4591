"""What a page, a form and a visit to them are. Rooms and files that add pages need this module alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from dashboard.roles import Role
from dashboard.sessions import Session


class Form(BaseModel):
    """The fields of a form. One that is not named here makes the whole form unacceptable."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, str_strip_whitespace=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request to a page, by somebody signed in whose role is high enough."""

    request: web.Request
    session: Session
    now: float
    address: str = ""  # where the visitor's browser is

    def part(self, name: str) -> str:
        """What stands for `{name}` in the path."""
        return self.request.match_info[name]

    def query(self, name: str, default: str = "") -> str:
        """A parameter behind the `?`; the first where there are several."""
        return self.request.query.get(name, default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A template, what it is filled with, and the status it is answered with."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    title: str = ""  # instead of the page's


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an action did: one line of the journal, and where the browser goes, or what it sees, afterwards.

    `what` is a word such as `account.invited`, `on` the id it was done to; `before` and `after` are ids or states.
    Never put a secret or a visitor's words into them.
    """

    what: str
    on: str
    before: str = ""
    after: str = ""
    to: str = ""  # a path below /dashboard; "" with `shown`
    shown: Shown | None = None
    answer: web.StreamResponse | None = None  # instead of a page: a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Something to read below /dashboard."""

    path: str
    title: str
    role: Role
    handler: Callable[[Visit], Awaitable[Shown | web.StreamResponse]]
    nav: str = ""
    quiet: bool = False  # a script asks for it by itself: that keeps no session alive


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do below /dashboard: a POST with a form. `handler` may raise `web.HTTPException` or `NotDone`."""

    path: str
    role: Role
    form: type[Form]
    handler: Callable[[Visit, Any], Awaitable[Written]]


class NotDone(Exception):
    """An action was not done, for a reason that the person who tried may read; `back` is the page to read it on."""

    def __init__(self, reason: str, *, back: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.back = back
