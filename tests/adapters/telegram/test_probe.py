"""What doctor finds out about a Telegram bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.telegram import CHANNEL
from adapters.telegram.polling import CONTESTED
from core.health import Diagnosis
from core.store_ports import Store
from tests.adapters.probing import levels, probe_ports, told
from tests.adapters.telegram.bots import TOKEN, around, settings
from tests.adapters.web.harness import HandClock, serving
from tests.peers.telegram_api import Fault, TelegramApi

HOOKED = {"mode": "webhook", "webhook_secret": "${env:HOOK}", "public_url": "https://chat.example"}
OURS = "https://chat.example/channels/telegram/bot"


async def found(api: TelegramApi, written: dict[str, Any] | None = None, **ports: Any) -> Sequence[Diagnosis]:
    async with serving(api.routes()) as there, probe_ports("bot", **ports) as given:
        diagnoses = await CHANNEL.probe(settings(there, **(written or {})), given)
    assert TOKEN not in told(diagnoses)
    return diagnoses


async def test_that_a_bot_that_can_poll_is_named() -> None:
    api = TelegramApi(token=TOKEN)
    api.text("waits for the hub")
    diagnoses = await found(api)
    assert levels(diagnoses) == ["ok", "ok"]
    assert "@fern_bot" in diagnoses[0].what
    assert api.waiting() == 1, "nothing is confirmed by looking"


async def test_that_a_refused_token_is_told_from_a_platform_that_is_away() -> None:
    refused = await found(TelegramApi(token=TOKEN[:-1] + "1"))
    assert (levels(refused), refused[0].next_step) == (["error"], "copy it again from @BotFather")
    api = TelegramApi(token=TOKEN)
    api.order("getMe", Fault(status=502))
    assert "gives no answer" in told(await found(api))


async def test_that_a_webhook_is_named_as_what_keeps_polling_from_its_updates() -> None:
    api = TelegramApi(token=TOKEN)
    api.webhook = {"url": "https://old.example/hook/with-a-secret"}
    diagnoses = await found(api)
    assert levels(diagnoses) == ["ok", "error"]
    assert "old.example" in diagnoses[1].what
    assert "with-a-secret" not in told(diagnoses)


async def test_that_another_poller_is_named() -> None:
    api = TelegramApi(token=TOKEN)
    api.order("getUpdates", Fault(status=409, description="Conflict: terminated by other getUpdates request"))
    diagnoses = await found(api)
    assert levels(diagnoses) == ["ok", "error"]
    assert "another process" in diagnoses[1].what


async def test_that_a_hub_of_ours_is_not_disturbed_and_its_note_of_another_poller_is_read(
    embedded_store: Store,
) -> None:
    api = TelegramApi(token=TOKEN)
    assert levels(await found(api, serving=True, notes=embedded_store.notes)) == ["ok", "ok"]
    await embedded_store.notes.put("bot", CONTESTED, "1", life=60)
    assert levels(await found(api, serving=True, notes=embedded_store.notes)) == ["ok", "error"]
    assert "getUpdates" not in [method for method, _ in api.calls]


async def test_that_the_hub_notes_when_somebody_else_takes_the_updates(embedded_store: Store) -> None:
    async with around(embedded_store.notes, mode="webhook") as desk:
        poller = desk.channel._poller()
        desk.api.order("getUpdates", Fault(status=409, description="Conflict: another webhook"))
        poller._sleep = _stop
        with pytest.raises(_StoppedError):
            await poller.run()
    assert await embedded_store.notes.get("bot", CONTESTED) == "1"


class _StoppedError(Exception):
    pass


async def _stop(_: float) -> None:
    raise _StoppedError


@pytest.mark.parametrize(
    ("url", "level", "words"),
    [
        ("", "warning", "no webhook is set yet"),
        ("https://other.example/x", "error", "other.example"),
        (OURS, "ok", OURS),
    ],
)
async def test_that_a_webhook_that_is_not_ours_is_named(url: str, level: str, words: str) -> None:
    api = TelegramApi(token=TOKEN)
    api.webhook = {"url": url}
    diagnoses = await found(api, HOOKED)
    assert levels(diagnoses) == ["ok", level]
    assert words in diagnoses[1].what


@pytest.mark.parametrize(("ago", "waiting", "expected"), [(120, 1, ["error"]), (120, 0, ["warning"]), (90_000, 1, [])])
async def test_that_failed_deliveries_are_told_while_they_are_fresh(
    ago: int, waiting: int, expected: list[str]
) -> None:
    api, clock = TelegramApi(token=TOKEN), HandClock()
    api.webhook = {"url": OURS}
    for _ in range(waiting):
        api.text("waits")
    trouble = "Wrong response from the webhook: 502 Bad Gateway"
    api.webhook_trouble = {"last_error_date": int(clock.now()) - ago, "last_error_message": trouble}
    diagnoses = await found(api, HOOKED, clock=clock)
    assert levels(diagnoses) == ["ok", "ok", *expected]
    assert (trouble in told(diagnoses)) is bool(expected)
