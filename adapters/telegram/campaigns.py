"""Deep links of campaigns: eight characters in the link, the rest is kept here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from core.message import Page
from core.store_ports import Notes

LIFE = 400 * 86_400.0
"""Seconds a link works."""
TOKEN_LENGTH = 8
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Where a link was put up. `page` is the address of the page it stands for, "" for none."""

    name: str
    source: str = ""
    page: str = ""

    def as_page(self, site: str) -> Page:
        """As if the visitor came from that page, by that campaign."""
        return Page(url=self.page or site, campaign=self.name, referrer=self.source)


async def keep(notes: Notes, channel: str, token: str, campaign: Campaign) -> bool:
    """Whether `token` was still free."""
    return await notes.add(channel, _key(token), json.dumps(asdict(campaign)), life=LIFE)


async def find(notes: Notes, channel: str, token: str) -> Campaign | None:
    if not _TOKEN.fullmatch(token):
        return None
    kept = await notes.get(channel, _key(token))
    found: Mapping[str, str] = json.loads(kept) if kept else {}
    return Campaign(**found) if found else None


def _key(token: str) -> str:
    return f"campaign:{token}"
