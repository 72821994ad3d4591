"""Files in Slack: fetched with the app's own token, and put into a channel or a thread."""

from __future__ import annotations

import aiohttp

from core.attachment import Attachment, FetchedFile
from core.errors import DeliveryDelayed
from platforms.fetching import download
from platforms.slack.client import SlackClient


async def fetch(
    client: SlackClient, http: aiohttp.ClientSession, token: str, file: Attachment, *, most: int
) -> FetchedFile:
    """At most `most` bytes of a file. Raises the `DeliveryError`s; our token is for Slack's own hosts alone."""
    data = await client.call("files.info", lambda sdk: sdk.files_info(file=file.reference), writes=False)
    held = data.get("file")
    url = held.get("url_private_download") if isinstance(held, dict) else None
    if not isinstance(url, str) or not client.is_slacks(url):
        return FetchedFile(trouble="gone")
    return await download(http, url, most=most, media_type=file.media_type, bearer=token)


async def share(client: SlackClient, channel: str, thread: str, name: str, content: bytes, comment: str) -> None:
    """Put a file into a channel, or into a thread of it. Only the last of the three calls lets anybody see it.

    The bytes go where Slack says, without our token: to an https host of Slack's, or to that of `api_base_url`.
    """
    place = await client.call(
        "files.getUploadURLExternal",
        lambda sdk: sdk.files_getUploadURLExternal(filename=name, length=len(content)),
        writes=False,
    )
    address, file = place.get("upload_url"), place.get("file_id")
    if not isinstance(address, str) or not isinstance(file, str):
        raise DeliveryDelayed("Slack did not say where a file goes", retry_after=30.0)
    await client.upload(address, content)
    await client.call(
        "files.completeUploadExternal",
        lambda sdk: sdk.files_completeUploadExternal(
            files=[{"id": file, "title": name}],
            channel_id=channel,
            thread_ts=thread or None,
            initial_comment=comment or None,
        ),
    )
