"""The SDK's client, which posts whatever it asks."""

from __future__ import annotations

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse


class PostingClient(AsyncWebClient):
    """Calls that the SDK makes with GET are posted as forms; docs.slack.dev/apis/web-api: it takes both.

    Posted, arguments do not stand in addresses, which proxies log, and workspaces that only take POST answer, too.
    """

    async def api_call(
        self, api_method: str, *, http_verb: str = "POST", params: dict[str, Any] | None = None, **more: Any
    ) -> AsyncSlackResponse:
        if http_verb == "GET":
            return await super().api_call(api_method, data=params, **more)
        return await super().api_call(api_method, http_verb=http_verb, params=params, **more)
