"""A Slack channel for prospects, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from aiohttp import web

from adapters.capabilities import Capabilities
from adapters.files import bytes_of
from adapters.kind import ChannelPorts
from adapters.pacing import Pacing, Window
from adapters.slack import CHANNEL
from adapters.slack.api import SlackTalk
from adapters.slack.inbound import Bot, Heard, Press, Reader, place_of
from adapters.slack.outbound import message_of, pressed
from adapters.slack.settings import SlackChannelSettings
from core.attachment import Attachment, FetchedFile
from core.errors import ConfigError, DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain, StoreUnavailable
from core.ids import ConversationId
from core.message import MessageKind
from core.reply import Reply
from core.store_ports import AcceptStatus, Notes
from platforms.slack.client import SlackClient
from platforms.slack.door import Door
from platforms.slack.failure import SlackRefused
from platforms.slack.files import fetch, share
from platforms.slack.sockets import Sockets

_log = logging.getLogger(__name__)

THREAD_LIFE = 30 * 86_400.0
"""Seconds a thread stays one of ours after the last time somebody wrote in it."""
_TOLD_LIFE = 86_400.0
_PACE = (Window(1, 1.0),)


class SlackChannel:
    """What prospects say goes to the hub, replies go to where it was said."""

    def __init__(self, settings: SlackChannelSettings, ports: ChannelPorts, notes: Notes, client: SlackClient) -> None:
        self._settings = settings
        self._name = ports.name
        self._ports = ports
        self._notes = notes
        self._http = ports.http
        self._client = client
        self._talk = SlackTalk(client)
        self._reader = Reader(ports.name, settings.files)
        self._pace = Pacing(chat=_PACE)
        self._bot: Bot | None = None
        self._updates: set[asyncio.Task[None]] = set()
        secret, token = settings.signing_secret, settings.app_token
        self._door = Door(secret.reveal(), ports.clock, self._take) if settings.mode == "http" and secret else None
        self._sockets = Sockets(client, token.reveal(), self._take) if settings.mode == "socket" and token else None

    @property
    def capabilities(self) -> Capabilities:
        return CHANNEL.capabilities

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post(f"/channels/slack/{self._name}/events", self._door.serve)] if self._door else []

    async def start(self) -> None:
        """Learn who we are, then connect. Raises `DeliveryError` when Slack refuses the token or is away."""
        self._bot = await self._talk.whoami()
        if self._sockets is not None:
            await self._sockets.open()

    async def stop(self) -> None:
        if self._sockets is not None:
            await self._sockets.close()
        for task in self._updates:
            task.cancel()
        await asyncio.gather(*self._updates, return_exceptions=True)

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        try:
            channel, thread = place_of(self._name, conversation)
        except ValueError:
            raise DeliveryParked(f"a reply for channel {self._name} names no place in Slack") from None
        if reply.file is not None:
            await self._share(channel, thread, reply.file, again=again)
            return
        if again and await self._talk.has(channel, thread, effect):
            return
        await self._pace.turn(channel)
        try:
            await self._talk.post(channel, thread, message_of(reply, self.capabilities, effect=effect))
        except DeliveryDelayed as delayed:
            self._pace.rest(channel, delayed.retry_after)
            raise

    async def _share(self, channel: str, thread: str, file: Attachment, *, again: bool) -> None:
        """A file cannot be looked up as a message can: one that may have arrived is not shared again."""
        if again:
            raise DeliveryUncertain("a file may have arrived, and Slack does not tell")
        content = await bytes_of(self._ports.team_files, file)
        await self._pace.turn(channel)
        try:
            await share(self._client, channel, thread, file.name, content, "")
        except DeliveryDelayed as delayed:
            self._pace.rest(channel, delayed.retry_after)
            raise

    async def _take(self, payload: Mapping[str, Any]) -> None:
        """Record what somebody said; everything else is none of our business. Raises `StoreUnavailable`."""
        if self._bot is None:
            raise StoreUnavailable("the channel has not started")
        now = self._ports.clock.now()
        press = self._reader.press(payload, at=now)
        heard = press.heard if press else self._reader.event(payload, self._bot, at=now)
        if heard is None or not await self._concerns_us(heard, self._bot):
            return
        await self._hear(heard)
        if press is not None:
            self._show(press)

    async def _hear(self, heard: Heard) -> None:
        """Words and files; of files alone it is shown that they came, in no language since none may be known yet."""
        silent = False
        wordless = heard.message.kind is MessageKind.TEXT and not heard.message.text
        for message in (*heard.files, *(() if wordless else (heard.message,))):
            accepted = await self._ports.reception.accept(message)
            silent = accepted.person_answers or accepted.status is not AcceptStatus.ACCEPTED
        marks = [f"📎 ✗ {name}" for name in heard.refused]
        if wordless:
            marks += [f"📎 ✓ {file.name}" for message in heard.files for file in message.attachments]
        if (
            marks
            and not silent
            and await self._notes.add(self._name, f"files:{heard.message.id}", "1", life=_TOLD_LIFE)
        ):
            self._beside(self._tell(heard, "\n".join(marks)))

    async def _tell(self, heard: Heard, text: str) -> None:
        try:
            await self._talk.say(heard.channel, heard.thread, text)
        except DeliveryError as error:
            _log.info("channel %s: nothing is said of a file: %s", self._name, error)

    async def fetch(self, file: Attachment) -> FetchedFile:
        """See `core.attachment.FileSource`."""
        if self._http is None:
            return FetchedFile(trouble="gone")
        token, most = self._settings.bot_token.reveal(), self._settings.files.most_bytes
        try:
            return await fetch(self._client, self._http, token, file, most=most)
        except SlackRefused as refused:
            _log.warning("channel %s: a prospect's file cannot be had: %s", self._name, refused)
            return FetchedFile(trouble="gone")

    async def _concerns_us(self, heard: Heard, bot: Bot) -> bool:
        """Direct messages and mentions do, and what is said in a thread after we were called into it."""
        if self._settings.prospects == "other_workspaces" and heard.team == bot.team:
            return False
        if not heard.thread:
            return True
        key = f"thread:{heard.channel}:{heard.thread}"
        if not heard.called and await self._notes.get(self._name, key) is None:
            return False
        await self._notes.put(self._name, key, "1", life=THREAD_LIFE)
        return True

    def _show(self, press: Press) -> None:
        """Put what was chosen in the place of the buttons; failing at that costs nobody anything."""
        self._beside(self._replace(press))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._updates.add(task)
        task.add_done_callback(self._updates.discard)

    async def _replace(self, press: Press) -> None:
        label = press.heard.message.text
        try:
            await self._talk.replace(press.heard.channel, press.ts, text=label, blocks=pressed(press.blocks, label))
        except DeliveryError as error:
            _log.info("channel %s: buttons stay where they are: %s", self._name, error)


def build(settings: SlackChannelSettings, ports: ChannelPorts) -> SlackChannel:
    """Raises `ConfigError` where the hub has no way to call out, or `api_base_url` is no address."""
    if ports.http is None or ports.notes is None:
        raise ConfigError(f"channel {ports.name!r}: this process makes no outgoing calls")
    client = SlackClient(token=settings.bot_token.reveal(), session=ports.http, base_url=str(settings.api_base_url))
    return SlackChannel(settings, ports, ports.notes, client)
