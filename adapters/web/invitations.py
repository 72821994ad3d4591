"""Composing an invitation for somebody who reads a page and has not written. Nothing is recorded."""

from __future__ import annotations

from aiohttp import web

from adapters.web.door import json_response, read_json
from adapters.web.inbound import read_invitation
from adapters.web.intake import Intake
from core.reception import Inviter


class Invitations:
    """`POST invitation` with the page. Answers `{text, buttons, quote}`, empty where the site has nothing that fits."""

    def __init__(self, intake: Intake, inviter: Inviter | None) -> None:
        self._intake = intake
        self._inviter = inviter

    async def compose(self, request: web.Request, origin: str) -> web.StreamResponse:
        self._intake.admit_invitation(request.remote)
        page = read_invitation(await read_json(request), origin=origin)
        reply = await self._inviter.invite(page) if self._inviter and page else None
        if reply is None:
            return json_response({"text": "", "buttons": [], "quote": ""})
        quote = next((citation.quote for citation in reply.citations), "")
        return json_response({"text": reply.main_text, "buttons": list(reply.buttons), "quote": quote})
