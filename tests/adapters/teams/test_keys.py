"""Signing keys: rolled over, out of reach, slow; and never asked for more than once a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from aiohttp import web

from adapters.teams.keys import REFETCH_SECONDS, read_keys
from core.store_ports import Store
from tests.adapters.teams.harness import Bot, running_bot
from tests.peers.bot_framework import jwk, private_key


def rolled(bot: Bot) -> str:
    """A token signed by a new key, which has taken the place of the old one."""
    bot.framework.keys = [jwk("k2", private_key("k2"))]
    return bot.framework.bearer(kid="k2")


async def test_that_a_new_key_is_taken_a_minute_after_the_last_fetch_at_most(bot: Bot) -> None:
    assert await bot.says() == 202
    bearer = rolled(bot)
    reads = bot.framework.metadata_reads
    answers = [await bot.post(bot.framework.activity(id=f"n{number}"), bearer=bearer) for number in range(5)]
    assert {status for status, _ in answers} == {401}
    assert bot.framework.metadata_reads == reads
    bot.ticks.at += REFETCH_SECONDS
    assert (await bot.post(bot.framework.activity(id="n6"), bearer=bearer))[0] == 202
    assert bot.framework.metadata_reads == reads + 1


async def test_that_a_key_that_is_told_no_longer_is_good_no_longer(bot: Bot) -> None:
    old = bot.framework.bearer()
    assert (await bot.post(bot.framework.activity(), bearer=old))[0] == 202
    bearer = rolled(bot)
    bot.ticks.at += REFETCH_SECONDS
    assert (await bot.post(bot.framework.activity(id="n2"), bearer=bearer))[0] == 202
    assert (await bot.post(bot.framework.activity(id="n3"), bearer=old))[0] == 401


async def test_that_the_last_good_keys_stay_while_nobody_tells_newer_ones(bot: Bot) -> None:
    assert await bot.says() == 202
    bot.framework.away = True
    bot.ticks.at += REFETCH_SECONDS
    assert (await bot.post("{}", bearer=bot.framework.bearer(kid="k9")))[0] == 401
    assert await bot.says("Still there?", id="n2") == 202


async def test_that_many_who_name_unknown_keys_cause_one_fetch(embedded_store: Store) -> None:
    async with running_bot(embedded_store, started=False) as bot:
        bearer = bot.framework.bearer()
        many = [bot.post(bot.framework.activity(id=f"n{number}"), bearer=bearer) for number in range(30)]
        assert {status for status, _ in await asyncio.gather(*many)} == {202}
        assert bot.framework.metadata_reads == 1


async def test_that_keys_out_of_reach_let_nobody_in_and_come_back(embedded_store: Store) -> None:
    async with running_bot(embedded_store, started=False) as bot:
        bot.framework.away = True
        assert await bot.says() == 401
        bot.framework.away = False
        assert await bot.says() == 401
        bot.ticks.at += REFETCH_SECONDS
        assert await bot.says() == 202


async def test_that_the_refusal_of_a_forgery_is_quick(bot: Bot) -> None:
    await bot.says()
    bearer = bot.framework.bearer(kid="k9")
    took = []
    for _ in range(200):
        began = time.perf_counter()
        assert (await bot.post("{}", bearer=bearer))[0] == 401
        took.append(time.perf_counter() - began)
    assert sorted(took)[100] < 0.005


ANSWERS: dict[str, Callable[[], web.Response]] = {
    "a page": lambda: web.Response(text="<html>sign in</html>", content_type="text/html"),
    "a list": lambda: web.json_response([]),
    "another host": lambda: web.json_response({"jwks_uri": "http://keys.example/keys"}),
    "no address": lambda: web.json_response({"jwks_uri": {"a": 1}}),
    "too much": lambda: web.Response(body=b" " * (2 << 20)),
    "elsewhere": lambda: web.Response(status=302, headers={"Location": "/keys"}),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_that_no_keys_are_taken_from_an_answer_that_is_none(embedded_store: Store, name: str) -> None:
    async with running_bot(embedded_store, started=False) as bot:
        bot.framework.metadata = ANSWERS[name]
        assert await bot.says() == 401


def test_that_only_usable_keys_are_kept() -> None:
    good = jwk("good", private_key("k1"))
    unfit = [
        jwk("short", private_key("short", 1_024)),
        {**good, "kid": "for encryption", "use": "enc"},
        {**good, "kid": "elliptic", "kty": "EC"},
        {**good, "kid": "odd", "n": "!"},
        {**good, "kid": "none", "e": None},
        {**good, "kid": 7},
        {key: value for key, value in good.items() if key != "kid"},
        None,
        "key",
    ]
    assert set(read_keys({"keys": [*unfit, good]})) == {"good"}
    for nothing in ({}, {"keys": None}, {"keys": unfit}):
        with pytest.raises(ValueError, match="no usable key"):
            read_keys(nothing)
