"""A Slack workspace on loopback: the Web API methods Frontdesk calls, with Slack's answers, limits and error shapes.

The demo shows its channels as the sales team's pane; the tests read its call log as the oracle and order its faults.
Written from the method references at docs.slack.dev, without Slack's SDK and without Frontdesk's own limits, so that
a mistake there is not repeated here.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web

from core.ports import Clock

MAX_BLOCKS, MAX_HEADER, MAX_SECTION, MAX_FIELD, MAX_CONTEXT, MAX_ALL = 50, 150, 3_000, 2_000, 10, 13_200
MAX_FIELDS, MAX_MESSAGE, MAX_HISTORY = 10, 40_000, 999
MAX_ACTIONS, MAX_BUTTON, MAX_ACTION_ID, MAX_VALUE = 25, 75, 255, 2_000
TEAM, BOT_USER, BOT, APP = "T0FRONTDESK", "U0FRONTDESK", "B0FRONTDESK", "A0FRONTDESK"
HTML_PAGE = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one call. `applied`: the call takes effect first, only its answer is spoiled."""

    kind: str  # status | error | hang | reset | truncated | page | body
    status: int = 200
    error: str = ""
    retry_after: str = ""
    body: bytes = b""
    content_type: str = "application/json"
    applied: bool = False


def rate_limited(retry_after: str = "30") -> Fault:
    """429 with Slack's body; an empty `retry_after` leaves the header out."""
    return Fault(kind="error", status=429, error="ratelimited", retry_after=retry_after)


def failing(status: int, error: str = "", *, applied: bool = False) -> Fault:
    """An HTTP status, with `ok: false` and an error word or with an empty JSON object."""
    return Fault(kind="error", status=status, error=error, applied=applied)


def refusing(error: str) -> Fault:
    """`ok: false` with an error word."""
    return Fault(kind="error", error=error)


def hanging(*, applied: bool = False) -> Fault:
    """No answer for as long as the client waits."""
    return Fault(kind="hang", applied=applied)


def resetting(*, applied: bool = False) -> Fault:
    """The connection is cut instead of answered."""
    return Fault(kind="reset", applied=applied)


def truncated(*, applied: bool = False) -> Fault:
    """The first half of the answer, sent as if it were all."""
    return Fault(kind="truncated", applied=applied)


def html_page(status: int = 200, *, applied: bool = False) -> Fault:
    """What a proxy or a maintenance page answers."""
    return Fault(kind="body", status=status, body=HTML_PAGE.encode(), content_type="text/html", applied=applied)


def strange_body(body: bytes, content_type: str = "application/json", *, applied: bool = False) -> Fault:
    """Any bytes as an answer."""
    return Fault(kind="body", body=body, content_type=content_type, applied=applied)


class Call(NamedTuple):
    """One line of the call log."""

    method: str
    arguments: Mapping[str, Any]
    at: float
    error: str  # Slack's error word, "" when the call took effect
    answered: bool  # whether the client was given the true answer


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    broken: str = ""  # while set, every call on the channel is refused with this error word
    messages: list[Json] = field(default_factory=list)  # oldest first


class _Refusal(Exception):
    def __init__(self, error: str, *details: str) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


class SlackStandIn:
    """A workspace with one bot. Changed by calls, or by hand: `token`, `channels[...].broken`, `foreign_message`."""

    def __init__(self, *, token: str, channels: Mapping[str, str], clock: Clock) -> None:
        """`channels` maps ids to names."""
        self.token = token
        self.channels = {id_: Channel(id=id_, name=name) for id_, name in channels.items()}
        self.scopes: tuple[str, ...] = ()
        """What the token may do, as told with each answer; nothing is told while it is empty."""
        self.calls: list[Call] = []
        self.version = 0
        """Grows with every change of a channel."""
        self._clock = clock
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._last_ts = 0
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._info,
        }

    def application(self) -> web.Application:
        """The API's methods at `/{method}`: run it by itself or mount it with `add_subapp("/slack/api", ...)`."""
        app = web.Application(client_max_size=1_048_576)
        app.router.add_route("*", "/{method}", self._serve)
        app.on_shutdown.append(self._close)
        return app

    def messages(self, channel: str) -> tuple[Json, ...]:
        """The channel's messages, oldest first, in the shape of `conversations.history` with metadata."""
        return tuple(self.channels[channel].messages)

    async def changed(self, *, after: int) -> int:
        """Wait until `version` is above `after` and return it; 0 returns at the first message."""
        while self.version <= after:
            await self._news.wait()
        return self.version

    def order(self, method: str, *faults: Fault) -> None:
        """Spoil the next calls of a method, one fault a call."""
        self._faults[method].extend(faults)

    def foreign_message(self, channel: str, **content: Any) -> Json:
        """Somebody else writes into the channel."""
        return self._append(self.channels[channel], {"type": "message", "user": "U0SOMEBODY", "text": "", **content})

    def delete(self, channel: str, ts: str) -> None:
        """Somebody deletes a message."""
        held = self.channels[channel].messages
        held[:] = [message for message in held if message["ts"] != ts]
        self._tell()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        waiting = self._faults[method]
        fault = waiting.popleft() if waiting else None
        if fault is None or fault.applied:
            answer = self._perform(method, request.headers.get("Authorization", ""), arguments)
        else:
            answer = {"ok": False, "error": fault.error or fault.kind}
        self.calls.append(Call(method, arguments, self._clock.now(), answer.get("error", ""), fault is None))
        told = {"x-oauth-scopes": ",".join(self.scopes)} if self.scopes else {}
        return web.json_response(answer, headers=told) if fault is None else await self._spoiled(request, fault, answer)

    def _perform(self, method: str, authorization: str, arguments: Json) -> Json:
        try:
            self._authorise(authorization or f"Bearer {arguments.get('token', '')}")
            return {"ok": True, **self._methods.get(method, _unknown)(arguments)}
        except _Refusal as refusal:
            details = {"response_metadata": {"messages": list(refusal.details)}} if refusal.details else {}
            return {"ok": False, "error": refusal.error, **details}

    async def _spoiled(self, request: web.Request, fault: Fault, answer: Json) -> web.StreamResponse:
        if fault.kind == "hang":
            await self._closing.wait()
        if fault.kind in {"hang", "reset"}:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.kind == "truncated":
            whole = json.dumps(answer)
            return web.Response(text=whole[: len(whole) // 2], content_type="application/json")
        if fault.kind == "body":
            return web.Response(body=fault.body, status=fault.status, content_type=fault.content_type)
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        body = {"ok": False, "error": fault.error} if fault.error else {}
        return web.json_response(body, status=fault.status, headers=headers)

    def _tell(self) -> None:
        self.version += 1
        self._news.set()
        self._news = asyncio.Event()

    async def _close(self, _: web.Application) -> None:
        self._closing.set()

    def _authorise(self, authorization: str) -> None:
        given = authorization.removeprefix("Bearer ").strip()
        if not given:
            raise _Refusal("not_authed")
        if given != self.token:
            raise _Refusal("invalid_auth")

    def _channel(self, arguments: Json, *, by_name: bool = False) -> Channel:
        wanted = str(arguments.get("channel", ""))
        named = (one for one in self.channels.values() if by_name and wanted in {one.name, f"#{one.name}"})
        channel = self.channels.get(wanted) or next(named, None)
        if channel is None:
            raise _Refusal("channel_not_found")
        if channel.broken:
            raise _Refusal(channel.broken)
        return channel

    def _append(self, channel: Channel, message: Json) -> Json:
        self._last_ts = max(self._last_ts + 1, int(self._clock.now() * 1_000_000))
        message["ts"] = f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"
        channel.messages.append(message)
        self._tell()
        return message

    def _auth_test(self, _: Json) -> Json:
        names = {"team": "Frontdesk demo", "user": "frontdesk"}
        return {
            "url": "https://frontdesk-demo.slack.com/",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            **names,
        }

    def _post_message(self, arguments: Json) -> Json:
        channel = self._channel(arguments, by_name=True)
        message = {
            "type": "message",
            "user": BOT_USER,
            "bot_id": BOT,
            "app_id": APP,
            "team": TEAM,
            **_content(arguments),
        }
        if thread := arguments.get("thread_ts"):
            message["thread_ts"] = thread
        self._append(channel, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _update(self, arguments: Json) -> Json:
        channel = self._channel(arguments)
        message = next((one for one in channel.messages if one["ts"] == arguments.get("ts")), None)
        if message is None:
            raise _Refusal("message_not_found")
        if message.get("bot_id") != BOT:
            raise _Refusal("cant_update_message")
        edited = {"user": BOT_USER, "ts": f"{self._clock.now():.6f}"}
        message.update(_content(arguments), edited=edited)
        self._tell()
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}

    def _history(self, arguments: Json) -> Json:
        channel = self._channel(arguments)
        limit = min(int(arguments.get("limit") or 100), MAX_HISTORY)
        latest = str(arguments.get("cursor") or arguments.get("latest") or "9" * 20)
        oldest = str(arguments.get("oldest") or "0")
        within = [
            one
            for one in channel.messages
            if float(oldest) < float(one["ts"]) < float(latest) and "thread_ts" not in one
        ]
        page = within[-limit:][::-1]
        more = len(within) > len(page)
        hidden = set() if _is_true(arguments.get("include_all_metadata")) else {"metadata"}
        shown = [{key: value for key, value in one.items() if key not in hidden} for one in page]
        cursor = page[-1]["ts"] if more else ""
        return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": cursor}}

    def _replies(self, arguments: Json) -> Json:
        """A thread, oldest first: the message it hangs on and what was answered there."""
        channel, thread = self._channel(arguments), str(arguments.get("ts", ""))
        found = [one for one in channel.messages if thread in {one["ts"], one.get("thread_ts")}]
        if not found:
            raise _Refusal("thread_not_found")
        hidden = set() if _is_true(arguments.get("include_all_metadata")) else {"metadata"}
        return {"messages": [{key: value for key, value in one.items() if key not in hidden} for one in found]}

    def _info(self, arguments: Json) -> Json:
        channel = self._channel(arguments)
        return {
            "channel": {
                "id": channel.id,
                "name": channel.name,
                "is_channel": True,
                "is_member": True,
                "is_archived": False,
            }
        }


def _unknown(_: Json) -> Json:
    raise _Refusal("unknown_method")


async def _arguments(request: web.Request) -> Json:
    """Arguments from wherever Slack takes them: the query, a form, or a JSON object."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError:
            body = None
        arguments.update(body if isinstance(body, dict) else {})
    elif request.can_read_body:
        arguments.update({key: value for key, value in (await request.post()).items() if isinstance(value, str)})
    return arguments


def _content(arguments: Json) -> Json:
    """Text, blocks and metadata of a message, refused as Slack refuses them."""
    text, blocks, metadata = arguments.get("text") or "", arguments.get("blocks"), arguments.get("metadata")
    if not text and not blocks:
        raise _Refusal("no_text")
    if len(text) > MAX_MESSAGE:
        raise _Refusal("msg_too_long")
    if problems := block_problems(blocks or []):
        raise _Refusal("invalid_blocks", *problems)
    if sum(len(found) for found in _texts(blocks or [])) > MAX_ALL:
        raise _Refusal("msg_blocks_too_long")
    content: Json = {"text": text, "blocks": blocks or []}
    if metadata is not None:
        shaped = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
        if not shaped or not isinstance(metadata.get("event_payload"), dict):
            raise _Refusal("invalid_metadata_format")
        content["metadata"] = metadata
    return content


def block_problems(blocks: Any) -> tuple[str, ...]:
    """What Slack would say against these blocks; empty when it would take them. Knows the types cards use."""
    if not isinstance(blocks, list):
        return ("must be an array [json-pointer:/blocks]",)
    problems = [f"no more than {MAX_BLOCKS} items allowed [json-pointer:/blocks]"] if len(blocks) > MAX_BLOCKS else []
    for at, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, dict) else None
        check = _CHECKS.get(kind) if isinstance(kind, str) else None
        found = check(block) if check else [f"unsupported type: {kind}"]
        problems += [f"{problem} [json-pointer:/blocks/{at}]" for problem in found]
    return tuple(problems)


def _text_problems(text: Any, limit: int, kinds: set[str]) -> list[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        return [f"text must be one of {sorted(kinds)}"]
    words = text.get("text")
    if not isinstance(words, str) or not words:
        return ["must be more than 0 characters"]
    unknown = sorted(
        set(text) - ({"type", "text", "emoji"} if text["type"] == "plain_text" else {"type", "text", "verbatim"})
    )
    return [f"invalid additional property: {name}" for name in unknown] + (
        [f"must be less than {limit + 1} characters"] if len(words) > limit else []
    )


def _header(block: Json) -> list[str]:
    return _text_problems(block.get("text"), MAX_HEADER, {"plain_text"})


def _section(block: Json) -> list[str]:
    fields = block.get("fields")
    if fields is None:
        return _text_problems(block.get("text"), MAX_SECTION, {"plain_text", "mrkdwn"})
    if not isinstance(fields, list) or not 1 <= len(fields) <= MAX_FIELDS:
        return [f"fields must have 1 to {MAX_FIELDS} items"]
    return [problem for one in fields for problem in _text_problems(one, MAX_FIELD, {"plain_text", "mrkdwn"})]


def _context(block: Json) -> list[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= MAX_CONTEXT:
        return [f"elements must have 1 to {MAX_CONTEXT} items"]
    return [problem for one in elements for problem in _text_problems(one, MAX_SECTION, {"plain_text", "mrkdwn"})]


def _actions(block: Json) -> list[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= MAX_ACTIONS:
        return [f"elements must have 1 to {MAX_ACTIONS} items"]
    ids = [one.get("action_id") for one in elements if isinstance(one, dict)]
    doubled = ["action_id must be unique within the message"] if len(set(ids)) < len(elements) else []
    return doubled + [problem for one in elements for problem in _button(one)]


def _button(element: Any) -> list[str]:
    if not isinstance(element, dict) or element.get("type") != "button":
        return ["unsupported type"]
    problems = _text_problems(element.get("text"), MAX_BUTTON, {"plain_text"})
    if len(str(element.get("action_id", ""))) > MAX_ACTION_ID or len(str(element.get("value", ""))) > MAX_VALUE:
        problems.append("action_id or value is too long")
    return problems


_CHECKS: Mapping[str, Callable[[Json], list[str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "divider": lambda _: [],
}


def _texts(value: Any) -> list[str]:
    """Every text of the blocks, however deep."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for inner in value.values() for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else []


def _is_true(value: Any) -> bool:
    return value in {True, "1", "true", "True"}
