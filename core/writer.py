"""The local writer: a brief becomes a reply out of phrases and verbatim site sentences. No model, never fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from zlib import crc32

from core.brief import Brief, Move
from core.phrases import Phrases
from core.reply import MAX_BUTTONS, MAX_WORDS, SLACK_WORDS, Citation, Reply

UNASKED_STEP = "step.lead"
"""The next step of a reply whose question found no room; its options would be answers to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A reply and the tags of the phrases it used, so that they are not said again soon."""

    reply: Reply
    phrases: tuple[str, ...] = ()


class LocalWriter:
    """Writes in the brief's language where a phrase file exists, else in English; site sentences stay as they are."""

    def __init__(self, phrases: Callable[[str], Phrases], *, max_words: int = MAX_WORDS) -> None:
        self._phrases = phrases
        self._max_words = max_words

    async def write(self, brief: Brief) -> Reply:
        """The reply of a brief."""
        return self.compose(brief).reply

    def compose(self, brief: Brief) -> Written:
        """The reply and the phrases spent on it."""
        phrases = self._phrases(brief.language)
        spent: list[str] = []
        lines = [(self._line(move, brief, phrases, spent), move) for move in brief.moves]
        kept = _within(self._max_words, lines, brief)
        asks = brief.question is None or any(move.text == brief.question.text for _, move in kept)
        step = brief.next_steps if asks else UNASKED_STEP
        prompt = self._line(brief.email_prompt, brief, phrases, spent) if brief.email_prompt else None
        return Written(
            reply=Reply(
                main_text=" ".join(text for text, _ in kept),
                mode=brief.mode,
                buttons=brief.buttons[:MAX_BUTTONS] if asks else (),
                persona=brief.persona_id,
                next_steps=phrases.say(step) if step else "",
                email_prompt=prompt,
                citations=_citations(move for _, move in kept),
                profile_context=brief.profile_context,
            ),
            phrases=tuple(spent),
        )

    def unclear(self, brief: Brief) -> Written:
        """A reply without any claim, for when the composed one may not be sent."""
        safe = replace(brief, moves=(brief.fallback,), email_prompt=None, findings=(), buttons=())
        return self.compose(safe)

    def _line(self, move: Move, brief: Brief, phrases: Phrases, spent: list[str]) -> str:
        if move.text:
            spent += [move.tag] if move.tag else []
            return move.text
        offset = crc32(f"{brief.session.conversation}{move.phrase}".encode())
        text, tag = phrases.vary(move.phrase, (*brief.session.used_phrases, *spent), offset, **move.slots)
        spent.append(tag)
        return text[:1].upper() + text[1:]


def _within(limit: int, lines: list[tuple[str, Move]], brief: Brief) -> list[tuple[str, Move]]:
    """Optional lines go first, then our own question where several were answered, then quotes after the first.

    Answers to several questions may exceed the limit by `SLACK_WORDS`.
    """
    optional = [pair for pair in lines if pair[1].optional]
    quotes = [pair for pair in reversed(lines) if pair[1].citation][:-1]
    if brief.several:
        question = [pair for pair in lines if brief.question and pair[1].text == brief.question.text]
        return _without(quotes, _without([*optional, *question], lines, limit), limit + SLACK_WORDS)
    return _without([*optional, *quotes], lines, limit)


def _without(droppable: list[tuple[str, Move]], lines: list[tuple[str, Move]], limit: int) -> list[tuple[str, Move]]:
    """As few of `droppable` left out, in their order, as bring `lines` within the limit."""
    kept = list(lines)
    for pair in droppable:
        if sum(len(text.split()) for text, _ in kept) <= limit:
            break
        kept.remove(pair)
    return kept


def _citations(moves: Iterable[Move]) -> tuple[Citation, ...]:
    by_page = {move.citation.url: move.citation for move in moves if move.citation}
    return tuple(by_page.values())
