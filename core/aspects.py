"""The eight sides of a business that unasked messages speak about, and the words that belong to each: data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

NEAR = 5
"""Words of a sentence in which "it" and "these" mean something before the sentence."""

_ADDRESS = re.compile(r"@|https?:|www\.|\w/\w")
_QUOTES = frozenset("\"'“”„«‘")


class Aspect(StrEnum):
    GROWTH = "growth"
    REVENUE = "revenue"
    CLIENT_EXPERIENCE = "client_experience"
    EFFICIENCY = "efficiency"
    TECHNOLOGY = "technology"
    TEAM = "team"
    COMPETITION = "competition"
    ANALYTICS = "analytics"


@dataclass(frozen=True, kw_only=True)
class AspectTerms:
    """One aspect in one language."""

    aspect: Aspect
    queries: tuple[str, ...]  # what to search a site for
    cues: tuple[str, ...]  # beginnings of words that show what a sentence is about
    pains: tuple[str, ...] = ()  # next steps, at most twenty characters each
    features: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return _any_of(self.cues, open_ended=True)

    def mentions(self, text: str) -> int:
        """How many words of a text belong to the aspect."""
        return len(self._expression.findall(text))

    def begins(self, text: str) -> int:
        """Where the first of them stands; the length of the text when there is none."""
        found = self._expression.search(text)
        return found.start() if found else len(text)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Everything in one language.

    `dangling` words begin sentences that lean on the one before, `pointing` ones show it near their beginning, `unfit`
    ones spoil a sentence. `problems` begin words of headings above what troubles people. `aside` words are in the
    addresses of pages that sell nothing, `manuals` in those for people who use it already, `stories` in those about
    one customer. A feature's name may be cut short before one of `links`, but not after `loose` endings: "chat with a
    person" is still a "chat". `addressed` are the words for us and for you.
    """

    aspects: tuple[AspectTerms, ...]
    dangling: tuple[str, ...] = ()
    pointing: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    manuals: tuple[str, ...] = ()
    stories: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    addressed: tuple[str, ...] = ()

    @cached_property
    def _unfit(self) -> re.Pattern[str]:
        return _any_of(self.unfit)

    @cached_property
    def _problems(self) -> re.Pattern[str]:
        return _any_of(self.problems, open_ended=True)

    @cached_property
    def _addressed(self) -> re.Pattern[str]:
        return _any_of(self.addressed)

    @cached_property
    def _links(self) -> re.Pattern[str]:
        return re.compile(rf"\s*[,;:(]|\s(?:{'|'.join(map(re.escape, self.links)) or '(?!)'})\s", re.IGNORECASE)

    def stands_alone(self, sentence: str) -> bool:
        """Whether a sentence can be said by itself, to somebody who did not ask."""
        first, *near = [word.casefold().strip(",") for word in sentence.split()[:NEAR]] or [""]
        whole = sentence[:1].isalnum() and sentence.endswith((".", "!", "。"))
        plain = not _ADDRESS.search(sentence) and not self._unfit.search(sentence)
        leans = first in self.dangling or not set(near).isdisjoint(self.pointing)
        return whole and plain and not leans

    def leads(self, aspect: AspectTerms, sentence: str) -> float:
        """How much a sentence is about an aspect: 1 mostly, 0.5 as much as another that it begins with, 0 less."""
        most = max(one.mentions(sentence) for one in self.aspects)
        if not most or aspect.mentions(sentence) < most:
            return 0.0
        rivals = (one for one in self.aspects if one is not aspect and one.mentions(sentence) == most)
        return 0.5 if any(one.begins(sentence) < aspect.begins(sentence) for one in rivals) else 1.0

    def is_about_trouble(self, heading: str) -> bool:
        """Whether what stands under a heading is a problem rather than what is done about it."""
        return bool(self._problems.search(heading)) or heading.strip()[:1] in _QUOTES

    def addresses(self, sentence: str) -> bool:
        """Whether a sentence speaks of the company as "we", or to its reader."""
        return bool(self._addressed.search(sentence))

    def shortened(self, name: str) -> str:
        """A feature's name without what it is for; "" when that would leave half a sentence."""
        short = self._links.split(name, maxsplit=1)[0].strip()
        return "" if short.casefold().endswith(self.loose) else short


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspects:
    """`languages` by BCP 47 primary tag. A language that is not among them gets no unasked messages."""

    languages: Mapping[str, Terms] = field(default_factory=dict)

    def terms(self, language: str) -> Terms | None:
        return self.languages.get(language.partition("-")[0].casefold())


def _any_of(words: tuple[str, ...], *, open_ended: bool = False) -> re.Pattern[str]:
    starts = (rf"\b{re.escape(word)}" if word[0].isalnum() else re.escape(word) for word in words)
    joined = "|".join(starts)
    end = "" if open_ended else r"\b"
    return re.compile(f"(?:{joined}){end}" if joined else r"(?!)", re.IGNORECASE)
