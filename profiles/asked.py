"""What a bot's message asks for, told from its words: needed where somebody else's message stands in for ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.fact import Field
from core.receiving import EMAIL_QUESTION
from profiles.cues import Lexicon, folded
from profiles.lexicon import CueFile
from profiles.resources import load

_GROUP = "asked"
_SPACES = re.compile(r" {2,}")
_SENTENCES = re.compile(r"[^.!?\n]+[.!?]?")
CONFIRMATION = 4
"""Words up to which a question only asks whether what stands before it is so."""
TEXT_LIMIT = 4_000


class QuestionSpotter:
    """`ids` gives the id of the question that fills a field; fields without one are not recognised."""

    def __init__(self, ids: Mapping[Field, str]) -> None:
        self._ids = {Field.EMAIL: EMAIL_QUESTION, **ids}
        self._lexicon = Lexicon({_GROUP: load("asked.yaml", CueFile).root})

    def spot(self, text: str) -> str:
        """The id of the last question the text asks; "" when it asks none that is known."""
        sentences = _SENTENCES.findall(text[:TEXT_LIMIT])
        asking = [sentence for sentence in sentences if sentence.endswith("?")] or sentences
        if len(asking) == 1 and len(asking[0].split()) <= CONFIRMATION:
            asking = sentences  # "You have 25 people. Is that right?"
        for sentence in reversed(asking):
            plain = _SPACES.sub(" ", f" {folded(sentence.lower()).rstrip('?!. ')} ")
            hits = self._lexicon.scan(plain, [0], [0]).get(_GROUP, ())
            for hit in reversed(hits):
                if question := self._ids.get(Field(hit.name)):
                    return question
        return ""
