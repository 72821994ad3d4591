"""Slack as a place where prospects write: direct messages, mentions, threads and shared channels."""

from adapters.capabilities import Capabilities, Formatting
from adapters.kind import ChannelKind
from adapters.slack.settings import SlackChannelSettings
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS

CHANNEL = ChannelKind(
    name="slack",
    settings=SlackChannelSettings,
    builder="adapters.slack.channel:build",
    where="in Slack, whose event and interactivity requests go to {public}/channels/slack/{channel}/events",
    prober="adapters.slack.probe:probe",
    capabilities=Capabilities(
        buttons=MAX_BUTTONS,
        button_length=MAX_BUTTON_LENGTH,
        cards=True,
        edits=True,
        deletes=True,
        typing=False,  # the platform has no such call for bots
        attachments=True,
        sends_files=True,
        threads=True,
        deep_links=False,
        proactive=True,
        max_length=12_000,
        formatting=Formatting.MRKDWN,
        lookup=True,
    ),
)
