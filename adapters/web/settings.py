"""What an admin may say about a web channel."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from adapters.web.rules import TEASER, Rule, When
from core.follow_up import FollowUpPolicy

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


def _ascending(between: tuple[float, float]) -> tuple[float, float]:
    if between[0] > between[1]:
        raise ValueError("the first number of seconds must not be above the second")
    return between


Seconds = Annotated[float, Field(ge=1, le=3600)]
Range = Annotated[tuple[Seconds, Seconds], AfterValidator(_ascending)]


class Teaser(_Model):
    """A short invitation beside the button, shown once a visit while the chat is closed."""

    text: str = Field(
        min_length=1, max_length=160, description="What it says.", examples=["Wondering which plan fits? Ask away."]
    )
    after_seconds: float = Field(8.0, ge=0, le=3600, description="How long after the page has loaded.", examples=[8])
    on_event: str = Field(
        "",
        max_length=64,
        description="Show it when the page calls `frontdesk.track` with this name, instead of after a time.",
        examples=["pricing_viewed"],
    )

    def as_rule(self) -> Rule:
        """The rule this stands for."""
        when = When(event=self.on_event) if self.on_event else When(seconds=self.after_seconds)
        return Rule(id=TEASER, when=when, text=self.text)


class FollowUpSettings(_Model):
    """What the assistant says after silence: a sentence of the site that fits the visitor, with next steps to press.

    It stays silent for people who do not buy, who have said goodbye or no, and once a person has taken over.
    """

    enabled: bool = Field(True, description="Whether anything is said after silence.", examples=[True])
    most: int = Field(3, ge=1, le=3, description="How often in a row, until the visitor writes again.", examples=[3])
    most_in_conversation: int = Field(
        6, ge=1, le=8, description="How often in a conversation; each is about another aspect of eight.", examples=[6]
    )
    after_seconds: Range = Field((12.0, 30.0), description="Seconds of silence, from and to.", examples=[[12, 30]])
    on_return_seconds: Range = Field(
        (5.0, 8.0), description="Seconds after the visitor has come back to the tab, from and to.", examples=[[5, 8]]
    )

    def policy(self) -> FollowUpPolicy:
        """The same as the engine's value."""
        return FollowUpPolicy(
            most=self.most,
            most_in_conversation=self.most_in_conversation,
            after=self.after_seconds,
            on_return=self.on_return_seconds,
        )


class IdentitySettings(_Model):
    """Tokens by which your own backend says who is logged in: JWTs signed with HS256, good for an hour at most."""

    secrets: tuple[Annotated[SecretStr, AfterValidator(_long_enough)], ...] = Field(
        min_length=1,
        max_length=2,
        description="Secrets shared with your backend; two while one is being replaced.",
        examples=[["${env:FRONTDESK_IDENTITY_SECRET}"]],
    )
    issuer: str = Field(
        "", max_length=200, description="What `iss` must say; empty: anything.", examples=["https://www.example.com"]
    )
    audience: str = Field(
        "", max_length=200, description="What `aud` must name; empty: the tenant of frontdesk.yaml.", examples=["acme"]
    )


class ContinueSettings(_Model):
    """Another channel of yours in which visitors may go on with their chat, by a link that works once."""

    channel: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="The name of its file.", examples=["telegram"]
    )
    app: str = Field(
        "Telegram", min_length=1, max_length=30, description="What visitors know it as.", examples=["Telegram"]
    )


class WebSettings(_Model):
    """A widget for one or several sites. One file under `channels/` each."""

    kind: Literal["web"] = Field("web", description="Which kind of channel this is.", examples=["web"])
    allowed_origins: tuple[Annotated[str, AfterValidator(exact_origin)], ...] = Field(
        min_length=1,
        max_length=100,
        description="The sites that may show this chat: scheme, host and port, letter for letter.",
        examples=[["https://www.example.com"]],
    )
    title: str = Field(
        "Chat with us",
        min_length=1,
        max_length=40,
        description="Heading of the chat panel.",
        examples=["Ask Fernlight"],
    )
    assistant: str = Field(
        "Assistant",
        min_length=1,
        max_length=30,
        description="What the assistant is called. Visitors are told that it is an assistant.",
        examples=["Fern"],
    )
    colour: str = Field(
        "#3b5bdb",
        pattern=r"^#[0-9a-fA-F]{6}$",
        description="Brand colour; texts on it are kept readable.",
        examples=["#3b5bdb"],
    )
    theme: Literal["auto", "light", "dark"] = Field(
        "auto", description="`auto` follows the visitor's system.", examples=["auto"]
    )
    position: Literal["right", "left"] = Field(
        "right", description="The corner of the page it sits in.", examples=["left"]
    )
    teaser: Teaser | None = Field(
        None,
        description="An invitation beside the button: the simple form of a rule under `proactive`.",
        examples=[{"text": "Wondering which plan fits? Ask away.", "after_seconds": 8}],
    )
    proactive: tuple[Rule, ...] = Field(
        (),
        max_length=50,
        description="When to show an invitation beside the closed chat. The first rule that applies is shown.",
        examples=[[{"id": "pricing", "when": {"url": ["/pricing*"], "seconds": 20}}]],
    )
    most_invitations_per_visit: int = Field(
        2, ge=0, le=20, description="Invitations of all rules together that a visit may be shown.", examples=[2]
    )
    follow_ups: FollowUpSettings = Field(
        default_factory=FollowUpSettings,
        description="Messages after silence.",
        examples=[{"after_seconds": [12, 30], "on_return_seconds": [5, 8]}],
    )
    link_hosts: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")], ...] = Field(
        (),
        max_length=50,
        description="Hosts answers may link to, besides those of `allowed_origins`.",
        examples=[["docs.example.com"]],
    )
    limits: Limits = Field(default_factory=Limits, description="Rate limits.", examples=[{"message_burst": 5}])
    signing_keys: tuple[Annotated[SecretStr, AfterValidator(_long_enough)], ...] = Field(
        (),
        max_length=2,
        description="Secrets that sign session tokens: the first signs, both verify. Empty: the hub keeps its own.",
        examples=[["${env:FRONTDESK_WEB_KEY}"]],
    )

    identity: IdentitySettings | None = Field(
        None,
        description="Who is logged in on the site, said by its backend.",
        examples=[{"secrets": ["${env:FRONTDESK_IDENTITY_SECRET}"]}],
    )

    continue_on: ContinueSettings | None = Field(
        None, description="Where visitors may go on with their chat.", examples=[{"channel": "telegram"}]
    )

    @field_validator("proactive")
    @classmethod
    def _one_of_each(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        ids = [rule.id for rule in rules]
        twice = sorted({one for one in ids if ids.count(one) > 1 or one == TEASER})
        if twice:
            raise ValueError(f"every rule needs an id of its own: {', '.join(twice)} is taken")
        return rules

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, the teaser as the last of them."""
        return (*self.proactive, self.teaser.as_rule()) if self.teaser else self.proactive

    @field_validator("signing_keys")
    @classmethod
    def _distinct(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if len({key.get_secret_value() for key in keys}) < len(keys):
            raise ValueError("the two signing keys are the same")
        return keys
