"""The page about the team: invitations, roles, resets, removals. Nobody hands out or touches more than they hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from dashboard.accounts import Account, Accounts, LastOwner
from dashboard.links import Invitation, Links
from dashboard.own_account import Nothing
from dashboard.pages import Action, Form, NotDone, Page, Shown, Visit, Written
from dashboard.place import Place
from dashboard.rendering import role_names
from dashboard.roles import Role

Change = Callable[[Account], Account | None]
_TOO_HIGH = "That is for somebody with a higher role."
_LAST = "This is the last owner. Make somebody else an owner first."


class Invite(Form):
    role: Role


class ChangeRole(Form):
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Admins manage everybody up to admins, owners manage everybody."""

    accounts: Accounts
    links: Links
    place: Place

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/team", title="Team", role=Role.ADMIN, handler=self._show, nav="Team"),)

    def actions(self) -> tuple[Action, ...]:
        of_one = "/team/{name}"
        return (
            Action(path="/team/invite", role=Role.ADMIN, form=Invite, handler=self._invite),
            Action(path=f"{of_one}/role", role=Role.ADMIN, form=ChangeRole, handler=self._change_role),
            Action(path=f"{of_one}/reset", role=Role.ADMIN, form=Nothing, handler=self._reset),
            Action(path=f"{of_one}/sign-out", role=Role.ADMIN, form=Nothing, handler=self._sign_out),
            Action(path=f"{of_one}/remove", role=Role.ADMIN, form=Nothing, handler=self._remove),
        )

    async def _show(self, visit: Visit) -> Shown:
        roles = [role for role in role_names() if visit.session.role.covers(Role(role))]
        return Shown(template="team.html", values={"accounts": await self.accounts.all(), "roles": roles})

    async def _invite(self, visit: Visit, form: Invite) -> Written:
        _within(visit, form.role)
        return await self._linked(visit, Invitation(role=form.role), what="account.invited")

    async def _reset(self, visit: Visit, _form: Nothing) -> Written:
        account = await self._other(visit)
        return await self._linked(visit, Invitation(role=account.role, account=account.name), what="account.reset-link")

    async def _linked(self, visit: Visit, invitation: Invitation, *, what: str) -> Written:
        link = self.place.address(visit.request, await self.links.make(invitation))
        shown = Shown(template="link_made.html", values={"link": link, "invitation": invitation}, title="One-time link")
        return Written(what=what, on=invitation.account or "new", after=invitation.role.value, shown=shown)

    async def _change_role(self, visit: Visit, form: ChangeRole) -> Written:
        account = await self._other(visit)
        _within(visit, form.role)
        await self._change(account, lambda kept: _within_kept(visit, kept).model_copy(update={"role": form.role}))
        return Written(
            what="account.role-changed", on=account.name, before=account.role.value, after=form.role.value, to="/team"
        )

    async def _sign_out(self, visit: Visit, _form: Nothing) -> Written:
        account = await self._other(visit)
        await self._change(account, lambda kept: kept.model_copy(update={"generation": kept.generation + 1}))
        return Written(what="session.all-ended", on=account.name, to="/team")

    async def _remove(self, visit: Visit, _form: Nothing) -> Written:
        account = await self._other(visit)
        await self._change(account, lambda _kept: None)
        return Written(what="account.removed", on=account.name, before=account.role.value, to="/team")

    async def _other(self, visit: Visit) -> Account:
        """The account of the path, which is none with a higher role."""
        account = await self.accounts.get(visit.part("name"))
        if account is None:
            raise web.HTTPNotFound
        return _within_kept(visit, account)

    async def _change(self, account: Account, change: Change) -> None:
        try:
            await self.accounts.change(account.name, change)
        except LastOwner:
            raise NotDone(_LAST, back="/team") from None


def _within_kept(visit: Visit, account: Account) -> Account:
    _within(visit, account.role)
    return account


def _within(visit: Visit, role: Role) -> None:
    if not visit.session.role.covers(role):
        raise NotDone(_TOO_HIGH, back="/team")
