"""Knowing a visitor again: a token or a code links them to a person, and what that person's devices know is at hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from core.fact import Fact, Field, Operation, Source, Standing
from core.ids import FactId, PersonId, person_of
from core.joining import at_home, is_joined, joined
from core.ledger import fold, value_key
from core.message import InboundMessage
from core.people import Identity, merged, open_to, proved_link
from core.people_ports import Acquaintances
from core.session import ConversationState, Session
from core.store_ports import Store


async def recognised(
    store: Store, state: ConversationState, messages: Sequence[InboundMessage], *, anew: bool
) -> ConversationState:
    """The state with what is known elsewhere: read `anew` for a linked person, and whenever they show a token.

    Everything written here is written before the turn's commit and once only, so a turn that runs again loses nothing.
    Visitors who are known nowhere else cost no call. Raises `StoreUnavailable`.
    """
    shown = _shown(state, messages)
    person = shown.identity.person if shown and shown.identity else state.session.person
    if not is_joined(state.session, messages) and (person is None or not (shown or anew)):
        return state
    visitor = person_of(state.session.visitor)
    if shown is not None and shown.identity is not None:
        own, who = state.session, shown.identity
        link = proved_link(own.visitor, who.person, at=shown.at, conversations=(own.conversation,), proof=who.proof)
        await store.people.link(link)
    met = await store.people.acquaintances({visitor, person or visitor})
    if shown is not None and shown.identity is not None:
        met = await _with_claims(store, met, shown, shown.identity)
    if person is not None and person in open_to(visitor, met.links):
        state = replace(state, session=await at_home(store.notes, state.session, person))
    return await joined(store, replace(state, elsewhere=known_of(visitor, met)), messages, met)


def known_of(person: PersonId, met: Acquaintances) -> tuple[Fact, ...]:
    """The merged ledger of everybody who is this person, as far as they may hear it."""
    return merged_of(open_to(person, met.links), met)


def merged_of(people: Collection[PersonId], met: Acquaintances) -> tuple[Fact, ...]:
    return merged({one: met.ledgers.get(one, ()) for one in people})


def claims_of(message: InboundMessage, identity: Identity) -> Iterator[Fact]:
    """The address and the name that were shown, each quoted from the message that brought it."""
    for field, value in ((Field.EMAIL, identity.email), (Field.NAME, identity.name)):
        if value and value in message.text:
            yield Fact(
                id=FactId(f"{message.id}#{field.value}"),
                field=field,
                value=value,
                operation=Operation.SET,
                quote=value,
                message=message.id,
                channel=message.channel,
                at=message.at,
                source=Source.ENRICHED,
                standing=Standing.VERIFIED,
                confidence=1.0,
            )


def for_the_ledger(before: ConversationState, session: Session, own: Sequence[Fact]) -> tuple[Fact, ...]:
    """What a turn adds to the visitor's ledger: it follows the conversation once there is an address or it is linked.

    The first copy brings everything.
    """
    facts = (*before.facts, *own)
    if not _is_followed(session, facts):
        return ()
    return tuple(own) if _is_followed(before.session, before.facts) else facts


def _is_followed(session: Session, facts: Sequence[Fact]) -> bool:
    linked = bool(session.person or session.continues or session.threads)
    return linked or any(fact.field is Field.EMAIL for fact in facts)


def _shown(state: ConversationState, messages: Sequence[InboundMessage]) -> InboundMessage | None:
    """The newest token of the burst; one that says it is somebody else does not count, whatever a channel let in."""
    allowed = state.session.person or next((one.identity.person for one in messages if one.identity), None)
    return next((one for one in reversed(messages) if one.identity and one.identity.person == allowed), None)


async def _with_claims(store: Store, met: Acquaintances, message: InboundMessage, identity: Identity) -> Acquaintances:
    """What a token claims lies with the user, not with the visitor, so that taking the link back takes it along."""
    ledger = met.ledgers.get(identity.person, ())
    held = fold(ledger)
    news = tuple(
        fact
        for fact in claims_of(message, identity)
        if all(value_key(one.value) != value_key(fact.value) for one in held.get(fact.field, ()))
        or fact.field not in held
    )
    if not news:
        return met
    await store.ledger.append(identity.person, news)
    return replace(met, ledgers={**met.ledgers, identity.person: (*ledger, *news)})
