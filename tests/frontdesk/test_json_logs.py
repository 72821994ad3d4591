"""Logs for collectors: each record one line of JSON, masked, with a pseudonym of the conversation."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.about import CONVERSATION, TRACE
from frontdesk.json_logs import JsonFormatter
from frontdesk.pseudonyms import Pseudonyms
from tests.frontdesk.test_log_masking import CANARIES, failing

ROOT = Path(__file__).parents[2]
FILES = {
    "frontdesk.yaml": """\
company: {name: Fernlight, site: "https://fernlight.example"}
store: {url: "redis+embedded://state", shards: 4}
server: {host: 127.0.0.1, port: 0}
models: {builtin_embeddings: false}
""",
    "personas.yaml": "personas: []\n",
    "knowledge.jsonl": "",
    "channels/web.yaml": 'kind: web\nallowed_origins: ["https://fernlight.example"]\n',
}


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter(Pseudonyms()))
    logger = logging.Logger("frontdesk.test", logging.DEBUG)  # noqa: LOG001  apart from the loggers of the process
    logger.addHandler(handler)
    yield logger, written
    handler.close()


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("canary", CANARIES)
def test_that_each_record_is_one_masked_line(canary: str, log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.info("said %s\nand \u2028 left", canary)
    try:
        failing(canary)
    except ValueError:
        logger.exception("a turn failed")
    first, second = objects(written.getvalue())
    assert canary not in written.getvalue()
    assert first["level"] == "info"
    assert first["logger"] == "frontdesk.test"
    assert first["message"].endswith("\nand \u2028 left")
    assert first["time"].endswith("+00:00")
    assert "exception" not in first
    assert "ValueError: cannot read [" in second["exception"]


def test_that_a_conversation_is_named_by_a_pseudonym(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.info("outside")
    token = CONVERSATION.set("web.secret-name")
    try:
        logger.info("inside")
        logger.info("still inside")
    finally:
        CONVERSATION.reset(token)
    outside, inside, still = objects(written.getvalue())
    assert "conversation" not in outside
    assert inside["conversation"] == still["conversation"]
    assert "secret-name" not in written.getvalue()


def test_that_a_line_names_its_trace(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    token = TRACE.set("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    try:
        logger.info("inside")
    finally:
        TRACE.reset(token)
    logger.info("outside")
    inside, outside = objects(written.getvalue())
    assert inside["trace"] == "0af7651916cd43dd8448eb211c80319c"
    assert "trace" not in outside


def test_that_pseudonyms_agree_where_the_key_does() -> None:
    one, other = Pseudonyms(), Pseudonyms()
    assert one.of("web.1") != other.of("web.1")
    for each in (one, other):
        each.keyed("a shared secret")
    assert one.of("web.1") == other.of("web.1")
    assert one.of("web.1") != one.of("web.2")


async def test_that_the_command_logs_json_where_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "channels").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "frontdesk", "serve", "-c", str(tmp_path), "--log-format", "json"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=pipe, stderr=pipe, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while b"Stop with" not in await process.stdout.readline():
            assert process.returncode is None
        process.send_signal(signal.SIGTERM)
        _, errors = await process.communicate()
    found = objects(errors.decode())
    assert {"time", "level", "logger", "message"} == set(found[0])
    assert "no sales channel is configured" in found[0]["message"]
