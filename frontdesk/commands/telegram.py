"""`frontdesk telegram link`: a deep link of eight characters; where it was put up is kept in the store."""

from __future__ import annotations

import argparse
import json
import secrets
from pathlib import Path

import aiohttp
from telegram.error import InvalidToken, TelegramError

from adapters.telegram.api import TelegramApi
from adapters.telegram.campaigns import TOKEN_LENGTH, Campaign, keep
from adapters.telegram.settings import TelegramSettings
from config import Desk
from core.errors import ConfigError, DependencyError
from frontdesk.beside import store_beside
from frontdesk.desk import read_desk
from frontdesk.loop import run_async

_PICTURES = (".svg", ".png")
_SCALE = 8


def run(options: argparse.Namespace) -> int:
    """Make the link, print it, and draw it where that is asked for."""
    desk = read_desk(options.config)
    if options.qr is not None and options.qr.suffix.lower() not in _PICTURES:
        raise ConfigError(f"--qr {options.qr} is no picture; end it in .svg or .png")
    name, settings = _channel(desk, options.channel)
    campaign = Campaign(name=options.campaign, source=options.source, page=options.page)
    link = run_async(_link(desk, name, settings, options.bot, campaign))
    if options.qr is not None:
        _draw(link, options.qr)
    drawn = str(options.qr) if options.qr else None
    print(json.dumps({"link": link, "qr": drawn}) if options.json else "\n".join(filter(None, (link, drawn))))
    return 0


def _channel(desk: Desk, wanted: str) -> tuple[str, TelegramSettings]:
    """The channel of that name, or the only one. Raises `ConfigError`."""
    found = {name: one for name, one in desk.channels.items() if isinstance(one, TelegramSettings)}
    if wanted and wanted not in found:
        raise ConfigError(f"{wanted!r} is no channel of kind telegram; there are: {', '.join(found) or 'none'}")
    if not wanted and len(found) != 1:
        raise ConfigError(f"say which channel with --channel; of kind telegram are: {', '.join(found) or 'none'}")
    name = wanted or next(iter(found))
    return name, found[name]


async def _link(desk: Desk, name: str, settings: TelegramSettings, bot: str, campaign: Campaign) -> str:
    username = bot.removeprefix("@") or await _username(settings)
    async with store_beside(desk) as store:
        token = secrets.token_urlsafe(TOKEN_LENGTH)[:TOKEN_LENGTH]
        while not await keep(store.notes, name, token, campaign):
            token = secrets.token_urlsafe(TOKEN_LENGTH)[:TOKEN_LENGTH]
    return f"https://t.me/{username}?start={token}"


async def _username(settings: TelegramSettings) -> str:
    async with aiohttp.ClientSession(trust_env=False) as http:
        try:
            api = TelegramApi(settings.bot_token.reveal(), http, str(settings.api_base_url))
            return (await api.whoami()).username
        except InvalidToken:
            raise DependencyError("Telegram refuses the bot token; copy it again from @BotFather") from None
        except TelegramError as error:
            raise DependencyError(
                f"Telegram does not tell the bot's name ({type(error).__name__}); use --bot"
            ) from None


def _draw(link: str, to: Path) -> None:
    import segno

    try:
        segno.make(link, error="m").save(str(to), scale=_SCALE, border=4)
    except OSError as error:
        raise ConfigError(f"{to} cannot be written: {error.strerror}") from None
