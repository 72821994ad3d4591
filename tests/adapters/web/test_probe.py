"""What doctor finds out about a widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from aiohttp import web

from adapters.web import CHANNEL
from adapters.web.settings import WebSettings
from core.continuing import OneTimeLinks
from core.health import Diagnosis
from core.store_ports import Store
from tests.adapters.probing import levels, probe_ports, told
from tests.adapters.web.harness import HandClock, running_desk, serving

SHOP, LOCAL = "https://shop.example", "http://localhost:3000"
KEY = "qL7vXz3TfB0yW9sKdN2mRj5uHc8eGa4p"


async def found(*origins: str, public_url: str = "", name: str = "web", **written: Any) -> Sequence[Diagnosis]:
    settings = WebSettings.model_validate({"allowed_origins": origins, **written})
    async with probe_ports(name, public_url=public_url) as ports:
        return await CHANNEL.probe(settings, ports)


@pytest.mark.parametrize(
    ("origins", "public_url", "level"),
    [
        ([SHOP], "", "warning"),
        ([SHOP, LOCAL], "http://127.0.0.1:9", "warning"),
        ([LOCAL], "", "ok"),
    ],
)
async def test_that_pages_that_cannot_reach_the_hub_are_named(origins: list[str], public_url: str, level: str) -> None:
    first, *_ = await found(*origins, public_url=public_url)
    assert first.level.value == level
    assert ("server.public_url" in first.next_step) is (level == "warning")


@pytest.mark.parametrize(
    ("keys", "level", "words"),
    [
        ([], "ok", "a key that the hub keeps"),
        ([KEY], "ok", "one key"),
        ([KEY, KEY[::-1]], "ok", "two keys"),
        (["ab" * 16], "warning", "easy to guess"),
    ],
)
async def test_that_a_key_that_can_be_guessed_is_named_and_never_shown(keys: list[str], level: str, words: str) -> None:
    diagnoses = await found(LOCAL, signing_keys=keys)
    assert (diagnoses[1].level.value, words in diagnoses[1].what) == (level, True)
    assert not [key for key in keys if key in told(diagnoses)]


async def test_that_the_running_hub_is_asked_for_each_origin() -> None:
    async with running_desk(SHOP) as desk:
        assert levels(await found(SHOP, public_url=desk.url, name="site")) == ["warning", "ok"]
        refused = await found(SHOP, "https://new.example", public_url=desk.url, name="site")
        assert "refuses pages of https://new.example" in told(refused)
        missing = await found(SHOP, public_url=desk.url, name="other")
        assert "has no channel other" in told(missing)


async def test_that_a_proxy_that_speaks_for_the_hub_is_named() -> None:
    async def doubled(_: web.Request) -> web.Response:
        return web.json_response({}, headers={"Access-Control-Allow-Origin": "*"})

    async with serving([web.get("/channels/web/web/settings", doubled)]) as url:
        assert "Access-Control-Allow-Origin" in told(await found(SHOP, public_url=url))


async def test_that_a_channel_to_go_on_in_that_has_not_begun_is_named(embedded_store: Store) -> None:
    settings = WebSettings.model_validate({"allowed_origins": [LOCAL], "continue_on": {"channel": "bot"}})
    links = OneTimeLinks(embedded_store.notes, embedded_store.people, HandClock(), lambda: "x" * 32)
    async with probe_ports("web", notes=embedded_store.notes) as ports:
        before = await CHANNEL.probe(settings, ports)
        await links.begin_at("bot", "https://t.me/fern_bot?start={token}")
        after = await CHANNEL.probe(settings, ports)
    assert (levels(before)[-1], levels(after)[-1]) == ("warning", "ok")
    assert "channels/bot.yaml" in told(before)
