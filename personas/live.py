"""The guess by words and by meaning: the cue detector with an embedding model beside it."""

from __future__ import annotations

import asyncio
import logging
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from math import log
from pathlib import Path
from typing import NamedTuple

from core.errors import DependencyError, ModelError
from core.ids import PersonaId
from core.ledger import Known
from core.message import Page
from core.persona import Persona, PersonaGuess
from core.ports import Embedder, PersonaDetector
from personas.detector import CuePersonaDetector
from personas.glossary import glossed
from personas.lexicon import MeaningWeights, weights
from personas.meaning import Likeness, Meaning, learn_meaning
from personas.tally import Tally, decide
from personas.telling import Telling, texts_of

_REMEMBERED = 4_096
"""Messages whose vectors are kept."""
_MIN_CLOSENESS = 0.35
"""Cosine from which an example is named as a signal; unrelated short texts reach about 0.3."""

_NOISE, _UNDERSTOOD = 0.2, 0.32
"""Closest cosine up to which a text is like nothing at all, as in a language the model never learned, and from which
its meaning counts in full."""

_log = logging.getLogger(__name__)


async def build_detector(
    personas: Sequence[Persona], *, language: str = "en", embedder: Embedder | None = None, cache: Path | None = None
) -> PersonaDetector:
    """The best detector there is: by words and meaning, or by words alone without an embedder.

    `cache` is a file that keeps the personas' vectors over restarts. Never raises: an embedder that fails is told in
    the log, and asked again after the next change of personas.
    """
    cues = CuePersonaDetector(personas, language=language)
    if embedder is None or not personas:
        return cues
    detector = MeaningPersonaDetector(cues, embedder, cache=cache)
    await detector.prepare()
    return detector


class _Sound(NamedTuple):
    """A message's vector, and how much it counts beside others."""

    vector: array[float]
    emphasis: float


class MeaningPersonaDetector:
    """Implements `core.ports.PersonaDetector` with cue phrases and an embedding model.

    Only telling messages are embedded, each once, and none while a guess is settled. Until `prepare` is done, and
    whenever the embedder fails, words alone decide.
    """

    def __init__(
        self,
        cues: CuePersonaDetector,
        embedder: Embedder,
        *,
        weighing: MeaningWeights | None = None,
        cache: Path | None = None,
    ) -> None:
        self._cues = cues
        self._embedder = embedder
        self._weights = weighing or weights().meaning
        self._cache = cache
        self._meaning: Meaning | None = None
        self._sounds: OrderedDict[str, _Sound] = OrderedDict()
        self._failing = False

    async def prepare(self) -> bool:
        """Embed the personas and fit the head, in about a second. False, and a line in the log, when that failed."""
        try:
            if self._cache:
                await asyncio.to_thread(self._cache.parent.mkdir, parents=True, exist_ok=True)
            self._meaning = await learn_meaning(self._cues.personas, self._embedder, self._cache)
        except ImportError as error:
            _log.warning("personas are recognised by words alone: the package %s is not installed", error.name)
            return False
        except (ModelError, DependencyError) as error:
            _log.warning("personas are recognised by words alone: %s", error)
            return False
        self._sounds.clear()
        return True

    async def detect(self, said: str, *, page: Page | None, known: Known, previous: PersonaGuess) -> PersonaGuess:
        """See `core.ports.PersonaDetector`."""
        tally = self._cues.weigh(said, page=page, known=known, previous=previous)
        by_words = self._cues.decide(tally, previous)
        likeness = await self._likeness(said, settled=self._settled(by_words, previous))
        return by_words if likeness is None else self._fused(tally, likeness, previous)

    def persona(self, persona: PersonaId | None) -> Persona | None:
        """See `core.ports.PersonaDetector`."""
        return self._cues.persona(persona)

    def _settled(self, by_words: PersonaGuess, previous: PersonaGuess) -> bool:
        """Whether more meaning would change nothing: sure so far, and the words do not point elsewhere."""
        if previous.chosen is None or previous.probability(previous.chosen) < self._weights.settled:
            return False
        return by_words.probabilities[0][0] == previous.chosen

    async def _likeness(self, said: str, *, settled: bool) -> Likeness | None:
        """How the telling messages compare, None when there are none; no new ones are embedded while settled."""
        telling = self._cues.listener.telling(glossed(said))
        if self._meaning is None or not telling:
            return None
        known = [one for one in telling if one.text in self._sounds] if settled else []
        heard = known or telling
        sounds = await self._embedded(self._meaning, heard)
        if sounds is None:
            return None
        weights_ = [one.weight * sound.emphasis for one, sound in zip(heard, sounds, strict=True)]
        return self._meaning.likeness([sound.vector for sound in sounds], weights_)

    async def _embedded(self, meaning: Meaning, telling: Sequence[Telling]) -> list[_Sound] | None:
        missing = [text for text in texts_of(telling) if text not in self._sounds]
        if missing:
            try:
                vectors = await self._embedder.embed(missing)
            except (ModelError, DependencyError) as error:
                self._tell(error)
                return None
            self._failing = False
            for text, vector in zip(missing, vectors, strict=True):
                self._sounds[text] = _Sound(vector, meaning.emphasis(vector))
        sounds = [self._sounds[text] for text in texts_of(telling)]
        while len(self._sounds) > _REMEMBERED:
            self._sounds.popitem(last=False)
        return sounds

    def _tell(self, error: Exception) -> None:
        """Once a failure, not once a message."""
        if not self._failing:
            _log.warning("personas are recognised by words alone for now: %s", error)
        self._failing = True

    def _fused(self, tally: Tally, likeness: Likeness, previous: PersonaGuess) -> PersonaGuess:
        logits, none = fused_logits(tally, likeness, self._weights, self._cues.nobody)
        ids = self._cues.ids
        guess = decide(ids, logits, none, previous=previous, caution=self._weights.caution)
        best = ids.index(guess.probabilities[0][0])
        if likeness.closeness[best] >= _MIN_CLOSENESS and likeness.closest[best]:
            gain = self._weights.closeness * (likeness.closeness[best] - sum(likeness.closeness[:-1]) / len(ids))
            tally.add(best, gain, f"sounds like: '{likeness.closest[best]}'")
        return replace(guess, signals=tally.signals(best))


def fused_logits(
    tally: Tally, likeness: Likeness, weighing: MeaningWeights, nobody: float
) -> tuple[list[float], float]:
    """The logits of the personas and of none, from words and meaning together.

    The less the text is like anything known, the more words alone count; `nobody` is where none stands by those.
    """
    logits = [
        weighing.words * words + weighing.closeness * closeness + weighing.head * head
        for words, closeness, head in zip(tally.logits, likeness.closeness, likeness.head, strict=False)
    ]
    logits = [
        logit + weighing.doubt * excused + weighing.buyer * trusted
        for logit, excused, trusted in zip(logits, tally.excused, tally.trusted, strict=True)
    ]
    none = weighing.none + log(max(len(logits), 1)) + weighing.doubt * tally.against
    none -= weighing.buyer * tally.told
    none += weighing.none_closeness * likeness.closeness[-1] + weighing.none_head * likeness.head[-1]
    by_words = tally.by_words(weighing.buyer)
    understood = min(max((max(likeness.closeness) - _NOISE) / (_UNDERSTOOD - _NOISE), 0.0), 1.0)
    mixed = [understood * both + (1 - understood) * one for both, one in zip(logits, by_words, strict=True)]
    return mixed, understood * none + (1 - understood) * (nobody + tally.against - weighing.buyer * tally.told)
