"""One-time links in any order: minted, redeemed, tried by others, left until they are old. Nobody reads a stranger."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.continuing import LIFE, OneTimeLinks
from core.ids import ConversationId, MessageId, PersonId, VisitorId, person_of
from core.message import InboundMessage, MessageKind
from core.people import Link, Proof, Thread, followed_link, open_to, proved_link, same_person, taken_back
from core.store_ports import Store
from tests.core.hub_parts import ToldClock

_runs = count(1)
CHANNELS = ("telegram", "teams")

minting = st.tuples(st.just("mint"), st.integers(0, 3), st.sampled_from(CHANNELS))
redeeming = st.tuples(st.just("redeem"), st.integers(0, 7), st.tuples(st.integers(0, 3), st.sampled_from(CHANNELS)))
waiting = st.tuples(st.just("wait"), st.sampled_from([1.0, LIFE / 2, LIFE]), st.none())
guessing = st.tuples(st.just("guess"), st.text(max_size=70), st.tuples(st.integers(0, 3), st.sampled_from(CHANNELS)))


@dataclass
class Model:
    """What must come of it, written down by hand."""

    run: int = field(default_factory=lambda: next(_runs))
    tokens: list[tuple[str, Thread, str, float]] = field(default_factory=list)  # token, whose, where to, until
    holders: dict[str, VisitorId] = field(default_factory=dict)
    reads: set[tuple[PersonId, PersonId]] = field(default_factory=set)

    def visitor(self, name: str, channel: str) -> Thread:
        whole = f"{channel}.{self.run}.{name}"
        return Thread(conversation=ConversationId(whole), visitor=VisitorId(whole), channel=channel)

    def expected(self, token: str, who: Thread, now: float) -> Thread | None:
        for minted, whose, channel, until in self.tokens:
            if minted == token and channel == who.channel and now < until:
                return whose if self.holders.setdefault(token, who.visitor) == who.visitor else None
        return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(minting, redeeming, waiting, guessing), max_size=25))
async def test_that_in_any_order_only_the_first_who_comes_in_time_reads_on(embedded_store: Store, steps: list) -> None:  # type: ignore[type-arg]
    model, clock, numbers = Model(), ToldClock(), count(1)
    links = OneTimeLinks(
        embedded_store.notes, embedded_store.people, clock, lambda: f"{model.run:016x}{next(numbers):016x}"
    )
    for channel in CHANNELS:
        await links.begin_at(channel, "https://chat.example/{token}")
    for what, one, other in steps:
        if what == "wait":
            clock.at += one
        elif what == "mint":
            site = model.visitor(f"site{one}", "web")
            address = await links.mint(site, channel=other)
            assert address is not None
            model.tokens.append((address.rpartition("/")[2], site, other, clock.at + LIFE))
        else:
            known = model.tokens[one % len(model.tokens)][0] if what == "redeem" and model.tokens else str(one)
            who = model.visitor(f"phone{other[0]}", other[1])
            found = (await links.redeem(known, opening(who, clock.at))).continues
            assert found == model.expected(known, who, clock.at)
            if found is not None:
                model.reads.add((person_of(who.visitor), person_of(found.visitor)))
    await no_one_reads_a_stranger(embedded_store, model)


async def no_one_reads_a_stranger(store: Store, model: Model) -> None:
    everybody = [model.visitor(f"site{n}", "web") for n in range(4)]
    everybody += [model.visitor(f"phone{n}", channel) for n in range(4) for channel in CHANNELS]
    for one in everybody:
        person = person_of(one.visitor)
        found = set(open_to(person, await store.people.links(person))) - {person}
        assert found == {read for reader, read in model.reads if reader == person}


def opening(who: Thread, at: float) -> InboundMessage:
    return InboundMessage(
        id=MessageId(f"opened {at}"),
        channel=who.channel,
        conversation=who.conversation,
        visitor=who.visitor,
        kind=MessageKind.OPENED,
        text="",
        at=at,
    )


def thread(name: str) -> Thread:
    return Thread(conversation=ConversationId(f"c.{name}"), visitor=VisitorId(name), channel="web")


def test_that_who_follows_a_link_reads_and_is_not_read() -> None:
    link = followed_link(thread("phone"), thread("site"), at=1.0)
    phone, site = link.left, link.right
    assert link.proof is Proof.DEEP_LINK
    assert same_person(phone, [link]) == same_person(site, [link]) == (phone, site)
    assert open_to(phone, [link]) == (phone, site)
    assert open_to(site, [link]) == (site,)
    assert open_to(phone, [link, taken_back(link, at=2.0, by="Ada")]) == (phone,)


def test_that_two_who_follow_links_of_one_chat_do_not_read_each_other() -> None:
    links = [followed_link(thread(name), thread("site"), at=1.0) for name in ("one", "two")]
    assert open_to(PersonId("one"), links) == (PersonId("one"), PersonId("site"))


def test_that_a_signed_token_opens_both_ways_and_a_link_stays_one_way_behind_it() -> None:
    user = PersonId("user:1")
    links: list[Link] = [
        proved_link(VisitorId("site"), user, at=1.0),
        proved_link(VisitorId("laptop"), user, at=1.0),
        followed_link(thread("phone"), thread("site"), at=2.0),
    ]
    assert open_to(PersonId("laptop"), links) == ("laptop", "site", user)
    assert open_to(PersonId("phone"), links) == ("laptop", "phone", "site", user)
