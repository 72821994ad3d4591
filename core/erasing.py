"""Taking out everything of a person: whoever they are linked to, every conversation, every copy that we hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.erased_names import of_conversation, of_person
from core.erasure_ports import Removed
from core.ids import ConversationId, PersonId, lead_of, person_of
from core.people import Link, open_to, same_person
from core.store_ports import Store
from core.turn import Expire, Forget, Thin


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Where somebody has left something."""

    people: tuple[PersonId, ...] = ()  # everybody who is this person by links that hold
    conversations: tuple[ConversationId, ...] = ()
    links: tuple[Link, ...] = ()  # that were ever recorded of them, also those taken back

    @property
    def empty(self) -> bool:
        return not self.conversations and not self.links


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was taken out, in numbers; nothing of it names anybody."""

    people: int = 0
    conversations: int = 0
    lines: int = 0
    facts: int = 0
    leads: int = 0
    waiting: int = 0  # messages and effects that had not been dealt with
    cards: int = 0  # that are being withdrawn from the sales channel
    ledger: int = 0  # facts known of them across conversations


async def trace_of_person(store: Store, person: PersonId) -> Trace:
    """Raises `StoreUnavailable`."""
    return await _trace(store, (person,))


async def trace_of_address(store: Store, email: str) -> Trace:
    """Everybody who gave this address. Raises `StoreUnavailable`."""
    return await _with_visitors(store, await store.erasure.with_address(email))


async def trace_of_conversation(store: Store, conversation: ConversationId) -> Trace:
    """The person of this conversation; the conversation alone where no turn of it was stored yet."""
    return await _with_visitors(store, (conversation,))


async def erase(store: Store, trace: Trace, *, at: float) -> Erased:
    """Take it all out. Raises `StoreUnavailable`: then only part may be gone, and calling again finishes it.

    People go first, so that no turn meanwhile learns from a ledger what its conversation is about to lose.
    """
    names = (*map(of_person, trace.people), *map(of_conversation, trace.conversations))
    await store.erasure.record(names, at=at)
    ledger = 0
    for person in trace.people:
        ledger += await _stranger(store, person, at=at)
    await _unlink_others(store, trace)
    removed = [await _taken_out(store, one, at=at) for one in trace.conversations]
    return _told(trace, removed, ledger)


async def expire(store: Store, effect: Expire) -> None:
    """A conversation goes, unless there is news in it; with its visitor's last one, what is known of them goes, too.

    Raises `StoreUnavailable`.
    """
    state = await store.conversations.load(effect.conversation)
    if state is not None and state.session.last_at > effect.silent_since:
        return
    visitor = person_of(effect.visitor)
    await _taken_out(store, effect.conversation, at=effect.silent_since)
    if not await store.erasure.visits((visitor,)):
        trace = await trace_of_person(store, visitor)
        for one in (visitor,) if trace.conversations else trace.people:
            await _stranger(store, one, at=effect.silent_since)


async def thin(store: Store, effect: Thin) -> None:
    """Some of a conversation goes, unless there is news in it; of what is known of the visitor, the same fields.

    Raises `StoreUnavailable`; doing it again does no harm.
    """
    state = await store.conversations.load(effect.conversation)
    if state is None or state.session.last_at > effect.silent_since:
        return
    since = effect.silent_since
    await store.erasure.thin(effect.conversation, since=since, lines=effect.lines, fields=effect.fields)
    if effect.fields:
        await store.erasure.thin_ledger(person_of(effect.visitor), since=since, fields=effect.fields)


async def forget(store: Store, effect: Forget) -> None:
    """Everything of a visitor who asked for it, and of those whose words are open to them; see `core.people.open_to`.

    Whoever made somebody follow a link cannot have them erased. Raises `StoreUnavailable`; doing it again does no harm.
    """
    visitor = person_of(effect.visitor)
    met = await store.people.acquaintances((visitor,))
    theirs = open_to(visitor, met.links)
    visits = await store.erasure.visits(theirs)
    links = tuple(link for link in met.links if link.left in theirs or link.right in theirs)
    trace = Trace(people=theirs, conversations=tuple(sorted({effect.conversation, *visits})), links=links)
    await erase(store, trace, at=effect.at)


async def _taken_out(store: Store, conversation: ConversationId, *, at: float) -> Removed:
    """The conversation, and its rows in the lists that are made of conversations and leads."""
    removed = await store.erasure.conversation(conversation, at=at)
    await store.directory.forget(conversation, at=at)
    await store.lead_book.strike(lead_of(conversation))
    await store.notes.forget(conversation)
    await store.rota.settle(lead_of(conversation), None, now=at)
    return removed


async def _stranger(store: Store, person: PersonId, *, at: float) -> int:
    """What is known of somebody across conversations is not known any more; how many facts that were."""
    known = await store.erasure.person(person, at=at)
    await store.notes.forget(person)
    return known


async def _with_visitors(store: Store, conversations: Iterable[ConversationId]) -> Trace:
    named = tuple(conversations)
    people: list[PersonId] = []
    for conversation in named:
        state = await store.conversations.load(conversation)
        if state is not None:
            people += [person_of(state.session.visitor), *filter(None, (state.session.person,))]
    return await _trace(store, people, named)


async def _trace(store: Store, people: Iterable[PersonId], conversations: Iterable[ConversationId] = ()) -> Trace:
    asked = tuple(dict.fromkeys(people))
    met = await store.people.acquaintances(asked)
    everybody = sorted({one for person in asked for one in same_person(person, met.links)})
    visits = await store.erasure.visits(everybody)
    links = tuple(link for link in met.links if link.left in everybody or link.right in everybody)
    return Trace(people=tuple(everybody), conversations=tuple(sorted({*conversations, *visits})), links=links)


async def _unlink_others(store: Store, trace: Trace) -> None:
    """Somebody who was once taken for them keeps their own, without the mention."""
    ours = set(trace.people)
    for other in sorted({end for link in trace.links for end in (link.left, link.right)} - ours):
        await store.erasure.unlink(other, [link for link in trace.links if other in {link.left, link.right}])


def _told(trace: Trace, removed: list[Removed], ledger: int) -> Erased:
    return Erased(
        people=len(trace.people),
        conversations=len(trace.conversations),
        lines=sum(one.lines for one in removed),
        facts=sum(one.facts for one in removed),
        leads=sum(one.leads for one in removed),
        waiting=sum(one.messages + one.effects for one in removed),
        cards=sum(one.cards for one in removed),
        ledger=ledger,
    )
