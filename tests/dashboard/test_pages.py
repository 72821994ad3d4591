"""The pages in a browser: usable by everybody, in light and dark, on a phone, below a path, and without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import aiohttp
import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from core.store_ports import Store
from frontdesk.httpd import HttpServer
from tests.dashboard.desk import PASSWORD, Desk, open_desk
from tests.peers.axe import findings
from tests.peers.chromium import chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
READ = ("", "/me", "/me/code", "/team", "/tokens", "/audit")
NAME = "<img src=x onerror=alert(1)>"


@asynccontextmanager
async def _owner(browser: Browser, desk: Desk, **options: Any) -> AsyncIterator[Page]:
    context = await browser.new_context(**options)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(f"{desk.origin}/dashboard/link?key={await desk.link()}")
    await page.get_by_label("Name").fill(f"owner{len(desk.made)}")
    desk.made.append("owner")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()
    yield page
    assert wrong == []
    await context.close()


async def _fill(desk: Desk) -> None:
    await desk.member(name="anna.long-address.of.somebody@harbour-and-sons.example")
    await desk.door.tokens.make(name=NAME, scopes=[], made_by="anna")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_that_axe_finds_nothing_on_any_page(
    chromium: Browser, desk: Desk, scheme: Literal["light", "dark"]
) -> None:
    await _fill(desk)
    async with _owner(chromium, desk, color_scheme=scheme, bypass_csp=True) as page:
        for path in READ:
            await page.goto(f"{desk.origin}/dashboard{path}")
            assert await findings(page, "body") == [], path
    outside = await chromium.new_page(bypass_csp=True, color_scheme=scheme)
    for path in ("/sign-in", f"/link?key={await desk.link()}", "/link?key=none"):
        await outside.goto(f"{desk.origin}/dashboard{path}")
        assert await findings(outside, "body") == [], path


async def test_that_a_phone_never_scrolls_sideways(chromium: Browser, desk: Desk) -> None:
    await _fill(desk)
    async with _owner(chromium, desk, **PHONE) as page:
        for path in READ:
            await page.goto(f"{desk.origin}/dashboard{path}")
            wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, path


async def test_that_the_keyboard_alone_skips_to_the_content_and_signs_in(chromium: Browser, desk: Desk) -> None:
    await desk.member(name="anna")
    page = await chromium.new_page()
    await page.goto(f"{desk.origin}/dashboard/audit")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("anna")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Audit log")).to_be_visible()


async def test_that_the_switch_holds_over_pages_and_needs_nothing_inline(chromium: Browser, desk: Desk) -> None:
    async with _owner(chromium, desk, color_scheme="light") as page:
        await page.get_by_role("button", name="Switch between light and dark").click()
        await page.goto(f"{desk.origin}/dashboard/team")
        assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(16, 22, 21)"


async def test_that_without_scripts_everything_can_be_read_and_done(chromium: Browser, desk: Desk) -> None:
    async with _owner(chromium, desk, java_script_enabled=False) as page:
        await page.get_by_role("link", name="API tokens").first.click()
        await page.get_by_label("Name of the program").fill("crm")
        await page.get_by_role("button", name="Make a token").click()
        assert (await page.locator(".secret").inner_text()).startswith("fd_")
        await page.get_by_role("link", name="Audit log").click()
        await expect(page.get_by_role("cell", name="token.made")).to_be_visible()


async def test_that_names_are_text_wherever_they_stand(chromium: Browser, desk: Desk) -> None:
    await _fill(desk)
    async with _owner(chromium, desk) as page:
        page.on("dialog", lambda _dialog: pytest.fail("a name was run"))
        await page.goto(f"{desk.origin}/dashboard/tokens")
        await expect(page.get_by_role("cell", name=NAME, exact=True)).to_be_visible()


async def test_that_behind_a_proxy_that_cuts_a_path_off_everything_is_found(
    chromium: Browser, embedded_store: Store
) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        headers = {name: value for name, value in request.headers.items() if name != "Host"}
        async with http.request(
            request.method,
            f"{desk.origin}{request.raw_path.removeprefix('/talk')}",
            data=await request.read(),
            headers=headers,
            allow_redirects=False,
        ) as answer:
            kept = {"Content-Type", "Location", "Set-Cookie", "Content-Security-Policy"}
            passed = [(name, value) for name, value in answer.headers.items() if name in kept]
            response = web.Response(status=answer.status, body=await answer.read())
            response.headers.popall("Content-Type", None)
            response.headers.extend(passed)
            return response

    proxy = HttpServer([web.route("*", "/talk/{path:.*}", cut)])
    outside = await proxy.start("127.0.0.1", 0)
    try:
        async with (
            open_desk(embedded_store, public_url=f"{outside}/talk") as desk,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        ):
            page = await chromium.new_page()
            missing: list[str] = []
            page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
            await page.goto(f"{outside}/talk/dashboard/link?key={await desk.link()}")
            await page.get_by_label("Name").fill("anna")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_role("button", name="Continue").click()
            await page.get_by_role("link", name="Team").first.click()
            await page.get_by_role("button", name="Make a one-time link").click()
            assert (await page.locator(".secret").inner_text()).startswith(f"{outside}/talk/dashboard/link?key=")
            await page.get_by_role("button", name="Sign out").click()
            await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
            assert missing == []
    finally:
        await proxy.stop()
