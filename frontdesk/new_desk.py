"""The files of a new desk, from the templates that ship with Frontdesk. Pure but for reading those."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from frontdesk.shipped import examples

LOOPBACK = ("http://127.0.0.1:8080", "http://localhost:8080")
TEMPLATES = ("frontdesk.yaml", "channels/web.yaml")
AS_THEY_ARE = ("handoff.yaml", "qualification.yaml")
"""Files of the example desk that say nothing about its company."""

_SLOT = re.compile(r"\{\{(\w+)\}\}")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .,'_/-]*[A-Za-z0-9.]|https?://[A-Za-z0-9./_~-]+(:\d+[A-Za-z0-9./_~-]*)?")
_TAKEN = re.compile(r"(?i:yes|no|on|off|true|false|null|y|n)")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDesk:
    """What a new desk is made from; everything else has a default that can be edited later."""

    name: str
    site: str
    language: str = "en"
    assistant: str = "Robin"
    description: str = ""
    notice: str = "We use your address only to answer you."
    privacy_url: str = ""
    colour: str = "#3b5bdb"


def desk_files(desk: NewDesk) -> Mapping[str, str]:
    """Content by path within the folder: every file of a desk but what the crawl writes."""
    slots = {one.name: scalar(getattr(desk, one.name)) for one in fields(desk)}
    slots["description"] = _line("description", desk.description, "What the company does, in one sentence.")
    slots["privacy_url"] = _line("url", desk.privacy_url, "https://www.example.com/privacy")
    slots["origins"] = "\n".join(f"  - {origin}" for origin in origins(desk.site))
    slots["short_assistant"] = scalar(desk.assistant[:30])
    slots["title"] = scalar(f"Chat with {desk.name}"[:40])
    slots["question"] = scalar(f"Wondering whether {desk.name} fits? Ask away."[:160])
    templates = {name: (files("frontdesk") / "templates" / name).read_text(encoding="utf-8") for name in TEMPLATES}
    filled = {name: _SLOT.sub(lambda slot: slots[slot[1]], text) for name, text in templates.items()}
    return filled | {name: (examples() / "desk" / name).read_text(encoding="utf-8") for name in AS_THEY_ARE}


def origins(site: str) -> tuple[str, ...]:
    """The origins of a site's pages: with and without `www`, and those of this machine for trying it out."""
    parts = urlsplit(site)
    host = parts.netloc.lower()
    twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    named = (host, twin) if "." in host and not _is_number(parts.hostname or "") else (host,)
    local = parts.scheme == "http" and len(named) == 1
    own = tuple(f"{parts.scheme if local else 'https'}://{one}" for one in named)
    return tuple(dict.fromkeys((*own, *LOOPBACK)))


def scalar(text: str) -> str:
    """A text as YAML reads it back: as it is where that is safe, else in double quotes."""
    return text if _PLAIN.fullmatch(text) and not _TAKEN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def present_files(folder: Path) -> tuple[str, ...]:
    """The files of a desk that a folder holds already."""
    names = (*TEMPLATES, *AS_THEY_ARE, "personas.yaml", "knowledge.jsonl")
    return tuple(name for name in names if (folder / name).exists())


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def _line(key: str, value: str, example: str) -> str:
    return f"{key}: {scalar(value)}" if value else f"# {key}: {scalar(example)}"
