"""The widget on the company's website: a WebSocket, or server-sent events and POST, and the browser's code."""

from adapters.capabilities import Capabilities, Formatting
from adapters.kind import ChannelKind
from adapters.web.settings import WebSettings
from core.message import TEXT_LIMIT
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS

CHANNEL = ChannelKind(
    name="web",
    settings=WebSettings,
    builder="adapters.web.channel:build",
    capabilities=Capabilities(
        buttons=MAX_BUTTONS,
        button_length=MAX_BUTTON_LENGTH,
        cards=False,
        edits=True,
        deletes=False,
        typing=True,
        attachments=False,
        threads=False,
        deep_links=True,
        proactive=True,
        max_length=TEXT_LIMIT,
        formatting=Formatting.NODES,
        lookup=True,
    ),
    where='on a page: <script async src="{public}/widget.js" data-channel="{channel}"></script>',
    reads_transcript=True,
    shared="adapters.web.assets:routes",
    prober="adapters.web.probe:probe",
)
