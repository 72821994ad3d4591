"""Serves pages and actions: who is signed in, whether they may, where the request comes from, what is journalled."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web
from pydantic import ValidationError

from core.ports import Clock
from dashboard.assets import serve_asset
from dashboard.audit import Audit
from dashboard.pages import Action, NotDone, Page, Shown, Visit, Written
from dashboard.place import ROOT, Place
from dashboard.rendering import Rendering
from dashboard.roles import Role
from dashboard.sessions import Opened, Sessions

FORM_TYPES = frozenset({"application/x-www-form-urlencoded"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What every request passes."""

    place: Place
    sessions: Sessions
    audit: Audit
    clock: Clock
    rendering: Rendering

    async def opened(self, request: web.Request, *, used: bool = True) -> Opened | None:
        """The session a request brings; whether that counts as a use of it."""
        return await self.sessions.find(self.cookie(request), used=used)

    def cookie(self, request: web.Request) -> str:
        """The value of the session's cookie, "" without one."""
        return request.cookies.get(self.place.cookie(request).name, "")

    def keep(self, request: web.Request, response: web.StreamResponse, opened: Opened) -> None:
        """Give the browser the session's cookie."""
        kind = self.place.cookie(request)
        response.set_cookie(
            kind.name,
            opened.secret,
            path=kind.path,
            httponly=True,
            samesite="Lax",
            secure=self.place.is_secure(request),
        )

    def refuse(self, status: int, reason: str, opened: Opened | None = None) -> web.Response:
        """A page that says why not, in fixed words."""
        shown = Shown(template="refused.html", values={"reason": reason}, status=status)
        session = opened.session if opened else None
        return self.rendering.page(shown, title=HTTPStatus(status).phrase, session=session)


class Dashboard:
    """All routes below /dashboard, apart from those that nobody has to be signed in for."""

    def __init__(self, guard: Guard, *, pages: Sequence[Page], actions: Sequence[Action]) -> None:
        self._guard = guard
        self.pages = pages
        self.actions = actions

    def routes(self) -> Iterator[web.AbstractRouteDef]:
        yield web.get(f"{ROOT}/assets/{{name}}", serve_asset)
        for page in self.pages:
            yield web.get(f"{ROOT}{page.path}", self._reading(page))
        for action in self.actions:
            yield web.post(f"{ROOT}{action.path}", self._writing(action))

    def _reading(self, page: Page) -> Handler:
        guard = self._guard

        async def read(request: web.Request) -> web.StreamResponse:
            opened = await guard.opened(request, used=not page.quiet)
            if opened is None:
                return self._to_sign_in(request)
            if not opened.session.role.covers(page.role):
                return self._kept(request, guard.refuse(403, "Your role does not allow this.", opened), opened)
            answer = await page.handler(self._visit(request, opened))
            if isinstance(answer, Shown):
                answer = guard.rendering.page(answer, title=page.title, session=opened.session, path=page.path)
            return self._kept(request, answer, opened)

        return read

    def _writing(self, action: Action) -> Handler:
        guard = self._guard

        async def write(request: web.Request) -> web.StreamResponse:
            opened = await guard.opened(request)
            if opened is None:
                return guard.refuse(401, "You are not signed in any more.")
            fields = await read_form(request)
            refusal = self._refusal(request, opened, action.role, fields)
            if refusal is not None:
                return self._kept(request, refusal, opened)
            return self._kept(
                request, await self._act(action, self._visit(request, opened), opened, fields or {}), opened
            )

        return write

    def _refusal(
        self, request: web.Request, opened: Opened, role: Role, fields: dict[str, str] | None
    ) -> web.Response | None:
        guard = self._guard
        token = (fields or {}).pop("csrf", "")
        if not guard.place.is_own(request) or not same(token, opened.session.csrf):
            return guard.refuse(403, "This did not come from a page of the dashboard. Go back and reload it.", opened)
        if not opened.session.role.covers(role):
            return guard.refuse(403, "Your role does not allow this.", opened)
        return None

    async def _act(self, action: Action, visit: Visit, opened: Opened, fields: dict[str, str]) -> web.StreamResponse:
        guard = self._guard
        try:
            form = action.form.model_validate(fields)
        except ValidationError:
            return guard.refuse(400, "The form has a field that is missing, unknown or not acceptable.", opened)
        try:
            done = await action.handler(visit, form)
        except NotDone as error:
            shown = Shown(template="not_done.html", values={"reason": error.reason, "back": error.back}, status=409)
            return guard.rendering.page(shown, title="Not done", session=opened.session)
        await note(guard.audit, opened.session.account, done)
        return self._answer(done, opened)

    def _answer(self, done: Written, opened: Opened) -> web.StreamResponse:
        if done.answer is not None:
            return done.answer
        if done.shown is not None:
            return self._guard.rendering.page(done.shown, title="Done", session=opened.session)
        return web.Response(status=303, headers={"Location": self._guard.place.path(done.to)})

    def _visit(self, request: web.Request, opened: Opened) -> Visit:
        return Visit(request=request, session=opened.session, now=self._guard.clock.now(), address=request.remote or "")

    def _kept(self, request: web.Request, response: web.StreamResponse, opened: Opened) -> web.StreamResponse:
        if opened.renewed and not response.prepared:
            self._guard.keep(request, response, opened)
        return response

    def _to_sign_in(self, request: web.Request) -> web.Response:
        if request.headers.get("HX-Request"):  # a script would put the form into the page: the page itself goes there
            return web.Response(status=401, headers={"HX-Refresh": "true"})
        onward = quote(f"{self._guard.place.prefix}{request.path_qs}", safe="")
        return web.Response(status=303, headers={"Location": f"{self._guard.place.path('/sign-in')}?next={onward}"})


async def note(audit: Audit, who: str, done: Written) -> None:
    await audit.note(who=who, what=done.what, on=done.on, before=done.before, after=done.after)


def same(given: str, kept: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing."""
    return bool(kept) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), kept.encode())


async def read_form(request: web.Request) -> dict[str, str] | None:
    """The fields of a form, each once; None for anything else."""
    if request.content_type not in FORM_TYPES:
        return None
    try:
        fields = await request.post()
    except (ValueError, LookupError):
        return None
    found = {name: value for name, value in fields.items() if isinstance(value, str)}
    return found if len(found) == len(fields) else None
