"""Who answers is seen: a first name, and a picture that only the hub is asked for."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from core.message import InboundMessage, MessageKind
from core.rep import PICTURES
from core.store_ports import Store
from tests.adapters.web.browsing import visiting
from tests.adapters.web.harness import ScriptedReception, running_desk, wire

PICTURE = "0123456789abcdef" * 2
RED = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==")


def greet(message: InboundMessage) -> dict[str, Any] | None:
    return wire("Hello!") if message.kind is MessageKind.OPENED else None


def by(name: str, picture: str = "") -> dict[str, Any]:
    return {**wire("words", botMode="human"), "rep": {"name": name, "picture": picture}}


@pytest.mark.browser
async def test_that_each_person_is_named_and_painted_without_asking_anybody_else(
    chromium: Browser, embedded_store: Store
) -> None:
    await embedded_store.notes.put(PICTURES, PICTURE, b64encode(RED).decode(), life=60.0)
    reception = ScriptedReception(answer=greet)
    async with visiting(chromium, reception, notes=embedded_store.notes) as visit:
        page = await visit.chat()
        await expect(page.get_by_text("Hello!")).to_be_visible()
        for name, text, picture in (("Ann", "I am here", PICTURE), ("Bob", "me too", "f" * 32), ("Ann", "again", "")):
            reception.say(reception.conversation, "rep", text, reply=by(name, picture))
            await expect(page.get_by_text(text)).to_be_visible()
        assert await page.locator(".line .name").all_inner_texts() == ["Ann", "Bob", "Ann"]
        await expect(page.locator(".line .face canvas")).to_have_count(1)
        assert await _colour(page) == [255, 0, 0, 255]
        assert visit.foreign == []
        assert await page.evaluate("noted.violations") == []


async def _colour(page: Page) -> list[int]:
    pixel = "canvas => [...canvas.getContext('2d').getImageData(30, 30, 1, 1).data]"
    found: list[int] = await page.locator(".line .face canvas").evaluate(pixel)
    return found


@pytest.mark.parametrize(
    "name", ["", "..", "%2e%2e%2fsettings", "ab", "F" * 32, "f" * 33, "0" * 31 + "g", "%00" * 32, "f" * 5_000]
)
async def test_that_no_other_name_gives_anything(embedded_store: Store, name: str) -> None:
    async with running_desk(notes=embedded_store.notes) as desk:
        status, body, _ = await desk.call("GET", f"pictures/{name}")
        assert status in {403, 404}
        assert name not in str(body) or not name


@pytest.mark.parametrize("held", ["", "no base64!", b64encode(b"<svg onload=alert(1)>").decode(), "AAAA"])
async def test_that_only_pictures_are_served(embedded_store: Store, held: str) -> None:
    await embedded_store.notes.put(PICTURES, PICTURE, held, life=60.0)
    async with running_desk(notes=embedded_store.notes) as desk:
        status, body, headers = await desk.call("GET", f"pictures/{PICTURE}")
        assert (status, body["error"]) == (404, "unknown_picture")
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_that_a_picture_says_what_it_is(embedded_store: Store) -> None:
    await embedded_store.notes.put(PICTURES, PICTURE, b64encode(RED).decode(), life=60.0)
    async with running_desk(notes=embedded_store.notes) as desk:
        headers = {"Origin": desk.origin}
        async with desk.http.get(desk.path(f"pictures/{PICTURE}"), headers=headers) as response:
            assert (response.status, response.content_type, await response.read()) == (200, "image/png", RED)
        status, _, _ = await desk.call("GET", f"pictures/{PICTURE}", headers={"Origin": "https://evil.example"})
        assert status == 403
