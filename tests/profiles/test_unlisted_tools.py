from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field


@pytest.mark.parametrize(
    ("said", "stack", "wanted"),
    [
        ("All of it happens in Vorrik, our dispatch software", ("Vorrik",), ()),
        ("bookings go through a system called Ebbly and you would have to read from it", ("Ebbly",), ("Ebbly",)),
        ("our CRM is Blenderix", ("Blenderix",), ()),
        ("stock sits in Pallex (an old database)", ("Pallex",), ()),
        ("Wir haben ein Programm namens Schichtner, das muss angebunden werden", ("Schichtner",), ("Schichtner",)),
        ("notre logiciel s'appelle Gestivo", ("Gestivo",), ()),
        ("I met Carla, our head of support", (), ()),
        ("our system is English only", (), ()),
        ("a friend's company has a tool called Brambo", (), ()),
        ("do you know a tool called Brambo?", (), ()),
    ],
)
def test_a_tool_on_no_list_is_told_by_its_kind(
    talk: Any, said: str, stack: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    talk.hears(said)
    assert (talk.knows(Field.TECH_STACK), talk.knows(Field.INTEGRATIONS)) == (stack, wanted)


@pytest.mark.parametrize(
    ("said", "stack", "wanted", "rivals"),
    [
        ("The register is Odoo and mails go out of Brevo, all of them have to be connected", 2, 2, 0),
        ("orders sit in Odoo. Could you hook it up to your assistant?", 1, 1, 0),
        ("we run Zammad, does it sync?", 1, 1, 0),
        ("linear is our tracker", 1, 0, 0),
        ("They land in Zammad, all of them", 1, 0, 0),
        ("all slides, thank you", 0, 0, 0),
        ("the desk worked in Kayako until 2022", 0, 0, 0),
        ("On travaille avec Crisp, que nous quittons cet été", 1, 0, 1),
        ("unlike Tidio, do you show the source?", 0, 0, 1),
        ("we were about to sign with Tidio", 0, 0, 1),
    ],
)
def test_how_a_named_tool_is_meant(talk: Any, said: str, stack: int, wanted: int, rivals: int) -> None:
    talk.hears(said)
    fields = (Field.TECH_STACK, Field.INTEGRATIONS, Field.COMPETITORS)
    assert tuple(len(talk.knows(field)) for field in fields) == (stack, wanted, rivals)
