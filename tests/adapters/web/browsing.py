"""A company's site with a strict content policy, on another origin than the hub, open in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, Request

from adapters.web.sockets import Timings
from core.store_ports import Notes
from tests.adapters.web.harness import Desk, ScriptedReception, running_desk, serving

POLICY = (
    "default-src 'none'; script-src 'self' {hub}; style-src 'self' {hub}; connect-src 'self' {hub} {sockets}; "
    "require-trusted-types-for 'script'"
)
HTML = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/site.css"><script src="/site.js"></script></head>
<body><h1>{title}</h1><p><a href="/pricing">Pricing</a> <button id="before">Before</button></p>
<script async src="{hub}/widget.js" data-channel="site"></script></body></html>"""
# What the page notes about itself, for the test to read afterwards.
SCRIPT = """window.noted = {violations: [], events: []};
document.addEventListener('securitypolicyviolation', (event) => noted.violations.push(event.violatedDirective));
window.frontdesk = [['on', 'message', (event) => noted.events.push(event)]];"""
STYLE = "body { font: 16px sans-serif } * { color: red !important } button { display: none !important }"


@dataclass
class Visit:
    """One browser context on the site; collects what should never happen."""

    site: str
    desk: Desk
    context: BrowserContext
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    async def page(self, path: str = "/", *, script: str = "") -> Page:
        page = await self.context.new_page()
        if script:
            await page.add_init_script(script)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._dialog)
        page.on("request", self._request)
        await page.goto(f"{self.site}{path}")
        await page.locator(".launcher").wait_for()
        return page

    async def chat(self, path: str = "/", *, script: str = "") -> Page:
        """A page with the chat open."""
        page = await self.page(path, script=script)
        await page.get_by_role("button", name="Open chat").click()
        await page.get_by_role("dialog").wait_for()
        return page

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"data", "blob"}:
            return
        if not request.url.startswith((self.site, self.desk.url)):
            self.foreign.append(request.url)

    async def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()


@asynccontextmanager
async def visiting(
    browser: Browser,
    reception: ScriptedReception,
    *,
    language: str = "en",
    sockets: bool = True,
    timings: Timings | None = None,
    options: dict[str, Any] | None = None,
    notes: Notes | None = None,
    **settings: Any,
) -> AsyncIterator[Visit]:
    """A site whose policy names the hub, and its sockets unless `sockets` is False, and a visitor's browser on it."""
    hub = ""

    async def html(request: web.Request) -> web.Response:
        title = "Pricing" if request.path == "/pricing" else "Home"
        text = HTML.format(hub=hub, language=language, title=title)
        headers = {
            "Content-Security-Policy": POLICY.format(hub=hub, sockets=hub.replace("http", "ws") if sockets else "")
        }
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def script(_request: web.Request) -> web.Response:
        return web.Response(text=SCRIPT, content_type="text/javascript")

    async def style(_request: web.Request) -> web.Response:
        return web.Response(text=STYLE, content_type="text/css")

    routes = [web.get("/site.js", script), web.get("/site.css", style), web.get("/{tail:.*}", html)]
    async with (
        serving(routes) as site,
        running_desk(site, reception=reception, timings=timings, notes=notes, **settings) as desk,
    ):
        hub = desk.url
        context = await browser.new_context(**(options or {}))
        context.set_default_timeout(8_000)
        try:
            yield Visit(site, desk, context)
        finally:
            await context.close()
