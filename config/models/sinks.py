"""Further places leads go to, sections of `handoff.yaml`: webhooks, CRMs, e-mail."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.fields import FolderUrl, PublicUrl, Section, Slug, WebUrl
from config.models.mail import Address, MailSettings
from config.secret import Secret, refusal

HUBSPOT_API = "https://api.hubapi.com/"

Event = Literal["lead.created", "lead.updated", "lead.claimed", "lead.won", "lead.lost"]
LeadField = Literal[
    "leadId",
    "email",
    "name",
    "firstName",
    "lastName",
    "company",
    "phone",
    "language",
    "status",
    "owner",
    "verdict",
    "priority",
    "value",
    "persona",
    "readiness",
    "score",
    "channel",
    "sourcePage",
    "campaign",
    "referrer",
    "firstMessage",
    "nextStep",
    "summary",
    "createdAt",
]
FieldName = Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_]{0,99})?$")]

HUBSPOT_FIELDS: dict[str, str] = {
    "firstName": "firstname",
    "lastName": "lastname",
    "company": "company",
    "phone": "phone",
    "summary": "message",
}
SALESFORCE_FIELDS: dict[str, str] = {
    "firstName": "FirstName",
    "lastName": "LastName",
    "company": "Company",
    "email": "Email",
    "phone": "Phone",
    "summary": "Description",
}

DryRun = Annotated[
    bool, Field(description="Send nothing; the log tells what would be sent, without the values.", examples=[True])
]


_SIGNING_BYTES = range(24, 65)
"""How long a secret is; Standard Webhooks, "Signature scheme"."""


def _signing_secret(secret: Secret) -> Secret:
    try:
        size = len(base64.b64decode(secret.reveal().removeprefix("whsec_"), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if size not in _SIGNING_BYTES:
        hint = "use `whsec_` and the base64 of 24 to 64 random bytes, as `openssl rand -base64 32` prints them"
        raise refusal(f"{secret} holds no secret of the Standard Webhooks form", hint)
    return secret


class WebhookSettings(Section):
    """One address that is told of leads, signed after the Standard Webhooks specification."""

    name: Annotated[Slug, Field(description="What logs and lists call it; never change it.", examples=["warehouse"])]
    url: Annotated[WebUrl, Field(description="Where events are posted.", examples=["https://hooks.example.com/leads"])]
    secrets: Annotated[
        tuple[Annotated[Secret, AfterValidator(_signing_secret)], ...],
        Field(
            description="What it is signed with: `whsec_` and the base64 of 24 to 64 bytes; two during a change.",
            examples=[["${env:FRONTDESK_WEBHOOK_SECRET}"]],
            min_length=1,
            max_length=4,
        ),
    ]
    events: Annotated[
        tuple[Event, ...],
        Field(description="The events it is told of.", examples=[["lead.created", "lead.won"]], min_length=1),
    ] = ("lead.created", "lead.updated", "lead.claimed", "lead.won", "lead.lost")
    allow_private_hosts: Annotated[
        bool, Field(description="Whether the address may lie in a private network.", examples=[True])
    ] = False
    dry_run: DryRun = False

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        if self.url.startswith("http://") and not self.allow_private_hosts:
            raise refusal("leads are posted over https only", "use https, or set `allow_private_hosts`", at=("url",))
        return self


class HubSpotSettings(Section):
    """Leads become contacts of a HubSpot account."""

    token: Annotated[
        Secret,
        Field(
            description="The access token of a private app; always a reference.",
            examples=["${env:FRONTDESK_HUBSPOT_TOKEN}"],
        ),
    ]
    fields: Annotated[
        dict[LeadField, FieldName],
        Field(
            description="Our value to your property's name, beside the usual ones; an empty name leaves a value out.",
            examples=[{"persona": "frontdesk_persona", "summary": ""}],
        ),
    ] = Field(default_factory=dict)
    api_base_url: Annotated[
        FolderUrl, Field(description="Address of HubSpot's API; another one for tests.", examples=[HUBSPOT_API])
    ] = HUBSPOT_API
    dry_run: DryRun = False

    @property
    def field_map(self) -> dict[str, str]:
        return HUBSPOT_FIELDS | {str(ours): theirs for ours, theirs in self.fields.items()}


class SalesforceSettings(Section):
    """Leads become leads of a Salesforce org."""

    base_url: Annotated[
        PublicUrl, Field(description="Your My Domain address.", examples=["https://company.my.salesforce.com"])
    ]
    client_id: Annotated[
        Secret,
        Field(description="The consumer key of the app; a reference.", examples=["${env:FRONTDESK_SALESFORCE_ID}"]),
    ]
    client_secret: Annotated[
        Secret,
        Field(description="The consumer secret; a reference.", examples=["${env:FRONTDESK_SALESFORCE_SECRET}"]),
    ]
    external_field: Annotated[
        str,
        Field(
            description="The external id field of Lead that holds our id: text, unique, up to 255 characters.",
            examples=["Frontdesk_Id__c"],
            pattern=r"^[A-Za-z][A-Za-z0-9_]{0,79}$",
        ),
    ] = "Frontdesk_Id__c"
    api_version: Annotated[
        str, Field(description="The version of the REST API.", examples=["62.0"], pattern=r"^[1-9][0-9]\.0$")
    ] = "62.0"
    fields: Annotated[
        dict[LeadField, FieldName],
        Field(
            description="Our value to your field's name, beside the usual ones; an empty name leaves a value out.",
            examples=[{"persona": "Persona__c"}],
        ),
    ] = Field(default_factory=dict)
    dry_run: DryRun = False

    @property
    def field_map(self) -> dict[str, str]:
        return SALESFORCE_FIELDS | {str(ours): theirs for ours, theirs in self.fields.items()}


class EmailSettings(MailSettings):
    """Leads go to mailboxes."""

    to: Annotated[
        tuple[Address, ...],
        Field(description="Who gets it.", examples=[["sales@example.com"]], min_length=1, max_length=20),
    ]
    events: Annotated[
        tuple[Event, ...], Field(description="What is mailed.", examples=[["lead.created", "lead.won"]], min_length=1)
    ] = ("lead.created",)
    dry_run: DryRun = False
