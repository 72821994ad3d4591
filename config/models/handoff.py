"""`handoff.yaml`: where leads go, and when."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.fields import FolderUrl, Section
from config.secret import SlackBotToken

SLACK_API = "https://slack.com/api/"

_CHANNEL_ID = r"^[CGD][A-Z0-9]{6,20}$"


ChannelId = Annotated[str, Field(pattern=_CHANNEL_ID)]


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
    api_base_url: Annotated[
        FolderUrl, Field(description="Address of Slack's Web API; another one for tests.", examples=[SLACK_API])
    ] = SLACK_API


class HandoffConditions(Section):
    """When a visitor becomes a lead for the sales team. A lead always has an e-mail address."""

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


class HandoffSettings(Section):
    """The whole of `handoff.yaml`. Without `slack`, leads are kept and nobody is told."""

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
