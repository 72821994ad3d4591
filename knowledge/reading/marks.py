"""What class names, ids, roles and labels of an element say about its text: shown, a menu, hidden, somebody else's."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cache, lru_cache
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

_CACHED = 16_384
_LONGEST_NAMES = 2_000
"""Characters of a class attribute that are looked at; utility sheets need some hundred."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_GAP = re.compile(r"[^a-z0-9]+")
_NUMBERS = re.compile(r"[\W\d_]+")


class Mark(IntEnum):
    """What is to be done with an element; the higher, the stronger."""

    SHOWN = 0
    HEADING = 1  # by its role
    LANDMARK = 2  # leads elsewhere: its links are kept, its text is none of the page's
    CONSENT = 3  # about cookies, if it is short
    HIDDEN = 4
    VISITORS = 5  # written by visitors


class PageMarks(BaseModel):
    """The shipped lists, see the comments there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hiding_endings: tuple[str, ...]
    hiding: frozenset[str]
    showing: re.Pattern[str]
    landmark_roles: frozenset[str]
    overlay_roles: frozenset[str]
    consent_subjects: frozenset[str]
    consent_shapes: frozenset[str]
    consent_products: frozenset[str]
    consent_words: int
    visitors: frozenset[str]
    visitor_writers: frozenset[str]
    visitor_kinds: frozenset[str]
    visitor_parts: frozenset[str]
    visitor_types: frozenset[str]
    visitor_properties: frozenset[str]
    visitor_headings: frozenset[str]
    coloured_grounds: re.Pattern[str]
    chores: re.Pattern[str]
    visitor_paths: frozenset[str]
    script_roots: frozenset[str]


@cache
def page_marks() -> PageMarks:
    """The shipped data. It is part of the program, so a fault in it is a fault of the program."""
    text = resources.files("knowledge").joinpath("resources/pages.yaml").read_text(encoding="utf-8")
    return PageMarks.model_validate(yaml.safe_load(text))


@lru_cache(_CACHED)
def names_mark(names: str) -> Mark:
    """The mark of a `class` or `id` attribute."""
    names = names[:_LONGEST_NAMES]
    marks = page_marks()
    found = max((_name_mark(name, marks) for name in names.split()), default=Mark.SHOWN)
    if found is Mark.HIDDEN and page_marks().showing.search(names):
        return Mark.SHOWN
    return found


@lru_cache(_CACHED)
def label_mark(label: str) -> Mark:
    """The mark of an `aria-label`, which names a part of a page in words."""
    words = frozenset(_GAP.split(label[:_LONGEST_NAMES].lower()))
    return Mark.CONSENT if _about_consent(words, page_marks()) else Mark.SHOWN


@lru_cache(_CACHED)
def role_mark(role: str) -> Mark:
    """The mark of a `role` attribute."""
    roles, marks = frozenset(role.lower().split()), page_marks()
    if roles & marks.overlay_roles:
        return Mark.HIDDEN
    if roles & marks.landmark_roles:
        return Mark.LANDMARK
    return Mark.HEADING if "heading" in roles else Mark.SHOWN


@lru_cache(_CACHED)
def type_mark(kinds: str) -> Mark:
    """The mark of an `itemtype` or `typeof` attribute: addresses or names of schema.org."""
    names = {kind.rpartition("/")[2].rpartition(":")[2] for kind in kinds.split()}
    return Mark.VISITORS if names & page_marks().visitor_types else Mark.SHOWN


@lru_cache(_CACHED)
def property_mark(properties: str) -> Mark:
    """The mark of an `itemprop` attribute."""
    return Mark.VISITORS if page_marks().visitor_properties.intersection(properties.split()) else Mark.SHOWN


@lru_cache(_CACHED)
def visitors_follow(heading: str) -> bool:
    """Whether what stands under this heading was written by visitors."""
    return _NUMBERS.sub(" ", heading).strip().casefold() in page_marks().visitor_headings


def _name_mark(name: str, marks: PageMarks) -> Mark:
    name = _GAP.sub("-", _CAMEL.sub("-", name).lower()).strip("-")
    words = name.split("-")
    if name in marks.visitors or _by_visitors(words, marks):
        return Mark.VISITORS
    if name in marks.hiding or any(name == end or name.endswith(f"-{end}") for end in marks.hiding_endings):
        return Mark.HIDDEN
    return Mark.CONSENT if _about_consent(frozenset(words), marks) else Mark.SHOWN


def _by_visitors(words: list[str], marks: PageMarks) -> bool:
    """[writer] kind [part], where a kind in the plural may stand alone."""
    rest = words[1:] if words[0] in marks.visitor_writers else words
    if not rest or rest[0] not in marks.visitor_kinds:
        return False
    alone = len(rest) == 1 and (rest[0].endswith("s") or len(words) > 1)
    return alone or (len(rest) > 1 and all(word in marks.visitor_parts for word in rest[1:]))


def _about_consent(words: frozenset[str], marks: PageMarks) -> bool:
    if words & marks.consent_products:
        return True
    return bool(words & marks.consent_subjects and words & marks.consent_shapes)
