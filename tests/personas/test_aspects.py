from __future__ import annotations

import pytest

from config.phrases import shipped_languages, shipped_phrases
from core.aspects import Aspect, Aspects, Terms
from core.reply import UNASKED_WORDS
from core.suggestion import SENTENCE_WORDS
from personas.aspects import aspects

LANGUAGES = sorted(aspects().languages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_every_aspect_has_its_words_and_no_button_stands_twice(language: str) -> None:
    terms = aspects().languages[language]
    assert {one.aspect for one in terms.aspects} == set(Aspect)
    for one in terms.aspects:
        labels = (*one.pains, *one.features, *one.requirements)
        assert len({label.casefold() for label in labels}) == len(labels)
        assert one.queries
        assert any(one.mentions(query) for query in one.queries)


@pytest.mark.parametrize("language", shipped_languages())
def test_that_a_lead_in_and_a_sentence_fit_together(language: str) -> None:
    phrases = shipped_phrases(language)
    for aspect in Aspect:
        wordings = phrases.variants_of(f"follow_up.{aspect.value}")
        assert wordings
        for wording in wordings:
            assert len(wording.split()) <= UNASKED_WORDS - SENTENCE_WORDS
            assert "?" not in wording


def test_that_sentences_are_told_apart() -> None:
    terms = aspects().terms("en-GB")
    assert isinstance(terms, Terms)
    by_name = {one.aspect: one for one in terms.aspects}
    secure = "All data is encrypted on our servers."
    assert terms.leads(by_name[Aspect.TECHNOLOGY], secure) == 1.0
    assert terms.leads(by_name[Aspect.TEAM], secure) == 0.0
    assert terms.is_about_trouble("The problems we hear about")
    assert terms.is_about_trouble("“We tried this before.”")
    assert not terms.is_about_trouble("What you get")
    assert terms.shortened("order status from your shop") == "order status"
    assert terms.shortened("audit log kept for seven years") == ""
    assert Aspects().terms("en") is None
    assert Terms(aspects=()).shortened("order status from a shop") == "order status from a shop"
