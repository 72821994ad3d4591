"""Files that reps put into the team's workspace."""

from __future__ import annotations

import logging

import aiohttp

from core.attachment import Attachment, FetchedFile
from platforms.files import MEGABYTE, MOST_MEGABYTES
from platforms.slack.client import SlackClient
from platforms.slack.failure import SlackRefused
from platforms.slack.files import fetch

_log = logging.getLogger(__name__)


class TeamFiles:
    """`core.attachment.FileSource` over the sales team's app."""

    def __init__(self, client: SlackClient, http: aiohttp.ClientSession, token: str) -> None:
        self._client = client
        self._http = http
        self._token = token

    async def fetch(self, file: Attachment) -> FetchedFile:
        try:
            return await fetch(self._client, self._http, self._token, file, most=MOST_MEGABYTES * MEGABYTE)
        except SlackRefused as refused:
            _log.warning("a rep's file cannot be had: %s", refused)
            return FetchedFile(trouble="gone")
