"""Questions that only a name, a place or a number answers."""

from __future__ import annotations

import pytest

from core.passage import Passage
from knowledge.reading.passages import digest
from knowledge.search.passage_index import PassageIndex

TEXTS = {
    "/terms/": "Prices are in pounds and without VAT. The VAT number of a customer stands on each invoice.",
    "/people/": "Rosa Lindqvist is our purchasing manager and signs every order.",
    "/visit/": "Our office stands near Tromso, and the showroom opens on request.",
    "/help/": "Who looks after your account? A manager with ten years behind the counter does.",
}


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    return PassageIndex(
        [
            Passage(url=url, title="Lantern", headings=("Lantern",), text=text, hash=digest(text))
            for url, text in TEXTS.items()
        ]
    )


@pytest.mark.parametrize("question", ["What is your VAT number?", "who is your account manager?"])
def test_a_statement_about_something_near_is_no_answer(index: PassageIndex, question: str) -> None:
    assert all(finding.near for finding in index.find(question))


@pytest.mark.parametrize(
    ("question", "said"), [("who is your purchasing manager?", "Rosa"), ("where is your office?", "Tromso")]
)
def test_a_statement_that_tells_the_name_or_place_is_one(index: PassageIndex, question: str, said: str) -> None:
    found = index.find(question)
    assert said in found[0].sentences[0]
    assert not found[0].near
