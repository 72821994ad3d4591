"""The page about oneself: password, second factor, sessions."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from pydantic import Field, SecretStr

from dashboard import second_factor
from dashboard.accounts import Account
from dashboard.entrance import Checks
from dashboard.pages import Action, Form, NotDone, Page, Shown, Visit, Written
from dashboard.passwords import weakness
from dashboard.place import Place
from dashboard.roles import Role
from dashboard.sessions import Sessions

_WRONG = "That is not your password, or there were ten tries in a quarter of an hour."


class Nothing(Form):
    """A form of one button."""


class NewPassword(Form):
    password: SecretStr = Field(max_length=1_000)
    new: SecretStr = Field(max_length=1_000)


class Enrol(Form):
    password: SecretStr = Field(max_length=1_000)
    key: str = Field(max_length=64)
    code: str = Field(max_length=20)


class Unenrol(Form):
    password: SecretStr = Field(max_length=1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """Everybody's own settings. Each change of how one signs in asks for the password and ends all other sessions."""

    checks: Checks
    sessions: Sessions
    place: Place
    company: str

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/me", title="Your account", role=Role.VIEWER, handler=self._show),
            Page(path="/me/code", title="Set up a code", role=Role.VIEWER, handler=self._show_code),
        )

    def actions(self) -> tuple[Action, ...]:
        return (
            Action(path="/sign-out", role=Role.VIEWER, form=Nothing, handler=self._sign_out),
            Action(path="/me/sign-out-everywhere", role=Role.VIEWER, form=Nothing, handler=self._sign_out_everywhere),
            Action(path="/me/password", role=Role.VIEWER, form=NewPassword, handler=self._change_password),
            Action(path="/me/code", role=Role.VIEWER, form=Enrol, handler=self._enrol),
            Action(path="/me/code/remove", role=Role.VIEWER, form=Unenrol, handler=self._unenrol),
        )

    async def _show(self, visit: Visit) -> Shown:
        return Shown(template="me.html", values={"account": await self._account(visit)})

    async def _show_code(self, visit: Visit) -> Shown:
        key = second_factor.new_key()
        address, drawing = second_factor.enrolment(key, account=visit.session.account, company=self.company)
        return Shown(template="code.html", values={"key": key, "address": address, "drawing": drawing})

    async def _sign_out(self, visit: Visit, _form: Nothing) -> Written:
        await self.sessions.end(visit.request.cookies.get(self.place.cookie(visit.request).name, ""))
        return Written(what="session.ended", on=visit.session.account, to="/sign-in")

    async def _sign_out_everywhere(self, visit: Visit, _form: Nothing) -> Written:
        await self._change(visit, {})
        return Written(what="session.all-ended", on=visit.session.account, to="/sign-in")

    async def _change_password(self, visit: Visit, form: NewPassword) -> Written:
        await self._prove(visit, form.password)
        new = form.new.get_secret_value()
        if problem := weakness(new, visit.session.account):
            raise NotDone(problem, back="/me")
        await self._change(visit, {"password": await self.checks.passwords.hash(new)})
        return Written(what="account.password-changed", on=visit.session.account, to="/sign-in")

    async def _enrol(self, visit: Visit, form: Enrol) -> Written:
        account = await self._prove(visit, form.password)
        fits = second_factor.is_key(form.key) and await self.checks.second_factor.fits(
            account.name, form.key, form.code
        )
        if not fits:
            raise NotDone("That is not the code of this moment. Is the phone's clock right?", back="/me/code")
        await self._change(visit, {"totp": form.key})
        return Written(what="account.code-set-up", on=account.name, to="/sign-in")

    async def _unenrol(self, visit: Visit, form: Unenrol) -> Written:
        account = await self._prove(visit, form.password)
        await self._change(visit, {"totp": ""})
        return Written(what="account.code-removed", on=account.name, to="/sign-in")

    async def _prove(self, visit: Visit, password: SecretStr) -> Account:
        """The account, once its password was given again; guessing counts as signing in does."""
        account = await self._account(visit)
        if not await self.checks.lockout.admits(account.name, visit.address):
            raise NotDone(_WRONG, back="/me")
        if not await self.checks.passwords.fits(password.get_secret_value(), account.password):
            raise NotDone(_WRONG, back="/me")
        await self.checks.lockout.succeeded(account.name, visit.address)
        return account

    async def _change(self, visit: Visit, update: dict[str, str]) -> None:
        await self.checks.accounts.change(
            visit.session.account,
            lambda kept: kept.model_copy(update={**update, "generation": kept.generation + 1}),
        )

    async def _account(self, visit: Visit) -> Account:
        account = await self.checks.accounts.get(visit.session.account)
        if account is None:
            raise web.HTTPNotFound
        return account
