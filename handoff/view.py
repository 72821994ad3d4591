"""How the team wants to see things: in which words, and where the dashboard stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from core.ids import ConversationId
from handoff.words import TeamWords, team_words

URL_LIMIT = 400
"""Characters of an address: three of them stand in one section, twenty in a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """`dashboard` is its address without a slash at the end, "" where there is none; then nothing is linked."""

    words: TeamWords = field(default_factory=team_words)
    dashboard: str = ""

    def conversation(self, conversation: ConversationId, message: str = "") -> str:
        """The address of a conversation, of one message in it if it is given; "" when there is none."""
        if not self.dashboard:
            return ""
        url = f"{self.dashboard}/conversations/{_safe(conversation)}"
        anchored = f"{url}#m-{_safe(message)}" if message else url
        return next((one for one in (anchored, url) if len(one) <= URL_LIMIT), "")


def _safe(part: str) -> str:
    return quote(part, safe="", errors="replace")
