"""What an admin may say about a web channel."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")
_SHORTEST_KEY = 32


def exact_origin(value: str) -> str:
    """An origin as browsers spell it. Raises `ValueError` unless it is scheme, host and port, https or loopback."""
    parts = urlsplit(value.strip().lower())
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"{value!r} has a port that is not a number") from None
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(shown):
        raise ValueError(f"{value!r} is not an origin; write it like https://www.example.com")
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"{value!r} has more than scheme, host and port; an origin ends there")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError(f"{value!r} is plain http; only this machine may be served without https")
    return f"{parts.scheme}://{shown}" + ("" if port in {None, _DEFAULT_PORTS[parts.scheme]} else f":{port}")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < _SHORTEST_KEY:
        raise ValueError(f"a signing key needs at least {_SHORTEST_KEY} characters")
    return key


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Model):
    """How much one visitor and one address may send."""

    messages_per_second: float = Field(1.0, ge=0.01, description="Lasting rate of one conversation.", examples=[1])
    message_burst: int = Field(5, ge=1, description="Messages one conversation may send at once.", examples=[5])
    messages_per_minute_per_ip: int = Field(60, ge=1, description="Messages of one address.", examples=[60])
    sessions_per_hour_per_ip: int = Field(20, ge=1, description="New conversations of one address.", examples=[20])


class Teaser(_Model):
    """A short invitation beside the button, shown once a visit while the chat is closed."""

    text: str = Field(min_length=1, max_length=160, examples=["Wondering which plan fits? Ask away."])
    after_seconds: float = Field(8.0, ge=0, le=3600, description="How long after the page has loaded.", examples=[8])
    on_event: str = Field(
        "",
        max_length=64,
        description="Show it when the page calls `frontdesk.track` with this name, instead of after a time.",
        examples=["pricing_viewed"],
    )


class WebSettings(_Model):
    """A widget for one or several sites. One file under `channels/` each."""

    kind: Literal["web"] = "web"
    allowed_origins: tuple[Annotated[str, AfterValidator(exact_origin)], ...] = Field(
        min_length=1,
        max_length=100,
        description="The sites that may show this chat: scheme, host and port, letter for letter.",
        examples=[["https://www.example.com"]],
    )
    title: str = Field("Chat with us", min_length=1, max_length=40, description="Heading of the chat panel.")
    assistant: str = Field(
        "Assistant",
        min_length=1,
        max_length=30,
        description="What the assistant is called. Visitors are told that it is an assistant.",
    )
    colour: str = Field(
        "#3b5bdb",
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="Brand colour; texts on it are kept readable.",
        examples=["#3b5bdb"],
    )
    theme: Literal["auto", "light", "dark"] = Field("auto", description="`auto` follows the visitor's system.")
    position: Literal["right", "left"] = Field("right", description="The corner of the page it sits in.")
    teaser: Teaser | None = Field(None, description="An invitation beside the button.")
    link_hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...] = Field(
        (),
        max_length=50,
        description="Hosts answers may link to, besides those of `allowed_origins`.",
        examples=[["docs.example.com"]],
    )
    limits: Limits = Field(default_factory=Limits, description="Rate limits.")
    signing_keys: tuple[Annotated[SecretStr, AfterValidator(_long_enough)], ...] = Field(
        (),
        max_length=2,
        description="Secrets that sign session tokens: the first signs, both verify. Empty: the hub keeps its own.",
        examples=[["${env:FRONTDESK_WEB_KEY}"]],
    )

    @field_validator("signing_keys")
    @classmethod
    def _distinct(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if len({key.get_secret_value() for key in keys}) < len(keys):
            raise ValueError("the two signing keys are the same")
        return keys
