"""What is known of how people and companies are called, and the expressions both readers share."""

from __future__ import annotations

from profiles.resources import Resource

WORD = r"[^\W\d_][\w'\u2019-]*\.?"
FIRM_WORD = r"[^\W_][\w'\u2019.&-]*"
FIRM_LINK = r"(?:&|\+|(?:and|und|et|y|e|en|of|the|de|da|do|di|du|des|del|la|le|les|der|den|van|von)(?=\s+[^\W\da-z]))"
"""What may stand between the words of a company's name, where another capital follows."""
FIRM = rf"{FIRM_WORD}(?:\s+(?:{FIRM_LINK}\s+){{0,2}}{FIRM_WORD}){{0,3}}"
PARTICLE = r"(?:van|von|de|der|den|ter|ten|da|dos|di|del|la|le|el|al|bin|du)"


class NameFile(Resource):
    """`names.yaml`."""

    name_introducers: tuple[str, ...]
    sure_introducers: tuple[str, ...]
    being: frozenset[str]
    company_introducers: tuple[str, ...]
    weak_introducers: tuple[str, ...]
    beside_name: tuple[str, ...]
    owning: tuple[str, ...]
    running: tuple[str, ...]
    kinds: tuple[str, ...]
    employment: tuple[str, ...]
    company_suffixes: frozenset[str]
    company_nouns: tuple[str, ...]
    generic_words: frozenset[str]
    not_names: frozenset[str]
    not_companies: frozenset[str]
    signs: tuple[str, ...]
    goes_on: tuple[str, ...]
    no_name_endings: tuple[str, ...]
    particled_surnames: frozenset[str]
    title_links: tuple[str, ...]
    answer_leads: tuple[str, ...]
    answer_tails: tuple[str, ...]
