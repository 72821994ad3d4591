"""The widget on the company's website: a WebSocket, or server-sent events and POST, and the browser's code."""

from adapters.kind import ChannelKind
from adapters.web.settings import WebSettings

CHANNEL = ChannelKind(
    name="web",
    settings=WebSettings,
    builder="adapters.web.channel:build",
    reads_transcript=True,
    shared="adapters.web.assets:routes",
)
