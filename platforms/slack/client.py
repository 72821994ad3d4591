"""Calls to Slack's Web API, with every way they fail translated."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from core.errors import ConfigError, DeliveryDelayed
from platforms.slack.failure import failure, read_failure, unclear

SLACK_API = "https://slack.com/api/"
CALL_TIMEOUT = 10.0
"""Seconds one call may take in all; the connection's own timeouts are the session's."""

UPLOAD_TIMEOUT = 60.0
FILE_HOSTS = (".slack.com", ".slack-files.com")
"""Where files lie and go; `files.slack.com` in what Slack documents."""

Send = Callable[[Any], Awaitable[Any]]
"""Takes the SDK's client and makes one call with it."""


class SlackClient:
    """One token's view of Slack. Raises only the `DeliveryError`s; none holds the token or anybody's words."""

    def __init__(
        self,
        *,
        token: str,
        session: aiohttp.ClientSession,
        base_url: str = SLACK_API,
        timeout: float = CALL_TIMEOUT,
        setting: str = "api_base_url",
    ) -> None:
        """Raises `ConfigError` when `base_url`, which the files call `setting`, is no web address."""
        _check_address(base_url, setting)
        from slack_sdk.errors import SlackApiError

        from platforms.slack.posting import PostingClient

        # The SDK writes whole messages to its logger at DEBUG, and counts a logger without a level of its own as DEBUG.
        quiet = logging.getLogger("platforms.slack_sdk")
        quiet.setLevel(logging.WARNING)
        # No retry handlers: the default one posts twice when the connection dies after Slack has accepted a message.
        self.sdk = PostingClient(token=token, base_url=base_url, session=session, logger=quiet, retry_handlers=[])
        self.sdk.proxy = None  # the session decides about proxies; the SDK would read the environment by itself
        self._api_error = SlackApiError
        self._timeout = timeout
        self._session = session

    async def call(self, method: str, send: Send, *, writes: bool = True) -> dict[str, Any]:
        """The decoded answer of a successful call. `from None`: the causes' texts may hold what was sent."""
        try:
            async with asyncio.timeout(self._timeout):
                data = (await send(self.sdk)).data
        except self._api_error as error:
            raise failure(read_failure(method, error.response), writes=writes) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise DeliveryDelayed(
                f"Slack could not be reached for {method} ({type(error).__name__})", retry_after=5.0
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise unclear(method, type(error).__name__, writes=writes) from None
        except (ValueError, AttributeError, RecursionError):
            # what the SDK trips over when a body is no JSON object: text, a list, bytes in another charset
            raise unclear(method, "unreadable answer", writes=writes) from None
        if not isinstance(data, dict):
            raise unclear(method, "unreadable answer", writes=writes)
        return data

    def is_slacks(self, address: str) -> bool:
        """Whether an address is one of Slack's own file hosts, or of the stand-in the files name."""
        return _is_slacks(address, self.sdk.base_url)

    async def upload(self, address: str, content: bytes) -> None:
        """Bring bytes to where Slack has said they go. Without effect for anybody; raises `DeliveryDelayed`."""
        if not self.is_slacks(address):
            raise DeliveryDelayed("Slack named a foreign host for a file", retry_after=300.0)
        try:
            async with (
                asyncio.timeout(UPLOAD_TIMEOUT),
                self._session.post(address, data=content, allow_redirects=False) as response,
            ):
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise DeliveryDelayed(f"a file did not reach Slack ({type(error).__name__})", retry_after=30.0) from None
        if status != HTTPStatus.OK:
            raise DeliveryDelayed(f"Slack did not take a file (status {status})", retry_after=30.0)


def _is_slacks(address: str, base_url: str) -> bool:
    """Whether an address is one of Slack's file hosts, or of the stand-in that `base_url` names."""
    try:
        parts, base = urlsplit(address), urlsplit(base_url)
        if (parts.scheme, parts.hostname, parts.port) == (base.scheme, base.hostname, base.port):
            return True
        host = parts.hostname or ""
        return parts.scheme == "https" and parts.port in {None, 443} and host.endswith(FILE_HOSTS)
    except ValueError:
        return False


def _check_address(base_url: str, setting: str) -> None:
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(f"{setting} is no web address; Slack's own is {SLACK_API}")
