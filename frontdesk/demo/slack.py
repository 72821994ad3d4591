"""A Slack workspace on loopback: the Web API methods Frontdesk calls, with Slack's answers, limits and error shapes.

The demo shows its channels as the sales team's pane; the tests read its call log as the oracle and order its faults.
Written from the method references at docs.slack.dev, without Slack's SDK and without Frontdesk's own limits, so that
a mistake there is not repeated here.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from aiohttp import web

from core.ports import Clock
from frontdesk.demo.block_kit import block_problems, texts_of, view_problems
from frontdesk.demo.slack_faults import Fault, Refusal, spoiled
from frontdesk.demo.slack_files import SlackFiles, UploadedFile

MAX_UPLOAD = 25_000_000
MAX_MESSAGE, MAX_HISTORY, MAX_ALL = 40_000, 999, 13_200
TEAM, BOT_USER, BOT, APP = "T0FRONTDESK", "U0FRONTDESK", "B0FRONTDESK", "A0FRONTDESK"
_OURS = {"type": "message", "user": BOT_USER, "bot_id": BOT, "app_id": APP, "team": TEAM}

Json = dict[str, Any]


class Call(NamedTuple):
    """One line of the call log."""

    method: str
    arguments: Mapping[str, Any]
    at: float
    error: str  # Slack's error word, "" when the call took effect
    answered: bool  # whether the client was given the true answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of the workspace, or a guest in it."""

    id: str
    name: str
    zone: str = "Europe/Amsterdam"
    guest: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """A message one person saw; Slack keeps none of them."""

    channel: str
    user: str
    thread: str
    ts: str
    text: str
    blocks: tuple[Json, ...]


@dataclass(slots=True)
class Channel:
    id: str
    name: str
    broken: str = ""  # while set, every call on the channel is refused with this error word
    messages: list[Json] = field(default_factory=list)  # oldest first


class SlackStandIn:
    """A workspace with one bot. Changed by calls, or by hand: `token`, `channels[...].broken`, `foreign_message`."""

    def __init__(self, *, token: str, channels: Mapping[str, str], clock: Clock) -> None:
        """`channels` maps ids to names."""
        self.token = token
        self.channels = {id_: Channel(id=id_, name=name) for id_, name in channels.items()}
        self.scopes: tuple[str, ...] = ()
        """What the token may do, as told with each answer; nothing is told while it is empty."""
        self.members: dict[str, Member] = {}
        self.direct: dict[str, Channel] = {}
        """Direct messages by the member they are for."""
        self.whispers: list[Whisper] = []
        self.views: dict[str, Json] = {}
        """Open forms by their ids, as `views.open` answers them, with the `trigger_id` they were opened by."""
        self.homes: dict[str, Json] = {}
        """What each user sees on the App Home."""
        self.calls: list[Call] = []
        self.version = 0
        """Grows with every change of a channel."""
        self._uploads = SlackFiles(lambda given: given == f"Bearer {self.token}")
        self._clock = clock
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._last_ts = 0
        self._view_numbers = itertools.count(1)
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._info,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.delete": self._delete,
            "files.getUploadURLExternal": self._uploads.place,
            "files.completeUploadExternal": self._complete_upload,
            "files.delete": self._uploads.delete,
            "files.info": self._uploads.info,
            "users.info": self._user_info,
            "views.open": self._open_view,
            "views.publish": self._publish_view,
        }

    def application(self) -> web.Application:
        """The API's methods at `/{method}`: run it by itself or mount it with `add_subapp("/slack/api", ...)`."""
        app = web.Application(client_max_size=MAX_UPLOAD)
        app.router.add_route("*", "/{method}", self._serve)
        self._uploads.add_routes(app)
        app.on_shutdown.append(self._close)
        return app

    @property
    def files(self) -> dict[str, UploadedFile]:
        """By id: every file that was uploaded and not deleted."""
        return self._uploads.held

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
        self._uploads.at = str(request.url.with_query(None).with_path(request.path.rpartition("/")[0] + "/"))
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
        except Refusal as refusal:
            details = {"response_metadata": {"messages": list(refusal.details)}} if refusal.details else {}
            return {"ok": False, "error": refusal.error, **details}

    async def _spoiled(self, request: web.Request, fault: Fault, answer: Json) -> web.StreamResponse:
        if fault.kind == "hang":
            await self._closing.wait()
        if fault.kind in {"hang", "reset"}:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        return spoiled(fault, answer)

    def _tell(self) -> None:
        self.version += 1
        self._news.set()
        self._news = asyncio.Event()

    async def _close(self, _: web.Application) -> None:
        self._closing.set()

    def _authorise(self, authorization: str) -> None:
        given = authorization.removeprefix("Bearer ").strip()
        if not given:
            raise Refusal("not_authed")
        if given != self.token:
            raise Refusal("invalid_auth")

    def _channel(self, arguments: Json, *, by_name: bool = False) -> Channel:
        wanted = str(arguments.get("channel", ""))
        named = (one for one in self.channels.values() if by_name and wanted in {one.name, f"#{one.name}"})
        if by_name and wanted in self.members:
            return self.direct.setdefault(wanted, Channel(id=f"D{wanted[1:]}", name=self.members[wanted].name))
        channel = self.channels.get(wanted) or next(named, None)
        if channel is None:
            raise Refusal("channel_not_found")
        if channel.broken:
            raise Refusal(channel.broken)
        return channel

    def _append(self, channel: Channel, message: Json) -> Json:
        message["ts"] = self._stamp()
        channel.messages.append(message)
        self._tell()
        return message

    def _stamp(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(self._clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

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
        message = {**_OURS, **_content(arguments)}
        if thread := arguments.get("thread_ts"):
            message["thread_ts"] = thread
        self._append(channel, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _update(self, arguments: Json) -> Json:
        channel = self._channel(arguments)
        message = next((one for one in channel.messages if one["ts"] == arguments.get("ts")), None)
        if message is None:
            raise Refusal("message_not_found")
        if message.get("bot_id") != BOT:
            raise Refusal("cant_update_message")
        edited = {"user": BOT_USER, "ts": f"{self._clock.now():.6f}"}
        message.update(_content(arguments), edited=edited)
        self._tell()
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}

    def _delete(self, arguments: Json) -> Json:
        channel = self._channel(arguments)
        message = next((one for one in channel.messages if one["ts"] == arguments.get("ts")), None)
        if message is None:
            raise Refusal("message_not_found")
        if message.get("bot_id") != BOT:
            raise Refusal("cant_delete_message")
        channel.messages.remove(message)
        self._tell()
        return {"channel": channel.id, "ts": message["ts"]}

    def _complete_upload(self, arguments: Json) -> Json:
        channel = self._channel({"channel": arguments.get("channel_id")})
        names = self._uploads.share(arguments)
        thread = {"thread_ts": arguments["thread_ts"]} if arguments.get("thread_ts") else {}
        self._append(
            channel, {**_OURS, **thread, "files": names, "text": arguments.get("initial_comment") or "", "blocks": []}
        )
        return {"files": names}

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
            raise Refusal("thread_not_found")
        hidden = set() if _is_true(arguments.get("include_all_metadata")) else {"metadata"}
        return {"messages": [{key: value for key, value in one.items() if key not in hidden} for one in found]}

    def _info(self, arguments: Json) -> Json:
        channel = self._channel(arguments)
        state = {"is_channel": True, "is_member": True, "is_archived": False}
        return {"channel": {"id": channel.id, "name": channel.name, **state}}

    def _post_ephemeral(self, arguments: Json) -> Json:
        channel, user = self._channel(arguments), str(arguments.get("user", ""))
        if user not in self.members:
            raise Refusal("user_not_in_channel")
        content, thread, ts = _content(arguments), str(arguments.get("thread_ts") or ""), self._stamp()
        whisper = Whisper(
            channel=channel.id, user=user, thread=thread, ts=ts, text=content["text"], blocks=tuple(content["blocks"])
        )
        self.whispers.append(whisper)
        self._tell()
        return {"message_ts": ts}

    def _user_info(self, arguments: Json) -> Json:
        member = self.members.get(str(arguments.get("user", "")))
        if member is None:
            raise Refusal("user_not_found")
        profile = {"real_name": member.name, "display_name": member.name, "image_72": member.picture}
        guest = {"is_restricted": member.guest, "is_ultra_restricted": False}
        return {
            "user": {"id": member.id, "team_id": TEAM, "tz": member.zone, "is_bot": False, "profile": profile, **guest}
        }

    def _open_view(self, arguments: Json) -> Json:
        trigger, view = str(arguments.get("trigger_id", "")), _view(arguments)
        if not trigger:
            raise Refusal("invalid_trigger_id")
        if any(held["trigger_id"] == trigger for held in self.views.values()):
            raise Refusal("exchanged_trigger_id")
        opened = {**view, "id": f"V{next(self._view_numbers):08d}", "trigger_id": trigger, "state": {"values": {}}}
        self.views[opened["id"]] = opened
        self._tell()
        return {"view": {name: value for name, value in opened.items() if name != "trigger_id"}}

    def _publish_view(self, arguments: Json) -> Json:
        user = str(arguments.get("user_id", ""))
        if user not in self.members:
            raise Refusal("user_not_found")
        self.homes[user] = _view(arguments)
        self._tell()
        return {"view": self.homes[user]}


def _view(arguments: Json) -> Json:
    view = arguments.get("view")
    decoded = json.loads(view) if isinstance(view, str) else view
    problems = view_problems(decoded)
    if problems or not isinstance(decoded, dict):
        raise Refusal("invalid_arguments", *problems)
    return dict(decoded)


def _unknown(_: Json) -> Json:
    raise Refusal("unknown_method")


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
        raise Refusal("no_text")
    if len(text) > MAX_MESSAGE:
        raise Refusal("msg_too_long")
    if problems := block_problems(blocks or []):
        raise Refusal("invalid_blocks", *problems)
    if sum(len(found) for found in texts_of(blocks or [])) > MAX_ALL:
        raise Refusal("msg_blocks_too_long")
    content: Json = {"text": text, "blocks": blocks or []}
    if metadata is not None:
        shaped = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
        if not shaped or not isinstance(metadata.get("event_payload"), dict):
            raise Refusal("invalid_metadata_format")
        content["metadata"] = metadata
    return content


def _is_true(value: Any) -> bool:
    return value in {True, "1", "true", "True"}
