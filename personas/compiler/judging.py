"""Whether a name read out of a line can be one of customers at all."""

from __future__ import annotations

from personas.compiler.naming import Name
from personas.compiler.words import Sort, Words

_LONGEST = 60


def names_customers(name: Name, words: Words, *, listed: bool = False, dedicated: bool = False) -> bool:
    """False for the visitor's own customers, for everybody, and for names of one organisation.

    `listed` says that the page itself presents the name as one of customers, `dedicated` that it says "for" them.
    """
    if sum(map(len, name.words)) > _LONGEST:
        return False
    if words.is_outsider(name.head):
        return (dedicated or (listed and bool(name.modifiers))) and not words.is_generic(name.head)
    if words.is_generic(name.head) and not _special(name, words) and not (listed and words.is_post(name.head)):
        return False
    if not listed and _is_proper(name, words):
        return False
    return name.sort is not Sort.GUESSED or name.plural


def _special(name: Name, words: Words) -> bool:
    modifiers = [one for one in name.modifiers if one not in words.links]
    return any(not words.is_outsider(one) and one not in words.empty for one in modifiers) or len(modifiers) > 1


def _is_proper(name: Name, words: Words) -> bool:
    if words.compounds:
        return False
    head = name.words[0] if words.head_first else name.words[-1]
    return head[:1].isupper() and not head[1:2].isupper()
