"""The sales team's Slack, put together: cards go out, what reps do comes in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from config import Desk, SlackSettings
from core.attachment import FileSource
from core.errors import FrontdeskError, StoreUnavailable
from core.lead import Lead, Posting
from core.ports import Clock
from core.reception import Reception
from core.rep import RepId
from core.store_ports import Store
from frontdesk.team import team_view
from handoff.colleagues import PICTURE_HOSTS, Colleagues
from handoff.digests import Digests
from handoff.door_words import door_words
from handoff.pace import ChannelPace
from handoff.slack import SlackLeadSink
from handoff.slack_api import SlackApi
from handoff.team_api import Home, TeamApi
from handoff.team_door import Records, TeamDoor
from handoff.team_files import TeamFiles
from handoff.thread import SlackThread
from platforms.slack.client import SlackClient
from platforms.slack.door import Door
from platforms.slack.sockets import Sockets

_log = logging.getLogger(__name__)

PATH = "/handoff/slack/events"
RETRY_SECONDS = 30.0
ROUND_SECONDS = 120.0
"""How often it is looked whether somebody's digest is due."""


class SalesTeam:
    """`sink` and `thread` bring effects to Slack; `attach` opens the door reps come in by, where one is configured."""

    def __init__(
        self,
        desk: Desk,
        slack: SlackSettings,
        store: Store,
        http: aiohttp.ClientSession,
        clock: Clock,
        files: Mapping[str, FileSource] | None = None,
    ) -> None:
        """`files`: the channels visitors' files are fetched from, by name; it may be filled later."""
        ticks, self._slack, self._store, self._clock = asyncio.get_running_loop().time, slack, store, clock
        self._client = SlackClient(
            token=slack.bot_token.reveal(),
            session=http,
            base_url=slack.api_base_url,
            setting="handoff.slack.api_base_url",
        )
        self.files = TeamFiles(self._client, http, slack.bot_token.reveal())
        self._view, self._words = team_view(desk), door_words(desk.handoff.language if desk.handoff else "en")
        self._api, pace = TeamApi(self._client), ChannelPace(ticks)
        hosts = PICTURE_HOSTS | {urlsplit(slack.api_base_url).hostname or ""}
        self._colleagues = Colleagues(self._api, store.notes, http, ticks=ticks, picture_hosts=hosts)
        self._door: TeamDoor | None = None
        self._sockets: Sockets | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._digests = Digests(
            self._api, self._colleagues, store.notes, store.lead_book, teams=_teams(desk), pace=pace, view=self._view
        )
        self.thread = SlackThread(self._api, pace, self._view, files)
        self.sink = SlackLeadSink(
            api=SlackApi(self._client),
            channel=slack.channel,
            fallback_channel=slack.fallback_channel or "",
            pace=pace,
            view=self._view,
            stands=self._stands,
        )

    def attach(self, reception: Reception, sends_files: Collection[str] = ()) -> Sequence[web.AbstractRouteDef]:
        """The routes of the door, if it is an HTTP one. `sends_files`: the channels that can bring a rep's file."""
        if self._slack.signing_secret is None and self._slack.app_token is None:
            _log.warning("handoff.slack has neither signing_secret nor app_token: the buttons of cards do nothing")
            return ()
        records = Records(leads=self._store.leads, book=self._store.lead_book, notes=self._store.notes)
        self._door = TeamDoor(
            self._api,
            self._colleagues,
            records,
            reception,
            view=self._view,
            words=self._words,
            clock=self._clock,
            sends_files=sends_files,
        )
        if self._slack.app_token is not None:
            self._sockets = Sockets(self._client, self._slack.app_token.reveal(), self._take)
            return ()
        secret = self._slack.signing_secret
        return (web.post(PATH, Door(secret.reveal(), self._clock, self._take).serve),) if secret else ()

    async def start(self) -> None:
        """Open the door, as soon as Slack can be reached. Returns at once when it cannot be now."""
        self._tasks.append(asyncio.create_task(self._mornings()))
        if self._door is not None and not await self._attempt(self._door):
            self._tasks.append(asyncio.create_task(self._until_open(self._door)))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._sockets is not None:
            await self._sockets.close()

    async def _take(self, payload: Mapping[str, Any]) -> dict[str, Any] | None:
        if self._door is None:
            raise StoreUnavailable("the sales team's door has not opened yet")
        return await self._door.take(payload)

    async def _stands(self, lead: Lead, posting: Posting) -> None:
        """Lists show it, and it takes up the room of whoever has it."""
        whose = None if lead.verdict else lead.owner or lead.assigned
        await self._store.rota.settle(lead.id, whose.id if whose else None, now=self._clock.now())
        if self._door is not None and posting.reference:
            await self._door.remember(lead, posting)
        else:
            await self._store.lead_book.enter(lead)

    async def _mornings(self) -> None:
        """Each rep's digest, when it is due; whatever fails is tried again in the next round."""
        home: Home | None = None
        while True:
            try:
                home = home or await self._api.whoami()
                await self._digests.send_due(home, self._clock.now())
            except FrontdeskError as error:
                _log.warning("no digest was sent: %s", error)
            await asyncio.sleep(ROUND_SECONDS)

    async def _until_open(self, door: TeamDoor) -> None:
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            if await self._attempt(door):
                return

    async def _attempt(self, door: TeamDoor) -> bool:
        try:
            await door.start()
            if self._sockets is not None:
                await self._sockets.open()
        except FrontdeskError as error:
            _log.error("the sales team's door did not open, tried again in %.0f s: %s", RETRY_SECONDS, error)
            return False
        return True


def _teams(desk: Desk) -> dict[RepId, set[str]]:
    """The teams of each member that `handoff.yaml` names."""
    found: dict[RepId, set[str]] = {}
    for team in desk.handoff.teams if desk.handoff else ():
        for member in team.members:
            found.setdefault(RepId(member.slack), set()).add(team.id)
    return found
