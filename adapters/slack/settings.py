"""What an admin may say about a Slack channel for prospects."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adapters.files import FileSettings
from config.fields import FolderUrl
from config.secret import Secret, SlackAppToken, SlackBotToken, refusal
from platforms.slack.client import SLACK_API


class SlackChannelSettings(BaseModel):
    """`channels/<name>.yaml` with `kind: slack`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[Literal["slack"], Field(description="Which kind of channel this is.", examples=["slack"])]
    bot_token: SlackBotToken = Field(
        description="The bot token of the Slack app prospects write to; always a reference.",
        examples=["${env:FRONTDESK_PROSPECTS_SLACK_BOT_TOKEN}"],
    )
    mode: Literal["http", "socket"] = Field(
        "http",
        description="How events arrive: `http` needs a public address, `socket` opens connections to Slack itself.",
        examples=["http"],
    )
    signing_secret: Secret | None = Field(
        None,
        description="With `mode: http`: the signing secret of the app's Basic Information; always a reference.",
        examples=["${env:FRONTDESK_PROSPECTS_SLACK_SIGNING_SECRET}"],
    )
    app_token: SlackAppToken | None = Field(
        None,
        description="With `mode: socket`: an app-level token with the scope connections:write; always a reference.",
        examples=["${env:FRONTDESK_PROSPECTS_SLACK_APP_TOKEN}"],
    )
    prospects: Literal["everyone", "other_workspaces"] = Field(
        "everyone",
        description="Whom the assistant answers: `other_workspaces` leaves your own colleagues alone.",
        examples=["other_workspaces"],
    )
    files: FileSettings = Field(
        default_factory=FileSettings,
        description="What prospects may send beside words.",
        examples=[{"max_megabytes": 5}],
    )
    api_base_url: FolderUrl = Field(
        SLACK_API, description="Address of Slack's Web API; another one for tests.", examples=[SLACK_API]
    )

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> Self:
        if self.mode == "http" and self.signing_secret is None:
            raise refusal("`mode: http` needs `signing_secret`", "add it, or use `mode: socket` with `app_token`")
        if self.mode == "socket" and self.app_token is None:
            raise refusal("`mode: socket` needs `app_token`", "add it, or use `mode: http` with `signing_secret`")
        return self
