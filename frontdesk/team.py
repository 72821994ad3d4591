"""How this desk's sales team is shown things."""

from __future__ import annotations

from config import Desk
from handoff.view import TeamView
from handoff.words import team_words


def team_view(desk: Desk) -> TeamView:
    """In the language of `handoff.yaml`; linked to the dashboard where `server.public_url` is set."""
    public = str(desk.settings.server.public_url or "").rstrip("/")
    words = team_words(desk.handoff.language) if desk.handoff else team_words()
    return TeamView(words=words, dashboard=f"{public}/dashboard" if public else "")
