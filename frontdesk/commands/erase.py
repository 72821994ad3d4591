"""`frontdesk erase`: everything of a person is taken out, and what they said is in no file of the store any more."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from config import Desk
from core.erasing import Erased, Trace, erase, trace_of_address, trace_of_conversation, trace_of_person
from core.errors import ConfigError
from core.ids import ConversationId, PersonId
from core.store_ports import Store
from frontdesk.beside import opened_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async


def run(options: argparse.Namespace) -> int:
    """Look, ask, take out."""
    desk = read_desk(options.config)
    trace = run_async(_look(desk, options))
    if options.dry_run:
        return _say(options, trace, None)
    if not options.yes and not _agreed(trace):
        print("Nothing was taken out.", file=sys.stderr)
        return 1
    return _say(options, trace, run_async(_take_out(desk, options)))


async def trace_of(store: Store, options: argparse.Namespace) -> Trace:
    """Whom the options of `erase` and `export` speak of."""
    if options.email:
        return await trace_of_address(store, options.email)
    if options.conversation:
        return await trace_of_conversation(store, ConversationId(options.conversation))
    return await trace_of_person(store, PersonId(options.person))


async def _look(desk: Desk, options: argparse.Namespace) -> Trace:
    async with opened_beside(desk) as opened:
        return await trace_of(opened.store, options)


async def _take_out(desk: Desk, options: argparse.Namespace) -> Erased:
    """Looked for once more, since a conversation may have begun while the question was on the screen."""
    async with opened_beside(desk) as opened:
        trace = await trace_of(opened.store, options)
        erased = await erase(opened.store, trace, at=SystemClock().now())
        await opened.compact()
        return erased


def _agreed(trace: Trace) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError("there is nobody to ask: add --yes, or --dry-run to see what would go")
    print("\n".join((*trace.people, *(f"  conversation {one}" for one in trace.conversations))))
    return input("Take out everything of them? It cannot be undone. [y/N] ").strip().casefold() in {"y", "yes"}


def _say(options: argparse.Namespace, trace: Trace, erased: Erased | None) -> int:
    if options.json:
        told = {"people": trace.people, "conversations": trace.conversations, "links": len(trace.links)}
        print(json.dumps({**told, "erased": asdict(erased) if erased else None}, indent=1))
        return 0
    if erased is None:
        print(f"Would take out {len(trace.conversations)} conversations of {len(trace.people)} visitors:")
        print("\n".join((*trace.people, *(f"  conversation {one}" for one in trace.conversations))))
        return 0
    print(
        f"Taken out: {erased.conversations} conversations with {erased.lines} lines and {erased.facts} facts, "
        f"{erased.ledger} facts of the ledger, {erased.leads} leads, {erased.waiting} waiting messages and effects."
    )
    if erased.cards:
        print(f"{erased.cards} cards are being deleted in Slack, at once where the hub runs, else when it next does.")
    return 0
