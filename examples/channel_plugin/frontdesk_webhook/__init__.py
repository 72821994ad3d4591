"""A channel kind that is installed beside Frontdesk: signed HTTP calls in and out."""

from adapters.capabilities import Capabilities, Formatting
from adapters.kind import ChannelKind
from frontdesk_webhook.settings import WebhookSettings

CHANNEL = ChannelKind(
    name="webhook",
    settings=WebhookSettings,
    builder="frontdesk_webhook.channel:build",
    where="your own chat calls {public}/channels/webhook/{channel}",
    capabilities=Capabilities(
        buttons=3,
        button_length=20,
        cards=False,
        edits=False,
        deletes=False,
        typing=False,
        attachments=False,
        threads=True,
        deep_links=False,
        proactive=True,
        max_length=4_000,
        formatting=Formatting.MARKDOWN,
        lookup=True,  # the other side tells repetitions by their id
    ),
)
