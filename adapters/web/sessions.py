"""Beginning and resuming a conversation, and what a page needs to draw the widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from adapters.web.door import json_response, read_json
from adapters.web.feed import newest_lines
from adapters.web.inbound import SessionRequest, read_session
from adapters.web.intake import Intake
from adapters.web.settings import WebSettings
from adapters.web.tokens import Claims, SessionTokens
from core.ids import ConversationId, VisitorId
from core.reception import Reception

_SETTINGS_LIFE = 300
"""Seconds a browser may keep the settings."""


class Sessions:
    """`POST session` and `GET settings`. Nothing is stored for a visitor who says nothing."""

    def __init__(
        self,
        channel: str,
        settings: WebSettings,
        tokens: SessionTokens,
        intake: Intake,
        reception: Reception,
        new_id: Callable[[], str],
    ) -> None:
        self._channel = channel
        self._tokens = tokens
        self._intake = intake
        self._reception = reception
        self._new_id = new_id
        self._shown = shown_settings(settings)

    async def settings(self, _request: web.Request, _origin: str) -> web.StreamResponse:
        response = json_response(self._shown)
        response.headers["Cache-Control"] = f"private, max-age={_SETTINGS_LIFE}"
        return response

    async def session(self, request: web.Request, origin: str) -> web.StreamResponse:
        """A token for a new conversation, or a new token for the one a valid or renewable token names."""
        asked = read_session(await read_json(request))
        known = self._tokens.renewable(asked.token, origin=origin) if asked.token else None
        resumed = known is not None and not asked.fresh
        if not resumed:
            self._intake.admit_session(request.remote)
        unprofiled = request.headers.get("Sec-GPC") == "1"
        token, claims = self._mint(asked, known, origin, unprofiled=unprofiled)
        lines = await newest_lines(self._reception, claims.conversation) if resumed else ()
        return json_response(
            {
                "token": token,
                "expiresAt": claims.expires_at,
                "conversation": claims.conversation,
                "visitor": claims.visitor,
                "returning": claims.returning,
                "lastSeq": lines[-1].seq if lines else 0,
                "settings": self._shown,
            },
        )

    def _mint(
        self, asked: SessionRequest, known: Claims | None, origin: str, *, unprofiled: bool
    ) -> tuple[str, Claims]:
        resumed = known is not None and not asked.fresh
        return self._tokens.mint(
            conversation=known.conversation if known and resumed else self._new_conversation(),
            visitor=known.visitor if known else VisitorId(f"v.{self._new_id()}"),
            origin=origin,
            returning=known is not None,
            locale=asked.locale or (known.locale if known else ""),
            zone=asked.zone or (known.zone if known else ""),
            unprofiled=unprofiled,
        )

    def _new_conversation(self) -> ConversationId:
        return ConversationId(f"web:{self._channel}:{self._new_id()}")


def shown_settings(settings: WebSettings) -> dict[str, Any]:
    """The part of the settings a page may see."""
    hosts = {urlsplit(origin).hostname or "" for origin in settings.allowed_origins}
    return {
        "title": settings.title,
        "assistant": settings.assistant,
        "colour": settings.colour.lower(),
        "theme": settings.theme,
        "position": settings.position,
        "linkHosts": sorted({*hosts, *settings.link_hosts}),
        "proactive": [rule.shown() for rule in settings.rules],
        "mostInvitations": settings.most_invitations_per_visit,
        **({"continueOn": settings.continue_on.app} if settings.continue_on else {}),
    }
