"""The app package that an admin uploads to Teams: a manifest and two icons. Pure."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from adapters.teams.icons import colour_icon, outline_icon
from adapters.teams.settings import AppSettings, TeamsSettings
from core.errors import ConfigError

MANIFEST_VERSION = "1.16"
_SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.16/MicrosoftTeams.schema.json"
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SCOPES = ("personal", "team", "groupchat")
_WRITTEN = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the package, so that the same settings give the same bytes."""


def package(settings: TeamsSettings) -> bytes:
    """The zip file. Raises `ConfigError` when the channel's file does not tell enough of the app."""
    if settings.app is None:
        raise ConfigError("the channel's file has no `app:`; the package needs its name, developer and addresses")
    if not _GUID.fullmatch(settings.app_id):
        raise ConfigError("the channel's app_id is no Microsoft app id, such as 0f8fad5b-d9cb-469f-a165-70867728950e")
    manifest = json.dumps(manifest_of(settings, settings.app), ensure_ascii=False, indent=2) + "\n"
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        _add(archive, "manifest.json", manifest.encode())
        _add(archive, "color.png", colour_icon(settings.app.colour))
        _add(archive, "outline.png", outline_icon())
    return written.getvalue()


def manifest_of(settings: TeamsSettings, app: AppSettings) -> dict[str, Any]:
    """What Teams is told of the app."""
    bot_id = settings.app_id.lower()
    return {
        "$schema": _SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": app.version,
        "id": bot_id,
        "developer": {
            "name": app.developer,
            "websiteUrl": app.website,
            "privacyUrl": app.privacy,
            "termsOfUseUrl": app.terms,
        },
        "name": {"short": app.name, "full": app.name},
        "description": {"short": app.summary, "full": app.description},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": app.colour.upper(),
        "bots": [
            {
                "botId": bot_id,
                "scopes": list(_SCOPES),
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": list(_SCOPES), "commands": _commands()}],
            },
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(app.website).hostname or ""],
    }


def _commands() -> list[dict[str, str]]:
    """What Teams offers while somebody writes to the bot; a title is sent as if it had been typed."""
    text = (files("adapters.teams") / "resources" / "commands.yaml").read_text("utf-8")
    return [{"title": title, "description": told} for title, told in yaml.safe_load(text).items()]


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name, _WRITTEN)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)
