"""`frontdesk slack manifest`: the app to create in Slack, filled in for a desk."""

from __future__ import annotations

import argparse
import json
import sys
import webbrowser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from adapters.slack.settings import SlackChannelSettings
from config import Desk
from core.errors import ConfigError
from frontdesk.desk import inspect_desk
from frontdesk.sales import PATH as SALES_PATH
from frontdesk.shipped import slack_manifest

CREATE = "https://api.slack.com/apps"


def run(options: argparse.Namespace) -> int:
    """Print the manifest; with `--open`, open Slack's page that creates an app from it."""
    manifest = sales_manifest(options.config) if options.sales else manifest_for(options.config, options.channel)
    text = json.dumps(manifest, indent=2)
    print(text)
    if options.open:
        query = urlencode({"new_app": "1", "manifest_json": json.dumps(manifest, separators=(",", ":"))})
        opened = webbrowser.open(f"{CREATE}?{query}")
        told = "Slack's page is open in the browser." if opened else f"No browser here; create the app at {CREATE}."
        print(told, file=sys.stderr)
    return 0


def manifest_for(desk: Path | None, channel: str) -> dict[str, Any]:
    """The manifest of the prospects' app, with the desk's address, channel and mode. Raises `ConfigError`."""
    manifest: dict[str, Any] = json.loads(slack_manifest())
    if desk is None:
        return manifest
    read, public = _desk_at(desk)
    settings = read.channels.get(channel)
    sockets = isinstance(settings, SlackChannelSettings) and settings.mode == "socket"
    return _addressed(manifest, f"{public}/channels/slack/{channel}/events", sockets=sockets)


def sales_manifest(desk: Path | None) -> dict[str, Any]:
    """The manifest of the sales team's app, likewise. Raises `ConfigError`."""
    manifest: dict[str, Any] = json.loads(slack_manifest(sales=True))
    if desk is None:
        return manifest
    read, public = _desk_at(desk)
    slack = read.handoff.slack if read.handoff else None
    return _addressed(manifest, f"{public}{SALES_PATH}", sockets=slack is not None and slack.app_token is not None)


def _desk_at(folder: Path) -> tuple[Desk, str]:
    """The desk, and the address Slack reaches it at without a slash at its end."""
    desk = inspect_desk(folder).desk
    public = desk.settings.server.public_url if desk else None
    if desk is None or public is None:
        raise ConfigError("the manifest needs `server.public_url` in frontdesk.yaml, where Slack reaches the hub")
    return desk, str(public).rstrip("/")


def _addressed(manifest: dict[str, Any], address: str, *, sockets: bool) -> dict[str, Any]:
    wanted = manifest["settings"]
    wanted["socket_mode_enabled"] = sockets
    for part, key in (
        *((wanted[name], "request_url") for name in ("event_subscriptions", "interactivity")),
        *((command, "url") for command in manifest["features"].get("slash_commands", ())),
    ):
        if sockets:
            part.pop(key)
        else:
            part[key] = address
    return manifest
