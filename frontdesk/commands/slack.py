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
from core.errors import ConfigError
from frontdesk.desk import inspect_desk
from frontdesk.shipped import slack_manifest

CREATE = "https://api.slack.com/apps"


def run(options: argparse.Namespace) -> int:
    """Print the manifest; with `--open`, open Slack's page that creates an app from it."""
    manifest = manifest_for(options.config, options.channel)
    text = json.dumps(manifest, indent=2)
    print(text)
    if options.open:
        query = urlencode({"new_app": "1", "manifest_json": json.dumps(manifest, separators=(",", ":"))})
        opened = webbrowser.open(f"{CREATE}?{query}")
        told = "Slack's page is open in the browser." if opened else f"No browser here; create the app at {CREATE}."
        print(told, file=sys.stderr)
    return 0


def manifest_for(desk: Path | None, channel: str) -> dict[str, Any]:
    """The manifest as shipped, or with the desk's address, channel and mode. Raises `ConfigError`."""
    manifest: dict[str, Any] = json.loads(slack_manifest())
    if desk is None:
        return manifest
    inspection = inspect_desk(desk)
    public = inspection.desk.settings.server.public_url if inspection.desk else None
    if inspection.desk is None or public is None:
        raise ConfigError("the manifest needs `server.public_url` in frontdesk.yaml, where Slack reaches the hub")
    settings = inspection.desk.channels.get(channel)
    sockets = isinstance(settings, SlackChannelSettings) and settings.mode == "socket"
    address = f"{str(public).rstrip('/')}/channels/slack/{channel}/events"
    wanted = manifest["settings"]
    wanted["socket_mode_enabled"] = sockets
    for part in ("event_subscriptions", "interactivity"):
        if sockets:
            wanted[part].pop("request_url")
        else:
            wanted[part]["request_url"] = address
    return manifest
