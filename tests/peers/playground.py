"""Microsoft's agents playground: the chats of Teams, with real cards, on this machine."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession

from tests.peers.node import node_module


@dataclass
class Playground:
    url: str
    http: ClientSession
    config: dict[str, Any]

    @property
    def chat(self) -> str:
        """The personal chat's id."""
        return str(self.config["personalChat"]["id"])

    @property
    def user(self) -> dict[str, str]:
        return {"id": self.config["currentUser"]["id"]}

    async def install(self, chat: str) -> None:
        await self._post(f"_debug/conversation/{chat}/installation", {})

    async def say(self, text: str, *, chat: str = "", mentioned: str = "") -> None:
        """Write as the user; `mentioned` is how the bot is called in the text."""
        body: dict[str, Any] = {"text": text, "textFormat": "plain", "from": self.user}
        if mentioned:
            body["mentions"] = [{"mentioned": {"id": self.config["bot"]["id"]}, "text": mentioned}]
        await self._post(f"_conversation/v1/conversations/{chat or self.chat}/messages", body)

    async def press(self, shown: str, data: dict[str, Any]) -> None:
        """Press a button of a card that is shown under this id."""
        body = {"conversation": {"id": self.chat}, "from": self.user, "replyToId": shown, "value": data}
        await self._post("_conversation/v1/submit", body)

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self.http.post(f"{self.url}/{path}", json=body) as response:
            assert response.status == 200, await response.text()


@asynccontextmanager
async def running_playground(*, endpoint: str, service_url: str, port: int) -> AsyncIterator[Playground]:
    """A playground that posts to `endpoint` and says that its connector is at `service_url`."""
    program = node_module("@microsoft/m365agentsplayground") / "cli.js"
    options = ["-e", endpoint, "-c", "msteams", "-p", str(port), "--dt", "true", "--service-url", service_url]
    folder = TemporaryDirectory()  # it writes a log where it is started
    process = await asyncio.create_subprocess_exec(
        "node",
        str(program),
        "start",
        *options,
        cwd=folder.name,
        env={**os.environ, "TEAMSAPPTESTER_BROWSER": "none"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            while b"Listening" not in await process.stdout.readline():
                assert process.returncode is None
        url = f"http://127.0.0.1:{port}"
        async with ClientSession() as http, http.get(f"{url}/_internal/v1/config") as response:
            yield Playground(url, http, (await response.json())["config"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
        folder.cleanup()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
