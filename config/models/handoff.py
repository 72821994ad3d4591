"""`handoff.yaml`: where leads go, and when."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.fields import FolderUrl, Section
from config.models.routing import ChannelId, Level, Rule, Team, refuse_unknown_teams
from config.models.sinks import EmailSettings, HubSpotSettings, SalesforceSettings, WebhookSettings
from config.secret import Secret, SlackAppToken, SlackBotToken, refusal
from config.shape import UNIQUE_BY

SLACK_API = "https://slack.com/api/"


class SlackSettings(Section):
    """The sales team's Slack."""

    bot_token: Annotated[
        SlackBotToken,
        Field(
            description="The bot token of the Slack app; always a reference.",
            examples=["${env:FRONTDESK_SLACK_BOT_TOKEN}"],
        ),
    ]
    channel: Annotated[
        ChannelId,
        Field(
            description="The ID of the channel lead cards go to: in Slack, the last line of the channel's details.",
            examples=["C0123ABCDEF"],
        ),
    ]
    fallback_channel: Annotated[
        ChannelId | None,
        Field(
            description="The ID of the channel to use while the first one is out of reach.", examples=["C0456GHIJKL"]
        ),
    ] = None
    signing_secret: Annotated[
        Secret | None,
        Field(
            description="The app's signing secret: with it, clicks come in over HTTP. Always a reference.",
            examples=["${env:FRONTDESK_SLACK_SIGNING_SECRET}"],
        ),
    ] = None
    app_token: Annotated[
        SlackAppToken | None,
        Field(
            description="An app-level token with connections:write: with it, clicks come in over Socket Mode.",
            examples=["${env:FRONTDESK_SLACK_APP_TOKEN}"],
        ),
    ] = None
    api_base_url: Annotated[
        FolderUrl, Field(description="Address of Slack's Web API; another one for tests.", examples=[SLACK_API])
    ] = SLACK_API

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.signing_secret is not None and self.app_token is not None:
            raise refusal("clicks come in one way", "keep `signing_secret` for HTTP or `app_token` for Socket Mode")
        return self


class HighValue(Section):
    """A visitor worth a look before there is an address."""

    employees: Annotated[
        int, Field(description="The company has at least so many employees.", examples=[250], ge=0)
    ] = 250
    readiness: Annotated[Level, Field(description="And they are at least so ready to buy.", examples=["high"])] = "high"


class HandoffConditions(Section):
    """When a visitor becomes a lead for the sales team."""

    email_captured: Annotated[
        bool, Field(description="Hand off as soon as a valid e-mail address is given.", examples=[True])
    ] = True
    readiness: Annotated[
        Literal["low", "medium", "high"],
        Field(
            description="Without `email_captured`: hand off once there is an address and this much readiness to buy.",
            examples=["medium"],
        ),
    ] = "medium"
    unanswered: Annotated[
        bool,
        Field(
            description="Hand off a visitor who is ready to that degree when the site does not answer their question.",
            examples=[True],
        ),
    ] = True
    high_value: Annotated[
        HighValue | None,
        Field(
            description="Who is handed off even without an address, as they are worth it.",
            examples=[{"employees": 250, "readiness": "high"}],
        ),
    ] = HighValue()


def _distinct(webhooks: tuple[WebhookSettings, ...]) -> tuple[WebhookSettings, ...]:
    names = [one.name for one in webhooks]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise refusal(f"two webhooks are named {name!r}", "give each a name of its own", at=(place, "name"))
    return webhooks


class HandoffSettings(Section):
    """The whole of `handoff.yaml`. Without `slack` and any further sink, leads are kept and nobody is told."""

    language: Annotated[
        Literal["de", "en", "es", "fr", "nl", "pt"],
        Field(
            description="What the sales team reads its cards, notes and forms in. Visitors' own words stay.",
            examples=["de"],
        ),
    ] = "en"
    slack: Annotated[
        SlackSettings | None,
        Field(
            description="The sales team's Slack.",
            examples=[{"bot_token": "${env:FRONTDESK_SLACK_BOT_TOKEN}", "channel": "C0123ABCDEF"}],
        ),
    ] = None
    when: Annotated[
        HandoffConditions,
        Field(description="When a visitor becomes a lead for the sales team.", examples=[{"email_captured": True}]),
    ] = HandoffConditions()
    teams: Annotated[
        tuple[Team, ...],
        Field(
            description="Who shares leads, and when they are there.",
            examples=[[{"id": "emea", "members": [{"slack": "U01ABCDEF"}]}]],
            json_schema_extra={UNIQUE_BY: "id"},
            max_length=100,
        ),
    ] = ()
    rules: Annotated[
        tuple[Rule, ...],
        Field(
            description="Where leads go: the first rule that fits decides. What no rule fits goes to the first team.",
            examples=[[{"name": "French", "when": {"languages": ["fr"]}, "then": {"team": "emea"}}]],
            json_schema_extra={UNIQUE_BY: "name"},
            max_length=500,
        ),
    ] = ()
    webhooks: Annotated[
        tuple[WebhookSettings, ...],
        AfterValidator(_distinct),
        Field(
            description="Addresses that are told of every lead.",
            examples=[
                [
                    {
                        "name": "warehouse",
                        "url": "https://hooks.example.com/leads",
                        "secrets": ["${env:FRONTDESK_WEBHOOK_SECRET}"],
                    }
                ]
            ],
            max_length=20,
        ),
    ] = ()
    hubspot: Annotated[
        HubSpotSettings | None,
        Field(
            description="The HubSpot account leads become contacts of.",
            examples=[{"token": "${env:FRONTDESK_HUBSPOT_TOKEN}"}],
        ),
    ] = None
    salesforce: Annotated[
        SalesforceSettings | None,
        Field(
            description="The Salesforce org leads become leads of.",
            examples=[
                {
                    "base_url": "https://company.my.salesforce.com",
                    "client_id": "${env:FRONTDESK_SALESFORCE_ID}",
                    "client_secret": "${env:FRONTDESK_SALESFORCE_SECRET}",
                }
            ],
        ),
    ] = None
    email: Annotated[
        EmailSettings | None,
        Field(
            description="The mailboxes leads go to.",
            examples=[{"host": "smtp.example.com", "sender": "frontdesk@example.com", "to": ["sales@example.com"]}],
        ),
    ] = None

    @model_validator(mode="after")
    def _known_teams(self) -> Self:
        refuse_unknown_teams(self.rules, self.teams)
        return self

    @property
    def tells_somebody(self) -> bool:
        return bool(self.slack or self.webhooks or self.hubspot or self.salesforce or self.email)
