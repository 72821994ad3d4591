"""Ids of personas: the name in the singular, in plain letters."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from core.ids import PersonaId
from personas.compiler.naming import tokens_of
from personas.compiler.words import Sort, Words, words_for

_LONGEST = 48
_LONGEST_HEAD = 3
_ENDINGS = (("s", ""), ("es", ""), ("en", ""), ("n", ""), ("e", ""), ("ux", "u"), ("aux", "al"), ("ales", "al"))
"""Plurals of other languages than English, tried against the words known in it."""
_SOMEBODY = frozenset({Sort.PEOPLE, Sort.ORGANISATION})


def identifier(name: str, words: Words | None = None) -> PersonaId:
    """A stable id made of the name's letters in the singular; of two names joined the first; English by default.

    Names in scripts without Latin letters get a short fingerprint.
    """
    known = words or words_for("en")
    return slug(_singular(_first_of(name, known), known))


def slug(name: str) -> PersonaId:
    """The letters of a name as an id."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").casefold()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].strip("_")
    return PersonaId(made or f"persona_{sha256(name.encode()).hexdigest()[:8]}")


def _first_of(name: str, words: Words) -> str:
    """The first of two names that are joined, with heads of their own; any other name as it is."""
    for token in tokens_of(name):
        if token.lower not in words.joins and token.text not in ",/&":
            continue
        first = name[: token.start].strip()
        parts = first.casefold().split()
        heads = [" ".join(parts[-length:]) for length in range(1, _LONGEST_HEAD + 1)]
        if words.head_first:
            heads = parts[:1]
        if any((sort := words.sort_of(one)) is not None and sort[0] in _SOMEBODY for one in heads):
            return first
        return name
    return name


def _singular(name: str, words: Words) -> str:
    if words.language == "en":
        before, of, rest = name.casefold().partition(" of ")
        return f"{words.singular(before)}{of}{rest}"
    parts = name.casefold().split()
    place = 0 if words.head_first else len(parts) - 1
    return " ".join(_known_singular(part, words) if at == place else part for at, part in enumerate(parts))


def _known_singular(word: str, words: Words) -> str:
    for ending, instead in _ENDINGS:
        one = f"{word.removesuffix(ending)}{instead}"
        if word.endswith(ending) and words.knows(one):
            return one
    return word
