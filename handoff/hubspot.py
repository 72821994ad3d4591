"""Leads as HubSpot contacts: created or updated by e-mail address, so repeating is harmless."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import DeliveryParked, DeliveryUncertain
from core.lead import Lead, Posting, PostingState
from handoff.events import knows
from handoff.http_calls import CONTENT, Answer, Call, HttpCalls
from handoff.payload import mapped

UPSERT = "crm/v3/objects/contacts/batch/upsert"
INTERVAL = 0.1
"""Seconds between calls: a private app has 100 in ten seconds (HubSpot, "Usage guidelines")."""
NO_ADDRESS = "It has no e-mail address, which HubSpot knows contacts by."
_MULTI_STATUS = 207
_STEPS = {
    401: "create a new access token and set it in handoff.hubspot.token",
    403: "give the private app the scopes crm.objects.contacts.read and crm.objects.contacts.write",
    404: "check handoff.hubspot.api_base_url",
}
_FIELDS = "check that every property in handoff.hubspot.fields exists in HubSpot and takes text"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSpotSink:
    """`LeadSink` over one HubSpot account. `fields` leads from our names to HubSpot's properties."""

    base_url: str  # ends with a slash
    token: str
    fields: Mapping[str, str]
    calls: HttpCalls

    def __repr__(self) -> str:
        return f"HubSpotSink(base_url={self.base_url!r})"

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """See `LeadSink`. A lead without an address stays out of HubSpot."""
        if posting is not None and knows(posting, lead):
            return posting
        if not lead.email:
            return Posting(state=PostingState.POSTED, revision=lead.revision, reason=NO_ADDRESS)
        contact = _contact_id(await self._upsert(lead))
        return Posting(state=PostingState.POSTED, revision=lead.revision, reference=contact)

    async def _upsert(self, lead: Lead) -> Any:
        headers = {**CONTENT, "Authorization": f"Bearer {self.token}"}
        call = Call(method="POST", url=self.base_url + UPSERT, body=upsert_body(lead, self.fields), headers=headers)
        answer = await self.calls.make(call)
        if not answer.ok or answer.status == _MULTI_STATUS:
            raise self._refusal(answer)
        return answer.json()

    def _refusal(self, answer: Answer) -> DeliveryParked:
        told = answer.json()
        errors = told.get("errors") if isinstance(told, dict) else None
        row = errors[0] if answer.status == _MULTI_STATUS and isinstance(errors, list) and errors else told
        code = row.get("category") if isinstance(row, dict) else None
        return self.calls.refused(answer, code=code, step=_STEPS.get(answer.status, _FIELDS))


def upsert_body(lead: Lead, fields: Mapping[str, str]) -> bytes:
    """The contact known by the lead's address, with what is known of it and nothing that is not."""
    properties = {name: str(value) for name, value in mapped(lead, fields).items()}
    contact = {"idProperty": "email", "id": lead.email, "properties": {"email": lead.email, **properties}}
    return json.dumps({"inputs": [contact]}, ensure_ascii=False).encode()


def _contact_id(told: Any) -> str:
    """HubSpot's id of the contact. Raises `DeliveryUncertain` for an answer without one."""
    results = told.get("results") if isinstance(told, dict) else None
    first = results[0] if isinstance(results, list) and results else None
    identity = first.get("id") if isinstance(first, dict) else None
    if not isinstance(identity, str):
        raise DeliveryUncertain("HubSpot answered without a contact")
    return identity
