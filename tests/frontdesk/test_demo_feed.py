"""The demo's feed: snapshot first, then everything in order; a slow page costs nobody anything."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from frontdesk.demo.feed import KEPT_ENTRIES, KEPT_MESSAGES, KEPT_VISITORS, MOST_WAITING, DemoFeed, Subscription
from frontdesk.demo.slack import SlackStandIn
from tests.frontdesk.demo_turns import READY, demo_feed, first_turn, outcome, sales_turn, serving, state

SEEDLINGS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Seedlings* wanted"}}]


class Clock:
    def now(self) -> float:
        return 1_793_000_000.0


def message(ts: str, text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "message", "ts": ts, "text": text, "bot_id": "B1", "blocks": SEEDLINGS, **more}


class Reader:
    """Reads one page's events; comments and reconnection hints are passed over."""

    def __init__(self, page: Subscription) -> None:
        self._chunks = page.chunks()

    async def next(self) -> tuple[str, dict[str, Any]]:
        async with asyncio.timeout(5):
            async for chunk in self._chunks:
                name, _, data = chunk.decode().partition("\n")
                if name.startswith("event: "):
                    assert data.count("\n") == 2
                    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))
        pytest.fail("the stream ended")

    async def ended(self) -> bool:
        async with asyncio.timeout(5):
            return await anext(self._chunks, None) is None


async def call(http: aiohttp.ClientSession, method: str, **arguments: Any) -> dict[str, Any]:
    headers = {"Authorization": "Bearer xoxb-hothouse"}
    async with http.post(method, json={"channel": "C7", **arguments}, headers=headers) as response:
        answer: dict[str, Any] = await response.json()
    assert answer["ok"], answer
    return answer


@pytest.fixture
def feed() -> DemoFeed:
    return demo_feed()


@pytest.fixture
async def reader(feed: DemoFeed) -> AsyncIterator[Reader]:
    with feed.subscribe(dropped=lambda: None) as page:
        yield Reader(page)


async def test_a_page_begins_with_everything_known(feed: DemoFeed) -> None:
    feed.observe(*first_turn("c1"))
    feed.observe(*first_turn("c2"))
    feed.observe(*sales_turn())
    feed.show_channel([message("5.000001"), message("20.000001")])
    with feed.subscribe(dropped=lambda: None) as page:
        name, data = await Reader(page).next()
    assert name == "snapshot"
    assert data["channel"] == "hothouse-leads"
    assert [view["conversation"] for view in data["visitors"]] == ["c2", "c1"]  # the latest heard of comes last
    assert [view["mode"] for view in data["visitors"]] == ["lead_generation", "sales"]
    assert [one["ts"] for one in data["messages"]] == ["5.000001", "20.000001"]
    assert data["messages"][0]["message"]["blocks"] == SEEDLINGS


async def test_events_arrive_in_the_order_they_happened(feed: DemoFeed, reader: Reader) -> None:
    assert (await reader.next())[0] == "snapshot"
    feed.observe(*first_turn())
    feed.show_channel([message("5.000001")])
    feed.observe(*sales_turn())
    events = [await reader.next() for _ in range(3)]
    assert [name for name, _ in events] == ["visitor", "channel", "visitor"]
    assert events[0][1]["mode"] == "lead_generation"
    assert events[2][1]["mode"] == "sales"


async def test_the_timeline_grows_turn_by_turn_and_stays_bounded(feed: DemoFeed, reader: Reader) -> None:
    await reader.next()
    feed.observe(*sales_turn())
    _, view = await reader.next()
    assert [entry["triggers"] for entry in view["timeline"]] == [["return visitor"], ["email captured", "volume"]]
    for score in range(KEPT_ENTRIES + 5):
        feed.observe(state(), outcome(state(), readiness=replace(READY, score=float(score))))
        _, view = await reader.next()
    assert len(view["timeline"]) == KEPT_ENTRIES
    assert view["timeline"][-1]["readiness"] == KEPT_ENTRIES + 4


async def test_only_the_latest_visitors_and_messages_are_kept(feed: DemoFeed) -> None:
    for number in range(KEPT_VISITORS + 3):
        feed.observe(*first_turn(f"c{number}"))
    feed.show_channel([message(f"{number}.000001") for number in range(KEPT_MESSAGES + 3)])
    with feed.subscribe(dropped=lambda: None) as page:
        _, data = await Reader(page).next()
    assert [view["conversation"] for view in data["visitors"]] == [f"c{3 + number}" for number in range(KEPT_VISITORS)]
    assert len(data["messages"]) == KEPT_MESSAGES
    assert data["messages"][0]["ts"] == "3.000001"


async def test_a_changed_message_counts_its_updates_and_an_unchanged_one_is_not_told(
    feed: DemoFeed, reader: Reader
) -> None:
    await reader.next()
    held = message("5.000001", "first")
    feed.show_channel([held])
    feed.show_channel([held])
    held.update(text="second", edited={"ts": "6.0"})  # in place, as the workspace does it
    feed.show_channel([held])
    held.update(text="third")
    feed.show_channel([held])
    events = [(await reader.next())[1] for _ in range(3)]
    assert [(one["updates"], one["message"]["text"]) for one in events] == [(0, "first"), (1, "second"), (2, "third")]


async def test_a_deleted_message_is_told(feed: DemoFeed, reader: Reader) -> None:
    await reader.next()
    feed.show_channel([message("5.000001"), message("6.000001")])
    feed.show_channel([message("6.000001")])
    events = [(await reader.next())[1] for _ in range(3)]
    assert events[2] == {"ts": "5.000001", "message": None}


async def test_a_page_that_reads_slowly_is_cut_off_and_the_others_are_not(feed: DemoFeed, reader: Reader) -> None:
    drops: list[str] = []
    with feed.subscribe(dropped=lambda: drops.append("slow")) as slow:
        await reader.next()
        for _ in range(MOST_WAITING + 10):
            feed.observe(*first_turn())
            assert (await reader.next())[0] == "visitor"
        assert await Reader(slow).ended()
    assert drops == ["slow"]


async def test_silence_is_broken_by_comments() -> None:
    with demo_feed(heartbeat=0.01).subscribe(dropped=lambda: None) as page:
        chunks = page.chunks()
        async with asyncio.timeout(5):
            first = [await anext(chunks) for _ in range(3)]
    assert first[0] == b"retry: 1000\n\n"
    assert first[1].startswith(b"event: snapshot\n")
    assert first[2].startswith(b":")


async def test_closing_ends_every_stream_now_and_later(feed: DemoFeed, reader: Reader) -> None:
    await reader.next()
    feed.close()
    assert await reader.ended()
    with feed.subscribe(dropped=lambda: None) as late:
        reading = Reader(late)
        assert (await reading.next())[0] == "snapshot"
        assert await reading.ended()


async def test_a_turn_that_cannot_be_shown_raises_nothing(feed: DemoFeed, caplog: pytest.LogCaptureFixture) -> None:
    broken = outcome(state(), readiness=replace(READY, score=float("nan")))
    with caplog.at_level(logging.ERROR):
        feed.observe(state(), broken)
    assert "was not told" in caplog.text
    with feed.subscribe(dropped=lambda: None) as page:
        assert (await Reader(page).next())[1]["visitors"] == []


async def test_line_breaks_and_lone_surrogates_of_a_visitor_cannot_break_the_stream(
    feed: DemoFeed, reader: Reader
) -> None:
    await reader.next()
    feed.show_channel([message("5.000001", "one\n\nevent: forged\ndata: {}\n\r\u2028 \ud800")])
    assert (await reader.next())[1]["message"]["text"].startswith("one\n\nevent: forged")
    feed.observe(*first_turn())
    assert (await reader.next())[0] == "visitor"


async def test_it_follows_a_real_workspace(feed: DemoFeed, reader: Reader) -> None:
    slack = SlackStandIn(token="xoxb-hothouse", channels={"C7": "hothouse-leads"}, clock=Clock())
    following = asyncio.create_task(feed.follow(slack, "C7"))
    await reader.next()
    async with serving(slack.application()) as address, aiohttp.ClientSession(f"{address}/") as http:
        posted = await call(http, "chat.postMessage", text="A lead", blocks=SEEDLINGS)
        name, arrived = await reader.next()
        await call(http, "chat.update", ts=posted["ts"], text="The lead", blocks=SEEDLINGS)
        _, changed = await reader.next()
    following.cancel()
    assert (name, arrived["updates"], arrived["message"]["blocks"]) == ("channel", 0, SEEDLINGS)
    assert (changed["ts"], changed["updates"], changed["message"]["text"]) == (posted["ts"], 1, "The lead")
