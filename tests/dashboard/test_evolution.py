"""How a profile came to be: steps that stay the same when more is said, what each changed, and the page as of one."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from core.fact import Fact, Field, Operation
from core.ids import FactId, MessageId, VisitorId
from core.ledger import fold, settled
from core.people import Thread, followed_link, taken_back
from core.people_ports import Acquaintances
from core.profile import ProfileUpdate
from core.session import ConversationState
from dashboard.dossier import Dossier, dossier_of
from dashboard.evolution import MOST_STEPS, Step, steps_of
from dashboard.insight import Insight
from dashboard.sections import Section, label_of, shapes
from frontdesk.admins import insights
from tests.contracts.builders import NOW
from tests.core.pieces import fact, session
from tests.dashboard.grounds import example_desk

ROLES = ("CTO", "Head of Support", "CEO")


def learned(field: Field, value: str, number: int, **more: object) -> Fact:
    plain = fact(field, value, at=NOW + 60 * number)
    return replace(plain, id=FactId(f"{field}{number}"), message=MessageId(f"m{number}"), quote=value, **more)  # type: ignore[arg-type]


def stepped(*facts: Fact, updates: tuple[ProfileUpdate, ...] = ()) -> tuple[Step, ...]:
    return steps_of(facts, updates, lambda at: at - NOW)


def insight() -> Insight:
    return insights(example_desk)()


def dossier(*facts: Fact, step: int = 0, met: Acquaintances | None = None) -> Dossier:
    state = ConversationState(session=replace(session(), last_at=NOW + 999, started_at=NOW), facts=facts)
    return dossier_of(state, met or Acquaintances(links=(), ledgers={}), insight(), now=NOW + 1_000, step=step)


def shown(sections: tuple[Section, ...]) -> dict[str, list[str]]:
    return {
        row.label: [one.words for one in row.entries]
        for section in sections
        for row in section.rows
        if any(one.fact for one in row.entries)
    }


def test_that_a_step_tells_what_was_new_what_it_replaced_and_what_was_taken_back() -> None:
    steps = stepped(
        learned(Field.ROLE, "CTO", 1),
        learned(Field.ROLE, "CEO", 2),
        learned(Field.ROLE, "CEO", 3),
        learned(Field.TECH_STACK, "React", 4, operation=Operation.ADD),
        learned(Field.TECH_STACK, "React", 5, operation=Operation.REMOVE),
    )
    told = [(one.before.value if one.before else "", one.gone, one.again) for step in steps for one in step.changes]
    assert told == [
        ("", False, False),
        ("CTO", False, False),
        ("", False, True),
        ("", False, False),
        ("React", True, False),
    ]
    assert [step.number for step in steps] == [1, 2, 3, 4, 5]
    assert [step.confidence for step in steps] == [60, 120, 180, 240, 300]


def test_that_a_trigger_stands_at_the_message_that_pulled_it() -> None:
    updates = tuple(
        ProfileUpdate(trigger=name, at=NOW + at) for name, at in (("early", 1), ("one", 61), ("two", 119), ("two", 118))
    )
    steps = stepped(learned(Field.ROLE, "CTO", 1), learned(Field.COMPANY, "Hafen", 2), updates=updates)
    assert [step.triggers for step in steps] == [("one", "two"), ()]


def test_that_a_long_talk_shows_its_newest_steps_by_their_own_numbers() -> None:
    facts = [learned(Field.ROLE, ROLES[n % 3], n) for n in range(1, MOST_STEPS + 31)]
    steps = stepped(*facts)
    assert [step.number for step in steps] == list(range(31, MOST_STEPS + 31))
    assert steps[0].changes[0].before == facts[29]


@given(
    some.lists(
        some.tuples(some.sampled_from([Field.ROLE, Field.TECH_STACK, Field.COMPANY]), some.sampled_from(ROLES)),
        min_size=2,
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None)
def test_that_the_page_as_of_a_step_is_what_the_ledger_said_then(said: list[tuple[Field, str]]) -> None:
    facts = tuple(
        learned(field, value, number, operation=Operation.ADD if field is Field.TECH_STACK else Operation.SET)
        for number, (field, value) in enumerate(said, 1)
    )
    for step in range(1, len(facts) + 1):
        then = dossier(*facts, step=step)
        known = fold(settled(facts[:step]))
        assert shown(then.sections) == {
            label_of(field): [str(one.value) for one in held] for field, held in known.items()
        }
        assert len(then.steps) == len(facts)
    assert shown(dossier(*facts, step=99).sections) == shown(dossier(*facts).sections)


def test_that_a_clash_is_shown_with_both_sides_until_it_is_put_right() -> None:
    clash = (learned(Field.ROLE, "CTO", 1), learned(Field.ROLE, "Buyer", 2))
    (one,) = dossier(*clash).contradictions
    assert (one.earlier.value, one.later.value) == ("CTO", "Buyer")
    assert dossier(*clash, step=1).contradictions == ()
    assert dossier(*clash, learned(Field.ROLE, "Buyer", 3, corrects=True)).contradictions == ()


def test_that_what_a_linked_visitor_said_counts_while_the_link_holds() -> None:
    ours, theirs = session().visitor, VisitorId("phone")
    threads = [Thread(conversation=session().conversation, visitor=one, channel="web") for one in (ours, theirs)]
    link = followed_link(threads[0], threads[1], at=NOW)
    ledgers = {theirs: (learned(Field.COMPANY, "Hafen", 1),), ours: ()}
    joined = dossier(met=Acquaintances(links=(link,), ledgers=ledgers))  # type: ignore[arg-type]
    assert shown(joined.sections) == {"Company": ["Hafen"]}
    assert (len(joined.identity.people), joined.identity.links, joined.identity.undone) == (2, (link,), ())
    back = taken_back(link, at=NOW + 1, by="ann")
    parted = dossier(met=Acquaintances(links=(link, back), ledgers=ledgers))  # type: ignore[arg-type]
    assert shown(parted.sections) == {}
    assert (len(parted.identity.people), parted.identity.links, parted.identity.undone) == (1, (), (link,))


def test_that_the_six_sections_hold_every_field_once() -> None:
    fields = [row.field for section in shapes() for row in section.rows if row.field]
    assert sorted(fields) == sorted(Field)
    assert len(shapes()) == 6
