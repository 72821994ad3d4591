"""The Slack app of the sales team: what it may do is what our calls need, and it leads to this desk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from frontdesk.commands.slack import sales_manifest
from frontdesk.doctor.sales import DOOR_SCOPES
from frontdesk.sales import PATH
from tests.handoff.team import HANDOFF, SETTINGS, WEB

HANDOFF_ROOM = Path(__file__).parents[2] / "handoff"
SHARED_FILES = HANDOFF_ROOM.parent / "platforms" / "slack" / "files.py"
NEEDED = {
    "auth.test": set[str](),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history"},
    "conversations.replies": {"channels:history", "groups:history"},
    "files.getUploadURLExternal": {"files:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.info": {"files:read"},
    "users.info": {"users:read"},
    "views.open": set[str](),
    "views.publish": set[str](),
}
"""What each method asks for, from its page at docs.slack.dev/reference/methods."""


def test_that_the_scopes_are_those_our_calls_need() -> None:
    source = "".join(path.read_text("utf-8") for path in (*HANDOFF_ROOM.glob("*.py"), SHARED_FILES))
    called = set(re.findall(r'"((?:chat|conversations|files|users|views|auth)\.[a-zA-Z]+)"', source))
    assert called <= NEEDED.keys(), "say what the new call needs, and put it into the manifest"
    wanted = set().union(*(NEEDED[method] for method in called)) | {"commands"}
    assert set(sales_manifest(None)["oauth_config"]["scopes"]["bot"]) == wanted
    assert set().union(*DOOR_SCOPES) == wanted


def write(folder: Path, *, public: str = "https://chat.acme.example/desk", sockets: bool = False) -> Path:
    (folder / "channels").mkdir()
    (folder / "channels" / "web.yaml").write_text(WEB)
    (folder / "personas.yaml").write_text("personas: []\n")
    (folder / "frontdesk.yaml").write_text(SETTINGS.replace("port: 0", f'port: 0, public_url: "{public}"'))
    handoff = HANDOFF.format(api="https://slack.com/api/")
    (folder / "handoff.yaml").write_text(handoff.replace("signing_secret", "app_token") if sockets else handoff)
    return folder


def test_that_every_address_is_the_desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_BOT_TOKEN", "xoxb-1-2-invented")
    monkeypatch.setenv("TEAM_SIGNING_SECRET", "invented-for-this-test")
    manifest = sales_manifest(write(tmp_path))
    address = f"https://chat.acme.example/desk{PATH}"
    assert {manifest["settings"][part]["request_url"] for part in ("event_subscriptions", "interactivity")} == {address}
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {address}
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_that_socket_mode_needs_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_BOT_TOKEN", "xoxb-1-2-invented")
    monkeypatch.setenv("TEAM_SIGNING_SECRET", "xapp-1-invented")
    manifest = sales_manifest(write(tmp_path, sockets=True))
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "https://" not in str(manifest["settings"]) + str(manifest["features"])
