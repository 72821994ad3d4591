"""A served dashboard, and browsers without a window that visit it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import aiohttp
from argon2 import PasswordHasher
from yarl import URL

from config.models.dashboard import DashboardSettings
from core.store_ports import Store
from dashboard.door import AdminsDoor, House, Rooms, open_door
from dashboard.links import Invitation
from dashboard.passwords import Passwords
from dashboard.roles import Role
from frontdesk.httpd import HttpServer

PASSWORD = "a quiet green harbour"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class StandingClock:
    time: float = 1_800_000_000.0

    def now(self) -> float:
        return self.time


@dataclass(frozen=True)
class Seen:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Browser:
    """Keeps cookies, follows nothing, and sends what a browser sends."""

    session: aiohttp.ClientSession
    origin: str

    async def get(self, path: str, **headers: str) -> Seen:
        return await self.send("GET", path, headers=headers)

    async def post(self, path: str, fields: dict[str, str], **headers: str) -> Seen:
        return await self.send("POST", path, fields=fields, headers={"Origin": self.origin, **headers})

    async def submit(self, path: str, fields: dict[str, str] | None = None) -> Seen:
        """A form of the dashboard, with the token of this session."""
        return await self.post(path, {"csrf": await self.csrf(), **(fields or {})})

    async def csrf(self) -> str:
        found = _CSRF.search((await self.get("/dashboard/me")).text)
        return found[1] if found else ""

    async def send(
        self, method: str, path: str, *, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Seen:
        async with self.session.request(
            method, f"{self.origin}{path}", data=fields, headers=headers, allow_redirects=False
        ) as answer:
            return Seen(answer.status, await answer.text(), dict(answer.headers))

    def cookie(self) -> str:
        return next((one.value for one in self.session.cookie_jar), "")

    def wear(self, cookie: str) -> None:
        """Come with this cookie, as somebody who was made to."""
        worn: SimpleCookie = SimpleCookie({"frontdesk_dashboard": cookie})
        worn["frontdesk_dashboard"]["path"] = "/dashboard"
        self.session.cookie_jar.update_cookies(worn, URL(self.origin))


@dataclass
class Desk:
    door: AdminsDoor
    store: Store
    clock: StandingClock
    origin: str
    stack: AsyncExitStack
    made: list[str] = field(default_factory=list)

    async def browser(self) -> Browser:
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        return Browser(await self.stack.enter_async_context(session), self.origin)

    async def link(self, role: Role = Role.OWNER, account: str = "") -> str:
        """The key of a one-time link."""
        path = await self.door.checks.links.make(Invitation(role=role, account=account))
        return parse_qs(urlsplit(path).query)["key"][0]

    async def member(self, role: Role = Role.OWNER, name: str = "") -> Browser:
        """Somebody with a new account, signed in."""
        browser = await self.browser()
        name = name or f"{role.value}{len(self.made)}"
        self.made.append(name)
        fields = {"key": await self.link(role), "name": name, "password": PASSWORD}
        seen = await browser.post("/dashboard/link", fields)
        assert seen.status == 303, seen.text
        return browser

    async def sign_in(self, browser: Browser, name: str, password: str = PASSWORD, **more: str) -> Seen:
        return await browser.post("/dashboard/sign-in", {"name": name, "password": password, **more})


@asynccontextmanager
async def open_desk(
    store: Store,
    *,
    settings: DashboardSettings | None = None,
    public_url: str = "",
    rooms: Rooms | None = None,
    http: aiohttp.ClientSession | None = None,
) -> AsyncIterator[Desk]:
    clock = StandingClock()
    house = House(
        company="Harbour & Sons",
        settings=settings or DashboardSettings(),
        store=store,
        clock=clock,
        public_url=public_url,
        http=http,
    )
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # the real algorithm, at a test's pace
    door = open_door(house, rooms, passwords=lambda: Passwords(hasher))
    server = HttpServer(door.routes())
    async with AsyncExitStack() as stack:
        origin = await server.start("127.0.0.1", 0)
        stack.push_async_callback(server.stop)
        yield Desk(door, store, clock, origin, stack)
