"""`frontdesk doctor`: every part asked, within its time, with a next step and without a secret."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiohttp import web

from core.health import Level
from core.ports import Clock
from frontdesk.app import running
from frontdesk.clock import SystemClock
from frontdesk.demo.slack import SlackStandIn
from frontdesk.desk import read_desk
from frontdesk.doctor.examination import Finding, examine
from frontdesk.doctor.sales import SCOPES
from store.embedded import EmbeddedServer
from tests.adapters.web.harness import serving
from tests.frontdesk.test_commands import DESK, frontdesk

TOKEN, KEY = "xoxb-1234567890-abcdefghijkl", "sk-an-invented-key-0123456789"
CHANNEL = "C0123ABCDEF"
ENOUGH = tuple(map(min, SCOPES))


@dataclass
class Shifted:
    """This machine's clock, when it is wrong."""

    seconds: float

    def now(self) -> float:
        return SystemClock().now() + self.seconds


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The example on ports where nobody listens."""
    copied = Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))
    change(copied, "  port: 8080", f"  port: {free_port()}")
    return copied


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def change(desk: Path, old: str, new: str, file: str = "frontdesk.yaml") -> None:
    text = (desk / file).read_text()
    assert old in text
    (desk / file).write_text(text.replace(old, new, 1))


def of(findings: Sequence[Finding], part: str) -> list[tuple[str, str, str]]:
    return [
        (one.diagnosis.level.value, one.diagnosis.what, one.diagnosis.next_step) for one in findings if one.part == part
    ]


def level(findings: Sequence[Finding], part: str) -> list[str]:
    return [each for each, _, _ in of(findings, part)]


async def looked(desk: Path, *, clock: Clock | None = None, seconds: float = 5.0) -> tuple[Finding, ...]:
    findings = await examine(read_desk(desk), clock=clock, seconds=seconds)
    assert all(one.diagnosis.next_step for one in findings if one.diagnosis.level is not Level.OK)
    assert TOKEN not in str(findings)
    assert KEY not in str(findings)
    return findings


@asynccontextmanager
async def workspace(desk: Path, monkeypatch: pytest.MonkeyPatch, *, fallback: str = "") -> AsyncIterator[SlackStandIn]:
    """A sales team's Slack that the desk's files name."""
    slack = SlackStandIn(token=TOKEN, channels={CHANNEL: "leads"}, clock=SystemClock())
    slack.scopes = ENOUGH
    monkeypatch.setenv("FRONTDESK_SLACK_BOT_TOKEN", TOKEN)
    async with mounted(slack.application()) as url:
        written = {"bot_token": "${env:FRONTDESK_SLACK_BOT_TOKEN}", "channel": CHANNEL, "api_base_url": url}
        also = {"fallback_channel": fallback} if fallback else {}
        (desk / "handoff.yaml").write_text(json.dumps({"slack": {**written, **also}}))
        yield slack


@asynccontextmanager
async def mounted(application: web.Application) -> AsyncIterator[str]:
    root = web.Application()
    root.add_subapp("/api", application)
    runner = web.AppRunner(root, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


# --- the command


def test_the_example_is_well_and_the_report_has_its_shape(desk: Path) -> None:
    found = frontdesk("doctor", "-c", str(desk), "--json")
    report: dict[str, Any] = json.loads(found.stdout)
    assert (found.returncode, found.stderr, report["ok"]) == (0, "", True)
    assert {one["severity"] for one in report["problems"]} == {"warning"}
    assert {frozenset(one) for one in report["findings"]} == {frozenset({"part", "level", "what", "nextStep"})}
    parts = {one["part"] for one in report["findings"]}
    wanted = {"store", "hub", "models.chat", "models.embeddings", "server.public_url", "handoff.slack", "clock"}
    assert parts == wanted | {"channels/web"}
    (store,) = [one["what"] for one in report["findings"] if one["part"] == "store"]
    assert "append-only" in store
    assert "64 shards" in store


def test_what_does_not_answer_is_69_with_the_next_step(desk: Path) -> None:
    change(desk, "  url: redis+embedded://.frontdesk", f"  url: redis://127.0.0.1:{free_port()}")
    found = frontdesk("doctor", "-c", str(desk))
    assert found.returncode == 69
    assert "Traceback" not in found.stderr
    lines = found.stdout.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("error"))
    assert "no answer from the store" in lines[place]
    assert lines[place + 1].strip().startswith("next: ")
    assert lines[-1].startswith("1 error")


def test_a_wrong_file_is_78_and_what_can_be_asked_is_asked(desk: Path) -> None:
    (desk / "channels" / "second.yaml").write_text("kind: web\nallowed_origins: []\n")
    found = frontdesk("doctor", "-c", str(desk), "--json")
    report = json.loads(found.stdout)
    assert (found.returncode, report["ok"]) == (78, False)
    assert "channels/web" in {one["part"] for one in report["findings"]}
    (desk / "frontdesk.yaml").write_text("compny: 1\n")
    found = frontdesk("doctor", "-c", str(desk))
    assert found.returncode == 78
    assert "frontdesk.yaml:1:1" in found.stdout
    assert "nothing was asked" in found.stdout


# --- the store


async def test_a_store_that_forgets_or_is_laid_out_otherwise_is_refused(desk: Path, tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "data")
    await server.start()
    try:
        change(desk, "  url: redis+embedded://.frontdesk", f"  url: unix://{server.socket}")
        assert level(await looked(desk), "store") == ["ok"]
        change(desk, "  # shards: 64  ", "  shards: 32  ")
        ((told, what, step),) = of(await looked(desk), "store")
        assert (told, "laid out with 64 shards" in what, "set the number of shards to 64" in step) == (
            "error",
            True,
            True,
        )
        await _configure(server, "appendonly", "no")
        ((told, what, step),) = of(await looked(desk), "store")
        assert (told, what.endswith("appendonly no"), "CONFIG SET appendonly yes" in step) == ("error", True, True)
    finally:
        await server.stop()


async def _configure(server: EmbeddedServer, name: str, value: str) -> None:
    reader, writer = await asyncio.open_unix_connection(str(server.socket))
    writer.write(f"CONFIG SET {name} {value}\r\n".encode())
    assert await reader.readline() == b"+OK\r\n"
    writer.close()


async def test_a_hub_at_work_is_looked_at_beside_it(desk: Path) -> None:
    async with running(read_desk(desk)) as hub:
        findings = await looked(desk)
    assert of(findings, "hub") == [("ok", f"runs at {hub.address.removeprefix('http://')}", "")]
    assert level(findings, "store") == ["ok"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"status": "ready", "parked": 2, "channels": {"web": "up", "tg": "down"}}, ["ok", "warning", "error"]),
        ({"status": "not ready", "channels": {}}, ["error"]),
        ({"status": "alive"}, ["error"]),
        (["ready"], ["error"]),
    ],
)
async def test_what_the_hub_says_of_itself_is_told(desk: Path, body: Any, expected: list[str]) -> None:
    async def ready(_: web.Request) -> web.Response:
        return web.json_response(body)

    async with serving([web.get("/readyz", ready)]) as url:
        text = (desk / "frontdesk.yaml").read_text()
        port = next(line for line in text.splitlines() if line.startswith("  port: "))
        change(desk, port, f"  port: {url.rpartition(':')[2]}")
        assert level(await looked(desk), "hub") == expected


# --- the sales team's Slack


async def test_a_sales_channel_that_works_is_told(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with workspace(desk, monkeypatch) as slack:
        findings = await looked(desk)
    assert level(findings, "handoff.slack") == ["ok", "ok", "warning", "ok"]  # cards come, and their buttons do nothing
    assert {call.method for call in slack.calls} == {"auth.test", "conversations.history"}
    assert level(findings, "clock") == ["ok"]


async def test_a_wrong_token_a_lost_scope_and_a_closed_channel_are_named(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(desk, monkeypatch, fallback="C0456GHIJKL") as slack:
        slack.scopes = ("channels:history",)
        slack.channels[CHANNEL].broken = "not_in_channel"
        owner, scopes, door, first, second = of(await looked(desk), "handoff.slack")
        assert (owner[0], scopes[0], first[0], second[0]) == ("ok", "error", "error", "error")
        assert "buttons" in door[1]
        assert "chat:write" in scopes[1]
        assert "invite" in first[2]
        assert second[1].startswith("C0456GHIJKL: ")
        slack.token = "xoxb-another"
        ((told, what, _),) = of(await looked(desk), "handoff.slack")
        assert (told, "invalid_auth" in what) == ("error", True)


@pytest.mark.parametrize(("seconds", "expected"), [(0, "ok"), (-90, "warning"), (600, "error"), (-3_600, "error")])
async def test_a_wrong_clock_is_told_by_the_dates_of_answers(
    desk: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, expected: str
) -> None:
    async with workspace(desk, monkeypatch):
        findings = await looked(desk, clock=Shifted(seconds))
    assert level(findings, "clock") == [expected]


# --- models


def name_models(desk: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_MODEL_KEY", KEY)
    one = {"base_url": url, "model": "tiny", "api_key": "${env:FRONTDESK_MODEL_KEY}"}
    written = {"chat": one, "embeddings": {**one, "dimension": 8}}
    with (desk / "frontdesk.yaml").open("a") as file:
        file.write(f"\nmodels: {json.dumps(written)}\n")


async def _chat(_: web.Request) -> web.Response:
    answer = {"role": "assistant", "content": '{"works": true}'}
    choice = {"index": 0, "finish_reason": "stop", "message": answer}
    usage = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
    shape = {"id": "1", "object": "chat.completion", "created": 1, "model": "tiny", "choices": [choice]}
    return web.json_response({**shape, "usage": usage})


async def _embed(_: web.Request) -> web.Response:
    item = {"object": "embedding", "index": 0, "embedding": [1.0] * 8}
    return web.json_response({"object": "list", "data": [item], "model": "tiny", "usage": {"total_tokens": 2}})


async def _refuse(_: web.Request) -> web.Response:
    return web.json_response({"error": {"message": KEY}}, status=401)


async def test_models_are_asked_one_thing_each(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = [web.post("/v1/chat/completions", _chat), web.post("/v1/embeddings", _embed)]
    async with serving(routes) as url:
        name_models(desk, f"{url}/v1", monkeypatch)
        findings = await looked(desk)
    assert (level(findings, "models.chat"), level(findings, "models.embeddings")) == (["ok"], ["ok"])


async def test_a_refused_key_and_an_unknown_path_are_told_apart(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving([web.post("/v1/chat/completions", _refuse)]) as url:
        name_models(desk, f"{url}/v1", monkeypatch)
        findings = await looked(desk)
    ((chat, _, check_key),) = of(findings, "models.chat")
    ((embeddings, _, check_address),) = of(findings, "models.embeddings")
    assert (chat, embeddings) == ("error", "error")
    assert "api_key" in check_key
    assert "base_url" in check_address


# --- the public address


@contextmanager
def silent_port() -> Iterator[int]:
    """Connections are taken, and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


async def test_silence_costs_its_part_the_time_and_no_other(desk: Path) -> None:
    with silent_port() as port:
        change(desk, "  # public_url: https://chat.example.com", f"  public_url: http://127.0.0.1:{port}")
        findings = await looked(desk, seconds=1.5)
    assert [what for _, what, _ in of(findings, "server.public_url")] == ["no answer within 1.5 seconds"]
    assert level(findings, "store") == ["ok"]


async def test_the_public_address_must_lead_to_the_hub(desk: Path) -> None:
    answers: dict[str, Any] = {"status": 200, "body": {"status": "alive"}}

    async def live(_: web.Request) -> web.Response:
        return web.json_response(answers["body"], status=answers["status"])

    async with serving([web.get("/livez", live)]) as url:
        change(desk, "  # public_url: https://chat.example.com", f"  public_url: {url}")
        inner, answer = of(await looked(desk), "server.public_url")
        assert (inner[0], answer[0]) == ("warning", "ok")
        assert "127.0.0.1" in inner[1]
        for status, words in ((200, "else"), (502, "502"), (301, "elsewhere")):
            answers.update(status=status, body={})
            _, answer = of(await looked(desk), "server.public_url")
            assert (answer[0], words in answer[1]) == ("error", True)
    _, answer = of(await looked(desk), "server.public_url")
    assert (answer[0], "nothing answers" in answer[1]) == ("error", True)


@asynccontextmanager
async def secure_hub(authority: trustme.CA, *names: str, **until: Any) -> AsyncIterator[int]:
    """The port of something that answers as a hub does, behind a certificate for `names`."""

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **until).configure_cert(context)
    application = web.Application()
    application.add_routes([web.get("/livez", live)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("name", "days", "level", "words"),
    [
        ("localhost", 90, "ok", "good for"),
        ("localhost", 5, "warning", "ends in"),
        ("localhost", -1, "error", "expired"),
        ("other.example", 90, "error", "localhost"),
    ],
)
async def test_the_certificate_is_looked_at(
    desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, days: int, level: str, words: str
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    until = datetime.fromtimestamp(SystemClock().now(), UTC) + timedelta(days=days, hours=1)
    async with secure_hub(authority, name, not_after=until) as port:
        change(desk, "  # public_url: https://chat.example.com", f"  public_url: https://localhost:{port}")
        found = await asyncio.to_thread(frontdesk, "doctor", "-c", str(desk), "--json")
    told = [one for one in json.loads(found.stdout)["findings"] if one["part"] == "server.public_url"]
    assert [one["level"] for one in told if words in one["what"] and "certificate" in one["what"]] == [level]
    assert any(one["what"].startswith("the hub answers at") for one in told) is (level == "ok")


async def test_a_name_that_nobody_knows_is_named(desk: Path) -> None:
    change(desk, "  # public_url: https://chat.example.com", "  public_url: https://nobody.invalid")
    ((told, what, _),) = of(await looked(desk), "server.public_url")
    assert (told, what) == ("error", "the name nobody.invalid is not known")
