"""`metrics:`, `logging:` and `tracing:` of `frontdesk.yaml`: what whoever runs Frontdesk gets to see of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.fields import Line, Network, Section, WebUrl
from config.secret import Secret

LOOPBACK = ("127.0.0.0/8", "::1")


class MetricsSettings(Section):
    """Numbers for Prometheus at /metrics; they name channels and sinks, never visitors."""

    enabled: Annotated[bool, Field(description="Whether the page is served at all.", examples=[True])] = True
    readers: Annotated[
        tuple[Network, ...],
        Field(
            max_length=100,
            description="Who may read it without a token: addresses or networks that ask directly, through no proxy.",
            examples=[["127.0.0.0/8", "10.42.0.0/16"]],
        ),
    ] = LOOPBACK
    token: Annotated[
        Secret | None,
        Field(
            description="Whoever sends this as a bearer token may read it from anywhere.",
            examples=["${env:FRONTDESK_METRICS_TOKEN}"],
        ),
    ] = None


class LoggingSettings(Section):
    """How `frontdesk serve` logs; personal data is masked either way."""

    format: Annotated[
        Literal["text", "json"],
        Field(description="Lines for people, or one JSON object a line for a log collector.", examples=["json"]),
    ] = "text"


class TracingSettings(Section):
    """Traces for an OpenTelemetry collector; needs the extra `telemetry`."""

    endpoint: Annotated[
        WebUrl,
        Field(
            description="Where traces go, by OTLP over HTTP: the whole address, with its path.",
            examples=["http://127.0.0.1:4318/v1/traces"],
        ),
    ]
    authorization: Annotated[
        Secret | None,
        Field(description="Sent as the Authorization header.", examples=["${env:OTLP_AUTHORIZATION}"]),
    ] = None
    share: Annotated[
        float, Field(ge=0, le=1, description="Which share of the messages is traced, 0 to 1.", examples=[0.1])
    ] = 1.0
    service: Annotated[Line, Field(description="The name the traces go by.", examples=["frontdesk-berlin"])] = (
        "frontdesk"
    )
