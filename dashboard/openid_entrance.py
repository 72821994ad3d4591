"""The way in by the company's own sign-in: OpenID Connect, authorization code with PKCE."""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from config.models.dashboard import OpenIdSettings
from core.errors import Refused
from core.store_ports import Notes
from dashboard.accounts import Account, Accounts, LastOwner, account_name
from dashboard.entrance import Entrance
from dashboard.openid import OpenIdProvider, Vouched
from dashboard.place import ROOT
from dashboard.roles import Role
from dashboard.sessions import hashed, new_secret
from dashboard.shell import Guard, same

_log = logging.getLogger(__name__)

LIFE_SECONDS = 600.0
"""How long somebody may take at the provider's."""
_NOTES = "dashboard/openid"
_COOKIE = "frontdesk_openid"
_REFUSED = "The company's sign-in did not let you in. Ask an admin whether your account there has a role here."


class Begun(BaseModel):
    """What is kept of a sign-in that was begun, under the hash of its state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nonce: str
    verifier: str
    browser: str  # hash of what this browser's cookie must say
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIdEntrance:
    """Serves `/openid`, which leads to the provider, and `/openid/back`, where it leads to."""

    guard: Guard
    entrance: Entrance
    accounts: Accounts
    notes: Notes
    settings: OpenIdSettings
    provider: OpenIdProvider

    def routes(self) -> Iterator[web.AbstractRouteDef]:
        yield web.get(f"{ROOT}/openid", self._begin, allow_head=False)
        yield web.get(f"{ROOT}/openid/back", self._finish, allow_head=False)

    async def _begin(self, request: web.Request) -> web.StreamResponse:
        state, browser = new_secret(), new_secret()
        try:
            metadata = await self.provider.metadata()
        except Refused as error:
            return self._refuse(error)
        onward = self.guard.place.onward(request.query.get("next", ""))
        begun = Begun(nonce=new_secret(), verifier=new_secret(), browser=hashed(browser), onward=onward)
        await self.notes.put(_NOTES, hashed(state), begun.model_dump_json(), life=LIFE_SECONDS)
        wanted = urlencode(
            {
                "response_type": "code",
                "client_id": self.settings.client_id,
                "redirect_uri": self._back(request),
                "scope": "openid email profile",
                "state": state,
                "nonce": begun.nonce,
                "code_challenge": challenge(begun.verifier),
                "code_challenge_method": "S256",
            }
        )
        response = web.Response(status=303, headers={"Location": f"{metadata.authorization_endpoint}?{wanted}"})
        secure, path = self.guard.place.is_secure(request), self.guard.place.path("/openid")
        response.set_cookie(
            _COOKIE, browser, path=path, max_age=int(LIFE_SECONDS), httponly=True, samesite="Lax", secure=secure
        )
        return response

    async def _finish(self, request: web.Request) -> web.StreamResponse:
        try:
            begun = await self._begun(request)
            token = await self.provider.exchange(
                request.query.get("code", ""), verifier=begun.verifier, redirect=self._back(request)
            )
            vouched = await self.provider.verify(token, nonce=begun.nonce)
            account = await self._account(vouched)
        except Refused as error:
            return self._refuse(error)
        await self.guard.audit.note(who=account.name, what="session.begun", on=account.name)
        return await self.entrance.let_in(request, account, begun.onward)

    async def _begun(self, request: web.Request) -> Begun:
        """The sign-in this browser began, once."""
        kept = await self.notes.take(_NOTES, hashed(request.query.get("state", "")))
        begun = Begun.model_validate_json(kept) if kept else None
        if begun is None or not same(hashed(request.cookies.get(_COOKIE, "")), begun.browser):
            raise Refused("state_unknown", status=403)
        metadata = await self.provider.metadata()
        issuer = request.query.get("iss")
        if issuer != metadata.issuer and (issuer or metadata.authorization_response_iss_parameter_supported):
            raise Refused("issuer_mixed_up", status=403)  # RFC 9207
        if "error" in request.query or not request.query.get("code"):
            raise Refused("provider_refused", status=403)
        return begun

    async def _account(self, vouched: Vouched) -> Account:
        """The person's account with the role of this moment; made at the first time."""
        name, role = account_name(vouched.email), role_of(self.settings, vouched.claims)
        kept = await self.accounts.get(name) if name else None
        if not name or (kept and (kept.issuer, kept.subject) != (self.settings.issuer, vouched.subject)):
            # an address alone is no proof of being the one whose account it is
            raise Refused("account_of_another", status=403)
        if role is None:
            await self._shut_out(kept)
            raise Refused("no_role", status=403)
        return await self._with_role(kept, role) if kept else await self._made(name, role, vouched)

    async def _made(self, name: str, role: Role, vouched: Vouched) -> Account:
        issuer, now = self.settings.issuer, self.guard.clock.now()
        account = Account(name=name, role=role, issuer=issuer, subject=vouched.subject, created=now)
        if not await self.accounts.add(account):
            raise Refused("account_of_another", status=403)
        await self.guard.audit.note(who=name, what="account.made", on=name, after=role.value)
        return account

    async def _with_role(self, kept: Account, role: Role) -> Account:
        if kept.role is role:
            return kept
        try:
            await self.accounts.change(kept.name, lambda one: one.model_copy(update={"role": role}))
        except LastOwner:
            return kept
        what = "account.role-changed"
        await self.guard.audit.note(
            who="company sign-in", what=what, on=kept.name, before=kept.role.value, after=role.value
        )
        return kept.model_copy(update={"role": role})

    async def _shut_out(self, kept: Account | None) -> None:
        """Sessions of somebody who has lost their role end."""
        if kept is not None:
            await self.accounts.change(kept.name, lambda one: one.model_copy(update={"generation": one.generation + 1}))

    def _back(self, request: web.Request) -> str:
        return self.guard.place.address(request, "/openid/back")

    def _refuse(self, error: Refused) -> web.Response:
        _log.warning("dashboard: a sign-in by the company's provider was refused: %s", error.code)
        return self.guard.refuse(error.status, _REFUSED)


def role_of(settings: OpenIdSettings, claims: Mapping[str, Any]) -> Role | None:
    """The highest role the claim's values give, else that of everybody else; None: nobody's."""
    said = claims.get(settings.role_claim)
    values = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    found = [Role(settings.roles[value]) for value in values if isinstance(value, str) and value in settings.roles]
    everybody = Role(settings.default_role) if settings.default_role else None
    return max(found, key=list(Role).index, default=everybody)


def challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
