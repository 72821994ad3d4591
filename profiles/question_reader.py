"""The questions in a message: marked or not, several to a sentence, asked in passing or told of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from profiles.quantity_grammar import either
from profiles.reading import Reading
from profiles.resources import Resource

SENTENCE = 600
"""Characters of a sentence that are looked at for questions inside it."""
NEARBY = 60
"""Characters before the turn to a question that tell whose question it is."""
WORDS_BEFORE_TAG = 3
SHORTEST = 2
"""Words of a question inside a sentence."""
LONGEST_PREFACE = 5
"""Words before the first question of a marked sentence that may stay with it: "for us three, what is it a month?"."""
LONGEST_FOLLOW_UP = 8

_ENDS = " \t\n,;:–—-("
_JOINT = re.compile(
    r"(?:[\s,;]+(?:and|or|but|also|plus|und|oder|et|ou|y|o|e|en|of|&|\(?[a-z0-9][).]))+$", re.IGNORECASE
)
_CHOICE = re.compile(r"[\s,](?:or|oder|ou|o|of)\s*$", re.IGNORECASE)
"""Behind it stands the other half of a question: "is it included or do we pay extra?"."""
_SUPPOSES = re.compile(r"\b(?:if|suppose|say|wenn|falls|si|se|als)\b", re.IGNORECASE)
_ASKING_PARTICLE = re.compile(
    r"[\u3040-\u30ff\u4e00-\u9fff](?:か|かな|かね|でしょう|ますよね|ですよね|教えて(?:ください|下さい|ほしいです)?|知りたい(?:です)?|知りたいのですが)[。.!！\s]*$"
)
"""How Japanese ends a question, with or without a mark."""
_MENTION = re.compile(r"@|https?:")


class QuestionFile(Resource):
    """`questions.yaml`."""

    before: tuple[str, ...]
    starts: tuple[str, ...]
    not_after: tuple[str, ...]
    statements: tuple[str, ...]
    joints: tuple[str, ...]
    inverted: tuple[str, ...]
    being: tuple[str, ...]
    subjects: tuple[str, ...]
    open: tuple[str, ...]
    verbs: tuple[str, ...]
    anywhere: tuple[str, ...]
    clauses: tuple[str, ...]
    persons: tuple[str, ...]
    prepositions: tuple[str, ...]
    governed: tuple[str, ...]
    joined: tuple[str, ...]
    follow_ups: tuple[str, ...]
    wondering: tuple[str, ...]
    whether: tuple[str, ...]
    unknowing: tuple[str, ...]
    others: tuple[str, ...]
    tags: tuple[str, ...]
    polite: tuple[str, ...]
    requests: tuple[str, ...]
    requested: tuple[str, ...]
    not_requested: tuple[str, ...]


class QuestionReader:
    """Finds questions by their form: a verb before its subject, a word that asks, a cue that something is wondered."""

    def __init__(self, data: QuestionFile) -> None:
        opening = rf"\s*(?:(?:{either(data.before)})[,!.]*\s+){{0,3}}"
        after = rf"[,;:–—-]\s*(?:(?:{either(data.joints)})\s+){{0,2}}|\s(?:{either(data.joints)})\s+"
        subjects, persons = either(data.subjects), either(data.persons)
        asked = rf"(?:{either(data.open)})(?:\s+[\w'’%-]+){{0,5}}?\s+(?:{either(data.verbs)})\s+"
        governed = rf"(?:{either(data.prepositions)})\s+(?:{either(data.governed)})\b"
        inverted = rf"(?:(?:{either(data.inverted)})\s+(?:{subjects})|{either(data.being)}|{asked}(?:{subjects}))\b"
        self._inner = re.compile(rf"(?:^{opening}|{after})(?={inverted}|{governed})")
        self._joined = re.compile(
            rf"(?:^{opening}|{after})(?=(?:{either(data.joined)})\s+(?!(?:{persons})\b)\w)"
            rf"|[,;:–—-]\s*(?=(?:{either(data.clauses)})\s+\w)"
        )
        self._anywhere = re.compile(rf"\s(?=(?:{either(data.anywhere)})\b|{asked}(?:{persons})\b)")
        self._begun = re.compile(rf"\b(?:{either(data.open)})\b(?:(?!\b(?:{either(data.verbs)})\b)[^,;:])*$")
        told = set(data.whether).difference(data.verbs, data.being)
        self._wonders = re.compile(
            rf"\b(?:{either(data.wondering)})[\s:,]+"
            rf"(?:(?=(?:{either(data.whether)})\s+\w)"
            rf"|(?:[\w'’]+[\s:,]+){{0,5}}?(?:\(?\w[).]\s*)?(?=(?:{either(told)})\s+\w))"
        )
        self._listed = re.compile(
            rf"(?:[,;]\s*(?:(?:{either(data.joints)})\s+)?|\s(?:{either(data.joints)})\s+|\s\(?\w[).]\s*)(?=(?:{either(data.whether)})\s+\w)"
        )
        self._unknowing = re.compile(rf"\b(?:{either(data.unknowing)})\b[^,;:]{{0,20}}$")
        self._told_of = re.compile(rf"\b(?:{either(data.others)})\s+(?:\w+\s+){{0,2}}$|\w{{2}}(?<!ss)(?<!us)s\s+$")
        self._tag = re.compile(rf"[\s,](?:{either(data.tags)})[\s.!]{{0,3}}$")
        self._asks = re.compile(rf"{opening}(?:{either(data.starts)})\s+(?!(?:{either(data.not_after)})\b)\w")
        self._follows_up = re.compile(rf"{opening}(?:{either(data.follow_ups)})\s+\w")
        self._requests = re.compile(
            rf"\s*(?:(?:{either(data.before)}|{either(data.polite)})[,!.]?\s+){{0,3}}(?:{either(data.requests)}),?\s+"
            rf"(?!(?:\w+\s+){{0,2}}(?:{either(data.not_requested)})\b)(?:{either(data.requested)})\b"
        )
        self._states = re.compile(rf"{opening}(?:{either(data.statements)})\b")

    def read(self, reading: Reading) -> tuple[str, ...]:
        """The visitor's questions, letter for letter, with or without their question mark."""
        return tuple(
            question
            for start, end in pairwise(reading.sentences)
            for question in self._in_sentence(reading.shown[start:end], reading.low[start:end])
        )

    def _in_sentence(self, shown: str, low: str) -> Iterator[str]:
        sentence = shown.strip()
        if not sentence:
            return
        marked = _marked(sentence)
        turns = self._turns(low[:SENTENCE])
        if self._requests.match(low):
            turns = [0, *turns[1:]]
        elif marked or self._is_question(low):
            turns = self._with_opening(low, turns)
        elif not turns and self._is_tagged(low[:SENTENCE]):
            turns = [0]
        yield from _pieces(shown, turns)

    def _with_opening(self, low: str, turns: list[int]) -> list[int]:
        """Where the questions of a sentence begin that asks as a whole: a few words before the first belong to it."""
        if not turns or (turns[0] > 0 and self._asks.match(low)):
            return [0, *turns]
        return turns if self._is_preface(low, turns[0]) else [0, *turns[1:]]

    def _is_preface(self, low: str, end: int) -> bool:
        """Whether what stands before the first question of a sentence tells something, or asks to be told the rest."""
        before = low[:end]
        if any(cue.end() == end for cue in self._wonders.finditer(low)):
            return True
        return len(before.split()) > LONGEST_PREFACE and not self._asks.match(before) and not _SUPPOSES.search(before)

    def _turns(self, low: str) -> list[int]:
        """Where a sentence turns to a question: "we run Xero, do you read it", "they ask whether it films them"."""
        cues = [cue for cue in self._wonders.finditer(low) if not self._told_of.search(_before(low, cue.start()))]
        wondered = [cue.end() for cue in cues]
        listed = [turn.end() for turn in self._listed.finditer(low, wondered[0])] if wondered else []
        direct = [turn for turn in self._direct(low) if not any(turn <= cue.start() < cue.end() for cue in cues)]
        found = sorted({*wondered, *listed, *direct})
        return [turn for turn in found if not self._unknowing.search(_before(low, turn))]

    def _direct(self, low: str) -> Iterator[int]:
        for one in (self._inner, self._joined, self._anywhere):
            for turn in one.finditer(low):
                begun = one is self._anywhere and self._begun.search(_before(low, turn.end()))
                if not begun and not self._states.match(low, turn.end()):
                    yield turn.end()

    def _is_tagged(self, low: str) -> bool:
        return self._tag.search(_before(low, len(low))) is not None and low.count(" ") >= WORDS_BEFORE_TAG

    def _is_question(self, low: str) -> bool:
        if self._follows_up.match(low) and len(low.split()) <= LONGEST_FOLLOW_UP and not _MENTION.search(low):
            return True
        return self._asks.match(low) is not None and self._states.match(low) is None


def _pieces(shown: str, turns: list[int]) -> Iterator[str]:
    """The questions from one turn to the next; one of a word or so stays with the one before it."""
    starts = turns[:1]
    for one in turns[1:]:
        first = shown[starts[-1] : one]
        leans = _CHOICE.search(first) or _SUPPOSES.search(first, 2)  # "if" as its first word means "whether"
        if len(first.split()) > SHORTEST and len(shown[one:].split()) >= SHORTEST and not leans:
            starts.append(one)
    for start, end in pairwise((*starts, len(shown))):
        piece = shown[start:end].strip() if end == len(shown) else _without_joint(shown[start:end])
        if piece:
            yield piece


def _without_joint(piece: str) -> str:
    """A question without the comma or the "and" that joins it to the next one."""
    bare = piece.strip(_ENDS)
    return _JOINT.sub("", bare).strip(_ENDS)


def _before(low: str, place: int) -> str:
    return low[max(0, place - NEARBY) : place]


def _marked(sentence: str) -> bool:
    return "?" in sentence[-3:] or "？" in sentence[-3:] or _ASKING_PARTICLE.search(sentence) is not None
