"""`frontdesk deliveries`: replies of which nobody knows whether they arrived, and leads that have not arrived yet."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from core.errors import ConfigError
from core.ids import Shard
from core.store_ports import Store, UncertainDelivery
from core.turn import DeliverReply
from frontdesk.beside import store_beside
from frontdesk.desk import read_desk
from frontdesk.lead_deliveries import LeadDelivery, send_again, undelivered
from frontdesk.loop import run_async

Listed = Mapping[str, UncertainDelivery]


def run(options: argparse.Namespace) -> int:
    """List them, after taking one off the list or sending one again where that is asked for."""
    desk = read_desk(options.config)

    async def look() -> tuple[Listed, tuple[LeadDelivery, ...]]:
        async with store_beside(desk) as store:
            if options.replay:
                sent = await send_again(desk, store, options.replay)
                print(f"Sent revision {sent.revision} of {sent.lead} to {sent.sink}.", file=sys.stderr)
            found = await _uncertain(store, desk.settings.store.shards)
            found = await _settle(store, found, options.settle) if options.settle else found
            return found, await undelivered(desk, store)

    found, leads = run_async(look())
    if options.json:
        told = [*(_as_json(name, one) for name, one in found.items()), *map(_lead_as_json, leads)]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        print("\n".join((*_lines(found, str(options.config)), *_lead_lines(leads, str(options.config)))))
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


def _lead_lines(leads: Sequence[LeadDelivery], desk: str) -> Iterator[str]:
    if not leads:
        return
    yield f"\n{len(leads)} deliveries of leads have not arrived; each is tried again, a parked one every minute:"
    for one in leads:
        yield f"\n{one.id}  revision {one.revision}  {one.state}"
        if one.reason:
            yield f"  {one.reason}"
    yield f"\nTo send one now: frontdesk deliveries -c {desk} --replay ID"


def _lead_as_json(one: LeadDelivery) -> Mapping[str, Any]:
    told = {"lead": one.lead, "sink": one.sink, "revision": one.revision, "state": one.state, "reason": one.reason}
    return {"id": one.id, **told}


def _as_json(name: str, one: UncertainDelivery) -> Mapping[str, Any]:
    return {"id": name, "at": one.at, "conversation": one.conversation, "text": _text(one)}


def _text(one: UncertainDelivery) -> str:
    return one.effect.reply.main_text if isinstance(one.effect, DeliverReply) else type(one.effect).__name__


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
