"""`frontdesk flight`: which conversations would have gone otherwise by edited files, before they are in force."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from config import Desk
from core.errors import ConfigError, DependencyError, StoreUnavailable
from core.flight import WEIGHTY, Aspect, Changed, Flight
from frontdesk.beside import store_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.flights import LAST, fly, last_talks
from frontdesk.in_force import desk_in_force
from frontdesk.loop import run_async
from frontdesk.replay import conversations_in, talk_of
from frontdesk.talks import Talk
from store.address import parse

EXIT_TOO_MANY = 1
_BAR, _LONGEST, _LEAD = 20, 100, 20
_SHOWN = {Aspect.LEAD: "lead, or why", Aspect.QUESTION: "next question", Aspect.TEXT: "words"}


def run(options: argparse.Namespace) -> int:
    """Print what changes; 1 when more conversations do than `--most` allows."""
    counted = tuple(map(Aspect, options.of)) or WEIGHTY
    with ExitStack() as stack:
        desk = read_desk(options.config)
        if options.against:
            before, after = desk, read_desk(options.against)
        else:
            before, after = stack.enter_context(desk_in_force(options.config)), desk
        flight = run_async(_fly(options, before, after))
    share = flight.share(counted)
    too_many = options.most is not None and share > options.most
    if options.json:
        print(json.dumps(as_json(flight, counted), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(flight)))
    if too_many:
        count = f"{flight.count(counted)} of {flight.conversations} conversations change in what counts"
        print(f"frontdesk: {count}: {_percent(share)}, more than {_percent(options.most)} (--most)", file=sys.stderr)
    return EXIT_TOO_MANY if too_many else 0


async def _fly(options: argparse.Namespace, before: Desk, after: Desk) -> Flight:
    talks = [*_examples(options.example), *await _stored(options)]
    if not talks:
        raise ConfigError(
            "there is no conversation to replay: the desk's store holds none yet; give some with --example FILE.jsonl"
        )
    return await fly(before, after, talks, progress=_progress)


async def _stored(options: argparse.Namespace) -> tuple[Talk, ...]:
    most = options.last if options.last is not None else 0 if options.example else LAST
    desk = read_desk(options.config)
    if not most or not _has_store(desk):
        return ()
    try:
        async with store_beside(desk) as store:
            return await last_talks(store, most)
    except StoreUnavailable as error:
        raise DependencyError(f"{error}; without the store: --last 0 --example FILE.jsonl") from error


def _has_store(desk: Desk) -> bool:
    """Whether there is one to read from: looking must not make one."""
    directory = parse(desk.settings.store.url.reveal(), relative_to=desk.directory).directory
    return directory is None or directory.is_dir()


def _examples(path: Path | None) -> Sequence[Talk]:
    if path is None:
        return ()
    now = SystemClock().now()
    return [talk_of(conversation, now) for conversation in conversations_in(path)]


def as_json(flight: Flight, counted: Sequence[Aspect]) -> dict[str, object]:
    """The whole flight for programs."""
    return {
        "conversations": flight.conversations,
        "turns": flight.turns,
        "leads": {"before": flight.leads_before, "after": flight.leads_after},
        "counted": [aspect.value for aspect in counted],
        "changed": flight.count(counted),
        "share": round(flight.share(counted), 4),
        "aspects": {aspect.value: flight.count((aspect,)) for aspect in Aspect},
        "changes": [asdict(one) for one in flight.changed],
    }


def _lines(flight: Flight) -> Iterator[str]:
    yield f"{len(flight.changed)} of {flight.conversations} conversations differ ({flight.turns} turns)."
    yield f"Leads: {flight.leads_before} before, {flight.leads_after} after.\n"
    yield f"{'what changes':<16}{'conversations':>14}{'share':>9}"
    for aspect in Aspect:
        count, share = flight.count((aspect,)), flight.share((aspect,))
        yield f"{_SHOWN.get(aspect, aspect.value):<16}{count:>14}{_percent(share):>9}"
    for one in flight.changed:
        yield from _of_one(one)


def _of_one(changed: Changed) -> Iterator[str]:
    yield f"\n{changed.conversation}"
    heard = None
    for change in changed.changes:
        if change.turn != heard:
            yield f"  turn {change.turn}: {f'“{_short(change.heard)}”' if change.heard else 'the chat is opened'}"
            heard = change.turn
        name = _SHOWN.get(change.aspect, change.aspect.value)
        if change.aspect is Aspect.TEXT:
            before, after = _where_they_part(change.before, change.after)
            yield f"    - {_short(before) or 'nothing'}"
            yield f"    + {_short(after) or 'nothing'}"
        else:
            yield f"    {name}: {change.before or 'none'} -> {change.after or 'none'}"


def _where_they_part(before: str, after: str) -> tuple[str, str]:
    """Both from a few words before the first difference on."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))
    start = before.rfind(" ", 0, max(0, same - _LEAD)) + 1
    shown = (f"…{text[start:]}" if start and text else text for text in (before, after))
    return next(shown), next(shown)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _percent(share: float) -> str:
    return f"{share:.1%}".replace(".0%", "%").replace("%", " %")


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        filled = round(_BAR * done / max(of, 1))
        bar = f"{'█' * filled}{'░' * (_BAR - filled)}"
        print(f"\r{bar} {done}/{of} conversations", end="" if done < of else "\n", file=sys.stderr, flush=True)
