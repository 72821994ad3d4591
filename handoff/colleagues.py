"""Who of those that click and write is of the sales team: people of the workspace itself, no guests, no bots."""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp

from core.rep import PICTURES, Rep, RepId
from core.store_ports import Notes
from handoff.interactions import Person
from handoff.team_api import Home, Profile, TeamApi

_log = logging.getLogger(__name__)

KNOWN_SECONDS = 600.0
"""For which somebody is taken for what Slack said they are."""
MOST_KNOWN = 1_000
NAME_LENGTH = 80
PICTURE_LIMIT = 64 * 1024
PICTURE_SECONDS = 3.0
PICTURE_LIFE = 90 * 86_400.0
PICTURE_HOSTS = frozenset({"avatars.slack-edge.com", "secure.gravatar.com", "ca.slack-edge.com"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the team: as visitors and colleagues see them, and where their day is."""

    rep: Rep
    zone: ZoneInfo


class Colleagues:
    """Asks Slack, and remembers for a while."""

    def __init__(
        self,
        api: TeamApi,
        notes: Notes,
        http: aiohttp.ClientSession,
        *,
        ticks: Callable[[], float],
        picture_hosts: frozenset[str] = PICTURE_HOSTS,
    ) -> None:
        self._api = api
        self._notes = notes
        self._http = http
        self._ticks = ticks
        self._hosts = picture_hosts
        self._known: OrderedDict[str, tuple[float, Colleague | None]] = OrderedDict()

    async def find(self, who: Person, home: Home) -> Colleague | None:
        """None for everybody who is not of the team. Raises `DeliveryError` when Slack cannot say now."""
        if who.team != home.team:
            return None
        held = self._known.get(who.user)
        if held is not None and self._ticks() - held[0] < KNOWN_SECONDS:
            return held[1]
        profile = await self._api.profile(who.user)
        member = profile.is_member and profile.team in {"", home.team}
        colleague = await self._made(profile) if member else None
        self._known[who.user] = (self._ticks(), colleague)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return colleague

    async def _made(self, profile: Profile) -> Colleague:
        name = " ".join(profile.name.split())[:NAME_LENGTH]
        picture = await self._picture(profile.picture)
        return Colleague(rep=Rep(id=RepId(profile.id), name=name, picture=picture), zone=_zone(profile.zone))

    async def _picture(self, address: str) -> str:
        """Fetched once and kept, so that visitors' browsers ask nobody but us; "" where there is none to be had."""
        try:
            parts = urlsplit(address)
            if parts.hostname not in self._hosts:
                return ""
            async with asyncio.timeout(PICTURE_SECONDS), self._http.get(address, allow_redirects=False) as response:
                body = await response.content.read(PICTURE_LIMIT + 1)
            if response.status != HTTPStatus.OK or not body or len(body) > PICTURE_LIMIT:
                return ""
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return ""
        name = sha256(body).hexdigest()[:32]
        await self._notes.put(PICTURES, name, b64encode(body).decode(), life=PICTURE_LIFE)
        return name


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, OSError, KeyError):
        return ZoneInfo("UTC")
