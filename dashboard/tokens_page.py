"""The page where tokens for programs are made and revoked."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from pydantic import Field

from dashboard.api_tokens import ApiTokens, Scope
from dashboard.own_account import Nothing
from dashboard.pages import Action, Form, Page, Shown, Visit, Written
from dashboard.roles import Role


class MakeToken(Form):
    """A name and one scope; each scope includes the ones before it."""

    name: str = Field(min_length=1, max_length=100)
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensPage:
    tokens: ApiTokens

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/tokens", title="API tokens", role=Role.ADMIN, handler=self._show, nav="API tokens"),)

    def actions(self) -> tuple[Action, ...]:
        return (
            Action(path="/tokens", role=Role.ADMIN, form=MakeToken, handler=self._make),
            Action(path="/tokens/{token}/revoke", role=Role.ADMIN, form=Nothing, handler=self._revoke),
        )

    async def _show(self, _visit: Visit) -> Shown:
        return Shown(template="tokens.html", values={"tokens": await self.tokens.all(), "scopes": list(Scope)})

    async def _make(self, visit: Visit, form: MakeToken) -> Written:
        scopes = list(Scope)[: list(Scope).index(form.scope) + 1]
        secret, token = await self.tokens.make(name=form.name, scopes=scopes, made_by=visit.session.account)
        shown = Shown(template="token_made.html", values={"secret": secret, "made": token}, title="New API token")
        return Written(what="token.made", on=token.id, after=form.scope.value, shown=shown)

    async def _revoke(self, visit: Visit, _form: Nothing) -> Written:
        token = await self.tokens.revoke(visit.part("token"))
        if token is None:
            raise web.HTTPNotFound
        return Written(what="token.revoked", on=token.id, to="/tokens")
