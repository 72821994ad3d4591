"""The Bot API over the hub's own HTTP session.

The SDK's own transport costs two milliseconds of CPU a call and writes the bot's token into the log; its errors do not
tell a call that never left from one whose answer was lost.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

TIMEOUT = 10.0
_MOST_BYTES = 4_000_000
_LIMITED, _BROKEN = 429, 500
_LONGEST_WAIT = 3_600.0


class Unreachable(TelegramError):
    """The call surely had no effect: no connection could be made."""


class Unanswered(TelegramError):
    """The call left, and nobody knows whether it had an effect."""


class Limited(TelegramError):
    """Too much at once; try again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Telegram limits the rate")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Arguments:
    """What is sent along with a call, in place of the SDK's `RequestData`, which only the SDK may make."""

    json_payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A call that brings a file."""

    fields: Mapping[str, str]
    kind: str  # name of the argument that is the file
    name: str
    media_type: str
    content: bytes

    @property
    def body(self) -> aiohttp.FormData:
        form = aiohttp.FormData(self.fields, quote_fields=False)  # else the name arrives with %20 in it
        form.add_field(self.kind, self.content, filename=self.name, content_type=self.media_type)
        return form


class SessionRequest(BaseRequest):
    """Raises `Unreachable`, `Unanswered` and `Limited` besides what the SDK makes of an answer. Never holds the URL."""

    def __init__(self, session: aiohttp.ClientSession, *, timeout: float = TIMEOUT) -> None:
        self._session = session
        self._timeout = timeout

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        """Nothing: the session is open."""

    async def shutdown(self) -> None:
        """Nothing: whoever opened the session closes it."""

    async def call(self, url: str, arguments: Mapping[str, Any], *, seconds: float | None = None) -> Any:
        """The result of a method, as Telegram writes it.

        The SDK's own methods make objects of it, which costs more than the call and fails, after the call has had its
        effect, where Telegram writes something new.
        """
        return await self._sent(url, Arguments(json.dumps(arguments).encode()), seconds)

    async def upload(self, url: str, upload: Upload, *, seconds: float) -> Any:
        """As `call`."""
        return await self._sent(url, upload, seconds)

    async def _sent(self, url: str, arguments: Arguments | Upload, seconds: float | None) -> Any:
        sent: Any = arguments
        try:
            return await self.post(url, sent, read_timeout=self._timeout if seconds is None else seconds)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Unanswered(f"Telegram's answer makes no sense ({type(error).__name__})") from None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | Arguments | Upload | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,  # noqa: ARG002  one timeout covers the whole call
        connect_timeout: Any = None,  # noqa: ARG002
        pool_timeout: Any = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        body, headers = _body_of(request_data)
        seconds = self._timeout if not isinstance(read_timeout, (int, float)) else float(read_timeout)
        try:
            async with (
                asyncio.timeout(seconds),
                self._session.request(method, url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                status, answer = response.status, await response.content.read(_MOST_BYTES)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(f"Telegram could not be reached ({type(error).__name__})") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unanswered(f"Telegram gave no clear answer ({type(error).__name__})") from None
        if status == _LIMITED:
            raise Limited(_seconds(answer))
        if status >= _BROKEN:
            raise Unanswered(f"Telegram gave no clear answer (status {status})")
        return status, answer


def _body_of(sent: RequestData | Arguments | Upload | None) -> tuple[Any, Mapping[str, str]]:
    if isinstance(sent, Upload):
        return sent.body, {}  # the form names its own boundary
    return sent.json_payload if sent else b"{}", {"Content-Type": "application/json"}


def _seconds(answer: bytes) -> float:
    try:
        wait = json.loads(answer)["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError, RecursionError):
        wait = None
    return min(max(float(wait), 1.0), _LONGEST_WAIT) if isinstance(wait, (int, float)) else 5.0
