"""Who is the same person. Links are an append-only list; merging moves no fact, so that unmerging restores both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from core.fact import Fact
from core.ids import PersonId, VisitorId, person_of


class Proof(StrEnum):
    """What shows that two visitors are one person. A typed address is none of these: it only hints."""

    SIGNED_TOKEN = "signed_token"  # noqa: S105  the company's own backend says who is logged in; no secret
    ONE_TIME_CODE = "one_time_code"
    DEEP_LINK = "deep_link"  # followed from within the same session
    REP = "rep"  # somebody of the sales team vouches for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`holds` False takes an earlier link between the two back. The order of `left` and `right` means nothing."""

    id: str
    left: PersonId
    right: PersonId
    holds: bool
    proof: Proof
    at: float  # seconds since the epoch
    by: str = ""  # who said so, for links made by people

    def other(self, person: PersonId) -> PersonId | None:
        """The other end, None when `person` is neither."""
        if person == self.left:
            return self.right
        return self.left if person == self.right else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the company's own backend says, signed, about who is logged in. `person` is nobody's visitor."""

    person: PersonId
    email: str = ""
    name: str = ""


def user_of(tenant: str, subject: str) -> PersonId:
    """The person behind a subject of the backend's tokens; nothing of the subject can be read in it."""
    digest = sha256(f"{tenant}\0{subject}".encode()).hexdigest()
    return PersonId(f"user:{digest[:32]}")


def signed_link(visitor: VisitorId, user: PersonId, *, at: float) -> Link:
    """The link a signed token makes. A pair has one such link for good, so none is made again that was taken back."""
    left = person_of(visitor)
    return Link(id=f"token:{left}:{user}", left=left, right=user, holds=True, proof=Proof.SIGNED_TOKEN, at=at)


def taken_back(link: Link, *, at: float, by: str) -> Link:
    """The link that undoes another one."""
    return Link(
        id=f"back:{link.id}:{at!r}", left=link.left, right=link.right, holds=False, proof=Proof.REP, at=at, by=by
    )


def standing_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links that hold after all of them, the newest of a pair deciding; in order of time, then of id."""
    newest: dict[frozenset[PersonId], Link] = {}
    for link in sorted(links, key=_order):
        newest[frozenset((link.left, link.right))] = link
    return tuple(sorted((link for link in newest.values() if link.holds), key=_order))


def same_person(person: PersonId, links: Iterable[Link]) -> tuple[PersonId, ...]:
    """Everyone who is this person, sorted, with the person itself."""
    holding = standing_links(links)
    found, waiting = {person}, [person]
    while waiting:
        one = waiting.pop()
        for other in (link.other(one) for link in holding):
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
