"""Questions in other languages, looked up on a site that is written in English."""

from __future__ import annotations

import pytest

from core.passage import Passage
from knowledge.reading.passages import digest
from knowledge.search.lexicon import lexicon
from knowledge.search.passage_index import PassageIndex
from knowledge.search.tongues import Tongues, plain, tongue_data

_PAGES = {
    "/": ("Loomery rents knitting machines to studios and schools.", "Loomery"),
    "/prices/": ("The Ribbon plan costs £31 a month. The Cable plan costs £64 a month.", "What it costs"),
    "/trial/": ("The trial is free for ten days and needs no credit card.", "Trial"),
    "/data/": ("Your data is stored on servers in Dublin.", "Where data is stored"),
    "/about/": ("Loomery was founded in 2011 and has its head office in Cork.", "About us"),
}


def _passages() -> tuple[Passage, ...]:
    return tuple(
        Passage(url=url, title=f"{heading} | Loomery", headings=(heading,), text=text, hash=digest(text))
        for url, (text, heading) in _PAGES.items()
    )


@pytest.fixture(scope="module")
def index() -> PassageIndex:
    return PassageIndex(_passages())


@pytest.fixture(scope="module")
def tongues() -> Tongues:
    return Tongues(tongue_data(), frozenset(lexicon().stopwords["en"].split()))


def test_every_row_names_what_it_says_in_most_languages() -> None:
    data = tongue_data()
    assert set(data.little) == set(data.languages)
    assert all(6 <= len(cells) <= len(data.languages) for cells in data.terms.values())


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("Wie viel kostet das?", "how much cost?"),
        ("Wir stricken gern. Was kostet Ribbon?", "what cost Ribbon?"),
        ("on est une petite école, il y a un essai gratuit ?", "trial free?"),
        ("¿Dónde se almacenan los datos?", "where stored data?"),
        ("vocês têm desconto?", "discount?"),
        ("dove si trova la sede?", "where head office?"),
        ("hebben jullie een proefperiode?", "trial?"),
        ("ile to kosztuje?", "how much cost?"),
    ],
)
def test_what_is_asked_is_told_in_english_words(tongues: Tongues, question: str, english: str) -> None:
    translated = tongues.in_english(question)
    assert translated is not None
    assert translated.text == english
    assert set(translated.unknown) <= {"ribbon"}


@pytest.mark.parametrize(
    "question",
    [
        "what does it cost?",
        "do you have a trial in die cut?",
        "Sie?",
        "",
        "is it in Spanish, and can we cancel?",
        "12 €",
    ],
)
def test_english_and_next_to_nothing_stay_as_they_are(tongues: Tongues, question: str) -> None:
    assert tongues.in_english(question) is None


def test_a_thing_without_a_word_here_is_named(tongues: Tongues) -> None:
    german = tongues.in_english("Haben Sie auch blaue Wolle?")
    dutch = tongues.in_english("hebben jullie ook een winkel in Gent?")
    assert german is not None
    assert dutch is not None
    assert (german.unknown, dutch.unknown) == (("wolle",), ("gent",))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("was kostet Ribbon im Monat?", "£31"),
        ("combien coûte Cable ?", "£64"),
        ("¿hay una prueba gratis?", "ten days"),
        ("onde ficam guardados os dados?", "Dublin"),
        ("dove si trova la sede?", "Cork"),
        ("in welk jaar is het bedrijf opgericht?", "2011"),
    ],
)
def test_it_is_answered_with_the_sites_sentence(index: PassageIndex, question: str, said: str) -> None:
    found = index.find(question)
    assert said in " ".join(found[0].sentences)


@pytest.mark.parametrize(
    "question", ["Was kostet die Wolle?", "¿tienen oficina en Sevilla?", "avez-vous du fil de soie ?"]
)
def test_what_the_site_has_no_word_for_gets_the_closest_at_most(index: PassageIndex, question: str) -> None:
    assert all(finding.near for finding in index.find(question))


@pytest.mark.parametrize(("word", "bare"), [("Größe", "grosse"), ("ÉTÉ", "ete"), ("plain", "plain")])
def test_accents_are_not_needed(word: str, bare: str) -> None:
    assert plain(word) == bare
