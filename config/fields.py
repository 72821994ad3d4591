"""The kinds of value that occur in the admin's files, and the base of every section of them."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from config.secret import refusal
from config.shape import VERBATIM

URL_LIMIT = 2_048
"""Characters of an address; longer ones break in some browsers and proxies."""


class Section(BaseModel):
    """A group of keys. Immutable; unknown keys are refused; errors never show what was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


_UNFIT = re.compile(r"[\s\x00-\x1f\x7f\\<>\"{}|^`]")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_DOMAIN_LIMIT = 253


def split_url(text: str, *schemes: str) -> SplitResult:
    """The parts of an absolute address of one of the schemes. Raises a `refusal` that says what is wrong with it."""
    hint = f"write a whole address that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise refusal("this is not an address", hint) from None
    if len(text) > URL_LIMIT or _UNFIT.search(text) or parts.scheme not in schemes or not host or port == 0:
        raise refusal("this is not an address", hint)
    if parts.username is not None or parts.password is not None:
        raise refusal("an address here carries no user name or password", "remove what stands before the `@`")
    return parts


def is_loopback(host: str) -> bool:
    """Whether a host name or IP address surely is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _web_url(text: str) -> str:
    split_url(text, "http", "https")
    return text


def _public_url(text: str) -> str:
    parts = split_url(text, "http", "https")
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise refusal("http is accepted for this machine only", "use https")
    if parts.query or parts.fragment:
        raise refusal("this address has no query and no fragment", "remove everything from `?` or `#` on")
    return text


def _folder_url(text: str) -> str:
    return _public_url(text).rstrip("/") + "/"


def _page(text: str) -> str:
    return text if text.startswith("/") and not _UNFIT.search(text) else _web_url(text)


def _domain(text: str) -> str:
    if len(text) > _DOMAIN_LIMIT or not _DOMAIN.fullmatch(text):
        raise refusal("this is not a domain", "write it in lower case without @ or https://, as in `example.com`")
    return text


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        hint = "write an IP address or a network, as in `10.0.0.0/8`; host bits must be zero"
        raise refusal("this is not an IP address or network", hint) from None
    return text


_URI = Field(json_schema_extra={"format": "uri"})

WebUrl = Annotated[str, AfterValidator(_web_url), _URI]
"""An absolute http or https address without credentials."""
PublicUrl = Annotated[str, AfterValidator(_public_url), _URI]
"""https, or http on this machine; no query, no fragment."""
FolderUrl = Annotated[str, AfterValidator(_folder_url), _URI]
"""A `PublicUrl` that ends with a slash, so that names can be appended; the slash is added when missing."""
Page = Annotated[str, AfterValidator(_page), Field(max_length=URL_LIMIT, json_schema_extra={"format": VERBATIM})]
"""A page of the site: an absolute address, or a path that begins with a slash."""
Domain = Annotated[str, AfterValidator(_domain)]
"""A domain name in lower case, at least two labels."""
Network = Annotated[str, AfterValidator(_network)]
"""An IP address or a CIDR network."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""Lower-case letters, digits, `_` and `-`; begins with a letter or digit; at most 63 characters."""
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
"""A BCP 47 language tag, as in `en` or `pt-BR`."""
Line = Annotated[str, Field(min_length=1, max_length=200)]
"""A short text, never empty."""
Text = Annotated[str, Field(min_length=1, max_length=2_000)]
"""A paragraph, never empty."""
Verbatim = Annotated[str, Field(max_length=4_000, json_schema_extra={"format": VERBATIM})]
"""Text taken over from elsewhere letter for letter: never searched for references or credentials."""
