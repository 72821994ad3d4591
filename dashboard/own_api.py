"""The API's first endpoints: who a token is, and the tokens there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import Field

from core.errors import Refused
from dashboard.api import ApiModel, Call, Changed, Endpoint
from dashboard.api_tokens import ApiToken, ApiTokens, Scope
from dashboard.pages import Written


class TokenInfo(ApiModel):
    """A token, without its secret."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    made_by: str
    made_at: datetime


class TokenList(ApiModel):
    tokens: tuple[TokenInfo, ...]


class NewToken(ApiModel):
    """What a new token is called and may do."""

    name: str = Field(min_length=1, max_length=100)
    scopes: tuple[Scope, ...] = Field(min_length=1, max_length=10)


class MadeToken(ApiModel):
    """A new token; `secret` is told this once."""

    secret: str
    token: TokenInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnApi:
    tokens: ApiTokens

    def endpoints(self) -> tuple[Endpoint, ...]:
        one = "/tokens/{token}"
        return (
            Endpoint(
                method="GET",
                path="/me",
                summary="The token of this request",
                scope=Scope.READ,
                answer=TokenInfo,
                handler=self._me,
            ),
            Endpoint(
                method="GET",
                path="/tokens",
                summary="All tokens",
                scope=Scope.ADMIN,
                answer=TokenList,
                handler=self._all,
            ),
            Endpoint(
                method="POST",
                path="/tokens",
                summary="Make a token",
                scope=Scope.ADMIN,
                answer=MadeToken,
                body=NewToken,
                handler=self._make,
                status=201,
            ),
            Endpoint(
                method="DELETE",
                path=one,
                summary="Revoke a token",
                scope=Scope.ADMIN,
                answer=TokenInfo,
                handler=self._revoke,
            ),
        )

    async def _me(self, call: Call) -> TokenInfo:
        return _info(call.token)

    async def _all(self, _call: Call) -> TokenList:
        return TokenList(tokens=tuple(map(_info, await self.tokens.all())))

    async def _make(self, call: Call) -> Changed:
        new: NewToken = call.body
        secret, token = await self.tokens.make(name=new.name, scopes=new.scopes, made_by=f"token:{call.token.id}")
        written = Written(what="token.made", on=token.id, after=" ".join(token.scopes))
        return Changed(answer=MadeToken(secret=secret, token=_info(token)), written=written)

    async def _revoke(self, call: Call) -> Changed:
        token = await self.tokens.revoke(call.part("token"))
        if token is None:
            raise Refused("not_found", status=404)
        return Changed(answer=_info(token), written=Written(what="token.revoked", on=token.id))


def _info(token: ApiToken) -> TokenInfo:
    return TokenInfo(
        id=token.id,
        name=token.name,
        scopes=token.scopes,
        made_by=token.made_by,
        made_at=datetime.fromtimestamp(token.made_at, UTC),
    )
