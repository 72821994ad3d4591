"""Which language a text is in, by its script and its most frequent words."""

from __future__ import annotations

import re
from functools import cached_property

from profiles.resources import Resource

WORDS_READ = 60
"""Words looked at: more do not change the vote."""

_EDGES = ",.!?:;()\"'“”¿¡"


class LanguageFile(Resource):
    words: dict[str, tuple[str, ...]]
    scripts: dict[str, str]
    margin: int
    switch_margin: int

    @cached_property
    def votes(self) -> dict[str, tuple[str, ...]]:
        """The languages each word speaks for."""
        votes: dict[str, tuple[str, ...]] = {}
        for language, words in self.words.items():
            for word in words:
                votes[word] = (*votes.get(word, ()), language)
        return votes


class LanguageVoter:
    """Cheap and careful: a short or mixed text leaves the language of the talk as it is."""

    def __init__(self, data: LanguageFile) -> None:
        self._votes = data.votes
        self._scripts = [(language, re.compile(pattern)) for language, pattern in data.scripts.items()]
        self._margin = data.margin
        self._switch_margin = data.switch_margin

    def language(self, low: str, *, spoken: str, settled: bool) -> str:
        """The language of `low`; `spoken` unless the words clearly say otherwise, more so once `settled`."""
        if not low.isascii():
            for language, script in self._scripts:
                if len(script.findall(low, 0, 400)) > 1:
                    return language
        tally: dict[str, int] = {}
        votes = self._votes
        for word in low.split(None, WORDS_READ)[:WORDS_READ]:
            for language in votes.get(word) or votes.get(word.strip(_EDGES), ()):
                tally[language] = tally.get(language, 0) + 1
        if not tally:
            return spoken
        best = max(tally, key=lambda language: (tally[language], language == spoken))
        if best == spoken:
            return spoken
        margin = tally[best] - tally.get(spoken, 0)
        return best if margin >= (self._switch_margin if settled else self._margin) else spoken
