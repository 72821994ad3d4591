"""A Telegram channel, put together."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from aiohttp import web
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

from adapters.files import bytes_of
from adapters.kind import ChannelPorts
from adapters.pacing import Pacing, Window
from adapters.telegram import CHANNEL, campaigns
from adapters.telegram.api import TelegramApi
from adapters.telegram.door import Door
from adapters.telegram.inbound import (
    Bot,
    Migrated,
    Place,
    Pressed,
    Reachable,
    Reader,
    Said,
    Started,
    Unread,
    place_of,
)
from adapters.telegram.outbound import Part, chosen, keyboard, parts_of
from adapters.telegram.polling import CONTESTED, CONTESTED_LIFE, Poller
from adapters.telegram.request import Limited, Unanswered, Unreachable
from adapters.telegram.settings import TelegramSettings
from core.attachment import Attachment, FetchedFile
from core.errors import (
    ConfigError,
    DeliveryDelayed,
    DeliveryParked,
    DeliveryUncertain,
    DependencyError,
    StoreUnavailable,
)
from core.ids import ConversationId
from core.message import InboundMessage, MessageKind
from core.reply import Reply
from core.store_ports import AcceptStatus, Notes

_log = logging.getLogger(__name__)

CHAT, GROUP, OVERALL = (Window(1, 1.0),), (Window(20, 60.0),), (Window(30, 1.0),)
"""What Telegram lets a bot send (core.telegram.org/bots/faq): to a chat, to a group besides, and altogether."""
_BUTTON_LIFE = 30 * 86_400.0
_PARTS_LIFE = 86_400.0
_MOVED_LIFE = 400 * 86_400.0
_UNREAD_SECONDS = 600.0
"""How long nothing more is said about what cannot be read."""
_TOKEN_LENGTH = 16
_TOO_BIG = "too big"


class TelegramChannel:
    """What prospects say goes to the hub, replies go to their chats."""

    def __init__(
        self, settings: TelegramSettings, ports: ChannelPorts, notes: Notes, api: TelegramApi, pace: Pacing
    ) -> None:
        self._settings = settings
        self._name = ports.name
        self._ports = ports
        self._notes = notes
        self._api = api
        self._reader = Reader(ports.name, settings.files)
        self._pace = pace
        self._bot: Bot | None = None
        self._polling: asyncio.Task[None] | None = None
        self._beside: set[asyncio.Task[None]] = set()
        secret = settings.webhook_secret
        self._door = Door(secret.reveal(), self._take) if settings.mode == "webhook" and secret else None

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        return [web.post(f"/channels/telegram/{self._name}", self._door.serve)] if self._door else []

    async def start(self) -> None:
        """Learn who we are and have updates come. Raises `DependencyError` when Telegram refuses or is away."""
        secret, public = self._settings.webhook_secret, self._settings.public_url
        try:
            self._bot = await self._api.whoami()
            if self._door and secret and public:
                await self._api.listen_at(f"{str(public).rstrip('/')}/channels/telegram/{self._name}", secret.reveal())
            else:
                await self._api.forget_webhook()
                self._polling = asyncio.create_task(self._poller().run())
        except InvalidToken:
            raise DependencyError("Telegram refuses the bot token; copy it again from @BotFather") from None
        except TelegramError as error:
            raise DependencyError(f"Telegram does not let the bot begin ({type(error).__name__})") from None
        self._soon(self._offer_commands())
        self._soon(self._say_where(self._bot))

    async def _say_where(self, bot: Bot) -> None:
        if self._ports.continuations is not None:
            await self._ports.continuations.begin_at(self._name, f"https://t.me/{bot.username}?start={{token}}")

    def _poller(self) -> Poller:
        async def contested() -> None:
            await self._notes.put(self._name, CONTESTED, "1", life=CONTESTED_LIFE)

        return Poller(self._api, self._take, name=self._name, contested=contested)

    async def stop(self) -> None:
        tasks = [*self._beside, *([self._polling] if self._polling else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- out

    async def send(self, conversation: ConversationId, reply: Reply, *, effect: str, again: bool) -> None:
        """Nothing can be read back from Telegram: a part that may have arrived is not sent again."""
        try:
            place = place_of(self._name, conversation)
        except ValueError:
            raise DeliveryParked(f"a reply for channel {self._name} names no chat of Telegram's") from None
        if again:
            raise DeliveryUncertain("a message may have arrived, and Telegram does not tell")
        if await self._notes.get(self._name, _away(place.chat)) is not None:
            return  # who has stopped the bot gets nothing, until they write again
        if reply.file is not None:
            await self._deliver_file(place, reply.file)
            return
        parts = parts_of(reply, CHANNEL.capabilities)
        out = int(await self._notes.get(self._name, _out(effect)) or 0) if len(parts) > 1 else 0
        for number, part in enumerate(parts[out:], out + 1):
            await self._deliver(place, part, conversation)
            if len(parts) > 1:
                await self._notes.put(self._name, _out(effect), str(number), life=_PARTS_LIFE)

    async def _deliver(self, place: Place, part: Part, conversation: ConversationId) -> None:
        """Raises the `DeliveryError`s."""
        markup = keyboard(part.buttons, await self._token(conversation, part.buttons)) if part.buttons else None
        await self._attempt(place, lambda where: self._api.send(where, part, markup))

    async def _deliver_file(self, place: Place, file: Attachment) -> None:
        """Raises the `DeliveryError`s."""
        content = await bytes_of(self._ports.team_files, file)
        await self._attempt(place, lambda where: self._api.send_file(where, file, content))

    async def _attempt(self, place: Place, send: Callable[[Place], Awaitable[None]]) -> None:
        """One message. Raises the `DeliveryError`s."""
        moved = await self._notes.get(self._name, _moved(place.chat))
        place = replace(place, chat=int(moved)) if moved else place
        await self._pace.turn(str(place.chat), also=GROUP if place.user else ())
        try:
            await send(place)
        except ChatMigrated as moved_to:
            await self._follow(Migrated(old=place.chat, new=moved_to.new_chat_id))
            raise DeliveryDelayed("the group has become another chat", retry_after=0.0) from None
        except Limited as limited:
            self._pace.rest(str(place.chat), limited.seconds)
            raise DeliveryDelayed("Telegram limits this chat", retry_after=limited.seconds) from None
        except Unreachable as error:
            raise DeliveryDelayed(str(error), retry_after=2.0) from None
        except Unanswered as error:
            raise DeliveryUncertain(str(error)) from None
        except Forbidden:
            await self._set_reachable(Reachable(chat=place.chat, able=False))
        except (InvalidToken, BadRequest) as error:
            raise DeliveryParked(f"Telegram refuses a message ({type(error).__name__}); look at the bot") from None
        except TelegramError as error:
            raise DeliveryUncertain(f"Telegram gave no clear answer ({type(error).__name__})") from None

    async def _token(self, conversation: ConversationId, labels: Sequence[str]) -> str:
        """What stands for these labels in this conversation; only we can read it."""
        token = self._ports.new_id()[:_TOKEN_LENGTH]
        kept = json.dumps({"conversation": conversation, "labels": list(labels)})
        await self._notes.put(self._name, _button(token), kept, life=_BUTTON_LIFE, of=conversation)
        return token

    # --- in

    async def _take(self, update: Mapping[str, Any]) -> None:
        """Record what somebody said. Raises `StoreUnavailable`; what fails in any other way is left aside.

        Not taking an update would hold up all that come after it: its chat's, or in polling everybody's.
        """
        try:
            await self._record(update)
        except StoreUnavailable:
            raise
        except Exception:
            _log.exception("channel %s: an update could not be taken and is left aside", self._name)

    async def _record(self, update: Mapping[str, Any]) -> None:
        if self._bot is None:
            raise StoreUnavailable("the channel has not started")
        match self._reader.update(update, self._bot, at=self._ports.clock.now()):
            case Said() as said:
                await self._hear(said)
            case Started() as started:
                await self._begin(started)
            case Pressed() as pressed:
                await self._choose(pressed)
            case Unread() as unread:
                await self._excuse(unread)
            case Reachable() as change:
                await self._set_reachable(change)
            case Migrated() as migrated:
                await self._follow(migrated)
            case None:
                pass

    async def _hear(self, said: Said) -> None:
        if said.file is not None:
            await self._ports.reception.accept(said.file)
        accepted = await self._ports.reception.accept(said.message)
        if said.message.kind is not MessageKind.FILE:
            self._soon(self._notice(said.chat))
        elif accepted.status is AcceptStatus.ACCEPTED and not accepted.person_answers:
            await self._excuse(Unread(chat=said.chat, locale=said.message.locale, why="kept"))

    async def fetch(self, file: Attachment) -> FetchedFile:
        """See `core.attachment.FileSource`."""
        most = self._settings.files.most_bytes
        try:
            return await self._api.fetch(file.reference, most=most, media_type=file.media_type)
        except (Limited, Unreachable, Unanswered) as error:
            wait = error.seconds if isinstance(error, Limited) else 30.0
            raise DeliveryDelayed("Telegram does not give a file now", retry_after=wait) from None
        except BadRequest as error:
            return FetchedFile(trouble="too_large" if _TOO_BIG in str(error).lower() else "gone")
        except TelegramError:
            return FetchedFile(trouble="gone")

    async def _begin(self, started: Started) -> None:
        campaign = await campaigns.find(self._notes, self._name, started.token) if started.token else None
        message = await self._continued(started)
        if campaign is not None:
            message = replace(message, page=campaign.as_page(f"https://t.me/{self._bot.username if self._bot else ''}"))
        await self._ports.reception.accept(message)
        self._soon(self._notice(started.chat))

    async def _continued(self, started: Started) -> InboundMessage:
        """A chat begun elsewhere is taken up in private only: in a group others would read it."""
        links, message = self._ports.continuations, started.message
        if links is None or not started.token or place_of(self._name, message.conversation).user:
            return message
        return await links.redeem(started.token, message)

    async def _choose(self, pressed: Pressed) -> None:
        """A press counts where it was offered, for whom it was offered; anything else only ends the waiting."""
        kept = await self._notes.get(self._name, _button(pressed.token))
        offer: Mapping[str, Any] = json.loads(kept) if kept else {}
        conversation, labels = ConversationId(offer.get("conversation", "")), offer.get("labels", [])
        if self._is_theirs(conversation, pressed) and pressed.place < len(labels):
            label = labels[pressed.place]
            message = self._reader.choice(pressed, conversation, label, at=self._ports.clock.now())
            await self._ports.reception.accept(message)
            self._soon(self._mark(pressed, label))
        self._soon(self._api.acknowledge(pressed.query))

    def _is_theirs(self, conversation: ConversationId, pressed: Pressed) -> bool:
        if not conversation:
            return False
        place = place_of(self._name, conversation)
        return place.chat == pressed.chat and place.user in {0, pressed.user}

    async def _excuse(self, unread: Unread) -> None:
        if await self._notes.add(self._name, f"unread:{unread.chat}{unread.why}", "1", life=_UNREAD_SECONDS):
            self._soon(self._say(unread))

    async def _set_reachable(self, change: Reachable) -> None:
        if change.able:
            await self._notes.take(self._name, _away(change.chat))
        else:
            _log.info("channel %s: a visitor has stopped the bot", self._name)
            await self._notes.put(self._name, _away(change.chat), "1", life=_MOVED_LIFE)

    async def _follow(self, migrated: Migrated) -> None:
        await self._notes.put(self._name, _moved(migrated.old), str(migrated.new), life=_MOVED_LIFE)

    # --- what may fail without costing anybody anything

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        async def attempt() -> None:
            with suppress(TelegramError, StoreUnavailable):
                await work

        task = asyncio.get_running_loop().create_task(attempt())
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        task.add_done_callback(lambda _: work.close())  # a task that is cancelled at once never came to awaiting it

    async def _notice(self, chat: int) -> None:
        """Who writes can be reached again, and sees that an answer is on its way."""
        await self._notes.take(self._name, _away(chat))
        await self._api.typing(chat)

    async def _mark(self, pressed: Pressed, label: str) -> None:
        await self._api.show(pressed.chat, pressed.message, chosen(label))

    async def _offer_commands(self) -> None:
        offered = _resource("commands")
        for language, commands in {"": offered["en"], **offered}.items():
            await self._api.offer(commands, language)

    async def _say(self, unread: Unread) -> None:
        words = _resource("phrases")[unread.why or "unread"]
        said = str(words.get(unread.locale.partition("-")[0].lower(), words["en"]))
        await self._api.say(unread.chat, said.format(megabytes=self._settings.files.max_megabytes))


def build(settings: TelegramSettings, ports: ChannelPorts, pace: Pacing | None = None) -> TelegramChannel:
    """A channel that keeps to Telegram's limits, or to `pace`. Raises `ConfigError` where the hub cannot call out."""
    if ports.http is None or ports.notes is None:
        raise ConfigError(f"channel {ports.name!r}: this process makes no outgoing calls")
    api = TelegramApi(settings.bot_token.reveal(), ports.http, str(settings.api_base_url))
    return TelegramChannel(settings, ports, ports.notes, api, pace or Pacing(chat=CHAT, overall=OVERALL))


@cache
def _resource(name: str) -> Mapping[str, Any]:
    """What a file of resources says, by language."""
    text = (files("adapters.telegram") / "resources" / f"{name}.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def _away(chat: int) -> str:
    return f"away:{chat}"


def _moved(chat: int) -> str:
    return f"moved:{chat}"


def _button(token: str) -> str:
    return f"button:{token}"


def _out(effect: str) -> str:
    return f"out:{effect}"
