"""The Slack stand-in answers as Slack does; whoever tests against it relies on that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from frontdesk.demo.block_kit import block_problems
from frontdesk.demo.slack import SlackStandIn
from frontdesk.demo.slack_faults import (
    Fault,
    failing,
    hanging,
    html_page,
    rate_limited,
    refusing,
    resetting,
    strange_body,
    truncated,
)

TOKEN = "xoxb-demo"
Ask = Callable[..., Awaitable[dict[str, Any]]]


class StillClock:
    def now(self) -> float:
        return 1_790_000_000.0


@pytest.fixture
async def slack() -> SlackStandIn:
    return SlackStandIn(token=TOKEN, channels={"C1": "sales"}, clock=StillClock())


@pytest.fixture
async def address(slack: SlackStandIn) -> AsyncIterator[str]:
    """Mounted under a path, as the demo does."""
    app = web.Application()
    app.add_subapp("/slack/api", slack.application())
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/api"
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ask(address: str, http: aiohttp.ClientSession) -> Ask:
    async def ask(method: str, token: str = TOKEN, **arguments: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with http.post(f"{address}/{method}", json=arguments, headers=headers) as response:
            answer: dict[str, Any] = await response.json()
            return answer

    return ask


SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello", "verbatim": True}}


async def test_that_the_token_is_checked(ask: Ask) -> None:
    assert (await ask("auth.test"))["bot_id"] == "B0FRONTDESK"
    assert await ask("auth.test", token="") == {"ok": False, "error": "not_authed"}
    assert await ask("auth.test", token="xoxb-other") == {"ok": False, "error": "invalid_auth"}
    assert await ask("chat.scheduleMessage") == {"ok": False, "error": "unknown_method"}


async def test_that_messages_are_kept_with_their_own_ts(ask: Ask, slack: SlackStandIn) -> None:
    first = await ask("chat.postMessage", channel="C1", text="one")
    second = await ask("chat.postMessage", channel="#sales", text="two", blocks=[SECTION])
    assert first["ok"]
    assert second["channel"] == "C1"
    assert first["ts"] < second["ts"]
    assert [message["text"] for message in slack.messages("C1")] == ["one", "two"]
    assert [(call.method, call.error, call.answered) for call in slack.calls] == [("chat.postMessage", "", True)] * 2


async def test_that_an_update_changes_the_message_in_place(ask: Ask, slack: SlackStandIn) -> None:
    ts = (await ask("chat.postMessage", channel="C1", text="one"))["ts"]
    assert (await ask("chat.update", channel="C1", ts=ts, text="uno"))["ok"]
    [message] = slack.messages("C1")
    assert message["text"] == "uno"
    assert "edited" in message
    assert (await ask("chat.update", channel="C1", ts="1.0", text="x"))["error"] == "message_not_found"
    foreign = slack.foreign_message("C1", text="theirs")
    assert (await ask("chat.update", channel="C1", ts=foreign["ts"], text="x"))["error"] == "cant_update_message"
    slack.delete("C1", ts)
    assert (await ask("chat.update", channel="C1", ts=ts, text="x"))["error"] == "message_not_found"


async def test_that_history_pages_newest_first_and_hides_metadata_unless_asked(ask: Ask) -> None:
    metadata = {"event_type": "thing", "event_payload": {"id": 1}}
    sent = [(await ask("chat.postMessage", channel="C1", text=str(n), metadata=metadata))["ts"] for n in range(5)]
    await ask("chat.postMessage", channel="C1", text="in the thread", thread_ts=sent[0])
    page = await ask("conversations.history", channel="C1", limit=2)
    assert [message["ts"] for message in page["messages"]] == [sent[4], sent[3]]
    assert "metadata" not in page["messages"][0]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await ask(
        "conversations.history", channel="C1", limit=9, cursor=cursor, oldest=sent[0], include_all_metadata=True
    )
    assert [message["ts"] for message in rest["messages"]] == [sent[2], sent[1]]
    assert rest["messages"][0]["metadata"] == metadata
    assert (rest["has_more"], rest["response_metadata"]["next_cursor"]) == (False, "")


async def test_that_arguments_may_come_as_query_or_form(address: str, http: aiohttp.ClientSession, ask: Ask) -> None:
    await ask("chat.postMessage", channel="C1", text="one")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with http.get(f"{address}/conversations.history?channel=C1&limit=1", headers=headers) as response:
        assert len((await response.json())["messages"]) == 1
    async with http.post(f"{address}/conversations.info", data={"channel": "C1", "token": TOKEN}) as response:
        assert (await response.json())["channel"]["name"] == "sales"
    async with http.post(
        f"{address}/auth.test", data=b"{", headers={**headers, "Content-Type": "application/json"}
    ) as response:
        assert (await response.json())["ok"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C9", "text": "x"}, "channel_not_found"),
        ({"channel": "C1"}, "no_text"),
        ({"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C1", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        (
            {"channel": "C1", "blocks": [{**SECTION, "text": {"type": "mrkdwn", "text": "y" * 2_900}}] * 5},
            "msg_blocks_too_long",
        ),
        ({"channel": "C1", "text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"channel": "C1", "text": "x", "metadata": "t"}, "invalid_metadata_format"),
    ],
)
async def test_that_unfit_messages_are_refused(
    arguments: dict[str, Any], error: str, ask: Ask, slack: SlackStandIn
) -> None:
    answer = await ask("chat.postMessage", **arguments)
    assert (answer["ok"], answer["error"]) == (False, error)
    assert slack.messages("C1") == ()
    assert slack.calls[-1].error == error


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([{"type": "divider"}, SECTION], ""),
        ("x", "must be an array"),
        ([5], "unsupported type: None"),
        ([{"type": ["x"]}], "unsupported type"),
        ([{"type": "carousel"}], "unsupported type: carousel"),
        ([{"type": "divider"}] * 51, "no more than 50 items"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "text must be one of ['plain_text']"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "less than 151"),
        ([{"type": "section", "text": {"type": "plain_text", "text": ""}}], "more than 0"),
        ([{"type": "section", "text": {"type": "plain_text", "text": "x" * 3_001}}], "less than 3001"),
        (
            [{"type": "section", "text": {"type": "plain_text", "text": "x", "verbatim": True}}],
            "additional property: verbatim",
        ),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}], "additional property: emoji"),
        ([{"type": "section", "fields": []}], "1 to 10 items"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2_001}]}], "less than 2001"),
        ([{"type": "context", "elements": []}], "1 to 10 items"),
        ([{"type": "context", "elements": [{"type": "plain_text", "text": "x"}] * 11}], "1 to 10 items"),
        ([{"type": "context", "elements": [{"type": "plain_text"}]}], "more than 0"),
    ],
)
def test_that_blocks_are_held_to_slacks_limits(blocks: Any, problem: str) -> None:
    problems = block_problems(blocks)
    assert any(problem in found for found in problems) if problem else problems == ()


async def test_that_a_broken_channel_refuses_until_it_is_mended(ask: Ask, slack: SlackStandIn) -> None:
    slack.channels["C1"].broken = "is_archived"
    assert (await ask("chat.postMessage", channel="C1", text="x"))["error"] == "is_archived"
    slack.channels["C1"].broken = ""
    assert (await ask("chat.postMessage", channel="C1", text="x"))["ok"]


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (rate_limited("7"), 429, '{"ok": false, "error": "ratelimited"}'),
        (failing(503), 503, "{}"),
        (failing(500, "fatal_error"), 500, '{"ok": false, "error": "fatal_error"}'),
        (refusing("token_revoked"), 200, '{"ok": false, "error": "token_revoked"}'),
        (html_page(), 200, "<!DOCTYPE html>"),
        (strange_body(b"[]"), 200, "[]"),
        (truncated(), 200, '{"ok": '),
    ],
)
async def test_that_a_fault_spoils_one_call(
    fault: Fault, status: int, body: str, address: str, http: aiohttp.ClientSession, slack: SlackStandIn, ask: Ask
) -> None:
    slack.order("chat.postMessage", fault)
    async with http.post(f"{address}/chat.postMessage", json={"channel": "C1", "text": "x"}) as response:
        assert response.status == status
        assert (await response.text()).startswith(body)
        assert response.headers.get("Retry-After") == (fault.retry_after or None)
    assert slack.messages("C1") == ()
    assert not slack.calls[-1].answered
    assert (await ask("chat.postMessage", channel="C1", text="x"))["ok"]


@pytest.mark.parametrize("fault", [resetting(applied=True), resetting()])
async def test_that_a_reset_leaves_or_does_not_leave_the_message(fault: Fault, ask: Ask, slack: SlackStandIn) -> None:
    slack.order("chat.postMessage", fault)
    with pytest.raises(aiohttp.ClientError):
        await ask("chat.postMessage", channel="C1", text="x")
    assert len(slack.messages("C1")) == fault.applied


async def test_that_a_hang_lasts_until_the_client_gives_up(ask: Ask, slack: SlackStandIn) -> None:
    slack.order("chat.postMessage", hanging(applied=True))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await ask("chat.postMessage", channel="C1", text="x")
    assert len(slack.messages("C1")) == 1


async def test_that_a_listener_is_told_of_changes(ask: Ask, slack: SlackStandIn) -> None:
    waiting = asyncio.create_task(slack.changed(after=slack.version))
    await asyncio.sleep(0)
    assert not waiting.done()
    posted = await ask("chat.postMessage", channel="C1", text="x")
    seen = await waiting
    again = asyncio.create_task(slack.changed(after=seen))
    await ask("chat.update", channel="C1", ts=posted["ts"], text="y")
    seen = await again
    third = asyncio.create_task(slack.changed(after=seen))
    await asyncio.sleep(0)
    slack.delete("C1", posted["ts"])
    assert await third > seen
