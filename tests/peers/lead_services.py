"""HubSpot, Salesforce, a webhook receiver and a mail server on loopback, strict where the real ones are."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(kw_only=True)
class Trouble:
    """One answer in place of the real one; `after` lets the request take effect first; `cut` answers nothing."""

    status: int = 500
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False
    cut: bool = False


@dataclass(kw_only=True)
class Service:
    """What every stand-in has: troubles to come, and the requests that arrived."""

    troubles: list[Trouble] = field(default_factory=list)
    requests: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.requests.append((request.path, dict(request.headers), body))
        trouble = self.troubles.pop(0) if self.troubles else None
        answer = self.answer(request, body) if trouble is None or trouble.after else None
        if trouble is None:
            assert answer is not None
            return answer
        if trouble.cut:
            assert request.transport is not None
            request.transport.close()
        return web.json_response(trouble.body, status=trouble.status, headers=trouble.headers)

    def answer(self, _request: web.Request, _body: bytes) -> web.Response:
        return web.Response(status=204)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self.take)
        runner = web.AppRunner(application, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
        finally:
            await runner.cleanup()


@dataclass(kw_only=True)
class HubSpot(Service):
    """Contacts by address; unknown properties, other shapes and other tokens are refused as HubSpot refuses them."""

    token: str
    properties: frozenset[str] = frozenset({"email", "firstname", "lastname", "company", "phone", "message"})
    contacts: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: web.Request, body: bytes) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _hubspot_error(401, "INVALID_AUTHENTICATION")
        if (request.method, request.path) != ("POST", "/crm/v3/objects/contacts/batch/upsert"):
            return _hubspot_error(404, "OBJECT_NOT_FOUND")
        told = json.loads(body)
        (one,) = told["inputs"]
        values = one["properties"]
        fit = (
            set(told) == {"inputs"} and set(one) == {"id", "idProperty", "properties"} and one["idProperty"] == "email"
        )
        if not fit or not set(values) <= self.properties or not all(isinstance(text, str) for text in values.values()):
            return _hubspot_error(400, "VALIDATION_ERROR")
        new = one["id"] not in self.contacts
        self.contacts.setdefault(one["id"], {}).update(values)
        number = str(list(self.contacts).index(one["id"]) + 501)
        return web.json_response({"status": "COMPLETE", "results": [{"id": number, "new": new, "properties": values}]})


def _hubspot_error(status: int, category: str) -> web.Response:
    told = {"status": "error", "message": "told to people", "correlationId": "c", "category": category}
    return web.json_response(told, status=status)


@dataclass(kw_only=True)
class Salesforce(Service):
    """Leads by external id; tokens of its own making, one of which is good at a time."""

    client_id: str
    client_secret: str
    external: str = "Frontdesk_Id__c"
    fields: frozenset[str] = frozenset({"FirstName", "LastName", "Company", "Email", "Phone", "Description"})
    leads: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: int = 0

    def expire(self) -> None:
        self.tokens += 1

    def answer(self, request: web.Request, body: bytes) -> web.Response:
        if request.path == "/services/oauth2/token":
            return self._token(dict(part.split("=", 1) for part in body.decode().split("&")))
        if request.headers.get("Authorization") != f"Bearer token-{self.tokens}":
            return _salesforce_error(401, "INVALID_SESSION_ID")
        start = f"/services/data/v62.0/sobjects/Lead/{self.external}/"
        if request.method != "PATCH" or not request.path.startswith(start):
            return _salesforce_error(404, "NOT_FOUND")
        return self._upsert(request.path.removeprefix(start), json.loads(body))

    def _token(self, form: Mapping[str, str]) -> web.Response:
        known = {"grant_type": "client_credentials", "client_id": self.client_id, "client_secret": self.client_secret}
        if form != known:
            return web.json_response({"error": "invalid_client", "error_description": "told to people"}, status=400)
        self.tokens += 1
        return web.json_response({"access_token": f"token-{self.tokens}", "token_type": "Bearer"})

    def _upsert(self, identity: str, values: dict[str, Any]) -> web.Response:
        if not set(values) <= self.fields:
            return _salesforce_error(400, "INVALID_FIELD")
        if len(values.get("FirstName", "")) > 40 or len(values["LastName"]) > 80:
            return _salesforce_error(400, "STRING_TOO_LONG")
        new = identity not in self.leads
        self.leads.setdefault(identity, {}).update(values)
        told = {"id": f"00Q{len(self.leads):015}", "success": True, "errors": [], "created": new}
        return web.json_response(told, status=201 if new else 200)


def _salesforce_error(status: int, code: str) -> web.Response:
    return web.json_response([{"message": "told to people", "errorCode": code}], status=status)


@dataclass(kw_only=True)
class MailHost:
    """A mail server without encryption: answers by command, messages as they came."""

    login: tuple[str, str] = ("", "")
    answers: dict[str, str] = field(default_factory=dict)  # the command's word -> the answer, once
    cut_after_data: bool = False
    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def served(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.test\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            answer = self.answers.pop(word, "") or await self._answer(word, line, reader, writer)
            if not answer:
                break
            writer.write(answer.encode() + b"\r\n")
            await writer.drain()
        writer.close()

    async def _answer(self, word: str, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        match word:
            case "EHLO":
                return "250-mail.test\r\n250 AUTH PLAIN"
            case "AUTH":
                given = base64.b64decode(line.split()[2]).decode().split("\0")[1:]
                return "235 welcome" if tuple(given) == self.login else "535 no"
            case "RCPT":
                self.recipients.append(line)
                return "250 ok"
            case "DATA":
                writer.write(b"354 go on\r\n")
                self.messages.append((await reader.readuntil(b"\r\n.\r\n"))[:-5])
                return "" if self.cut_after_data else "250 taken"
            case "QUIT":
                return "221 bye"
            case _:
                return "250 ok"
