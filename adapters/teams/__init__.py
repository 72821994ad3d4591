"""A bot in Microsoft Teams: personal chats, group chats and channels, with Adaptive Cards."""

from adapters.capabilities import Capabilities, Formatting, Unit
from adapters.kind import ChannelKind
from adapters.teams.settings import TeamsSettings

CHANNEL = ChannelKind(
    name="teams",
    settings=TeamsSettings,
    builder="adapters.teams.channel:build",
    prober="adapters.teams.probe:probe",
    capabilities=Capabilities(
        buttons=6,
        button_length=40,
        cards=True,
        edits=True,
        deletes=True,
        typing=True,
        attachments=False,
        threads=True,
        deep_links=False,
        proactive=True,
        max_length=28 * 1024,
        unit=Unit.BYTES,
        formatting=Formatting.MARKDOWN,
    ),
)
