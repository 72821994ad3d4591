"""Edited files tried out on conversations that took place, before they go live. Nothing is stored and nothing sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from config import Desk
from core.amended_talk import as_amended, as_said
from core.directory import Ask
from core.flight import Changed, Flight, Step, differences
from core.ids import ConversationId
from core.lead import Lead, Route
from core.store_ports import Store
from core.tenure import TALK_LINES
from core.turn import TurnOutcome
from frontdesk.desk import read_desk
from frontdesk.in_force import desk_in_force
from frontdesk.loop import run_async
from frontdesk.mind import Mind, learned_mind
from frontdesk.replay import ReplayClock
from frontdesk.talks import Talk, held, talk_in

LAST = 100
"""Conversations of the store that are replayed unless somebody says how many."""
_PAGE, _TOGETHER = 200, 20

Progress = Callable[[int, int], None]


async def flight_before_apply(
    directory: Path,
    store: Store,
    *,
    last: int = LAST,
    edited: Path | None = None,
    progress: Progress = lambda _done, _of: None,
) -> Flight:
    """The desk's last conversations by the files in force and by the edited ones, in a thread of its own.

    Those are in the desk's folder itself unless another one is named. `progress` is called in that thread; what it
    raises ends the flight. Raises `ConfigErrors` for files with mistakes and `ConfigError` where no version in force is
    recorded.
    """
    talks = await last_talks(store, last)

    def beside() -> Flight:
        with desk_in_force(directory) as before:
            return run_async(fly(before, read_desk(edited or directory), talks, progress=progress))

    return await asyncio.to_thread(beside)


async def fly(
    before: Desk, after: Desk, talks: Sequence[Talk], *, progress: Progress = lambda _done, _of: None
) -> Flight:
    """What of these talks would be otherwise. Their words are the local writer's: no chat model is asked."""
    clock = ReplayClock(seconds=0.0)
    turns = leads_before = leads_after = 0
    changed: list[Changed] = []
    progress(0, len(talks))
    async with AsyncExitStack() as stack:
        minds = [
            await stack.enter_async_context(learned_mind(desk, clock=clock, channel="")) for desk in (before, after)
        ]
        for number, talk in enumerate(talks, 1):
            old, new = [await _steps(talk, mind, clock) for mind in minds]
            turns += len(new)
            leads_before += bool(old[-1:] and old[-1].lead)
            leads_after += bool(new[-1:] and new[-1].lead)
            found = differences(old, new)
            if found:
                changed.append(Changed(conversation=talk.id, changes=found))
            progress(number, len(talks))
    return Flight(
        conversations=len(talks),
        turns=turns,
        leads_before=leads_before,
        leads_after=leads_after,
        changed=tuple(changed),
    )


async def _steps(talk: Talk, mind: Mind, clock: ReplayClock) -> list[Step]:
    steps: list[Step] = []
    said = 0
    async for burst, outcome in held(talk, mind.engine, clock, mind.questions):
        said += bool(burst.heard)
        steps.append(_step(said, burst.heard, outcome))
    return steps


def _step(turn: int, heard: str, outcome: TurnOutcome) -> Step:
    session, lead, reply = outcome.state.session, outcome.state.lead, outcome.reply
    return Step(
        turn=turn,
        heard=heard,
        persona=session.guess.chosen or "",
        readiness=outcome.readiness.level,
        lead=", ".join(lead.reasons) if lead else "",
        route=_route(lead),
        question=session.pending_question if reply else "",
        text=" ".join(filter(None, (reply.main_text, reply.email_prompt))) if reply else "",
    )


def _route(lead: Lead | None) -> str:
    """Where the lead goes in words; "" for no lead, and where all leads go one way."""
    route = lead.route if lead else None
    if route is None or route == Route():
        return ""
    where = " in ".join(filter(None, (route.team or "everybody", route.channel)))
    rule = f" by {route.rule}" if route.rule else ""
    return f"{where}{rule}{', quietly' if route.quiet else ''}"


async def last_talks(store: Store, most: int) -> tuple[Talk, ...]:
    """The talks of the desk that something was last said in, the newest first; at most so many."""
    talks: list[Talk] = []
    async for names in _names(store):
        for place in range(0, len(names), _TOGETHER):
            read = await asyncio.gather(*(_talk(store, name) for name in names[place : place + _TOGETHER]))
            talks += [talk for talk in read if talk]
            if len(talks) >= most:
                return tuple(talks[:most])
    return tuple(talks)


async def _names(store: Store) -> AsyncIterator[list[ConversationId]]:
    ask = Ask(count=_PAGE)
    while True:
        found = await store.directory.find(ask)
        yield [row.conversation for row in found.rows]
        if not found.next:
            return
        ask = Ask(count=_PAGE, after=found.next)


async def _talk(store: Store, conversation: ConversationId) -> Talk | None:
    """None for a conversation without words, for one that was erased meanwhile, and where nothing may be learned."""
    state = await store.conversations.load(conversation)
    if state is None or not state.session.consent.learns:
        return None
    lines = await store.transcripts.read(conversation, after=0, limit=TALK_LINES)
    return talk_in(state.session, as_amended(as_said(lines)))
