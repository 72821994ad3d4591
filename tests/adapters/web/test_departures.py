"""Going on in another channel: who gets a link, who does not, and how often."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from core.continuing import OneTimeLinks
from core.message import InboundMessage, MessageKind
from core.store_ports import Store
from tests.adapters.web.browsing import visiting
from tests.adapters.web.harness import Desk, HandClock, ScriptedReception, running_desk, wire
from tests.peers.axe import findings

SETTINGS: dict[str, Any] = {"continue_on": {"channel": "telegram"}}


def links(store: Store, clock: HandClock) -> OneTimeLinks:
    numbers = count(1)
    return OneTimeLinks(store.notes, store.people, clock, lambda: f"{next(numbers):032x}")


@pytest.fixture
async def leaving(embedded_store: Store) -> AsyncIterator[Desk]:
    reception = ScriptedReception()
    made = links(embedded_store, reception.clock)
    await made.begin_at("telegram", "https://t.me/fern_bot?start={token}")
    async with running_desk(reception=reception, continuations=made, **SETTINGS) as desk:
        yield desk


async def leave(desk: Desk, token: str, **more: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
    status, body, _ = await desk.call("POST", "continue", headers=headers, **{"json": {}, **more})
    return status, body


async def test_that_a_session_gets_a_link_of_its_own_each_time(leaving: Desk) -> None:
    token = (await leaving.session())["token"]
    answers = [await leave(leaving, token) for _ in range(2)]
    assert [status for status, _ in answers] == [200, 200]
    urls = {body["url"] for _, body in answers}
    assert len(urls) == 2
    assert all(url.startswith("https://t.me/fern_bot?start=") and len(url.rpartition("=")[2]) == 32 for url in urls)
    assert {body["expiresIn"] for _, body in answers} == {900}
    assert leaving.reception.messages == [], "nobody has said anything by asking"


async def test_that_links_are_rationed_by_session_and_by_address(leaving: Desk) -> None:
    token = (await leaving.session())["token"]
    found = [await leave(leaving, token) for _ in range(4)]
    assert [status for status, _ in found] == [200, 200, 200, 429]
    assert found[-1][1]["error"] == "slow_down"
    leaving.ticks.at += 61
    assert (await leave(leaving, token))[0] == 200
    statuses = []
    for _ in range(10):
        other = (await leaving.session())["token"]
        statuses += [(await leave(leaving, other))[0] for _ in range(3)]
    assert statuses.count(200) < 21


FOREIGN = ["null", "https://shop.example.evil.example", "http://shop.example", "https://shop.example:8443", ""]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_that_other_sites_get_none(leaving: Desk, origin: str) -> None:
    token = (await leaving.session())["token"]
    assert await _refused(leaving, token, headers={"Origin": origin}) == (403, "origin_refused")


async def _refused(desk: Desk, token: str, **more: Any) -> tuple[int, str]:
    status, body = await leave(desk, token, **more)
    assert set(body) == {"error", "requestId"}, body
    return status, body["error"]


async def test_that_without_a_session_there_is_none(leaving: Desk) -> None:
    token = (await leaving.session())["token"]
    head, payload, signature = token.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    forged = [f"{head}.{payload}.", f"{unsigned}.{payload}.", f"{head}.{payload}.{signature[::-1]}", "x", "a.b.c"]
    for one in forged:
        assert await _refused(leaving, one) == (401, "token_invalid")
    status, body, _ = await leaving.call("POST", "continue", json={})
    assert (status, body["error"]) == (401, "token_missing")
    leaving.clock.at += 25 * 3_600
    assert await _refused(leaving, token) == (401, "token_expired")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 5_000, "application/json", 400),
        (b" " * 100_000, "application/json", 413),
        (b"{}", "text/plain", 415),
        (b"", "application/json", 400),
    ],
)
async def test_that_junk_is_refused(leaving: Desk, body: bytes, kind: str, status: int) -> None:
    token = (await leaving.session())["token"]
    assert (await leave(leaving, token, data=body, json=None, headers={"Content-Type": kind}))[0] == status


async def test_that_a_browser_may_ask_first(leaving: Desk) -> None:
    assert (await leaving.call("OPTIONS", "continue"))[0] == 204
    assert (await leaving.call("GET", "continue"))[0] == 405


async def test_that_there_is_none_where_nothing_is_set_up(embedded_store: Store) -> None:
    clock = HandClock()
    made = links(embedded_store, clock)
    for more in ({}, {"continuations": made}, {"continue_on": {"channel": "nowhere"}, "continuations": made}):
        async with running_desk(**more) as desk:
            token = (await desk.session())["token"]
            assert await _refused(desk, token) == (404, "no_continuation")


def hello(message: InboundMessage) -> dict[str, Any] | None:
    return wire("Hello, I am the assistant.") if message.kind is MessageKind.OPENED else None


@pytest.mark.browser
async def test_that_the_button_leads_there_and_says_when_it_cannot(chromium: Browser, embedded_store: Store) -> None:
    reception = ScriptedReception(answer=hello)
    made = links(embedded_store, reception.clock)
    async with visiting(chromium, reception, continuations=made, **SETTINGS) as visit:
        await visit.context.route(
            "https://t.me/**", lambda route: route.fulfill(body="there", content_type="text/plain")
        )
        page = await visit.chat()
        button = page.get_by_role("button", name="Continue in Telegram")
        await button.click()
        await expect(page.locator(".notice")).to_have_text("Please try again in a little while.")
        await made.begin_at("telegram", "https://t.me/fern_bot?start={token}")
        async with visit.context.expect_page() as opening:
            await button.click()
        tab = await opening.value
        await tab.wait_for_url("https://t.me/fern_bot?start=*")
        assert await tab.evaluate("window.opener") is None
        assert visit.errors == []


@pytest.mark.browser
async def test_that_axe_finds_nothing_with_the_button(chromium: Browser) -> None:
    reception = ScriptedReception(answer=hello)
    options = {"reduced_motion": "reduce", "bypass_csp": True, "viewport": {"width": 360, "height": 740}}
    async with visiting(chromium, reception, options=options, **SETTINGS) as visit:
        page = await visit.chat()
        await page.get_by_role("button", name="Continue in Telegram").wait_for()
        assert await findings(page) == []
