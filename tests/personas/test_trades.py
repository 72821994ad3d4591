"""Trades are read off the personas' own texts, and what is nobody's speaks for nobody."""

from __future__ import annotations

from collections import Counter

import pytest

from core.ids import PersonaId
from core.persona import UNKNOWN, Persona
from personas.detector import CuePersonaDetector
from personas.singulars import SINGULARS
from personas.trades import Trade, sectors, trades_of


def _persona(name: str, *cues: str, description: str = "", industries: tuple[str, ...] = ()) -> Persona:
    identity = PersonaId(name.lower().replace(" ", "_"))
    return Persona(id=identity, name=name, cues=cues, description=description, industries=industries)


CAFES = _persona("Cafés and bars", description="Cafés and bars that close after midnight.")
STABLES = _persona("Riding schools", description="Riding schools, stables and golf clubs with forty members or more.")
CHAINS = _persona("Franchise groups", "we are a franchise group")


def _trade(word: str, *personas: Persona) -> Trade:
    return next(trade for trade in trades_of(personas) if word in trade.words)


def test_that_a_trade_is_theirs_who_name_it() -> None:
    assert dict(_trade("pub", CAFES, STABLES).owners) == {0: 1.0}
    assert dict(_trade("golf club", CAFES, STABLES).owners) == {1: 1.0}


def test_that_of_a_sector_the_other_trades_are_theirs_who_name_it_or_several_of_it() -> None:
    eateries = _persona("Restaurants")
    assert dict(_trade("food truck", eateries).owners) == {0: 0.8}
    assert dict(_trade("food truck", CAFES).owners) == {0: 0.5}
    both = dict(_trade("pub", eateries, CAFES).owners)
    assert both == {1: 1.0}  # whoever names it goes before whoever names its sector


def test_that_the_name_counts_before_the_description() -> None:
    shops = _persona("Retail stores")
    groups = _persona("Franchise groups", description="Nine stores and one payroll.")
    assert dict(_trade("bookstore", shops, groups).owners) == {0: 0.8}


def test_that_a_trade_of_nobody_is_foreign_and_one_of_their_industry_less_so() -> None:
    breweries = _persona("Breweries", industries=("food_beverage",))
    assert _trade("locksmith", breweries).foreign == 1.0
    assert 0 < _trade("restaurant", breweries).foreign < 1
    assert _trade("distillery", breweries).foreign == 0.0
    assert _trade("brewery", breweries).foreign == 0.0


def test_that_an_industry_alone_stands_for_its_trades() -> None:
    sites = _persona("Site managers", industries=("construction",))
    assert dict(_trade("roofer", sites).owners) == {0: 0.5}


@pytest.mark.parametrize("said", ["we're a notary's office, 9 people", "I run a laundromat", "wij zijn een rijschool"])
def test_that_whoever_has_another_trade_is_nobody(said: str) -> None:
    detector = CuePersonaDetector([CAFES, STABLES, CHAINS])
    guess = detector.guess(said, page=None, known={}, previous=UNKNOWN)
    assert guess.chosen is None
    assert guess.none > 0.5


def test_that_franchises_may_be_of_any_trade() -> None:
    detector = CuePersonaDetector([CAFES, STABLES, CHAINS])
    guess = detector.guess("multi unit operator, thirty barber shops", page=None, known={}, previous=UNKNOWN)
    assert guess.chosen == "franchise_groups"


def test_that_what_somebody_used_to_be_does_not_count() -> None:
    detector = CuePersonaDetector([CAFES, STABLES])
    guess = detector.guess("I used to run a bar. Now I own a stable.", page=None, known={}, previous=UNKNOWN)
    assert guess.chosen == "riding_schools"


def test_that_every_word_stands_for_one_trade() -> None:
    words = Counter(
        tuple(SINGULARS.stems(word))
        for sector in sectors().values()
        for trade in (sector.names, *sector.trades)
        for word in trade
    )
    assert [word for word, count in words.items() if count > 1] == []
