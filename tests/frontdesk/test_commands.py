"""The command line as people and scripts use it: real processes, exit codes, files."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
DESK = EXAMPLES / "desk"


def frontdesk(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FRONTDESK_SLACK")}
    return subprocess.run(
        [sys.executable, "-m", "frontdesk", *arguments],
        input=said,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the example desk to spoil."""
    return Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))


def test_help_names_every_command_without_importing_the_rooms() -> None:
    found = frontdesk("--help")
    assert found.returncode == 0
    assert all(name in found.stdout for name in ("demo", "serve", "chat", "check", "replay", "schema"))
    code = (
        "import sys; from frontdesk.cli import main; sys.argv = ['frontdesk', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in ('aiohttp', 'redis', 'pydantic', 'yaml', 'msgspec') if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert loaded.stdout.splitlines()[-1] == "[]"


def test_a_wrong_word_is_usage_with_a_hint() -> None:
    found = frontdesk("serv")
    assert found.returncode == 64
    assert "--help" in found.stderr


def test_check_passes_the_example() -> None:
    found = frontdesk("check", "-c", str(DESK))
    assert found.returncode == 0
    assert "no sales channel" in found.stdout


def test_check_lists_every_error_of_every_file_at_its_place(desk: Path) -> None:
    settings = desk / "frontdesk.yaml"
    settings.write_text(settings.read_text().replace("  port: 8080", "  prot: 8080").replace("tenant", "tenant"))
    (desk / "channels" / "web.yaml").write_text("kind: web\nallowed_origins: [http://shop.example]\ntitel: Hi\n")
    found = frontdesk("check", "-c", str(desk), "--json")
    problems: list[dict[str, Any]] = json.loads(found.stdout)["problems"]
    errors = [one for one in problems if one["severity"] == "error"]
    assert found.returncode == 78
    assert {Path(one["file"]).name for one in errors} == {"frontdesk.yaml", "web.yaml"}
    assert all(one["line"] and one["column"] for one in errors)
    assert any("port" in (one["hint"] or "") for one in errors)
    assert any("title" in (one["hint"] or "") for one in errors)


def test_check_reads_the_passages_even_where_the_settings_are_broken(desk: Path) -> None:
    (desk / "frontdesk.yaml").write_text("compny: 1\n")
    (desk / "knowledge.jsonl").write_text("{\n[]\n")
    found = frontdesk("check", "-c", str(desk), "--json")
    problems: list[dict[str, Any]] = json.loads(found.stdout)["problems"]
    places = {(Path(one["file"]).name, one["line"], one["column"]) for one in problems if one["severity"] == "error"}
    assert found.returncode == 78
    assert places >= {("frontdesk.yaml", 1, 1), ("knowledge.jsonl", 1, 1), ("knowledge.jsonl", 2, 1)}


def test_check_does_not_wait_for_a_pipe(desk: Path) -> None:
    (desk / "knowledge.jsonl").unlink()
    os.mkfifo(desk / "knowledge.jsonl")
    found = frontdesk("check", "-c", str(desk))
    assert found.returncode == 78
    assert "knowledge.jsonl: is not a regular file" in found.stdout


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_69_and_everything_started_ends(command: str, desk: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = frontdesk(command, *(["-c", str(desk)] if command == "serve" else []), "--port", port)
    assert found.returncode == 69
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use." in found.stderr
    assert "Traceback" not in found.stderr


def test_a_broken_channel_is_named_and_the_others_are_served(desk: Path) -> None:
    (desk / "channels" / "second.yaml").write_text("kind: web\nallowed_origins: []\nnonsense: 1\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = frontdesk("serve", "-c", str(desk), "--port", str(taken.getsockname()[1]))
    assert found.returncode == 69, "it did not get as far as listening"
    assert "left out until their files are mended" in found.stderr
    assert "channels/second.yaml:3:1" in found.stderr
    (desk / "channels" / "web.yaml").unlink()
    assert frontdesk("serve", "-c", str(desk), "--port", "0").returncode == 78


@pytest.mark.parametrize("command", ["serve", "chat", "check"])
def test_a_folder_that_is_none_is_78_with_the_next_step(command: str, tmp_path: Path) -> None:
    found = frontdesk(command, "-c", str(tmp_path / "nothing"))
    assert found.returncode == 78
    assert "no such folder" in found.stdout + found.stderr
    assert "Traceback" not in found.stderr


def test_a_store_that_is_away_is_69(desk: Path) -> None:
    settings = desk / "frontdesk.yaml"
    settings.write_text(settings.read_text().replace("redis+embedded://.frontdesk", "redis://127.0.0.1:1"))
    found = frontdesk("serve", "-c", str(desk), "--port", "0")
    assert found.returncode == 69
    assert "127.0.0.1:1" in found.stderr
    assert "Traceback" not in found.stderr


def test_chat_talks_and_shows_what_it_learns() -> None:
    found = frontdesk("chat", "-c", str(DESK), said="We are a team of 25 and use Zendesk.\n/new\nWhat does it cost?\n")
    assert found.returncode == 0
    assert "Zendesk" in found.stdout
    assert "company_size" in found.stdout
    assert "$" in found.stdout


def test_chat_speaks_json() -> None:
    found = frontdesk("chat", "-c", str(DESK), "--json", said="Is there a trial?\n/quit\n")
    rows = [json.loads(line) for line in found.stdout.splitlines()]
    assert len(rows) == 2
    assert "trial" in rows[1]["wire"]["mainText"]


def test_replay_writes_a_prediction_for_each_visitor_turn(tmp_path: Path) -> None:
    turns = ["We want to automate our support.", "We're 40 people.", "lee@kitefirm.io"]
    conversation = {"id": "c1", "turns": [{"t": t, "visitor": text} for t, text in enumerate(turns, 1)]}
    source, out = tmp_path / "talk.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps(conversation) + "\n\n")
    found = frontdesk("replay", str(source), "-c", str(DESK), "--out", str(out), "--now", "2026-03-01")
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert found.returncode == 0
    assert [(row["id"], row["t"]) for row in rows] == [("c1", 1), ("c1", 2), ("c1", 3)]
    assert rows[1]["slots"]["company_size"] == 40
    assert rows[2]["slots"]["email"] == "lee@kitefirm.io"
    assert sum(rows[2]["persona_probs"].values()) == pytest.approx(1, abs=0.01)
    again = frontdesk("replay", str(source), "-c", str(DESK), "--out", str(tmp_path / "b"), "--now", "2026-03-01")
    assert again.returncode == 0
    assert (tmp_path / "b").read_text() == out.read_text()


@pytest.mark.parametrize("line", ["{", '{"id": "x"}', "[]", '{"id": "x", "turns": [{"t": "one", "visitor": 3}]}'])
def test_replay_names_the_line_it_cannot_read(line: str, tmp_path: Path) -> None:
    source = tmp_path / "talk.jsonl"
    source.write_text(f"{line}\n")
    found = frontdesk("replay", str(source), "-c", str(DESK), "--out", str(tmp_path / "out"))
    assert found.returncode == 78
    assert "talk.jsonl:1:" in found.stderr


def test_replay_says_where_it_cannot_write(tmp_path: Path) -> None:
    source = tmp_path / "talk.jsonl"
    source.touch()
    found = frontdesk("replay", str(source), "-c", str(DESK), "--out", str(tmp_path / "nothing" / "out"))
    assert found.returncode == 78
    assert "--out" in found.stderr
    assert "Traceback" not in found.stderr


def test_replay_refuses_a_date_that_is_none(tmp_path: Path) -> None:
    source = tmp_path / "talk.jsonl"
    source.touch()
    found = frontdesk("replay", str(source), "-c", str(DESK), "--out", str(tmp_path / "out"), "--now", "soon")
    assert found.returncode == 78
    assert "2026-03-01" in found.stderr


def test_schemas_are_printed_for_every_file() -> None:
    names = frontdesk("schema").stdout.split()
    assert {"frontdesk.yaml", "handoff.yaml", "personas.yaml", "qualification.yaml", "channels/web.yaml"} <= set(names)
    for name in names:
        assert json.loads(frontdesk("schema", name).stdout)["type"] == "object"
    assert frontdesk("schema", "menu.yaml").returncode == 78
