"""What the demo page shows, kept current and streamed to any number of pages as server-sent events."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from core.ids import ConversationId
from core.phrases import Phrases
from core.session import ConversationState
from core.turn import TurnOutcome
from frontdesk.demo.view import Json, PersonaOf, earlier_entries, timeline_entry, visitor_view

_log = logging.getLogger(__name__)

KEPT_VISITORS, KEPT_MESSAGES, KEPT_ENTRIES = 12, 60, 40
"""How much of the past a new page is shown."""
MOST_WAITING = 64
"""Events kept for a page that reads slowly; beyond that it is cut off, reconnects and gets the snapshot."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent, so that proxies keep the stream open."""

_RECONNECT = b"retry: 1000\n\n"
_STILL_THERE = b": still there\n\n"
_SHOWN = ("ts", "thread_ts", "text", "blocks", "user", "bot_id", "username", "whispered")


class Workspace(Protocol):
    """Where the sales channel's messages are."""

    def messages(self, channel: str) -> Sequence[Mapping[str, Any]]:
        """The channel's messages, oldest first, as Slack's `conversations.history` shows one."""
        ...

    async def changed(self, *, after: int) -> int:
        """Wait until the version is above `after` and return it."""
        ...


class Subscription:
    """One page's share of the feed."""

    def __init__(self, snapshot: bytes, *, heartbeat: float, dropped: Callable[[], object]) -> None:
        self._waiting = deque([_RECONNECT, snapshot])
        self._heartbeat = heartbeat
        self._dropped = dropped
        self._wake = asyncio.Event()
        self._over = False

    def offer(self, chunk: bytes) -> None:
        """Queue one event, or cut the page off when too many wait."""
        if self._over:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self.end()
            self._dropped()
            return
        self._waiting.append(chunk)
        self._wake.set()

    def end(self) -> None:
        """Nothing more is taken; what waits is still given out."""
        self._over = True
        self._wake.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The snapshot, then each event as it comes, until the feed or the page's patience ends."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            if self._over:
                return
            self._wake.clear()
            try:
                async with asyncio.timeout(self._heartbeat):
                    await self._wake.wait()
            except TimeoutError:
                yield _STILL_THERE


class DemoFeed:
    """Collects turns and channel messages. Bounded, whatever comes; used from one event loop."""

    def __init__(
        self, *, sales_channel: str, phrases: Phrases, persona: PersonaOf, heartbeat: float = HEARTBEAT
    ) -> None:
        """`sales_channel` is the name to show; `phrases` put facts into the sales team's language."""
        self._sales_channel = sales_channel
        self._phrases = phrases
        self._persona = persona
        self._heartbeat = heartbeat
        self._visitors: OrderedDict[ConversationId, Json] = OrderedDict()
        self._messages: dict[str, Json] = {}
        self._pages: set[Subscription] = set()
        self._closed = False

    def observe(self, before: ConversationState, outcome: TurnOutcome) -> None:
        """Take in a committed turn. Never raises: a page that shows less must not cost a visitor anything."""
        try:
            view = self._view(before, outcome)
            self._publish("visitor", view)
        except Exception:
            _log.exception("the demo page was not told of a turn")
            return
        conversation = outcome.state.session.conversation
        self._visitors[conversation] = view
        self._visitors.move_to_end(conversation)
        if len(self._visitors) > KEPT_VISITORS:
            self._visitors.popitem(last=False)

    def show_channel(self, messages: Sequence[Mapping[str, Any]]) -> None:
        """Take in the channel as it stands now, oldest first; what is new, changed or gone is published."""
        current = {str(message["ts"]): message for message in messages[-KEPT_MESSAGES:]}
        for ts in [held for held in self._messages if held not in current]:
            del self._messages[ts]
            self._publish("channel", {"ts": ts, "message": None})
        for ts, message in current.items():
            held = self._messages.get(ts)
            payload = {key: message[key] for key in _SHOWN if key in message}
            if held is None or held["payload"] != json.dumps(payload):
                self._show(ts, payload, updates=held["updates"] + 1 if held else int("edited" in message))

    async def follow(self, workspace: Workspace, channel: str) -> None:
        """Show a workspace's channel, by its id, and every change of it until cancelled."""
        version = 0
        while True:
            version = await workspace.changed(after=version)
            self.show_channel(workspace.messages(channel))

    @contextmanager
    def subscribe(self, *, dropped: Callable[[], object]) -> Iterator[Subscription]:
        """Join as a page; `dropped` is called once if it reads too slowly and is cut off."""
        page = Subscription(self._snapshot(), heartbeat=self._heartbeat, dropped=dropped)
        if self._closed:
            page.end()
        self._pages.add(page)
        try:
            yield page
        finally:
            self._pages.discard(page)

    def close(self) -> None:
        """End every page's stream, now and from now on, so that the server can stop."""
        self._closed = True
        for page in self._pages:
            page.end()

    def _view(self, before: ConversationState, outcome: TurnOutcome) -> Json:
        held = self._visitors.get(outcome.state.session.conversation)
        timeline = held["timeline"] if held else earlier_entries(before, self._phrases)
        entry = timeline_entry(before, outcome, self._phrases)
        return visitor_view(outcome, [*timeline, entry][-KEPT_ENTRIES:], phrases=self._phrases, persona=self._persona)

    def _show(self, ts: str, payload: Json, *, updates: int) -> None:
        # The payload is kept as text: the workspace may go on changing its own copy in place.
        self._messages[ts] = {"payload": json.dumps(payload), "updates": updates}
        self._publish("channel", _channel_event(ts, self._messages[ts]))

    def _snapshot(self) -> bytes:
        ordered = sorted(self._messages.items(), key=lambda item: float(item[0]))
        return _event(
            "snapshot",
            {
                "channel": self._sales_channel,
                "visitors": list(self._visitors.values()),
                "messages": [_channel_event(ts, held) for ts, held in ordered],
            },
        )

    def _publish(self, name: str, data: Json) -> None:
        chunk = _event(name, data)
        for page in tuple(self._pages):
            page.offer(chunk)


def _channel_event(ts: str, held: Json) -> Json:
    return {"ts": ts, "updates": held["updates"], "message": json.loads(held["payload"])}


def _event(name: str, data: Json) -> bytes:
    """JSON holds no line break of its own, so one `data` line is enough; NaN would not be JSON."""
    return f"event: {name}\ndata: {json.dumps(data, allow_nan=False)}\n\n".encode()
