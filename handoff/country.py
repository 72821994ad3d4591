"""Which country a lead is in, where its phone number or its address tells. Pure."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import phonenumbers

from core.lead import Lead

_OF_DOMAIN = {"UK": "GB"}


def country_of(lead: Lead) -> str:
    """ISO 3166 letters, "" where nothing tells. A phone number tells more than an address."""
    return _of_phone(lead.phone) or _of_address(lead.email)


def _of_phone(phone: str) -> str:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _of_address(email: str) -> str:
    ending = email.rpartition(".")[2].upper()
    known = ending in phonenumbers.SUPPORTED_REGIONS or ending in _OF_DOMAIN
    return _OF_DOMAIN.get(ending, ending) if known and ending not in _without_a_country() else ""


@cache
def _without_a_country() -> frozenset[str]:
    """Endings that belong to a country and are used by anybody."""
    text = (files("handoff") / "resources" / "open_domains.txt").read_text(encoding="utf-8")
    return frozenset(line.strip().upper() for line in text.splitlines() if line and not line.startswith("#"))
