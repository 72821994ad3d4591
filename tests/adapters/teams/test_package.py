"""The package that is uploaded to Teams."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from adapters.teams.icons import colour_icon, outline_icon
from adapters.teams.package import _commands, package
from adapters.teams.settings import TeamsSettings
from config.secret import Secret
from core.errors import ConfigError
from core.wishes import Wish
from profiles.wishes import shipped_wishes
from tests.adapters.teams.json_schema import problems
from tests.peers.bot_framework import APP_ID, TENANT

DESK = Path(__file__).parents[3] / "examples" / "desk"
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "manifest.schema.json").read_text("utf-8"))
APP = {
    "name": "Acme Assistant",
    "developer": "Acme Ltd",
    "website": "https://www.example.com/",
    "privacy": "https://www.example.com/privacy",
    "terms": "https://www.example.com/terms",
}
SECRET = "a-secret-of-nobody"
FILE = f"""\
kind: teams
app_id: {APP_ID}
app_password: ${{env:FRONTDESK_TEAMS_PASSWORD}}
tenants: [{TENANT}]
app:
  name: Acme Assistant
  developer: Acme Ltd
  website: https://www.example.com/
  privacy: https://www.example.com/privacy
  terms: https://www.example.com/terms
"""


def settings(**app: Any) -> TeamsSettings:
    file = {"app_id": APP_ID, "app_password": Secret("x"), "tenants": [TENANT], "app": {**APP, **app}}
    return TeamsSettings.model_validate(file)


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def pixels(png: bytes) -> tuple[tuple[int, int], list[tuple[int, int, int, int]]]:
    """The size and every pixel; raises when the file is no sound PNG of 8-bit RGBA without filters."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert checksum == zlib.crc32(kind + content)
        chunks[kind] = content
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, kind_of_colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, kind_of_colour) == (8, 6)
    raw, row = zlib.decompress(chunks[b"IDAT"]), width * 4 + 1
    assert len(raw) == row * height
    assert all(raw[line * row] == 0 for line in range(height))
    flat = b"".join(raw[line * row + 1 : (line + 1) * row] for line in range(height))
    return (width, height), [tuple(flat[place : place + 4]) for place in range(0, len(flat), 4)]  # type: ignore[misc]


def test_that_the_package_is_what_teams_takes_and_always_the_same() -> None:
    files = unpacked(package(settings()))
    assert set(files) == {"manifest.json", "color.png", "outline.png"}
    manifest = json.loads(files["manifest.json"])
    assert list(problems(manifest, SCHEMA)) == []
    assert manifest["bots"][0]["botId"] == APP_ID
    assert manifest["validDomains"] == ["www.example.com"]
    assert package(settings()) == package(settings())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": "1"}, "/version"),
        ({"extra": 1}, "/extra"),
        ({"bots": []}, "/bots"),
        ({"name": {"short": "x" * 31, "full": "x"}}, "/name/short"),
        ({"id": "no guid"}, "/id"),
    ],
)
def test_that_the_schema_finds_what_is_wrong(change: dict[str, Any], problem: str) -> None:
    manifest = json.loads(unpacked(package(settings()))["manifest.json"])
    assert [one for one in problems({**manifest, **change}, SCHEMA) if one.startswith(problem)]


def test_that_the_colour_icon_is_a_full_square_of_the_colour_with_a_white_bubble() -> None:
    size, found = pixels(colour_icon("#123456"))
    assert size == (192, 192)
    assert found[0] == (0x12, 0x34, 0x56, 255)
    assert found[96 * 192 + 96] == (255, 255, 255, 255)
    assert {pixel[3] for pixel in found} == {255}


def test_that_the_outline_icon_is_white_on_nothing() -> None:
    size, found = pixels(outline_icon())
    assert size == (32, 32)
    assert {pixel[:3] for pixel in found} == {(255, 255, 255)}
    assert {0, 255} <= {pixel[3] for pixel in found}
    assert found[14 * 32 + 16][3] == 0


def test_that_a_package_needs_what_the_app_is_called() -> None:
    bare = settings().model_copy(update={"app": None})
    with pytest.raises(ConfigError, match="app:"):
        package(bare)
    with pytest.raises(ConfigError, match="app_id"):
        package(settings().model_copy(update={"app_id": "acme"}))


def desk_with(folder: Path, **channels: str) -> Path:
    desk = Path(shutil.copytree(DESK, folder / "desk", ignore=shutil.ignore_patterns(".*")))
    for name, text in channels.items():
        (desk / "channels" / f"{name}.yaml").write_text(text, "utf-8")
    return desk


def command(desk: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "frontdesk", "teams", "package", "-c", str(desk), "--out", str(out), *more],
        env={**os.environ, "FRONTDESK_TEAMS_PASSWORD": SECRET, "FRONTDESK_TEAMS_WEST": "x" + SECRET},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_that_the_command_writes_the_package_of_the_channels_file(tmp_path: Path) -> None:
    out = tmp_path / "acme.zip"
    found = command(desk_with(tmp_path, teams=FILE), out)
    assert (found.returncode, found.stderr) == (0, "")
    assert str(out) in found.stdout
    assert list(problems(json.loads(unpacked(out.read_bytes())["manifest.json"]), SCHEMA)) == []
    assert SECRET.encode() not in out.read_bytes()


def test_that_the_command_says_what_it_lacks(tmp_path: Path) -> None:
    out = tmp_path / "acme.zip"
    none = command(desk_with(tmp_path / "none"), out)
    assert (none.returncode, "no Teams channel" in none.stderr) == (78, True)
    two = desk_with(tmp_path / "two", east=FILE, west=FILE.replace("TEAMS_PASSWORD", "TEAMS_WEST"))
    assert "east, west" in command(two, out).stderr
    assert command(two, out, "--channel", "north").returncode == 78
    assert not out.exists()
    assert command(two, out, "--channel", "west").returncode == 0
    assert command(two, tmp_path / "no" / "such.zip", "--channel", "west").returncode == 78


def test_that_every_sentence_teams_offers_is_understood() -> None:
    offered = [one["title"] for one in _commands()]
    wishes = {title: shipped_wishes().wish(title) for title in offered}
    assert {wish for wish in wishes.values() if wish} == {Wish.MENU, Wish.LANGUAGE, Wish.PRIVACY, Wish.DELETE}
    assert [title for title, wish in wishes.items() if wish is None] == ["talk to a person"]
