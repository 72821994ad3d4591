"""Every route and every role: what is declared is what happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from dashboard.api import ROOT as API
from dashboard.api_tokens import SCOPE_ROLES, Scope
from dashboard.pages import Action, Page
from dashboard.place import ROOT
from dashboard.roles import Role
from store.open import OpenStore, open_store
from tests.contracts.stores import new_tenant
from tests.dashboard.desk import Desk, open_desk

OPEN = {
    ("GET", f"{ROOT}/sign-in"),
    ("POST", f"{ROOT}/sign-in"),
    ("GET", f"{ROOT}/link"),
    ("POST", f"{ROOT}/link"),
    ("GET", f"{ROOT}/assets/{{name}}"),
    ("GET", f"{API}/openapi.json"),
}


def _filled(path: str) -> str:
    return path.replace("{name}", "nobody").replace("{token}", "none")


async def test_that_every_route_declares_who_may_or_is_one_of_the_few_open_ones(desk: Desk) -> None:
    declared = {("GET", f"{ROOT}{page.path}") for page in desk.door.dashboard.pages}
    declared |= {("POST", f"{ROOT}{action.path}") for action in desk.door.dashboard.actions}
    declared |= {(one.method, f"{API}{one.path}") for one in desk.door.api.endpoints}
    routes = {(route.method, route.path) for route in desk.door.routes() if isinstance(route, web.RouteDef)}
    assert routes == declared | OPEN


async def test_that_nobody_reads_or_writes_without_having_signed_in(desk: Desk) -> None:
    browser = await desk.browser()
    for page in desk.door.dashboard.pages:
        seen = await browser.get(f"{ROOT}{_filled(page.path)}")
        assert (seen.status, seen.location.partition("?")[0]) == (303, f"{ROOT}/sign-in"), page.path
    for action in desk.door.dashboard.actions:
        assert (await browser.post(f"{ROOT}{_filled(action.path)}", {"csrf": "x"})).status == 401, action.path
    for endpoint in desk.door.api.endpoints:
        assert (await browser.send(endpoint.method, f"{API}{_filled(endpoint.path)}")).status == 401, endpoint.path


@pytest.mark.parametrize("role", list(Role))
async def test_that_a_page_opens_to_the_roles_it_names_and_to_no_other(desk: Desk, role: Role) -> None:
    browser = await desk.member(role)
    for page in desk.door.dashboard.pages:
        seen = await browser.get(f"{ROOT}{_filled(page.path)}")
        assert (seen.status == 403) is not _may(role, page), (page.path, seen.status)


@pytest.mark.parametrize("role", list(Role))
async def test_that_an_action_is_open_to_the_roles_it_names_and_to_no_other(desk: Desk, role: Role) -> None:
    for action in desk.door.dashboard.actions:
        browser = await desk.member(role)
        seen = await browser.submit(f"{ROOT}{_filled(action.path)}", {"surplus": "1"})
        assert seen.status == (400 if _may(role, action) else 403), (action.path, seen.text)


@pytest.mark.parametrize("scope", list(Scope))
async def test_that_an_endpoint_is_open_to_the_scope_it_names_and_to_no_other(desk: Desk, scope: Scope) -> None:
    for endpoint in desk.door.api.endpoints:
        secret, _ = await desk.door.tokens.make(name="table", scopes=[scope], made_by="test")
        browser = await desk.browser()
        seen = await browser.send(
            endpoint.method, f"{API}{_filled(endpoint.path)}", headers={"Authorization": f"Bearer {secret}"}
        )
        assert (seen.status == 403) is (endpoint.scope is not scope), (endpoint.path, seen.text)


def test_that_every_scope_has_a_least_role_and_every_role_covers_those_below() -> None:
    assert set(SCOPE_ROLES) == set(Scope)
    roles = list(Role)
    assert [[one.covers(other) for other in roles] for one in roles] == [
        [column <= row for column in range(len(roles))] for row in range(len(roles))
    ]


async def test_that_a_session_of_another_tenant_opens_nothing(desk: Desk, embedded_server: str) -> None:
    async with (
        _closing(await open_store(embedded_server, tenant=new_tenant(), shards=8)) as other,
        open_desk(other.store) as theirs,
    ):
        stranger = await theirs.member()
        mine = await desk.browser()
        mine.wear(stranger.cookie())
        assert (await stranger.get(f"{ROOT}/me")).status == 200
        assert (await mine.get(f"{ROOT}/me")).status == 303


@asynccontextmanager
async def _closing(opened: OpenStore) -> AsyncIterator[OpenStore]:
    try:
        yield opened
    finally:
        await opened.close()


def _may(role: Role, one: Page | Action) -> bool:
    return role.covers(one.role)
