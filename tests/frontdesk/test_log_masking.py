"""Logs hold no personal data: whatever is logged, and however it got into the record."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from frontdesk.log_masking import FORMAT, MaskingFormatter, masked

CANARIES = (
    "nadia.kessler@northwind.example",
    "+49 30 9018 2077",
    "(030) 901820-778",
    "xoxb-17-283-abcdefghij",
    "sk-live1234567890abcdef",
    "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4KbcD",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
    "DE89 3704 0044 0532 0130 00",
    "4111 1111 1111 1111",
)


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(MaskingFormatter(FORMAT))
    logger = logging.Logger("frontdesk.test", logging.DEBUG)  # noqa: LOG001  apart from the loggers of the process
    logger.addHandler(handler)
    yield logger, written
    handler.close()


def failing(canary: str) -> None:
    raise ValueError(f"cannot read {canary}")


@pytest.mark.parametrize("canary", CANARIES)
def test_that_no_canary_gets_into_a_log(canary: str, log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = log
    logger.debug("said %s and left", canary)
    logger.info("fields: %r", {"value": canary, "list": [canary]})
    logger.warning(f"put together: {canary}")  # noqa: G004  as a library may do it
    try:
        failing(canary)
    except ValueError:
        logger.exception("a turn failed")
    told = written.getvalue()
    assert canary not in told
    assert "ValueError: cannot read [" in told
    assert told.startswith("20")
    assert "fields" in told


@pytest.mark.parametrize(
    "line",
    [
        "POST https://api.telegram.org/bot123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4KbcD/getMe",
        "GET /chat/socket?token=v1.Zm9vYmFyYmF6cXV4cXV1eA HTTP/1.1",
        "Authorization: Bearer abcdef.ghijklmnop",
    ],
)
def test_that_keys_in_addresses_and_headers_are_masked(line: str) -> None:
    told = masked(line)
    assert "[key" in told
    assert not any(secret in told for secret in ("AAEhBOweik6", "Zm9vYmFy", "ghijklmnop"))


@pytest.mark.parametrize(
    "line",
    [
        "shard 17: a turn was not committed: another worker owns the shard",
        "Frontdesk serves Fernlight at http://127.0.0.1:8080",
        "conversations.history took 0.052 s, 200 messages",
    ],
)
def test_that_what_an_operator_needs_stays(line: str) -> None:
    assert masked(line) == line
