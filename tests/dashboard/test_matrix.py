"""Every route of the whole house, for every role, and with everything of another tenant."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import aiohttp
import pytest
from aiohttp import web

from core.ids import ConversationId
from core.listing import listing_of
from core.session import ConversationState
from core.store_ports import Commit
from core.turn import TurnOutcome
from core.understanding import Understanding
from dashboard.analysis_rooms import analysis_rooms
from dashboard.api import ROOT as API
from dashboard.api_tokens import SCOPE_ROLES, Scope
from dashboard.pages import Page
from dashboard.place import ROOT
from dashboard.roles import Role
from dashboard.rooms import joined_rooms
from store.coalescing import Commands
from store.open import open_store
from tests.contracts.builders import fact, lead, line, new_conversation, own, session
from tests.contracts.stores import SHARDS, new_tenant
from tests.dashboard.desk import Desk, Seen, StandingClock, open_desk
from tests.dashboard.grounds import rooms_over
from tests.dashboard.test_roles import OPEN

CANARY = "seventeen-violet-elephants"
MOST_TRIPS = 10


@dataclass(frozen=True)
class House:
    """One tenant with somebody in it. `names` stand for the parts of paths, `secret` is of a token that may do all."""

    desk: Desk
    names: dict[str, str]
    secret: str


async def _settled(desk: Desk, text: str) -> dict[str, str]:
    """A conversation with a lead, a fact and lines that all hold `text`."""
    chat = ConversationId(f"{new_conversation()}-{text}")
    shard, epoch = await own(desk.store, chat)
    sold = replace(lead(chat), name=text, company=text, campaign=text)
    talked = replace(session(chat), said=text, messages=1)
    known = (replace(fact(), value=text, quote=text),)
    lines = (replace(line(), text=text, author="visitor"),)
    await desk.store.conversations.commit(
        shard, "w1", epoch, Commit(session=talked, facts=known, lines=lines, lead=sold)
    )
    state = ConversationState(session=talked, facts=known, lead=sold)
    outcome = TurnOutcome(state=state, understanding=Understanding(), readiness=sold.readiness)
    await desk.store.directory.list(replace(listing_of(outcome, 1), campaign=text, persona=text))
    return {"conversation": chat, "lead": sold.id}


async def _house(stack: AsyncExitStack, server: str, text: str) -> House:
    opened = await open_store(server, tenant=new_tenant(), shards=SHARDS)
    stack.push_async_callback(opened.close)
    rooms = joined_rooms(analysis_rooms(opened.store, StandingClock()), rooms_over(opened.store))
    desk = await stack.enter_async_context(open_desk(opened.store, rooms=rooms))
    names = await _settled(desk, text)
    secret, token = await desk.door.tokens.make(name=text, scopes=list(Scope), made_by=text)
    return House(desk, {**names, "token": token.id, "name": "nobody"}, secret)


@pytest.fixture
async def houses(embedded_server: str) -> AsyncIterator[tuple[House, House]]:
    """Ours, and one whose words must never be seen in it."""
    async with AsyncExitStack() as stack:
        yield await _house(stack, embedded_server, "our-own-words"), await _house(stack, embedded_server, CANARY)


def _addresses(page: Page, names: dict[str, str]) -> Iterator[str]:
    """A page by its path alone, and with the names where pages take them as parameters."""
    path = f"{ROOT}{page.path}".format(**names)
    yield path
    yield f"{path}?conversation={names['conversation']}&lead={names['lead']}&q={CANARY}"


async def test_that_every_route_of_the_house_names_who_may(houses: tuple[House, House]) -> None:
    door = houses[0].desk.door
    declared = {("GET", f"{ROOT}{page.path}") for page in door.dashboard.pages}
    declared |= {("POST", f"{ROOT}{action.path}") for action in door.dashboard.actions}
    declared |= {(one.method, f"{API}{one.path}") for one in door.api.endpoints}
    assert {(one.method, one.path) for one in door.routes() if isinstance(one, web.RouteDef)} == declared | OPEN


@pytest.mark.parametrize("role", list(Role))
async def test_that_every_page_and_endpoint_opens_to_its_roles_alone(houses: tuple[House, House], role: Role) -> None:
    house, _ = houses
    member = await house.desk.member(role)
    for page in house.desk.door.dashboard.pages:
        for address in _addresses(page, house.names):
            seen = await member.get(address)
            assert (seen.status == 403) is not role.covers(page.role), (address, seen.status)
    scopes = [scope for scope, least in SCOPE_ROLES.items() if role.covers(least)]
    for endpoint in house.desk.door.api.endpoints:
        path = f"{API}{endpoint.path}".format(**house.names)
        assert (await member.send(endpoint.method, path)).status == 401, path  # a session is no token
        if endpoint.method == "GET":
            secret, _ = await house.desk.door.tokens.make(name="table", scopes=scopes, made_by="test")
            seen = await _told(house.desk, endpoint.method, path, secret)
            assert (seen.status == 200) is (endpoint.scope in scopes), (path, seen.status)


async def test_that_nothing_of_another_tenant_is_found_or_told(houses: tuple[House, House]) -> None:
    ours, theirs = houses
    member = await ours.desk.member(Role.OWNER)
    for page in ours.desk.door.dashboard.pages:
        for address in _addresses(page, theirs.names):
            seen = await member.get(address)
            assert theirs.names["conversation"] not in seen.text.replace(address, ""), address
            assert CANARY not in seen.text.replace(f'value="{CANARY}"', "").replace(f"q={CANARY}", ""), address
            if page.path in {"/profile", "/conversations/{conversation}"}:
                assert seen.status == 404
    for endpoint in ours.desk.door.api.endpoints:
        path = f"{API}{endpoint.path}".format(**theirs.names)
        seen = await _told(ours.desk, endpoint.method, path, ours.secret)
        if "{" in endpoint.path:
            assert seen.status == 404, path
        assert CANARY not in seen.text, path
        assert (await _told(ours.desk, endpoint.method, path, theirs.secret)).status == 401, path
    assert await theirs.desk.door.tokens.find(theirs.secret), "the token of the others was revoked"


async def test_that_the_canary_would_be_seen(houses: tuple[House, House]) -> None:
    _, theirs = houses
    member = await theirs.desk.member()
    shown = [(await member.get(address)).text for page in theirs.desk.door.dashboard.pages
             for address in _addresses(page, theirs.names)]  # fmt: skip
    told = [
        (await _told(theirs.desk, "GET", f"{API}{one.path}".format(**theirs.names), theirs.secret)).text
        for one in theirs.desk.door.api.endpoints
        if one.method == "GET"
    ]
    assert sum(CANARY in text for text in (*shown, *told)) >= 12


async def test_that_no_route_costs_more_than_ten_round_trips(
    houses: tuple[House, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls are counted, those that leave together one by one: no page may ask more often than that."""
    house, _ = houses
    member = await house.desk.member(Role.OWNER)
    trips: list[object] = []
    for name in ("run", "command"):
        plain = getattr(Commands, name)

        def counted(self: Commands, *given: object, _plain: object = plain) -> object:
            trips.append(given)
            return _plain(self, *given)  # type: ignore[operator]

        monkeypatch.setattr(Commands, name, counted)
    filters = "persona=our-own-words&channel=web&order=score&from=2024-01-01"
    for page in house.desk.door.dashboard.pages:
        for address in (*_addresses(page, house.names), f"{ROOT}{page.path}?{filters}".format(**house.names)):
            trips.clear()
            assert (await member.get(address)).status in {200, 404}
            assert 0 < len(trips) <= MOST_TRIPS, address
    for endpoint in house.desk.door.api.endpoints:
        if endpoint.method == "GET":
            trips.clear()
            await _told(house.desk, "GET", f"{API}{endpoint.path}".format(**house.names), house.secret)
            assert 0 < len(trips) <= MOST_TRIPS, endpoint.path


async def _told(desk: Desk, method: str, path: str, secret: str) -> Seen:
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, f"{desk.origin}{path}", headers=headers) as answer,
    ):
        return Seen(answer.status, await answer.text(), dict(answer.headers))
