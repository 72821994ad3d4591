"""The directory made anew from the conversations, and the proof that its tallies are sums over its rows."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from core.course import NOWHERE_YET
from core.directory import Ask, Directory, Listing, Order
from core.fact import Field
from core.ids import ConversationId
from core.ledger import fold
from core.listing import listing_of
from core.ports import Analyst
from core.progress import share_of, with_course
from core.session import ConversationState
from core.store_ports import Store
from core.turn import TurnOutcome, TurnView
from core.understanding import Understanding

AT_ONCE = 100
_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A tally that is not what the rows sum up to."""

    period: str
    name: str
    held: int
    summed: int


async def relist(
    store: Store, everybody: AsyncIterator[ConversationId], analyst: Analyst, told: Callable[[int], None]
) -> int:
    """Empty the directory and list every conversation; answers how many. Lists are short meanwhile.

    Turns that come in while it runs are listed as always. `told` hears now and then how many there are.
    Raises `StoreUnavailable`: calling again begins anew.
    """
    await store.directory.clear()
    done, batch = 0, list[ConversationId]()
    async for conversation in everybody:
        batch.append(conversation)
        if len(batch) == AT_ONCE:
            done += await _relisted(store, batch, analyst)
            told(done)
            batch.clear()
    return done + await _relisted(store, batch, analyst)


def listed_anew(state: ConversationState, analyst: Analyst) -> Listing:
    """The row of a conversation by what is stored of it."""
    session, lead = state.session, state.lead
    view = TurnView(
        session=session,
        facts=state.known_facts,
        understanding=Understanding(language=session.language),
        news=(),
        persona=None,
        messages=(),
        now=session.last_at,
    )
    readiness = lead.readiness if lead else analyst.readiness(view)
    knows_whom = Field.EMAIL in fold(state.known_facts)
    outcome = TurnOutcome(
        state=state,
        understanding=view.understanding,
        readiness=readiness,
        profile=analyst.profile(view, readiness) if knows_whom else None,
    )
    if session.course == NOWHERE_YET:  # an earlier release has stored it
        outcome = with_course(state, outcome, (), now=session.last_at)
    return listing_of(outcome, session.version)


async def differences(directory: Directory) -> tuple[Difference, ...]:
    """Which tallies are not the sums over all rows; () is as it should be, while no turn is under way."""
    summed: Counter[tuple[str, str]] = Counter()
    for period, names in (await directory.departed()).items():
        summed.update({(period, name): count for name, count in names.items()})
    periods = {period for period, _ in summed}
    async for row in _rows(directory):
        share = share_of(row)
        periods.update(share.periods)
        summed.update((period, name) for period in share.periods for name in share.names())
    tallies = await directory.tallies(sorted(periods))
    held = {(period, name): count for period, names in tallies.items() for name, count in names.items()}
    return tuple(
        Difference(period=period, name=name, held=held.get((period, name), 0), summed=summed[period, name])
        for period, name in sorted({*held, *summed})
        if held.get((period, name), 0) != summed[period, name]
    )


async def _relisted(store: Store, batch: list[ConversationId], analyst: Analyst) -> int:
    states = await asyncio.gather(*map(store.conversations.load, batch))
    rows = [listed_anew(state, analyst) for state in states if state is not None]
    await asyncio.gather(*map(store.directory.list, rows))
    return len(rows)


async def _rows(directory: Directory) -> AsyncIterator[Listing]:
    """Everybody, by when they first came: that does not change while the pages are turned."""
    after = ""
    while True:
        page = await directory.find(Ask(order=Order.CREATED, after=after, count=_PAGE))
        for row in page.rows:
            yield row
        after = page.next
        if not after:
            return
