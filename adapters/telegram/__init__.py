"""Telegram: private chats and groups, by webhook or by polling."""

from adapters.capabilities import Capabilities, Formatting, Unit
from adapters.kind import ChannelKind
from adapters.telegram.settings import TelegramSettings
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS

CHANNEL = ChannelKind(
    name="telegram",
    settings=TelegramSettings,
    builder="adapters.telegram.channel:build",
    where="in Telegram, whose updates go to {public}/channels/telegram/{channel}",
    prober="adapters.telegram.probe:probe",
    capabilities=Capabilities(
        buttons=MAX_BUTTONS,
        button_length=MAX_BUTTON_LENGTH,
        cards=False,
        edits=True,
        deletes=True,
        typing=True,
        attachments=True,
        sends_files=True,
        threads=True,
        deep_links=True,
        proactive=True,  # to everybody who has written before
        max_length=4_096,
        unit=Unit.UTF16,
        formatting=Formatting.HTML,
    ),
)
