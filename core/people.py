"""Who is the same person. Links are an append-only list; merging moves no fact, so that unmerging restores both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from core.fact import Fact
from core.ids import ConversationId, PersonId, VisitorId, person_of


class Proof(StrEnum):
    """What shows that two visitors are one person. A typed address is none of these: it only hints."""

    SIGNED_TOKEN = "signed_token"  # noqa: S105  the company's own backend says who is logged in; no secret
    ONE_TIME_CODE = "one_time_code"
    DEEP_LINK = "deep_link"  # a one-time link made in one conversation and followed into another
    REP = "rep"  # somebody of the sales team vouches for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`holds` False takes an earlier link between the two back.

    The order of `left` and `right` means nothing but for `DEEP_LINK`, where `left` is who followed it: see `open_to`.
    """

    id: str
    left: PersonId
    right: PersonId
    holds: bool
    proof: Proof
    at: float  # seconds since the epoch
    by: str = ""  # who said so, for links made by people
    conversations: tuple[ConversationId, ...] = ()  # that are looked at again when the link is taken back

    def other(self, person: PersonId) -> PersonId | None:
        """The other end, None when `person` is neither."""
        if person == self.left:
            return self.right
        return self.left if person == self.right else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a visitor was shown to be: by what the company's own backend says, signed, or by a one-time code.

    `person` is nobody's visitor.
    """

    person: PersonId
    email: str = ""
    name: str = ""
    proof: Proof = Proof.SIGNED_TOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation of somebody, as another conversation of theirs knows it."""

    conversation: ConversationId
    visitor: VisitorId
    channel: str
    wants_person: bool = False  # a person was asked for there


_LINKED_BY = {Proof.SIGNED_TOKEN: "token", Proof.ONE_TIME_CODE: "code"}


def user_of(tenant: str, subject: str) -> PersonId:
    """The person behind a subject of the backend's tokens; nothing of the subject can be read in it."""
    digest = sha256(f"{tenant}\0{subject}".encode()).hexdigest()
    return PersonId(f"user:{digest[:32]}")


def proved_link(
    visitor: VisitorId,
    person: PersonId,
    *,
    at: float,
    conversations: tuple[ConversationId, ...] = (),
    proof: Proof = Proof.SIGNED_TOKEN,
) -> Link:
    """The link that a token or a code makes. A pair has one for good, so none is made again that was taken back."""
    left = person_of(visitor)
    return Link(
        id=f"{_LINKED_BY[proof]}:{left}:{person}",
        left=left,
        right=person,
        holds=True,
        proof=proof,
        at=at,
        conversations=conversations,
    )


def followed_link(newcomer: Thread, before: Thread, *, at: float) -> Link:
    """The link made by following a one-time link; as with tokens, a pair has one such link for good."""
    left, right = person_of(newcomer.visitor), person_of(before.visitor)
    return Link(
        id=f"link:{left}:{right}",
        left=left,
        right=right,
        holds=True,
        proof=Proof.DEEP_LINK,
        at=at,
        conversations=(newcomer.conversation, before.conversation),
    )


def taken_back(link: Link, *, at: float, by: str) -> Link:
    """The link that undoes another one."""
    return Link(
        id=f"back:{link.id}:{at!r}", left=link.left, right=link.right, holds=False, proof=Proof.REP, at=at, by=by
    )


def restored(link: Link, *, at: float, by: str) -> Link:
    """The link that lets one hold again that was taken back, by the proof it had."""
    return replace(link, id=f"again:{link.id}:{at!r}", holds=True, at=at, by=by)


def standing_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links that hold after all of them, the newest of a pair deciding; in order of time, then of id."""
    newest: dict[frozenset[PersonId], Link] = {}
    for link in sorted(links, key=_order):
        newest[frozenset((link.left, link.right))] = link
    return tuple(sorted((link for link in newest.values() if link.holds), key=_order))


def same_person(person: PersonId, links: Iterable[Link]) -> tuple[PersonId, ...]:
    """Everyone who is this person, sorted, with the person itself."""
    holding = standing_links(links)
    return _reached(person, lambda one: (link.other(one) for link in holding))


def open_to(person: PersonId, links: Iterable[Link]) -> tuple[PersonId, ...]:
    """Those of `same_person` whose words may be said to this person.

    Whoever makes a one-time link shows what they said; whoever follows one has not agreed to show anything of theirs.
    """
    holding = standing_links(links)
    return _reached(
        person,
        lambda one: (link.other(one) for link in holding if link.proof is not Proof.DEEP_LINK or link.left == one),
    )


def _reached(person: PersonId, neighbours: Callable[[PersonId], Iterable[PersonId | None]]) -> tuple[PersonId, ...]:
    found, waiting = {person}, [person]
    while waiting:
        for other in neighbours(waiting.pop()):
            if other is not None and other not in found:
                found.add(other)
                waiting.append(other)
    return tuple(sorted(found))


def merged(ledgers: Mapping[PersonId, Sequence[Fact]]) -> tuple[Fact, ...]:
    """Several ledgers as one: by time, and what was learned at one moment in the order its own ledger has it."""
    order: dict[Fact, tuple[float, int, PersonId]] = {}
    for person in sorted(ledgers):
        for place, fact in enumerate(ledgers[person]):
            order.setdefault(fact, (fact.at, place, person))
    return tuple(sorted(order, key=order.__getitem__))


def _order(link: Link) -> tuple[float, str]:
    return link.at, link.id
