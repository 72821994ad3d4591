"""The company's own sign-in, against a provider that errs in every way a provider or somebody in between can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import pytest

from config.models.dashboard import DashboardSettings, OpenIdSettings
from core.store_ports import Store
from dashboard.accounts import Account
from dashboard.openid_entrance import challenge, role_of
from dashboard.roles import Role
from tests.dashboard.desk import Browser, Desk, Seen, StandingClock, open_desk
from tests.dashboard.provider import STRANGER, Provider, serving


@dataclass
class Scene:
    desk: Desk
    provider: Provider

    async def begin(self, browser: Browser, wanted: str = "") -> str:
        seen = await browser.get(f"/dashboard/openid?next={wanted}")
        assert seen.status == 303, seen.text
        return self.provider.authorize(seen.location)

    async def sign_in(self, browser: Browser, *, more: str = "") -> Seen:
        return await browser.get(f"/dashboard/openid/back?{await self.begin(browser)}{more}")


@pytest.fixture
async def scene(embedded_store: Store) -> AsyncIterator[Scene]:
    async with serving(StandingClock().now) as provider, aiohttp.ClientSession() as http:
        roles: dict[str, Any] = {"sales": "agent", "ops": "admin", "heads": "owner"}
        oidc = OpenIdSettings(issuer=provider.issuer, client_id="frontdesk", roles=roles)
        async with open_desk(embedded_store, settings=DashboardSettings(oidc=oidc), http=http) as desk:
            yield Scene(desk, provider)


async def test_that_somebody_with_a_role_comes_in_and_gets_where_they_wanted(scene: Scene) -> None:
    browser = await scene.desk.browser()
    back = await scene.begin(browser, "/dashboard/me")
    seen = await browser.get(f"/dashboard/openid/back?{back}")
    assert (seen.status, seen.location) == (303, "/dashboard/me")
    account = await scene.desk.door.checks.accounts.get("anna@harbour.example")
    assert account is not None
    assert (account.role, account.password) == (Role.AGENT, "")
    assert (await scene.desk.sign_in(await scene.desk.browser(), account.name, "")).status == 401
    again = await scene.desk.browser()
    scene.provider.said = {"groups": "ops"}
    assert (await scene.sign_in(again)).status == 303
    assert (await again.get("/dashboard/team")).status == 200
    assert (await scene.desk.door.guard.audit.verify()).broken_at is None


@pytest.mark.parametrize(
    "said",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": ["frontdesk", "somebody-else"]},
        {"aud": ["frontdesk", "somebody-else"], "azp": "somebody-else"},
        {"exp": 1_799_999_000},
        {"exp": None},
        {"exp": "soon"},
        {"iat": 1_800_001_000},
        {"sub": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": "<script>@x"},
        {"groups": ["everybody"]},
        {"groups": None},
        {"groups": {"sales": True}},
    ],
    ids=str,
)
async def test_that_a_token_with_anything_wrong_lets_nobody_in(scene: Scene, said: dict[str, Any]) -> None:
    scene.provider.said = said
    browser = await scene.desk.browser()
    assert (await scene.sign_in(browser)).status == 403
    assert (await browser.get("/dashboard/me")).status == 303
    assert await scene.desk.door.checks.accounts.all() == ()


async def test_that_a_key_of_a_stranger_signs_nothing(scene: Scene) -> None:
    scene.provider.key = STRANGER
    assert (await scene.sign_in(await scene.desk.browser())).status == 403


async def test_that_a_token_without_a_signature_or_signed_with_the_client_id_is_nothing(scene: Scene) -> None:
    openid = scene.desk.door.openid
    assert openid is not None
    for token in (jwt.encode({"sub": "x"}, "", algorithm="none"), "a.b.c", ""):
        with pytest.raises(Exception, match="token_invalid"):
            await openid.provider.verify(token, nonce="n")


async def test_that_a_state_is_good_once_and_in_the_browser_it_was_made_for(scene: Scene) -> None:
    victim, attacker = await scene.desk.browser(), await scene.desk.browser()
    planted = await scene.begin(attacker)
    assert (await victim.get(f"/dashboard/openid/back?{planted}")).status == 403
    assert (await attacker.get(f"/dashboard/openid/back?{planted}")).status == 403
    back = await scene.begin(attacker)
    assert (await attacker.get(f"/dashboard/openid/back?{back}")).status == 303
    assert (await attacker.get(f"/dashboard/openid/back?{back}")).status == 403
    for query in ("", "code=a-code", "state=&code=a-code", "state=made-up&code=a-code"):
        assert (await attacker.get(f"/dashboard/openid/back?{query}")).status == 403


async def test_that_a_code_stolen_from_another_sign_in_is_worth_nothing(scene: Scene) -> None:
    browser = await scene.desk.browser()
    mine = await scene.begin(browser)
    scene.provider.asked["code_challenge"] = challenge("the verifier of another sign-in")
    assert (await browser.get(f"/dashboard/openid/back?{mine}")).status == 403


async def test_that_an_answer_of_another_provider_is_not_taken_for_ours(scene: Scene) -> None:
    browser = await scene.desk.browser()
    assert (await scene.sign_in(browser, more="&iss=https://evil.example")).status == 403
    assert (await scene.sign_in(browser, more=f"&iss={scene.provider.issuer}")).status == 303
    assert (await scene.sign_in(browser, more="&error=access_denied")).status == 403


async def test_that_a_provider_that_says_it_names_itself_must(scene: Scene) -> None:
    scene.provider.metadata = {"authorization_response_iss_parameter_supported": True}
    assert (await scene.sign_in(await scene.desk.browser())).status == 403


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": None}],
    ids=str,
)
async def test_that_metadata_that_does_not_hold_is_not_used(scene: Scene, metadata: dict[str, Any]) -> None:
    scene.provider.metadata = metadata
    assert (await (await scene.desk.browser()).get("/dashboard/openid")).status == 502


async def test_that_an_address_alone_never_opens_an_account_of_somebody_else(scene: Scene) -> None:
    accounts = scene.desk.door.checks.accounts
    await accounts.add(Account(name="anna@harbour.example", role=Role.OWNER, password="x"))
    assert (await scene.sign_in(await scene.desk.browser())).status == 403
    scene.provider.said = {"email": "berta@harbour.example"}
    assert (await scene.sign_in(await scene.desk.browser())).status == 303
    scene.provider.said = {"email": "berta@harbour.example", "sub": "subject-2"}
    assert (await scene.sign_in(await scene.desk.browser())).status == 403


async def test_that_who_loses_the_role_there_is_out_here(scene: Scene) -> None:
    browser = await scene.desk.browser()
    await scene.sign_in(browser)
    scene.provider.said = {"groups": []}
    assert (await scene.sign_in(await scene.desk.browser())).status == 403
    assert (await browser.get("/dashboard/me")).status == 303


def test_that_the_highest_role_of_all_groups_counts_and_else_that_of_everybody() -> None:
    settings = OpenIdSettings(
        issuer="https://login.example", client_id="f", roles={"a": "viewer", "b": "admin"}, default_role="viewer"
    )
    assert role_of(settings, {"groups": ["a", "b", "c"]}) is Role.ADMIN
    assert role_of(settings, {"groups": 7}) is Role.VIEWER
    assert role_of(settings.model_copy(update={"default_role": None}), {}) is None
