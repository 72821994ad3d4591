"""Telegram's Bot API on loopback, as far as a bot that talks needs it: with its limits, its errors and its faults.

Written from core.telegram.org/bots/api, without Telegram's or anybody's SDK.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]
_WORDS = ("file_id", "text", "callback_query_id", "secret_token", "url")
"""Arguments that are texts; all others may come as JSON or as JSON within a text."""
TEXT_UNITS, DATA_BYTES, FILE_BYTES = 4_096, 64, 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one call. `applied`: it takes effect first, only its answer is lost."""

    status: int = 0  # 0: the connection is cut instead of answered
    description: str = "Internal Server Error"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    applied: bool = False


class TelegramApi:
    """One bot. Tests write as people do with `text` and `press`, and read `messages`."""

    def __init__(self, *, token: str, username: str = "fern_bot", bot: int = 7_000_000_001) -> None:
        self.token = token
        self.username = username
        self.bot = bot
        self.messages: dict[int, list[Json]] = defaultdict(list)  # by chat: what the bot sent
        self.documents: dict[int, list[tuple[str, bytes]]] = defaultdict(list)  # by chat: what the bot sent
        self.calls: list[tuple[str, Json]] = []
        self.webhook: Json = {}
        self.webhook_trouble: Json = {}  # what getWebhookInfo says of failed deliveries
        self.limits: Callable[[Json], float] = lambda _: 0.0  # seconds to wait before a message, 0 to take it
        self.files: dict[str, bytes] = {}  # by id: what people have sent
        self.paths: dict[str, str] = {}  # by id: where getFile says it lies, where that is not the usual place
        self._updates: list[Json] = []
        self._numbers = itertools.count(1)
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._news = asyncio.Event()
        me = {"id": bot, "is_bot": True, "first_name": "Fern", "username": username}
        self._methods: dict[str, Callable[[Json], web.Response]] = {
            "getMe": lambda _: _ok(me),
            "sendMessage": self._send,
            "sendDocument": self._send_document,
            "editMessageReplyMarkup": self._edit,
            "getFile": self._get_file,
            "setWebhook": self._set_webhook,
            "getWebhookInfo": self._webhook_info,
            **dict.fromkeys(("deleteWebhook", "sendChatAction", "answerCallbackQuery", "setMyCommands"), _done),
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._serve),
            web.get("/file/bot{token}/documents/{file}", self._download),
        ]

    def order(self, method: str, *faults: Fault) -> None:
        """Spoil the next calls of a method."""
        self._faults[method].extend(faults)

    def text(self, words: str, *, chat: int = 501, user: int = 0, kind: str = "private", **more: Any) -> Json:
        """Somebody writes; the update is queued and returned."""
        message = {
            "message_id": next(self._numbers),
            "date": 1_700_000_000,
            "chat": {"id": chat, "type": kind},
            "from": {"id": user or abs(chat), "is_bot": False, "first_name": "Jo", "language_code": "en"},
            **({"text": words} if words else {}),
            **more,
        }
        return self.queue({"message": message})

    def document(self, content: bytes, *, name: str = "plan.pdf", kind: str = "application/pdf", **more: Any) -> Json:
        """Somebody sends a file."""
        file = f"BQACAgIAAxkB-{next(self._numbers)}"
        self.files[file] = content
        held = {
            "file_id": file,
            "file_unique_id": file,
            "file_name": name,
            "mime_type": kind,
            "file_size": len(content),
        }
        return self.text("", document={**held, **more.pop("document", {})}, **more)

    def press(self, message: Json, place: int, *, user: int = 0) -> Json:
        """Somebody presses a button of a message of the bot's."""
        data = message["reply_markup"]["inline_keyboard"][place][0]["callback_data"]
        chat = message["chat"]["id"]
        return self.queue(
            {
                "callback_query": {
                    "id": f"query-{next(self._numbers)}",
                    "from": {"id": user or abs(chat), "is_bot": False, "first_name": "Jo"},
                    "message": message,
                    "chat_instance": "1",
                    "data": data,
                }
            }
        )

    def queue(self, content: Json) -> Json:
        update = {"update_id": 100 + next(self._numbers), **content}
        self._updates.append(update)
        self._tell()
        return update

    def waiting(self) -> int:
        """Updates that nobody has confirmed."""
        return len(self._updates)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something holds; looked at after each call."""
        while not true():
            self._news.clear()
            await self._news.wait()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments: Json = {name: _decoded(value) for name, value in request.query.items()}
        if request.content_type == "multipart/form-data":
            arguments |= {
                name: (value.filename, value.file.read()) if isinstance(value, web.FileField) else _decoded(value)
                for name, value in (await request.post()).items()
            }
        elif request.can_read_body:
            sent = json.loads(await request.read() or b"{}")
            arguments |= {name: value if name in _WORDS else _decoded(value) for name, value in sent.items()}
        if request.match_info["token"] != self.token:
            return _failure(401, "Unauthorized")
        self.calls.append((method, arguments))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is not None and not fault.applied:
            return await self._spoiled(request, fault)
        answer = await self._perform(method, arguments)
        self._tell()
        return await self._spoiled(request, fault) if fault else answer

    async def _perform(self, method: str, arguments: Json) -> web.Response:
        if method == "getUpdates":
            return await self._get_updates(arguments)
        perform = self._methods.get(method)
        return perform(arguments) if perform else _failure(404, "Not Found: method not found")

    def _get_file(self, arguments: Json) -> web.Response:
        """Files of over 20 MB are not given to bots."""
        file = str(arguments.get("file_id"))
        if file not in self.files:
            return _failure(400, "Bad Request: invalid file_id")
        if len(self.files[file]) > FILE_BYTES:
            return _failure(400, "Bad Request: file is too big")
        return _ok({"file_id": file, "file_path": self.paths.get(file, f"documents/{file}")})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        content = self.files.get(request.match_info["file"])
        if request.match_info["token"] != self.token or content is None:
            return web.Response(status=404)
        self.calls.append(("download", {"file": request.match_info["file"]}))
        fault = self._faults["download"].popleft() if self._faults["download"] else None
        return await self._spoiled(request, fault) if fault else web.Response(body=content)

    def _set_webhook(self, arguments: Json) -> web.Response:
        self.webhook = arguments
        return _ok(result=True)

    def _webhook_info(self, _: Json) -> web.Response:
        told = {"url": self.webhook.get("url", ""), "has_custom_certificate": False}
        return _ok({**told, "pending_update_count": len(self._updates), **self.webhook_trouble})

    async def _get_updates(self, arguments: Json) -> web.Response:
        offset = int(arguments.get("offset", 0))
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        self._tell()
        if not self._updates:
            try:
                await asyncio.wait_for(self.until(lambda: bool(self._updates)), min(5, int(arguments["timeout"])))
            except TimeoutError:
                return _ok([])
        return _ok(self._updates[:100])

    def _send_document(self, arguments: Json) -> web.Response:
        if wait := self.limits(arguments):
            return _failure(429, "Too Many Requests", retry_after=wait)
        document = arguments.get("document")
        if not isinstance(document, tuple) or not document[1]:
            return _failure(400, "Bad Request: file must be non-empty")
        self.documents[int(arguments["chat_id"])].append(document)
        return _ok({"message_id": next(self._numbers), "chat": {"id": int(arguments["chat_id"])}})

    def _send(self, arguments: Json) -> web.Response:
        text = arguments.get("text", "")
        if wait := self.limits(arguments):
            return _failure(429, "Too Many Requests", retry_after=wait)
        if not text.strip():
            return _failure(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > TEXT_UNITS:
            return _failure(400, "Bad Request: message is too long")
        for row in arguments.get("reply_markup", {}).get("inline_keyboard", []):
            if any(len(button["callback_data"].encode()) > DATA_BYTES for button in row):
                return _failure(400, "Bad Request: BUTTON_DATA_INVALID")
        chat = int(arguments["chat_id"])
        message: Json = {
            "message_id": next(self._numbers),
            "date": 1_700_000_000,
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "from": {"id": self.bot, "is_bot": True, "first_name": "Fern"},
            "text": text,
            **{name: arguments[name] for name in ("reply_markup", "message_thread_id") if name in arguments},
        }
        self.messages[chat].append(message)
        return _ok(message)

    def _edit(self, arguments: Json) -> web.Response:
        for message in self.messages[int(arguments["chat_id"])]:
            if message["message_id"] == arguments["message_id"]:
                message["reply_markup"] = arguments.get("reply_markup")
                return _ok(message)
        return _failure(400, "Bad Request: message to edit not found")

    async def _spoiled(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.status:
            return _failure(fault.status, fault.description, **fault.parameters)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _tell(self) -> None:
        self._news.set()


def _done(_: Json) -> web.Response:
    return _ok(result=True)


def _ok(result: object) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _failure(code: int, description: str, **parameters: Any) -> web.Response:
    body: Json = {"ok": False, "error_code": code, "description": description}
    return web.json_response({**body, "parameters": parameters} if parameters else body, status=code)


def _decoded(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value
