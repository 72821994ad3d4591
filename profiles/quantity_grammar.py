"""The expressions around a number that say what it counts, built once from `quantities.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from profiles.numbers import NumberWords


class QuantityFile(NumberWords):
    """`quantities.yaml`."""

    solo: tuple[str, ...]
    people: tuple[str, ...]
    employed: tuple[str, ...]
    people_owners: tuple[str, ...]
    people_places: tuple[str, ...]
    people_ends: tuple[str, ...]
    people_deeds: tuple[str, ...]
    not_deeds: tuple[str, ...]
    people_adjectives: tuple[str, ...]
    agents: tuple[str, ...]
    agent_adjectives: tuple[str, ...]
    agent_places: tuple[str, ...]
    not_counted: tuple[str, ...]
    team_nouns: tuple[str, ...]
    support_nouns: tuple[str, ...]
    volume: dict[str, tuple[str, ...]]
    secondary_volume: dict[str, tuple[str, ...]]
    volume_adjectives: tuple[str, ...]
    periods: dict[str, tuple[str, ...]]
    currencies: dict[str, tuple[str, ...]]
    more_than: tuple[str, ...]
    less_than: tuple[str, ...]
    hedges: tuple[str, ...]
    place_links: tuple[str, ...]
    place_verbs: tuple[str, ...]
    place_work: tuple[str, ...]
    support_verbs: tuple[str, ...]
    support_objects: tuple[str, ...]
    support_determiners: tuple[str, ...]
    team_links: tuple[str, ...]
    own_counts: tuple[str, ...]
    count_ends: tuple[str, ...]
    of_us: tuple[str, ...]
    period_links: tuple[str, ...]
    period_adverbs: tuple[str, ...]
    volume_links: tuple[str, ...]
    budget: tuple[str, ...]
    not_budget: tuple[str, ...]
    no_budget: tuple[str, ...]


def either(words: Iterable[str]) -> str:
    """An alternation, longest first so that a longer word is not cut short. Words may hold `?` and `[]` only."""
    return "|".join(sorted((re.sub(r"([.+$*])", r"\\\1", word) for word in words), key=len, reverse=True))


class QuantityGrammar:
    """Anchored expressions; each looks at a bounded stretch of text."""

    def __init__(self, data: QuantityFile) -> None:
        self._read_sizes(data)
        self._read_volumes(data)
        self.more_before = re.compile(rf"\b(?:{either(data.more_than)})\s*(?:{either(data.hedges)})?\s*$")
        self.less_before = re.compile(rf"\b(?:{either(data.less_than)})\s*(?:{either(data.hedges)})?\s*$")
        codes = either(word for words in data.currencies.values() for word in words)
        self.currency_after = re.compile(rf"\s?(?P<code>{codes})(?!\w)")
        self._codes = [(re.compile(rf"(?:{either(words)})"), name) for name, words in data.currencies.items()]

    def _read_sizes(self, data: QuantityFile) -> None:
        adjectives = rf"(?:(?:{either((*data.people_adjectives, *data.agent_adjectives))})[\s-]+){{0,2}}"
        places, supports = either(data.agent_places), either(data.support_nouns)
        hedges = self._hedges(data)
        self.people = re.compile(rf"[\s-]*{adjectives}(?:{either(data.people)})(?!\w)")
        self.agents = re.compile(rf"[\s-]*{adjectives}(?:{either(data.agents)})(?!\w)")
        self.support_adjective = re.compile(rf"[\s-]*(?:[\w-]+[\s-]+)?(?:{either(data.agent_adjectives)})\b")
        self.in_support = re.compile(
            rf"\s+(?:(?:{supports})|(?:(?:{either(data.place_verbs)})\s)?"
            rf"(?:(?:{either(data.place_links)})\s+(?:our |the )?|(?:{either(data.place_work)})\s+)(?:{places})"
            rf"|(?:who |that )?(?:are |is )?{self._support_work(data)})\b",
        )
        self._read_owners(data, adjectives, hedges)
        self.not_counted = re.compile(rf"[\s-]*(?:[\w-]+\s)?(?:{either(data.not_counted)})(?!\w)")
        self.team_before = re.compile(
            rf"\b(?:(?P<support>{supports})|(?:{either(data.team_nouns)}))\s*(?:size\s*)?"
            rf"(?:{either(data.team_links)})\s*{hedges}$",
        )
        self.support_before = re.compile(rf"\b(?:{supports})\b[^.!?\n]{{0,24}}$")
        self.own_count_before = re.compile(rf"\b(?:{either(data.own_counts)})\s+{hedges}$")
        self.count_after = re.compile(rf"\s*(?:[.,!;)]|$)|\s+(?:{either(data.count_ends)})\b")
        self.of_us = re.compile(rf"[\s-]*(?:{either(data.of_us)})\b")

    @staticmethod
    def _support_work(data: QuantityFile) -> str:
        verbs, objects = "|".join(data.support_verbs), either(data.support_objects)
        return rf"(?:{verbs})\s+(?:(?:{either(data.support_determiners)})\s+){{0,3}}(?:{objects})"

    def _read_owners(self, data: QuantityFile, adjectives: str, hedges: str) -> None:
        """What tells a company's own people from people in a story."""
        self.employed = re.compile(rf"[\s-]*{adjectives}(?:{either(data.employed)})(?!\w)")
        self.owner_before = re.compile(
            rf"(?:\b(?:{either(data.people_owners)})|(?:{either(data.team_nouns)})\s*(?:{either(data.team_links)})?)"
            rf"\s+{hedges}$|[:=]\s*$",
        )
        self.owner_after = re.compile(
            rf"\s+(?:{either(data.people_places)})\b|[\s-]+(?:[\w-]+\s+){{0,2}}(?:{either(data.team_nouns)})\b",
        )
        self.alone_before = re.compile(rf"^\W*(?:and\s+|so\s+|it's\s+)?{hedges}\W*$")
        self.alone_after = re.compile(rf"\s*(?:[.,;!?)]|$)|\s+(?:{either(data.people_ends)})\b")
        self.story_after = re.compile(
            rf"(?:\s+(?:here|there|just|also|all|already|both|then|have|had|were|are|is|was))?"
            rf"\s+(?!(?:{'|'.join(data.not_deeds)})\b)(?:{'|'.join(data.people_deeds)})\b",
        )

    def _read_volumes(self, data: QuantityFile) -> None:
        names = either(word for words in data.periods.values() for word in words)
        nouns = either(word for words in data.volume.values() for word in words)
        self.period_after = re.compile(
            rf"\s*(?:(?:/\s?|(?:{either(data.period_links)})\s+)(?P<period>{names})"
            rf"|(?P<adverb>{either(data.period_adverbs)}))(?!\w)",
        )
        self.period_near = re.compile(rf"\b(?:{names})\b")
        self.periods = {word: name for name, words in data.periods.items() for word in words}
        self.volume = self._volume(data, data.volume)
        self.secondary = self._volume(data, data.secondary_volume)
        self.units = {**data.volume, **data.secondary_volume}
        self.unit_before = re.compile(
            rf"(?P<unit>{nouns})\s*(?:volume|load|count|numbers?)?\s*"
            rf"(?:per \w+|a \w+|{either(data.period_adverbs)})?\s*"
            rf"(?:{either(data.volume_links)})\s*{self._hedges(data)}$",
        )

    @staticmethod
    def _hedges(data: QuantityFile) -> str:
        return rf"(?:(?:{either((*data.hedges, *data.more_than, *data.less_than))})\s*)*"

    @staticmethod
    def _volume(data: QuantityFile, units: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
        nouns = either(word for words in units.values() for word in words)
        adjectives = either(data.volume_adjectives)
        return re.compile(rf"\+?\s*(?:(?:{adjectives})[\s-]+){{0,3}}(?P<unit>{nouns})(?!\w)")

    def currency(self, word: str) -> str:
        """ISO 4217 code of a sign or word, "" when unknown."""
        return next((name for pattern, name in self._codes if pattern.fullmatch(word)), "")

    def unit(self, word: str) -> str:
        """The canonical unit of a noun, e.g. "tickets"."""
        for name, words in self.units.items():
            if any(re.fullmatch(one, word) for one in words):
                return name
        return word
