"""What an admin may say about a Telegram channel."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from adapters.files import FileSettings
from config.fields import FolderUrl
from config.secret import Secret, refusal
from config.tokens import kind_of

TELEGRAM_API = "https://api.telegram.org"
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


def _bot(secret: Secret) -> Secret:
    token = secret.reveal()
    if kind_of(token) == "a Telegram bot token":
        return secret
    found = kind_of(token) or "something else"
    raise refusal(f"{secret} holds {found} where a Telegram bot token belongs", "copy the token from @BotFather")


def _webhook(secret: Secret) -> Secret:
    if _SECRET.fullmatch(secret.reveal()):
        return secret
    raise refusal(f"{secret} is no webhook secret", "use 16 to 256 letters, digits, _ and -")


TelegramToken = Annotated[Secret, AfterValidator(_bot)]
WebhookSecret = Annotated[Secret, AfterValidator(_webhook)]


class TelegramSettings(BaseModel):
    """`channels/<name>.yaml` with `kind: telegram`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[Literal["telegram"], Field(description="Which kind of channel this is.", examples=["telegram"])]
    bot_token: TelegramToken = Field(
        description="The token @BotFather gave out; always a reference.",
        examples=["${env:FRONTDESK_TELEGRAM_BOT_TOKEN}"],
    )
    mode: Literal["polling", "webhook"] = Field(
        "polling",
        description="How updates arrive: `polling` asks Telegram for them, `webhook` needs a public https address.",
        examples=["polling"],
    )
    webhook_secret: WebhookSecret | None = Field(
        None,
        description="With `mode: webhook`: what Telegram sends along with every update; always a reference.",
        examples=["${env:FRONTDESK_TELEGRAM_WEBHOOK_SECRET}"],
    )
    public_url: FolderUrl | None = Field(
        None,
        description="With `mode: webhook`: where Telegram reaches the hub; it is registered at the start.",
        examples=["https://chat.example.com"],
    )
    files: FileSettings = Field(
        default_factory=FileSettings,
        description="What prospects may send beside words.",
        examples=[{"max_megabytes": 5}],
    )
    api_base_url: FolderUrl = Field(
        TELEGRAM_API, description="Address of the Bot API; another one for tests.", examples=[TELEGRAM_API]
    )

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> Self:
        if self.mode == "webhook" and (self.webhook_secret is None or self.public_url is None):
            raise refusal("`mode: webhook` needs `webhook_secret` and `public_url`", "add them, or use `mode: polling`")
        return self
