"""Leads as Salesforce leads: created or updated by an external id field that holds ours, so repeating is harmless."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain
from core.lead import Lead, Posting, PostingState
from handoff.events import knows
from handoff.http_calls import CONTENT, Answer, Call, HttpCalls
from handoff.payload import mapped

TOKEN_PATH = "services/oauth2/token"  # noqa: S105  an address
UNKNOWN = "[not provided]"
"""What Salesforce's own web forms write into a required field nobody filled in."""
LIMITS = {"FirstName": 40, "LastName": 80, "Company": 255, "Phone": 40, "Description": 32_000}
"""Characters of standard fields of a Lead (Object Reference, "Lead"); a longer value is refused."""
LIMIT_PAUSE = 300.0
"""Seconds before the next call once the day's allowance is used up; Salesforce does not say when it ends."""
CONVERTED = "CANNOT_UPDATE_CONVERTED_LEAD"
_UNAUTHORIZED = 401
_STEPS = {
    "INVALID_FIELD": "check that every field in handoff.salesforce.fields exists and the app may write it",
    "NOT_FOUND": "create the external id field of handoff.salesforce.external_field, and check api_version",
    "INSUFFICIENT_ACCESS": "let the user the app runs as create and edit leads",
    "REQUIRED_FIELD_MISSING": "map a value to that field in handoff.salesforce.fields, or make it optional",
}
_FIELDS = "check handoff.salesforce.fields against the fields of a Lead"


class SalesforceAccount:
    """Access by client credentials: a token is fetched when there is none, and anew once it is refused."""

    def __init__(self, *, base_url: str, client_id: str, client_secret: str, calls: HttpCalls) -> None:
        self._base_url = base_url
        self._form = urlencode(
            {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        ).encode()
        self._calls = calls
        self._token = ""
        self._fetching = asyncio.Lock()

    async def patch(self, path: str, body: bytes) -> Answer:
        """The answer to a PATCH; a refused token is exchanged once."""
        token = await self._current("")
        answer = await self._patch(path, body, token)
        if answer.status != _UNAUTHORIZED:
            return answer
        return await self._patch(path, body, await self._current(token))

    async def _patch(self, path: str, body: bytes, token: str) -> Answer:
        headers = {**CONTENT, "Authorization": f"Bearer {token}"}
        return await self._calls.make(Call(method="PATCH", url=self._base_url + path, body=body, headers=headers))

    async def _current(self, refused: str) -> str:
        """The token, unless it is the one that was refused: then the next. Several who ask at once share a fetch."""
        async with self._fetching:
            if self._token == refused:
                self._token = await self._fetch()
            return self._token

    async def _fetch(self) -> str:
        headers = {**CONTENT, "Content-Type": "application/x-www-form-urlencoded"}
        call = Call(method="POST", url=self._base_url + TOKEN_PATH, body=self._form, headers=headers)
        answer = await self._calls.make(call)
        told = answer.json()
        token = told.get("access_token") if isinstance(told, dict) else None
        if answer.ok and isinstance(token, str):
            return token
        code = told.get("error") if isinstance(told, dict) else None
        step = (
            "check client_id and client_secret, and that the client credentials flow is enabled with a user to run as"
        )
        raise self._calls.refused(answer, code=code, step=step)


class SalesforceSink:
    """`LeadSink` over one org. `fields` leads from our names to fields of a Lead."""

    def __init__(
        self,
        *,
        account: SalesforceAccount,
        calls: HttpCalls,
        api_version: str,
        external_field: str,
        fields: Mapping[str, str],
    ) -> None:
        self._account = account
        self._calls = calls
        self._path = f"services/data/v{api_version}/sobjects/Lead/{external_field}/"
        self._fields = fields

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """See `LeadSink`. A lead that sales has converted in Salesforce is theirs from then on."""
        if posting is not None and knows(posting, lead):
            return posting
        answer = await self._account.patch(self._path + quote(lead.id, safe=""), lead_body(lead, self._fields))
        code = _code(answer.json())
        if not answer.ok and code != CONVERTED:
            raise self._refusal(answer, code)
        reference = _record_id(answer.json()) or (posting.reference if posting else "")
        reason = "" if answer.ok else "It was converted in Salesforce and is not changed any more."
        return Posting(state=PostingState.POSTED, revision=lead.revision, reference=reference, reason=reason)

    def _refusal(self, answer: Answer, code: str) -> Exception:
        if code == "REQUEST_LIMIT_EXCEEDED":
            return DeliveryDelayed("Salesforce's allowance of calls is used up", retry_after=LIMIT_PAUSE)
        if code == "UNABLE_TO_LOCK_ROW":
            return DeliveryUncertain("Salesforce is changing the same lead")
        if answer.status == _UNAUTHORIZED:
            return DeliveryParked(
                "Salesforce refuses its own token. Next: let the app's user use the REST API (API Enabled)."
            )
        step = next((text for start, text in _STEPS.items() if code.startswith(start)), _FIELDS)
        return self._calls.refused(answer, code=code, step=step)


def lead_body(lead: Lead, fields: Mapping[str, str]) -> bytes:
    """The lead's fields without the external id, which stands in the address; required ones are never empty."""
    values = {name: _fitting(name, value) for name, value in mapped(lead, fields).items()}
    return json.dumps({"LastName": UNKNOWN, "Company": UNKNOWN, **values}, ensure_ascii=False).encode()


def _fitting(name: str, value: str | float) -> str | float:
    return value[: LIMITS[name]] if isinstance(value, str) and name in LIMITS else value


def _code(told: Any) -> str:
    """The first error's word in a list of errors, "" when there is none."""
    row = told[0] if isinstance(told, list) and told else None
    code = row.get("errorCode") if isinstance(row, dict) else None
    return code if isinstance(code, str) else ""


def _record_id(told: Any) -> str:
    identity = told.get("id") if isinstance(told, dict) else None
    return identity if isinstance(identity, str) else ""
