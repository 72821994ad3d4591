"""What Telegram says of a bot: whose token it is, where its updates go, and who else takes them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from telegram import WebhookInfo
from telegram.error import Conflict, InvalidToken, TelegramError

from adapters.probing import ProbePorts
from adapters.telegram.api import TelegramApi
from adapters.telegram.polling import CONTESTED
from adapters.telegram.settings import TelegramSettings
from core.health import Diagnosis, broken, doubtful, fine, named

FRESH_SECONDS = 3_600.0
"""A failed delivery longer ago than this says nothing about now."""
_OTHER_POLLER = "another process asks Telegram for this bot's updates, and each gets only some of them"
_STOP_IT = "stop it, or have @BotFather give out a new token (/revoke) and use that here"


async def probe(settings: TelegramSettings, ports: ProbePorts) -> Sequence[Diagnosis]:
    """See `adapters.probing.Prober`. Confirms no update. Does not poll beside a hub of ours, which would disturb it."""
    api = TelegramApi(settings.bot_token.reveal(), ports.http, str(settings.api_base_url))
    try:
        bot, webhook = await api.whoami(), await api.webhook()
        found = fine(f"the token is that of @{named(bot.username)}")
        if settings.mode == "webhook":
            return [found, *_of_webhook(webhook, settings, ports)]
        return [found, await _of_polling(api, webhook, ports)]
    except InvalidToken:
        return [broken("Telegram refuses the bot token", "copy it again from @BotFather")]
    except TelegramError as error:
        step = "see that Telegram is reached from here, and check `api_base_url`"
        return [broken(f"Telegram gives no answer ({type(error).__name__})", step)]


async def _of_polling(api: TelegramApi, webhook: WebhookInfo, ports: ProbePorts) -> Diagnosis:
    if webhook.url:
        step = "find out who set it: `frontdesk serve` removes it at its start, and whoever set it gets nothing more"
        return broken(f"updates go to a webhook at {_host(webhook.url)}, so polling gets none", step)
    if ports.notes is not None and await ports.notes.get(ports.name, CONTESTED) is not None:
        return broken(_OTHER_POLLER, _STOP_IT)
    if ports.serving:
        return fine("the hub polls, and nobody contests it")
    try:
        await api.look()
    except Conflict:
        return broken(_OTHER_POLLER, f"{_STOP_IT}; if it is this desk's hub on another machine, all is well")
    return fine("no webhook is set, and nobody else polls")


def _of_webhook(webhook: WebhookInfo, settings: TelegramSettings, ports: ProbePorts) -> list[Diagnosis]:
    wanted = f"{str(settings.public_url).rstrip('/')}/channels/telegram/{ports.name}"
    if not webhook.url:
        return [doubtful("no webhook is set yet", "start the hub, which sets it; if it runs, see its log")]
    if webhook.url != wanted:
        step = "let only one place use this token; `frontdesk serve` sets its own webhook at its start"
        return [broken(f"updates go to another webhook, at {_host(webhook.url)}", step)]
    return [fine(f"updates go to {wanted}"), *_of_deliveries(webhook, ports)]


def _of_deliveries(webhook: WebhookInfo, ports: ProbePorts) -> list[Diagnosis]:
    failed_at = webhook.last_error_date.timestamp() if webhook.last_error_date else 0.0
    ago = ports.clock.now() - failed_at
    if ago > FRESH_SECONDS:
        return []
    why = named(webhook.last_error_message)
    told = f"Telegram could not deliver an update {max(ago, 0.0) / 60:.0f} minutes ago: {why}"
    step = f"{webhook.pending_update_count} wait; see that the hub runs and that its address is reached from outside"
    return [broken(told, step) if webhook.pending_update_count else doubtful(told, step)]


def _host(url: str) -> str:
    """Of the address no more than this: its path may hold somebody's secret."""
    return named(urlsplit(url).hostname or "an unreadable address")
