"""Polling: what is taken is on disk before it is confirmed."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import pytest

from adapters.telegram.api import TelegramApi
from adapters.telegram.polling import CONFLICT_SECONDS, Poller
from core.errors import StoreUnavailable
from core.store_ports import Store
from tests.adapters.telegram.bots import TOKEN, around
from tests.adapters.web.harness import serving
from tests.peers import telegram_api as peer
from tests.peers.telegram_api import Fault


async def test_that_updates_are_taken_in_order_and_confirmed_once_they_are_kept(embedded_store: Store) -> None:
    async with around(embedded_store.notes, mode="polling") as desk, asyncio.timeout(20):
        desk.reception.away = True
        for words in ("one", "two", "three"):
            desk.api.text(words)
        await desk.api.until(lambda: _asked(desk.api) >= 1)
        assert (desk.api.waiting(), desk.reception.messages) == (3, [])
        desk.reception.away = False
        await desk.api.until(lambda: desk.api.waiting() == 0)
        assert [message.text for message in desk.reception.messages] == ["one", "two", "three"]
        assert "deleteWebhook" in [method for method, _ in desk.api.calls]
        forgotten = next(arguments for method, arguments in desk.api.calls if method == "deleteWebhook")
        assert not forgotten.get("drop_pending_updates")


def _asked(api: peer.TelegramApi) -> int:
    return sum(method == "getUpdates" for method, _ in api.calls)


async def test_that_an_update_that_could_not_be_kept_comes_again_and_the_earlier_ones_do_not() -> None:
    api = peer.TelegramApi(token=TOKEN)
    kept: list[str] = []
    waits: list[float] = []

    async def take(update: object) -> None:
        assert isinstance(update, dict)
        text = update["message"]["text"]
        if text == "two" and not waits:
            raise StoreUnavailable("away")
        kept.append(text)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with serving(api.routes()) as url, aiohttp.ClientSession() as http, asyncio.timeout(20):
        for words in ("one", "two", "three"):
            api.text(words)
        task = asyncio.create_task(Poller(TelegramApi(TOKEN, http, url), take, name="bot", sleep=sleep).run())
        await api.until(lambda: api.waiting() == 0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert (kept, waits) == (["one", "two", "three"], [1.0])


@pytest.mark.parametrize(
    ("fault", "wait", "told"),
    [
        (Fault(status=409, description="Conflict: terminated by other getUpdates request"), CONFLICT_SECONDS, "stop"),
        (Fault(status=401, description="Unauthorized"), CONFLICT_SECONDS, "BotFather"),
        (Fault(status=429, description="Too Many Requests", parameters={"retry_after": 7}), 7.0, "Limited"),
        (Fault(status=502), 1.0, "Unanswered"),
        (Fault(), 1.0, "Unanswered"),
    ],
)
async def test_that_every_failure_is_told_and_waited_out(
    fault: Fault, wait: float, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    api = peer.TelegramApi(token=TOKEN)
    waits: list[float] = []
    taken = asyncio.Event()

    async def take(_: object) -> None:
        taken.set()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with serving(api.routes()) as url, aiohttp.ClientSession() as http, asyncio.timeout(20):
        api.order("getUpdates", fault)
        api.text("hello")
        task = asyncio.create_task(Poller(TelegramApi(TOKEN, http, url), take, name="bot", sleep=sleep).run())
        await taken.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert waits == [wait]
    assert told in caplog.text
    assert TOKEN not in caplog.text
