"""What an admin may say about a bot in Microsoft Teams."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from adapters.teams.addresses import host_entry, web_address
from config.secret import Secret

OPENID_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
ISSUER = "https://api.botframework.com"
ANY_TENANT = "*"
_ID = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$"

WebAddress = Annotated[str, AfterValidator(web_address)]
Tenant = Annotated[str, Field(pattern=rf"{_ID}|^\*$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AppSettings(_Model):
    """What the app's page in Teams says: the content of the package that `frontdesk teams package` writes."""

    name: str = Field(min_length=1, max_length=30, description="What the app is called.", examples=["Acme Assistant"])
    summary: str = Field(
        "Answers questions about our products and brings you to the right person.",
        min_length=1,
        max_length=80,
        description="One line about it.",
        examples=["Answers questions about our plans where your team talks."],
    )
    description: str = Field(
        "An assistant that answers from our website, asks what you need, and brings you to a person when you want one.",
        min_length=1,
        max_length=4_000,
        description="What it does, at length.",
        examples=["Ask about plans, prices and integrations. A person takes over when you want one."],
    )
    version: str = Field(
        "1.0.0",
        pattern=r"^(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}$",
        description="Raise it with every package you upload.",
        examples=["1.0.1"],
    )
    developer: str = Field(min_length=1, max_length=32, description="Your company.", examples=["Acme Ltd"])
    website: str = Field(
        pattern=r"^https://[^\s]+$", max_length=2_048, description="Your site.", examples=["https://www.example.com"]
    )
    privacy: str = Field(
        pattern=r"^https://[^\s]+$",
        max_length=2_048,
        description="Your privacy notice.",
        examples=["https://www.example.com/privacy"],
    )
    terms: str = Field(
        pattern=r"^https://[^\s]+$",
        max_length=2_048,
        description="Your terms of use.",
        examples=["https://www.example.com/terms"],
    )
    colour: str = Field(
        "#3b5bdb", pattern=r"^#[0-9a-fA-F]{6}$", description="Background of the icon.", examples=["#3b5bdb"]
    )


class TeamsSettings(_Model):
    """A bot in Microsoft Teams. One file under `channels/` each."""

    kind: Annotated[Literal["teams"], Field(description="Which kind of channel this is.", examples=["teams"])] = "teams"
    app_id: str = Field(
        pattern=_ID,
        description="The Microsoft app id of the Azure bot.",
        examples=["0f8fad5b-d9cb-469f-a165-70867728950e"],
    )
    app_password: Secret = Field(
        description="A client secret of that app, by reference.", examples=["${env:FRONTDESK_TEAMS_PASSWORD}"]
    )
    app_tenant: str = Field(
        "",
        pattern=rf"^$|{_ID}",
        description="The tenant the app is registered in, for a single-tenant bot; empty for a multi-tenant one.",
        examples=["7c9e6679-7425-40de-944b-e07fc1f90ae7"],
    )
    tenants: tuple[Tenant, ...] = Field(
        min_length=1,
        max_length=1_000,
        description="The tenants whose people may talk to the bot; `*` for those of every tenant that installs it.",
        examples=[["7c9e6679-7425-40de-944b-e07fc1f90ae7"]],
    )
    buttons: Literal["card", "suggested"] = Field(
        "card",
        description="How next steps are shown in a personal chat: on an Adaptive Card, or as suggested actions.",
        examples=["card"],
    )
    service_hosts: tuple[Annotated[str, AfterValidator(host_entry)], ...] = Field(
        (),
        max_length=20,
        description="Hosts of connectors besides Microsoft's own, with :PORT where it is an unusual one.",
        examples=[["connector.example.com"]],
    )
    openid_metadata_url: WebAddress = Field(
        OPENID_METADATA, description="Where the connector's signing keys are told.", examples=[OPENID_METADATA]
    )
    token_url: WebAddress | Literal[""] = Field(
        "",
        description="Where the bot gets its own tokens; empty: Microsoft's, of `app_tenant`.",
        examples=["https://login.example.com/oauth2/v2.0/token"],
    )
    issuer: WebAddress = Field(
        ISSUER,
        description="Who signs requests, and whom the bot's own tokens are for. US government: .us instead of .com.",
        examples=[ISSUER],
    )
    app: AppSettings | None = Field(
        None,
        description="What the app package says; needed by `frontdesk teams package` alone.",
        examples=[
            {
                "name": "Acme Assistant",
                "developer": "Acme Ltd",
                "website": "https://www.example.com",
                "privacy": "https://www.example.com/privacy",
                "terms": "https://www.example.com/terms",
            }
        ],
    )

    @property
    def token_address(self) -> str:
        """Where tokens of the bot come from."""
        directory = self.app_tenant or "botframework.com"
        return self.token_url or f"https://login.microsoftonline.com/{directory}/oauth2/v2.0/token"

    @property
    def token_scope(self) -> str:
        return f"{self.issuer}/.default"

    def lets_in(self, tenant: str) -> bool:
        """Whether people of a tenant may talk to the bot."""
        return bool(tenant) and any(one in {ANY_TENANT, tenant} for one in self.tenants)
