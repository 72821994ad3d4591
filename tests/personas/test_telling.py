from __future__ import annotations

from core.ids import PersonaId
from core.persona import Persona
from personas.detector import CuePersonaDetector

LISTENER = CuePersonaDetector([Persona(id=PersonaId("p"), name="Clinics", cues=("our patients",))]).listener


def _texts(said: str) -> list[str]:
    return [one.text for one in LISTENER.telling(said)]


def test_greetings_prices_and_addresses_tell_nothing() -> None:
    assert _texts("Hello!\nwhat does it cost per month\nok\njo@example.com\n12") == []


def test_a_statement_of_plain_words_is_worth_a_look() -> None:
    assert _texts("most customers ask about their account") == ["most customers ask about their account"]


def test_each_message_counts_once_and_longer_ones_more() -> None:
    short, long = "we run dental clinics", "we treat patients of every age in four small towns by the sea"
    told = LISTENER.telling(f"{short}\n{short}\n{long}")
    assert [one.text for one in told] == [short, long]
    assert told[0].weight < told[1].weight == 1.0


def test_the_newest_messages_are_kept_and_long_ones_cut() -> None:
    told = LISTENER.telling("\n".join(f"we sell bicycle number {number}" for number in range(30)))
    assert len(told) == 8
    assert told[-1].text == "we sell bicycle number 29"
    assert len(LISTENER.telling("we sell bicycles and " * 100)[0].text) <= 160


def test_other_peoples_business_is_left_out() -> None:
    assert _texts("our clients are hotels and spas") == []
    assert "hotel" not in " ".join(_texts("we aren't a hotel at all, but we wash linen"))
