from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field, Source

NAMES = [
    ("Hi, I'm Petra", "Petra", None),
    ("I'm Petra Novak from Lumenia", "Petra Novak", "Lumenia"),
    ("my name is dario", "Dario", None),
    ("this is Oskar at Hollow & Finch", "Oskar", "Hollow & Finch"),
    ("Petra from Lumenia here", "Petra", "Lumenia"),
    ("Me llamo Inés", "Inés", None),
    ("ich heiße Jürgen", "Jürgen", None),
    ("Could you send details?\n\nBest regards,\nPetra Novak", "Petra Novak", None),
    ("Petra Novak, petra@lumenia.io", "Petra Novak", None),
    ("Good morning, Petra Novak, Lumenia Foods. Do you speak Czech?", "Petra Novak", "Lumenia Foods"),
    ("Petra Novak, Lumenia.", "Petra Novak", "Lumenia"),
    ("Petra Novak, Berlin. Do you speak Czech?", None, None),
    ("petra@lumenia.io - Petra", "Petra", None),
    ("We're Lumenia, a small software vendor", None, "Lumenia"),
    ("I work at Brightpeak and need help", None, "Brightpeak"),
    ("I'm looking for a chatbot", None, None),
    ("I'm from Germany", None, None),
    ("I'm interested in Zendesk", None, None),
    ("we're on Shopify", None, None),
    ("We are Happy with it", None, None),
]
ROLES = [
    ("I'm the head of customer support", "Head of Customer Support", None),
    ("I'm a CTO", "CTO", None),
    ("as the VP of Operations I care about cost", "VP of Operations", None),
    ("I'm the founder", "Founder", "yes"),
    ("I'm co-founder and CTO of a small startup", "Co-founder and CTO", "yes"),
    ("support manager here", "Support Manager", None),
    ("I work as an IT administrator", "IT Administrator", None),
    ("soy gerente de operaciones", "Gerente de Operaciones", None),
    ("I'm Petra Novak from Lumenia, head of support", "Head of Support", None),
    ("Mein Name ist Jutta Klee, Leiterin Kundenservice", "Leiterin Kundenservice", None),
    ("my boss is the CEO", None, None),
    ("our CTO asked for it", None, None),
    ("do you have an account manager?", None, None),
]
AUTHORITY = [
    ("I make the final decision", "yes"),
    ("it's my call", "yes"),
    ("my cofounder and I decide together", "shared"),
    ("the board has to approve it", "no"),
    ("I need to check with my manager first", "no"),
    ("I'm not the decision maker", "no"),
    ("mi jefe decide", "no"),
    ("our VP of Service signs off", "no"),
    ("procurement and legal approve anything above that", "no"),
]


@pytest.mark.parametrize(("text", "name", "company"), NAMES)
def test_introductions(talk: Any, text: str, name: str | None, company: str | None) -> None:
    talk.hears(text)
    assert (talk.knows(Field.NAME), talk.knows(Field.COMPANY)) == (name, company)


@pytest.mark.parametrize(("text", "role", "decides"), ROLES)
def test_roles(talk: Any, text: str, role: str | None, decides: str | None) -> None:
    talk.hears(text)
    held = talk.knows(Field.ROLE)
    assert (held and held.lower()) == (role and role.lower())
    assert talk.knows(Field.DECISION_MAKER) == decides


@pytest.mark.parametrize(("text", "decides"), AUTHORITY)
def test_who_decides(talk: Any, text: str, decides: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.DECISION_MAKER) == decides


def test_that_a_founder_decides_is_only_inferred(talk: Any) -> None:
    said = talk.hears("I'm the owner")
    assert [fact.source for fact in said.facts if fact.field is Field.DECISION_MAKER] == [Source.INFERRED]


@pytest.mark.parametrize(
    ("answer", "decides"),
    [
        ("me and my brother", "shared"),
        ("can i try it without a card", None),
        ("do you bill in euros?", None),
        ("our director", "no"),
    ],
)
def test_who_asks_back_does_not_say_who_decides(talk: Any, answer: str, decides: str | None) -> None:
    talk.hears(answer, pending_question="decision_maker")
    assert talk.knows(Field.DECISION_MAKER) == decides
