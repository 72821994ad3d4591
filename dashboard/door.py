"""Putting the admins' door together: pages, actions, endpoints and the ways in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from config.models.dashboard import DashboardSettings
from core.ports import Clock
from core.store_ports import Store
from dashboard.accounts import Accounts
from dashboard.api import Api, Endpoint
from dashboard.api_tokens import ApiTokens
from dashboard.audit import Audit
from dashboard.entrance import Checks, Entrance
from dashboard.journal_page import JournalPage
from dashboard.links import Links
from dashboard.lockout import Lockout
from dashboard.openapi import openapi
from dashboard.openid import OpenIdProvider
from dashboard.openid_entrance import OpenIdEntrance
from dashboard.own_account import OwnAccount
from dashboard.own_api import OwnApi
from dashboard.pages import Action, Page, Shown, Visit
from dashboard.passwords import Passwords
from dashboard.place import Place
from dashboard.rendering import Rendering
from dashboard.roles import Role
from dashboard.second_factor import SecondFactor
from dashboard.sessions import Sessions
from dashboard.shell import Dashboard, Guard
from dashboard.team import Team
from dashboard.tokens_page import TokensPage

VERSION = "1.0.0"
"""Of the API: the first number changes when a program that used it would no longer work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the door is built for."""

    company: str
    settings: DashboardSettings
    store: Store
    clock: Clock
    public_url: str = ""
    http: aiohttp.ClientSession | None = None  # for the company's own sign-in


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """Pages, actions and endpoints beyond those about access. A page with the path "" is the first page."""

    pages: tuple[Page, ...] = ()
    actions: tuple[Action, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminsDoor:
    """Everything below /dashboard and /api/v1."""

    dashboard: Dashboard
    api: Api
    entrance: Entrance
    guard: Guard
    checks: Checks
    tokens: ApiTokens
    openid: OpenIdEntrance | None = None

    def routes(self) -> Iterator[web.AbstractRouteDef]:
        yield from self.entrance.routes()
        yield from self.openid.routes() if self.openid else ()
        yield from self.dashboard.routes()
        yield from self.api.routes()


def open_door(
    house: House, rooms: Rooms | None = None, *, passwords: Callable[[], Passwords] = Passwords
) -> AdminsDoor:
    """The door of a house, with its rooms."""
    rooms, settings, store = rooms or Rooms(), house.settings, house.store
    accounts, audit = Accounts(store.records), Audit(store.journal, house.clock)
    checks = Checks(
        accounts=accounts,
        passwords=passwords(),
        second_factor=SecondFactor(store.notes, house.clock),
        lockout=Lockout(store.tries),
        links=Links(store.notes),
    )
    sessions = Sessions(
        store.notes,
        accounts,
        clock=house.clock,
        longest=settings.session_hours * 3600,
        idle=settings.idle_minutes * 60,
    )
    place, tokens = Place(public_url=house.public_url), ApiTokens(store.records, house.clock)
    own = _own_rooms(house, checks, sessions, place, audit)
    tokens_page = TokensPage(tokens=tokens)
    pages = (*_first(rooms.pages), *own.pages, *tokens_page.pages())
    guard = Guard(
        place=place,
        sessions=sessions,
        audit=audit,
        clock=house.clock,
        rendering=Rendering(place, house.company, pages),
    )
    endpoints = (*OwnApi(tokens=tokens).endpoints(), *rooms.endpoints)
    document = openapi(endpoints, title="Frontdesk", version=VERSION, server=place.prefix)
    actions = (*rooms.actions, *own.actions, *tokens_page.actions())
    elsewhere = settings.oidc.button if settings.oidc else ""
    entrance = Entrance(guard, checks, local=settings.local_accounts, elsewhere=elsewhere)
    return AdminsDoor(
        dashboard=Dashboard(guard, pages=pages, actions=actions),
        api=Api(endpoints, tokens=tokens, audit=audit, document=document),
        entrance=entrance,
        guard=guard,
        checks=checks,
        tokens=tokens,
        openid=_openid(house, guard, checks, entrance),
    )


def _openid(house: House, guard: Guard, checks: Checks, entrance: Entrance) -> OpenIdEntrance | None:
    settings = house.settings.oidc
    if settings is None or house.http is None:
        return None
    return OpenIdEntrance(
        guard=guard,
        entrance=entrance,
        accounts=checks.accounts,
        notes=house.store.notes,
        settings=settings,
        provider=OpenIdProvider(house.http, settings, house.clock),
    )


def _own_rooms(house: House, checks: Checks, sessions: Sessions, place: Place, audit: Audit) -> Rooms:
    own = OwnAccount(checks=checks, sessions=sessions, place=place, company=house.company)
    team = Team(accounts=checks.accounts, links=checks.links, place=place)
    journal = JournalPage(audit=audit)
    return Rooms(
        pages=(*own.pages(), *team.pages(), *journal.pages()),
        actions=(*own.actions(), *team.actions(), *journal.actions()),
    )


def _first(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The pages, with a plain first one where none of them is it."""
    if any(page.path == "" for page in pages):
        return pages
    return (Page(path="", title="Dashboard", role=Role.VIEWER, handler=_show_start), *pages)


async def _show_start(_visit: Visit) -> Shown:
    return Shown(template="start.html")
