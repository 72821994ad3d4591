"""A mail server that takes mail in, for sections of several files."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.fields import Line, Section, is_loopback
from config.secret import Secret, refusal

Address = Annotated[str, Field(pattern=r"^[^\s@<>,;:\"\\()\[\]]{1,64}@[A-Za-z0-9.-]{1,253}$", max_length=254)]


class MailSettings(Section):
    """Where mail is handed in, and in whose name."""

    host: Annotated[Line, Field(description="The mail server that takes mail in.", examples=["smtp.example.com"])]
    port: Annotated[int, Field(description="Its port.", examples=[587], ge=1, le=65_535)] = 587
    security: Annotated[
        Literal["starttls", "tls", "none"],
        Field(description="How the connection is encrypted; `none` on this machine only.", examples=["starttls"]),
    ] = "starttls"
    username: Annotated[
        Line | None, Field(description="Who logs in; without it nobody does.", examples=["frontdesk@example.com"])
    ] = None
    password: Annotated[
        Secret | None,
        Field(description="The password; always a reference.", examples=["${env:FRONTDESK_SMTP_PASSWORD}"]),
    ] = None
    sender: Annotated[Address, Field(description="The address mail comes from.", examples=["frontdesk@example.com"])]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.security == "none" and not is_loopback(self.host):
            raise refusal("mail is sent unencrypted on this machine only", "use starttls or tls", at=("security",))
        if (self.username is None) != (self.password is None):
            raise refusal("username and password come together", "write both, or neither", at=("username",))
        return self
