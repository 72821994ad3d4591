"""Who decides, told by the structure of what is said rather than by whole phrases."""

from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field

SAID = [
    ("within 400 a month I sign on my own, beyond it the trustees look at it", "shared"),
    ("jusqu'à 200 euros je décide, après c'est le siège", "shared"),
    ("até 900 eu assino, acima disso é a diretoria", "shared"),
    ("up to 90 mails a day come in", None),
    ("the last ok comes from our dean", "no"),
    ("das liegt ganz bei unserer Geschäftsführung", "no"),
    ("das liegt allein bei mir", "yes"),
    ("entscheiden darf ich das", "yes"),
    ("dafür brauche ich niemands Freigabe, brauche keine Freigabe", "yes"),
    ("necesito el visto bueno de gerencia", "no"),
    ("we all vote on purchases", "shared"),
    ("lo decidimos entre las dos", "shared"),
    ("I can merely pass it on", "no"),
    ("that's above me", "no"),
    ("I sign in with my mail address", None),
    ("our guests pick a room", None),
    ("that's my worry", None),
    ("I can't settle on a tool alone", "shared"),
    ("das entscheide ich leider nicht alleine, da muss die Chefin zustimmen", "shared"),
    ("la décision, je ne la prends pas toute seule", "shared"),
    ("eu não decido isso sozinha", "shared"),
    ("ik beslis dat niet alleen", "shared"),
    ("our head of sales decides alone", "no"),
    ("eu decido junto com meu marido", "shared"),
    ("I decide together with my sister", "shared"),
    ("the owner? well, that would be me", "yes"),
    ("l'owner, le patron? c'est moi", "yes"),
    ("the owner? that is my father", None),
]


@pytest.mark.parametrize(("said", "decides"), SAID)
def test_who_decides_is_told_by_structure(talk: Any, said: str, decides: str | None) -> None:
    talk.hears(said)
    assert talk.knows(Field.DECISION_MAKER) == decides


@pytest.mark.parametrize("said", ["das entscheide ich allein", "wir entscheiden das zu zweit"])
def test_who_decides_counts_nobody(talk: Any, said: str) -> None:
    talk.hears(said)
    assert talk.knows(Field.COMPANY_SIZE) is None


@pytest.mark.parametrize(
    ("answer", "decides"), [("there are sixty of us", None), ("we are twelve", None), ("we all", "shared")]
)
def test_a_headcount_answers_nothing_about_deciding(talk: Any, answer: str, decides: str | None) -> None:
    talk.hears(answer, pending_question="decision_maker")
    assert talk.knows(Field.DECISION_MAKER) == decides
