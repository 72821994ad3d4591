"""The way in: signing in with a password, and using a link. The only pages for people who are not signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from pydantic import Field, SecretStr, ValidationError

from dashboard.accounts import Account, Accounts, account_name
from dashboard.links import Invitation, Links
from dashboard.lockout import Lockout
from dashboard.pages import Form, Shown
from dashboard.passwords import Passwords, weakness
from dashboard.place import ROOT
from dashboard.second_factor import SecondFactor
from dashboard.shell import Guard, read_form

FAILED = (
    "That did not work. Check the name, the password and the code. After ten tries, wait a quarter of an hour or ask an"
    " owner for a link."
)
USED_UP = "This link is not good any more. Ask for a new one: `frontdesk dashboard link` prints it, too."
F = TypeVar("F", bound=Form)
_NAME_REFUSED = "This name cannot be used: 2 to 100 small letters, digits and . _ @ + - are, and it must be free."


class SignIn(Form):
    """What the sign-in page sends."""

    name: str = Field(max_length=200)
    password: SecretStr = Field(max_length=1_000)
    code: str = Field(default="", max_length=20)
    next: str = Field(default="", max_length=2_000)


class UseLink(Form):
    """What the page of a link sends."""

    key: str = Field(max_length=200)
    name: str = Field(default="", max_length=200)
    password: SecretStr = Field(max_length=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What it takes to know somebody."""

    accounts: Accounts
    passwords: Passwords
    second_factor: SecondFactor
    lockout: Lockout
    links: Links


class Entrance:
    """Serves `/sign-in` and `/link`. `elsewhere` is the word on the button of the company's own sign-in, if any."""

    def __init__(self, guard: Guard, checks: Checks, *, local: bool = True, elsewhere: str = "") -> None:
        self._guard = guard
        self._checks = checks
        self._local = local
        self._elsewhere = elsewhere

    def routes(self) -> Iterator[web.AbstractRouteDef]:
        yield web.get(f"{ROOT}/sign-in", self._show_sign_in)
        yield web.post(f"{ROOT}/sign-in", self._sign_in)
        yield web.get(f"{ROOT}/link", self._show_link)
        yield web.post(f"{ROOT}/link", self._use_link)

    async def _show_sign_in(self, request: web.Request) -> web.StreamResponse:
        return self._sign_in_page(request.query.get("next", ""))

    async def _sign_in(self, request: web.Request) -> web.StreamResponse:
        form = await self._form(request, SignIn)
        if isinstance(form, web.StreamResponse):
            return form
        account = await self._known(form, request.remote or "") if self._local else None
        if account is None:
            return self._sign_in_page(form.next, failed=True)
        await self._guard.audit.note(who=account.name, what="session.begun", on=account.name)
        return await self.let_in(request, account, form.next)

    async def let_in(self, request: web.Request, account: Account, wanted: str) -> web.StreamResponse:
        """Begin a session, with an id nobody had before, and go where they wanted to."""
        opened = await self._guard.sessions.begin(account, instead_of=self._guard.cookie(request))
        response = web.Response(status=303, headers={"Location": self._guard.place.onward(wanted)})
        self._guard.keep(request, response, opened)
        return response

    async def _known(self, form: SignIn, address: str) -> Account | None:
        checks, name = self._checks, form.name.strip().lower()
        if not await checks.lockout.admits(name, address):
            return None
        account = await checks.accounts.get(name)
        right = await checks.passwords.fits(form.password.get_secret_value(), account.password if account else "")
        if account is None or not right:
            return None
        if account.totp and not await checks.second_factor.fits(account.name, account.totp, form.code):
            return None
        await checks.lockout.succeeded(name, address)
        return account

    def _sign_in_page(self, wanted: str, *, failed: bool = False) -> web.Response:
        values = {
            "failed": FAILED if failed else "",
            "next": self._guard.place.onward(wanted),
            "local": self._local,
            "elsewhere": self._elsewhere,
        }
        shown = Shown(template="sign_in.html", values=values, status=401 if failed else 200)
        return self._guard.rendering.page(shown, title="Sign in", session=None)

    async def _show_link(self, request: web.Request) -> web.StreamResponse:
        key = request.query.get("key", "")
        return self._link_page(key, await self._checks.links.look(key))

    async def _use_link(self, request: web.Request) -> web.StreamResponse:
        form = await self._form(request, UseLink)
        if isinstance(form, web.StreamResponse):
            return form
        invitation = await self._checks.links.look(form.key)
        if invitation is None:
            return self._link_page(form.key, None)
        name = invitation.account or account_name(form.name)
        taken = not invitation.account and (not name or await self._checks.accounts.get(name) is not None)
        password = form.password.get_secret_value()
        problem = _NAME_REFUSED if taken else weakness(password, name)
        if problem:
            return self._link_page(form.key, invitation, problem)
        return await self._redeem(request, form.key, name, await self._checks.passwords.hash(password))

    async def _redeem(self, request: web.Request, key: str, name: str, password: str) -> web.StreamResponse:
        invitation = await self._checks.links.take(key)
        account = await self._settle(invitation, name, password) if invitation else None
        if invitation is None or account is None:
            return self._link_page(key, None)
        what = "account.reset" if invitation.account else "account.made"
        await self._guard.audit.note(who=name, what=what, on=name, after=account.role.value)
        return await self.let_in(request, account, "")

    async def _settle(self, invitation: Invitation, name: str, password: str) -> Account | None:
        accounts = self._checks.accounts
        if invitation.account:
            await accounts.change(
                name,
                lambda kept: kept.model_copy(
                    update={"password": password, "totp": "", "generation": kept.generation + 1}
                ),
            )
            return await accounts.get(name)
        account = Account(name=name, role=invitation.role, password=password, created=self._guard.clock.now())
        return account if await accounts.add(account) else None

    def _link_page(self, key: str, invitation: Invitation | None, problem: str = "") -> web.Response:
        if invitation is None:
            return self._guard.refuse(410, USED_UP)
        values = {"key": key, "invitation": invitation, "problem": problem}
        shown = Shown(template="link.html", values=values, status=409 if problem else 200)
        title = "Set a new password" if invitation.account else "Make your account"
        return self._guard.rendering.page(shown, title=title, session=None)

    async def _form(self, request: web.Request, kind: type[F]) -> F | web.Response:
        fields = await read_form(request)
        if not self._guard.place.is_own(request):
            return self._guard.refuse(403, "This did not come from a page of the dashboard. Go back and reload it.")
        try:
            return kind.model_validate(fields or {})
        except ValidationError:
            return self._guard.refuse(400, "The form has a field that is missing, unknown or not acceptable.")
