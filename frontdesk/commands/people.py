"""`frontdesk people`: which visitors are one person, by what proof, and what was known of them at a moment."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from functools import partial
from typing import Any

from config import Desk
from core.errors import ConfigError
from core.fact import Fact
from core.history import as_of
from core.ids import ConversationId, PersonId, VisitorId
from core.ledger import Known, fold, settled
from core.linking import take_back
from core.people import Link, same_person, standing_links
from core.people_ports import Acquaintances
from core.phrases import Phrases
from core.profile import Profile
from core.recognising import merged_of
from core.session import Session
from core.store_ports import Store
from core.turn import TurnView
from core.understanding import Understanding
from core.wording import value_in_words
from frontdesk.beside import store_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import QUALIFICATION, read_desk
from frontdesk.loop import run_async
from frontdesk.mind import phrases_in
from profiles.analyst import ProfileAnalyst
from profiles.qualification_file import QualificationFile

REP = "the command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person at a moment: who they are, why, and what was known."""

    person: PersonId
    at: float
    people: tuple[PersonId, ...]
    links: tuple[Link, ...]  # that held then
    facts: tuple[Fact, ...]

    @property
    def known(self) -> Known:
        return fold(self.facts)


def run(options: argparse.Namespace) -> int:
    """Show a person, after taking a link back where that is asked for."""
    desk = read_desk(options.config)
    now = SystemClock().now()
    at = moment(options.as_of) if options.as_of else now
    seen = run_async(_look(desk, PersonId(options.person), at=at, now=now, unmerge=options.unmerge))
    phrases = phrases_in(desk.settings.company.language)
    if options.json:
        print(json.dumps(as_json(seen, profile_of(desk, seen), phrases), ensure_ascii=False, indent=1))
    else:
        print("\n".join(_lines(seen, phrases, desk)))
    return 0


def moment(text: str) -> float:
    """Seconds since the epoch; a date alone is its end, and a time without a zone is in UTC. Raises `ConfigError`."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"--as-of {text!r} is no time; write it like 2026-03-01 or 2026-03-01T14:00+01:00") from None
    if len(text) <= len("2026-03-01"):
        read = datetime.combine(read.date(), time.max)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def view_of(person: PersonId, met: Acquaintances, at: float) -> PersonView:
    """Links and facts as they stood at a moment."""
    links = tuple(link for link in met.links if link.at <= at)
    people = same_person(person, links)
    standing = tuple(link for link in standing_links(links) if link.left in people)
    return PersonView(
        person=person, at=at, people=people, links=standing, facts=settled(as_of(merged_of(people, met), at))
    )


def profile_of(desk: Desk, seen: PersonView) -> Profile:
    """The profile folded over the merged ledger; what belongs to a single visit is not in it."""
    analyst = ProfileAnalyst(desk.file_of(QUALIFICATION, QualificationFile))
    session = Session(
        conversation=ConversationId(seen.person), visitor=VisitorId(seen.person), channel="", last_at=seen.at
    )
    view = TurnView(
        session=session,
        facts=seen.facts,
        understanding=Understanding(),
        news=(),
        persona=None,
        messages=(),
        now=seen.at,
    )
    return analyst.profile(view, analyst.readiness(view))


def as_json(seen: PersonView, profile: Profile, phrases: Phrases) -> Mapping[str, Any]:
    return {
        "person": seen.person,
        "asOf": seen.at,
        "visitors": seen.people,
        "links": [asdict(link) for link in seen.links],
        "facts": [_fact(fact, phrases) for held in seen.known.values() for fact in held],
        "profile": {
            "company": asdict(profile.company),
            "requirements": asdict(profile.requirements),
            "role": profile.behavior.role,
            "decisionMaker": profile.behavior.decision_maker,
            "technicalLevel": profile.behavior.technical_level,
            "objections": profile.engagement.objections,
            "contradictions": profile.meta.contradictions,
            "stale": profile.meta.stale,
            "confidence": profile.meta.confidence_score,
        },
    }


async def _look(desk: Desk, person: PersonId, *, at: float, now: float, unmerge: str) -> PersonView:
    async with store_beside(desk) as store:
        met = await store.people.acquaintances((person,))
        if not met.links and not any(met.ledgers.values()):
            raise ConfigError(f"nothing is known of {person!r}; --person takes the id of a visitor or of a person")
        if unmerge:
            await _take_back(store, met, unmerge, now)
            met, at = await store.people.acquaintances((person,)), max(at, now)
    return view_of(person, met, at)


async def _take_back(store: Store, met: Acquaintances, id_: str, now: float) -> None:
    standing = {link.id: link for link in standing_links(met.links)}
    if id_ not in standing:
        raise ConfigError(f"no link {id_!r} holds for this person; there are: {', '.join(standing) or 'none'}")
    accept = partial(store.inbox.accept, worker=REP)
    await take_back(store.people, accept, met, standing[id_], at=now, by=REP)


def _lines(seen: PersonView, phrases: Phrases, desk: Desk) -> Iterator[str]:
    yield f"{seen.person}, as of {_time(seen.at)}"
    if len(seen.people) > 1:
        yield f"is the same person as {', '.join(one for one in seen.people if one != seen.person)}"
    for link in seen.links:
        proof = link.proof.value.replace("_", " ")
        yield f"  {link.left} = {link.right}: {proof}, {_time(link.at)}{f', {link.by}' if link.by else ''}"
        yield f"    not so? frontdesk people -c {desk.directory} --person {seen.person} --unmerge {link.id}"
    for field, held in seen.known.items():
        yield f"{field.value.replace('_', ' ')}:"
        for fact in held:
            value = value_in_words(fact.field, fact.value, phrases)
            yield f"  {value} ({fact.standing.value}, {_time(fact.at)}): “{fact.quote}”"
    if not seen.known:
        yield "Nothing is known of them."


def _fact(fact: Fact, phrases: Phrases) -> Mapping[str, Any]:
    return {
        "id": fact.id,
        "field": fact.field.value,
        "value": value_in_words(fact.field, fact.value, phrases),
        "quote": fact.quote,
        "message": fact.message,
        "channel": fact.channel,
        "source": fact.source.value,
        "standing": fact.standing.value,
        "confidence": fact.confidence,
        "at": fact.at,
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
