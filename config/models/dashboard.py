"""`dashboard:` of `frontdesk.yaml`: the pages for admins, and who may enter them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from config.fields import Line, PublicUrl, Section
from config.secret import Secret

RoleName = Literal["viewer", "agent", "admin", "owner"]


class OpenIdSettings(Section):
    """The company's own sign-in, by OpenID Connect."""

    issuer: Annotated[
        PublicUrl,
        Field(
            description="Address of the provider, as it names itself; its metadata is found below it.",
            examples=["https://login.fernlight.example"],
        ),
    ]
    client_id: Annotated[Line, Field(description="The id the provider gave Frontdesk.", examples=["frontdesk"])]
    client_secret: Annotated[
        Secret | None,
        Field(description="The secret that goes with it; public clients have none.", examples=["${env:OIDC_SECRET}"]),
    ] = None
    button: Annotated[Line, Field(description="The words on the button.", examples=["Sign in with Fernlight"])] = (
        "Sign in with your company account"
    )
    role_claim: Annotated[
        Line, Field(description="The claim of the ID token that decides on the role.", examples=["groups"])
    ] = "groups"
    roles: Annotated[
        Mapping[str, RoleName],
        Field(
            max_length=100,
            description="Which value of that claim gives which role; the highest counts.",
            examples=[{"sales": "agent", "sales-ops": "admin"}],
        ),
    ] = {}
    default_role: Annotated[
        RoleName | None,
        Field(description="The role of everybody else; empty: they are not let in.", examples=["viewer"]),
    ] = None


class DashboardSettings(Section):
    """The pages for admins at /dashboard, and the API at /api/v1."""

    enabled: Annotated[bool, Field(description="Whether they are served at all.", examples=[True])] = True
    session_hours: Annotated[
        float, Field(gt=0, le=720, description="Hours after which everybody signs in again.", examples=[12])
    ] = 12.0
    idle_minutes: Annotated[
        float,
        Field(ge=2, le=10_080, description="Minutes without a click after which one signs in again.", examples=[60]),
    ] = 120.0
    local_accounts: Annotated[
        bool, Field(description="Whether a name and a password let anybody in.", examples=[True])
    ] = True
    oidc: Annotated[
        OpenIdSettings | None,
        Field(
            description="The company's own sign-in.",
            examples=[{"issuer": "https://login.fernlight.example", "client_id": "frontdesk"}],
        ),
    ] = None
