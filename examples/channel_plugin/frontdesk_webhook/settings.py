"""What an admin may say about a webhook channel."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

_SHORTEST = 32


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < _SHORTEST:
        raise ValueError(f"a secret needs at least {_SHORTEST} characters")
    return secret


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError(f"{url!r} is no web address")
    return url


class WebhookSettings(BaseModel):
    """`channels/<name>.yaml` with `kind: webhook`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["webhook"]
    secret: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        description="Signs both ways; the same on both sides.", examples=["${env:APP_WEBHOOK_SECRET}"]
    )
    deliver_to: Annotated[str, AfterValidator(_web_address)] = Field(
        description="Where replies are posted.", examples=["https://app.example/frontdesk"]
    )
    seconds: float = Field(10.0, gt=0, le=60, description="How long the other side may take to answer.", examples=[10])
