"""What kind of company a persona works for and who of it gets in touch: sizes, industries, roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from core.site import SiteSource
from knowledge.search.lexicon import lexicon as search_lexicon
from personas.compiler.figures import employees_in
from personas.compiler.material import Line, Material
from personas.compiler.merging import Group
from personas.compiler.naming import Name, NameReader, tokens_of
from personas.compiler.phrasebook import phrasebook
from personas.compiler.words import Sort, Words
from personas.lexicon import lexicon

_MOST_INDUSTRIES = 3
_MOST_GUESSED = 2
_MOST_LINES = 60
_JOINED = re.compile(r",|&|/|\b(?:and|or|und|oder|et|ou|y|o|en|e)\b")
_HEADS_OF_NOTHING = frozenset({"team", "lead"})


def sizes_of(lines: Sequence[Line]) -> tuple[tuple[str, ...], SiteSource | None]:
    """The company sizes the first number of people tells, and where it stands; of stories of customers none."""
    for line in lines:
        for scale in employees_in(line.text):
            sizes = tuple(scale.bands())
            if sizes:
                return sizes, line.source("company_sizes")
    return (), None


def size_in_name(name: str, words: Words) -> str:
    """The size a name begins with: "Small businesses", "Enterprise service teams"; "" for most."""
    parts = name.casefold().split()
    phrases = (" ".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next(
        (found for one in phrases if (found := words.sizes.get(words.singular(one), words.sizes.get(one, "")))), ""
    )


def industries_of(group: Group, name: str, lines: Sequence[Line]) -> tuple[str, ...]:
    """Industry labels the names tell; where they tell none, those several sentences speak of."""
    told = [part.strip().casefold() for part in _JOINED.split(name)]
    for names in (told, sorted(group.keys), _also_called(group)):
        found = tuple(dict.fromkeys(label for one in names if (label := _industry(one))))
        if found:
            return found[:_MOST_INDUSTRIES]
    return _spoken_of(lines)


def _also_called(group: Group) -> list[str]:
    heads = {key.rpartition(" ")[2] for key in group.keys} | group.keys
    return [one for synonyms in phrasebook().synonyms if not heads.isdisjoint(synonyms) for one in synonyms]


def roles_in(line: Line, reader: NameReader) -> Iterator[str]:
    """The posts a line names, in the singular: "head of support", "IT director"."""
    words = reader.words
    before = words.stops | words.joins | words.determiners | words.yours
    tokens = tokens_of(line.text)
    place = 0
    while place < len(tokens):
        begins = place == 0 or not tokens[place - 1].is_word or tokens[place - 1].lower in before
        names, end = reader.row(tokens, place, listed=True) if begins else ((), place)
        yield from (_singular(one, words) for one in names if _is_post(one, words))
        place = max(end, place + 1)


def _is_post(name: Name, words: Words) -> bool:
    if name.sort is not Sort.PEOPLE or not words.is_role(name.head) or name.head in _HEADS_OF_NOTHING:
        return False
    return bool(name.modifiers) or not words.is_generic(name.head)


def _singular(name: Name, words: Words) -> str:
    text = " ".join(name.words)
    head, of, rest = text.partition(" of ")
    if rest.partition(" ")[0] in words.yours | words.determiners | words.own:
        return words.singular(head)  # "engineers of your team"
    return f"{words.singular(head)}{of}{rest}"


def _spoken_of(lines: Sequence[Line]) -> tuple[str, ...]:
    texts = [f" {line.text.casefold().replace('-', ' ')} " for line in lines[:_MOST_LINES]]
    known: Mapping[str, Sequence[str]] = lexicon().industries
    counts = {
        label: sum(any(_holds(text, one) for one in phrases) for text in texts) for label, phrases in known.items()
    }
    ranked = sorted((label for label, count in counts.items() if count > 1), key=lambda label: (-counts[label], label))
    return tuple(ranked[:_MOST_GUESSED])


def _industry(key: str) -> str:
    """The industry a name tells by its first telling words: "government agency" is government, "agency" an agency.

    A word that stands for one kind of many ("agency") tells nothing where the name says of what kind it is.
    """
    text = f" {key.replace('-', ' ')} "
    places = [
        (text.find(phrase.casefold().replace("-", " ")), -len(phrase), label)
        for label, phrases in lexicon().industries.items()
        for phrase in (*phrases, label.replace("_", " "))
        if _holds(text, phrase) and not _is_of_another_kind(text, phrase)
    ]
    return min(places)[2] if places else ""


def _is_of_another_kind(text: str, phrase: str) -> bool:
    """Whether a name tells what kind it is of, and a phrase only that it is one of many."""
    before, found, _ = text.partition(f" {phrase.casefold()}")
    known = lexicon()
    plain = f"{search_lexicon().faint} {known.everyday}".split()
    return bool(found) and phrase.casefold() in known.of_many_kinds and any(one not in plain for one in before.split())


def _holds(text: str, phrase: str) -> bool:
    found = phrase.casefold().replace("-", " ")
    return f" {found} " in text or f" {found}s " in text


def material_lines(material: Material) -> tuple[Line, ...]:
    """Lines that speak of the customers themselves: their cards and sentences that name them."""
    return tuple(line for line in material.lines if line.card or line.mention)
