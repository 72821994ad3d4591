"""The container file, the compose file and the systemd unit: each names things that are there, and confines them."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import inspect
from frontdesk.cli import _parser
from store import fitness
from store.binary import find_binary
from store.connections import client_of
from store.embedded import served_at

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "frontdesk.service"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
WORST_EXPOSURE = 1.5
"""Of 10, by `systemd-analyze security`; what is left is the network, which is its work."""


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n", " ", (DEPLOY / "Containerfile").read_text())
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(line.partition(" ")[0], " ".join(line.partition(" ")[2].split())) for line in lines]


def last_stage() -> dict[str, str]:
    found = instructions()
    begins = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return dict(found[begins:])


def ignored(path: str) -> bool:
    """Whether `.dockerignore` keeps a path out: the last pattern that meets it, or a folder above it, decides."""
    out = False
    parents = [path, *map(str, Path(path).parents)][:-1]
    for line in (ROOT / ".dockerignore").read_text().split():
        pattern = line.removeprefix("!")
        deep = pattern.removeprefix("**/")
        names = [one.rpartition("/")[2] for one in parents] if deep != pattern else parents
        if any(fnmatch(name, deep) and name.count("/") == deep.count("/") for name in names):
            out = not line.startswith("!")
    return out


def test_that_nothing_is_installed_but_by_its_hash() -> None:
    installs = [words for name, words in instructions() if name == "RUN" and "pip install" in words]
    assert len(installs) == 2
    assert "--require-hashes -r requirements/run.lock" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]
    pins = re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n", "", (ROOT / "requirements" / "run.lock").read_text()).strip())
    assert [pin for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_that_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    stage = last_stage()
    assert stage["USER"] == "10001:10001"
    assert "--from=build" in stage["COPY"]
    command = json.loads(stage["ENTRYPOINT"]) + json.loads(stage["CMD"])
    assert command[0] == "frontdesk"
    options = _parser().parse_args(command[1:])
    assert (str(options.config), options.host) == (stage["VOLUME"], "0.0.0.0")  # noqa: S104  inside a container
    assert f"127.0.0.1:{options.port}/livez" in stage["HEALTHCHECK"]
    assert stage["EXPOSE"] == str(options.port)


def test_that_all_the_wheel_needs_and_no_desk_gets_into_the_image() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = build["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = [*wheel["packages"], *wheel["force-include"], "pyproject.toml", "requirements/run.lock"]
    needed += [build["project"]["readme"], *build["project"]["license-files"], "store/lua/commit.lua"]
    files = [one for name in needed for one in _files(ROOT / name)]
    assert [one for one in files if ignored(one)] == []
    for path in (".git/config", ".venv/bin/python", "evaluation/README.md", "tests/conftest.py", "dist/x.whl"):
        assert ignored(path), path
    for path in ("examples/desk/.frontdesk/appendonly.aof", "examples/desk/.cache/labels", "desk.env"):
        assert ignored(path), path


def _files(path: Path) -> Iterator[str]:
    hidden = {"__pycache__", ".frontdesk", ".cache"}
    for one in [path] if path.is_file() else path.rglob("*"):
        if one.is_file() and not hidden & set(one.parts) and not one.is_relative_to(path / ".frontdesk-planted"):
            yield str(one.relative_to(ROOT))


def test_that_the_compose_file_confines_what_it_starts() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    frontdesk = COMPOSE["services"]["frontdesk"]
    assert all(port.startswith("127.0.0.1:") for port in frontdesk["ports"])
    assert frontdesk["depends_on"]["valkey"]["condition"] == "service_healthy"
    assert (DEPLOY / frontdesk["build"]["context"] / frontdesk["build"]["dockerfile"]).samefile(
        DEPLOY / "Containerfile"
    )
    mounted = {volume.partition(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert set(COMPOSE["volumes"]) <= mounted


def test_that_the_store_of_the_compose_file_can_be_named_in_a_desk(tmp_path: Path) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    told = re.search(r"store: \{url: .*\}", text)
    assert told is not None
    (tmp_path / "frontdesk.yaml").write_text(
        f'company: {{name: Fernlight, site: "https://fernlight.example"}}\n{told.group()}\n'
    )
    (tmp_path / "personas.yaml").write_text("personas: []\n")
    inspection = inspect(tmp_path, environment={"FRONTDESK_STORE_PASSWORD": "a-long-random-word"})
    assert inspection.errors == ()
    assert inspection.desk is not None
    assert inspection.desk.settings.store.url.reveal() == "redis://:a-long-random-word@valkey:6379"


async def test_that_a_server_started_as_the_compose_file_says_is_fit(tmp_path: Path) -> None:
    flags = shlex.split(re.sub(r"\$\{\w+:[^}]*\}", "word", COMPOSE["services"]["valkey"]["command"]))[1:]
    socket = tmp_path / "valkey.sock"
    process = await asyncio.create_subprocess_exec(
        str(find_binary()),
        *flags,
        *("--port", "0", "--unixsocket", str(socket), "--dir", str(tmp_path)),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(20), client_of(f"unix://:word@{socket}") as client:
            while not socket.exists():
                assert process.returncode is None
                await asyncio.sleep(0.01)
            assert await fitness.check(client, shown="compose")
        assert await served_at(tmp_path) is None  # nobody without the password
    finally:
        process.terminate()
        await process.wait()


def unit() -> dict[str, str]:
    pairs = (line.partition("=") for line in UNIT.read_text().splitlines() if "=" in line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def test_that_the_unit_starts_what_the_command_line_takes() -> None:
    said = unit()
    program, *arguments = shlex.split(said["ExecStart"])
    assert program.endswith("/bin/frontdesk")
    options = _parser().parse_args(arguments)
    assert options.config.is_relative_to(f"/var/lib/{said['StateDirectory']}")
    assert said["KillMode"] == "mixed"
    assert said["RestartPreventExitStatus"] == "78"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_that_systemd_takes_the_unit_and_finds_it_confined(tmp_path: Path) -> None:
    copy = tmp_path / UNIT.name
    program = shlex.split(unit()["ExecStart"])[0]
    copy.write_text(UNIT.read_text().replace(program, shutil.which("true") or "/bin/true"))
    verified = analyse("verify", str(copy))
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = analyse("security", "--offline=true", f"--threshold={WORST_EXPOSURE * 10:.0f}", str(copy))
    assert judged.returncode == 0, judged.stdout[-400:]


def analyse(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
