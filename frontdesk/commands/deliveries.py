"""`frontdesk deliveries`: replies of which nobody knows whether they arrived, for a person to settle."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from core.errors import ConfigError
from core.ids import Shard
from core.store_ports import Store, UncertainDelivery
from core.turn import DeliverReply
from frontdesk.beside import store_beside
from frontdesk.desk import read_desk
from frontdesk.loop import run_async

Listed = Mapping[str, UncertainDelivery]


def run(options: argparse.Namespace) -> int:
    """List them, after taking one off the list where that is asked for."""
    desk = read_desk(options.config)
    shards = desk.settings.store.shards

    async def look() -> Listed:
        async with store_beside(desk) as store:
            found = await _uncertain(store, shards)
            return await _settle(store, found, options.settle) if options.settle else found

    found = run_async(look())
    if options.json:
        print(json.dumps([_as_json(name, one) for name, one in found.items()], ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(found, str(options.config))))
    return 0


async def _uncertain(store: Store, shards: int) -> Listed:
    each = await asyncio.gather(*(store.outbox.uncertain(Shard(number)) for number in range(shards)))
    named = {f"{shard}/{one.id}": one for shard, found in enumerate(each) for one in found}
    return dict(sorted(named.items(), key=lambda item: item[1].at))


async def _settle(store: Store, found: Listed, name: str) -> Listed:
    if name not in found:
        raise ConfigError(f"no delivery {name!r} is on the list; `frontdesk deliveries` shows it")
    shard, _, delivery = name.partition("/")
    await store.outbox.settle(Shard(int(shard)), delivery)
    return {other: one for other, one in found.items() if other != name}


def _lines(found: Listed, desk: str) -> Iterator[str]:
    if not found:
        yield "Of every reply it is known whether it arrived."
        return
    yield f"{len(found)} of the replies may or may not have arrived, and are not sent again:"
    for name, one in found.items():
        yield f"\n{name}  {_time(one.at)}  {one.conversation}"
        yield f"  {_text(one)}"
    yield f"\nOnce you have looked or written yourself: frontdesk deliveries -c {desk} --settle ID"


def _as_json(name: str, one: UncertainDelivery) -> Mapping[str, Any]:
    return {"id": name, "at": one.at, "conversation": one.conversation, "text": _text(one)}


def _text(one: UncertainDelivery) -> str:
    return one.effect.reply.main_text if isinstance(one.effect, DeliverReply) else type(one.effect).__name__


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
