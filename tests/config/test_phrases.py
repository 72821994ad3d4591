"""Phrase files of the local writer."""

from __future__ import annotations

import pytest

from config.phrases import parse_phrases, shipped_languages, shipped_phrases, slots_of
from config.problems import ConfigErrors
from core.phrases import Phrases


def parse(text: str) -> Phrases:
    return parse_phrases(text.encode(), language="en", file="en.yaml")


def test_groups_are_flattened_and_order_is_kept() -> None:
    phrases = parse("welcome:\n  - Hello from {company}.\n  - no\nask:\n  size: ['How many are you?', \"{count}?\"]\n")
    assert phrases.language == "en"
    assert dict(phrases.variants) == {
        "welcome": ("Hello from {company}.", "no"),
        "ask.size": ("How many are you?", "{count}?"),
    }
    assert phrases.variants_of("ask.size") == ("How many are you?", "{count}?")
    assert phrases.variants_of("ask") == ()
    assert phrases.has("welcome")
    assert not phrases.has("ask")
    assert slots_of("{a} and {b_2}") == {"a", "b_2"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "en.yaml: the file is empty"),
        ("- a\n", "en.yaml:1:1: expected `key: value` lines, found a list"),
        ("a: b\n", "en.yaml:1:4: a: expected a list of variants"),
        ("a:\n", "en.yaml:1:3: a: expected a list of variants"),
        ("a: {}\n", "en.yaml:1:4: a: expected a list of variants"),
        ("a: []\n", "en.yaml:1:4: a: the list is empty"),
        ("a: ['']\n", "en.yaml:1:5: a: a variant is empty"),
        ("a:\n  - '  '\n", "en.yaml:2:5: a: a variant is empty"),
        ("a: [7]\n", "en.yaml:1:5: a: a variant is a text"),
        ("a: [true]\n", "en.yaml:1:5: a: a variant is a text"),
        ("a:\n  -\n", "en.yaml:2:4: a: a variant is a text"),
        ("a: [[b]]\n", "en.yaml:1:5: a: a variant is a text"),
        ("a: [b, c, b]\n", "en.yaml:1:11: a: this variant is given twice"),
        ("a: ['{b c}']\n", "en.yaml:1:5: a: a slot's name"),
        ("a: ['{}']\n", "en.yaml:1:5: a: a slot's name"),
        ("a: ['{0}']\n", "en.yaml:1:5: a: a slot's name"),
        ("a: ['{b!r}']\n", "en.yaml:1:5: a: a slot's name"),
        ("a: ['{b.__class__}']\n", "en.yaml:1:5: a: a slot's name"),
        ("a: ['{{b}}']\n", "en.yaml:1:5: a: a brace stands alone"),
        ("a: ['b}']\n", "en.yaml:1:5: a: a brace stands alone"),
        ("a: {b: {c: [d]}}\n", "en.yaml:1:8: a.b: expected a list of variants"),
        ("A b: [c]\n", "en.yaml:1:1: a key has lower-case letters"),
        ("a: [b]\na: [c]\n", "en.yaml:2:1: this key is given twice"),
        (f"a: [{'b' * 1_001}]\n", "en.yaml:1:5: a: a variant has at most 1,000 characters"),
    ],
)
def test_a_broken_phrase_file_is_reported_at_its_place(text: str, expected: str) -> None:
    with pytest.raises(ConfigErrors) as caught:
        parse(text)
    assert caught.value.render().startswith(expected)


def test_all_flaws_come_at_once_in_order() -> None:
    with pytest.raises(ConfigErrors) as caught:
        parse("a: ['']\nb: x\nc: ['{']\n")
    assert [problem.where for problem in caught.value.problems] == ["en.yaml:1:5", "en.yaml:2:4", "en.yaml:3:5"]


def test_every_shipped_language_can_be_read() -> None:
    for language in shipped_languages():
        assert shipped_phrases(language).variants


@pytest.mark.parametrize("language", ["tlh", "../en", "", "en/../en"])
def test_a_language_that_is_not_shipped_is_named(language: str) -> None:
    with pytest.raises(ConfigErrors, match="there are no phrases in this language"):
        shipped_phrases(language)


@pytest.mark.parametrize("language", [one for one in shipped_languages() if one != "en"])
def test_a_language_says_everything_english_says_with_the_same_slots_and_as_much_variety(language: str) -> None:
    english, other = shipped_phrases("en"), shipped_phrases(language)
    # English may leave a unit to its plain name; every other language has to name it.
    assert {key for key in other.variants if not key.startswith("unit.")} >= set(english.variants) - {"unit.employees"}
    for key, wordings in english.variants.items():
        assert len(other.variants_of(key)) >= len(wordings), key
        assert set(map(frozenset, map(slots_of, other.variants_of(key)))) == set(
            map(frozenset, map(slots_of, wordings))
        ), key


@pytest.mark.parametrize("language", shipped_languages())
def test_unasked_lead_ins_are_short(language: str) -> None:
    phrases = shipped_phrases(language)
    long = [
        wording
        for key in phrases.variants
        if key.startswith(("follow_up.", "proactive."))
        for wording in phrases.variants_of(key)
        if len(wording.split()) > 10
    ]
    assert long == []


def test_the_languages_of_the_local_writer_are_shipped() -> None:
    assert set(shipped_languages()) == {"en", "de", "fr", "es", "pt", "nl"}
