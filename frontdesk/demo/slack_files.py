"""The files of the Slack stand-in: brought in three calls, shared by the last, given to whoever has the token."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from frontdesk.demo.slack_faults import Refusal

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class UploadedFile:
    name: str
    length: int
    content: bytes | None = None  # None: nothing was brought yet
    shared: bool = False
    elsewhere: str = ""  # an address it is said to lie at, in the place of ours


class SlackFiles:
    """`allowed`: whether an `Authorization` header is good for reading."""

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self.held: dict[str, UploadedFile] = {}
        self.at = ""
        """Where the API was last called, with a slash at the end: files lie beside its methods."""
        self._allowed = allowed
        self._numbers = itertools.count(1)

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post("/upload/v1/{file}", self._take)
        app.router.add_get("/files-pri/{file}", self._give)

    def place(self, arguments: Json) -> Json:
        """`files.getUploadURLExternal`."""
        length, name = int(arguments.get("length") or 0), str(arguments.get("filename") or "")
        if length <= 0 or not name:
            raise Refusal("invalid_arguments")
        file = f"F{next(self._numbers):08d}"
        self.held[file] = UploadedFile(name=name, length=length)
        return {"upload_url": f"{self.at}upload/v1/{file}", "file_id": file}

    def share(self, arguments: Json) -> list[Json]:
        """What `files.completeUploadExternal` shows in the message it makes."""
        wanted = arguments.get("files")
        files = json.loads(wanted) if isinstance(wanted, str) else wanted or []
        held = [self.held.get(one["id"]) for one in files]
        if not held or any(one is None or one.content is None for one in held):
            raise Refusal("file_not_found")
        if any(one.shared for one in held if one):
            raise Refusal("file_already_shared")
        for one in held:
            if one:
                one.shared = True
        return [{"id": one["id"], "name": one.get("title", ""), "title": one.get("title", "")} for one in files]

    def info(self, arguments: Json) -> Json:
        """`files.info`."""
        file = str(arguments.get("file", ""))
        if file not in self.held:
            raise Refusal("file_not_found")
        held = self.held[file]
        url = held.elsewhere or f"{self.at}files-pri/{file}"
        return {"file": {"id": file, "name": held.name, "size": held.length, "url_private_download": url}}

    def delete(self, arguments: Json) -> Json:
        """`files.delete`."""
        if self.held.pop(str(arguments.get("file", "")), None) is None:
            raise Refusal("file_not_found")
        return {}

    async def _take(self, request: web.Request) -> web.Response:
        file = self.held.get(request.match_info["file"])
        content = await request.read()
        if file is None or len(content) != file.length or "Authorization" in request.headers:
            return web.Response(status=400)
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _give(self, request: web.Request) -> web.Response:
        """To whoever has the token; everybody else is shown a page to log in."""
        file = self.held.get(request.match_info["file"])
        if file is None or not self._allowed(request.headers.get("Authorization", "")):
            return web.Response(status=302, headers={"Location": "https://slack.com/login"})
        return web.Response(body=file.content or b"")
