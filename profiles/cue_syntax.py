"""The little language of cue phrases.

    word*          the word or a longer one
    *              any one word; a cue cannot begin with it
    (a|b c|)       one of these, or nothing; choices nest
    a ... b        b follows a within a few words of the same sentence

A cue becomes literal heads, which one automaton looks for, and an expression for what must follow a head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

GAP = 48
"""How many characters ` ... ` may bridge."""

HEAD_LENGTH = 8
"""A head this long is rare enough in ordinary text; shorter ones are extended while that stays cheap."""

HEADS_A_CUE = 96
"""Beyond this many heads the rest of the cue is left to the expression."""

ANY_WORD = "*"
_TOKENS = re.compile(r"\(|\)|\||[^\s()|]+")
_CLOSE = ")"
_SYNTAX = re.compile(r"[()|*]|\.\.\.")
_FOLD = str.maketrans({"-": " ", "/": " ", ",": " ", ":": " ", "’": "'"})


_REMEMBERED = 32_768
"""Cues: edited files are taken over while visitors are answered, and most cues are as they were."""

Items = tuple[object, ...]


class Start(NamedTuple):
    """One way a cue can begin: its literal `head`, and the items that must follow it (see `expression`)."""

    head: str
    rest: Items
    opened: bool  # the head's last word may go on


@lru_cache(_REMEMBERED)
def parse(cue: str) -> tuple[Start, ...]:
    """All starts of a cue. Raises ValueError where parentheses do not match."""
    plain = cue.lower()
    if not _SYNTAX.search(plain):
        return (Start(" ".join(plain.translate(_FOLD).split()), (), False),)  # the usual case of a name
    tokens = _TOKENS.findall(plain)
    choice, end = _choice(tokens, 0)
    if end != len(tokens):
        raise ValueError(f"unmatched parenthesis in the cue {cue!r}")
    starts: dict[Start, None] = {}
    for sequence in choice:
        for start in _starts(sequence):
            starts[start] = None
    return tuple(starts)


def plain_phrases(cue: str, most: int) -> list[str]:
    """Up to `most` phrases that fit a cue, each of its choices taken in turn. Raises ValueError as `parse` does."""
    choice, _ = _choice(_TOKENS.findall(cue.lower()), 0)
    found: list[str] = []
    for sequence in choice:
        found += _spelled_out(sequence, most)
    return found[:: max(1, -(-len(found) // most))]


def _spelled_out(sequence: Items, most: int) -> list[str]:
    phrases = [""]
    for item in sequence:
        if item == "...":
            continue
        ways = [item.removesuffix("*")] if isinstance(item, str) else _ways(item, most)
        # Turn by turn, so that every choice is heard and the number of phrases stays small.
        longest = min(most, max(len(phrases), len(ways)))
        phrases = [f"{phrases[n % len(phrases)]} {ways[n % len(ways)]}".strip() for n in range(longest)]
    return phrases


def _ways(alternatives: object, most: int) -> list[str]:
    if not isinstance(alternatives, tuple):
        raise TypeError(alternatives)
    ways = [phrase for alternative in alternatives for phrase in _spelled_out(alternative, most)]
    return ways[:: max(1, -(-len(ways) // most))] or [""]


def _choice(tokens: list[str], at: int) -> tuple[tuple[Items, ...], int]:
    """Alternatives up to the closing parenthesis (or the end), and where that is."""
    alternatives: list[Items] = []
    items: list[object] = []
    while at < len(tokens) and tokens[at] != _CLOSE:
        match tokens[at]:
            case "|":
                alternatives.append(tuple(items))
                items = []
            case "(":
                inner, at = _choice(tokens, at + 1)
                if at >= len(tokens):
                    raise ValueError("a choice of a cue is not closed")
                items.append(inner)
            case "...":
                items.append("...")
            case word:
                items.extend(word.translate(_FOLD).split())
        at += 1
    alternatives.append(tuple(items))
    return tuple(alternatives), at


def _starts(sequence: Items) -> Iterator[Start]:
    found: list[tuple[str, Items]] = [("", sequence)]
    done: list[tuple[str, Items]] = []
    while found:
        head, rest = found.pop()
        while rest and isinstance(rest[0], str) and rest[0] != "..." and not rest[0].endswith("*"):
            head, rest = f"{head} {rest[0]}".strip(), rest[1:]
        first = rest[0] if rest else None
        if first == ANY_WORD and not head:
            raise ValueError(f"a cue cannot begin with {ANY_WORD!r}: any word would be one")
        if isinstance(first, str) and first != ANY_WORD and first.endswith("*") and len(head) < HEAD_LENGTH:
            head, rest = f"{head} {first}".strip(), rest[1:]
            done.append((head, rest))
        elif isinstance(first, tuple) and (
            not head or (len(head) < HEAD_LENGTH and len(found) + len(done) + len(first) <= HEADS_A_CUE)
        ):
            found.extend((head, (*alternative, *rest[1:])) for alternative in reversed(first))
        elif head:
            done.append((head, rest))
    for head, rest in done:
        yield Start(head.removesuffix("*"), rest, head.endswith("*"))


def expression(rest: Items, *, opened: bool) -> re.Pattern[str]:
    """What must follow a head; costly, so made when a text first has the head."""
    return re.compile((r"\w*" if opened else "") + _source(rest) + r"(?!\w)")


def _source(sequence: Items) -> str:
    """An expression for items that follow a head; each brings the space in front of it."""
    parts: list[str] = []
    gap = False
    for item in sequence:
        if item == "...":
            gap = True
            continue
        part = _word(item) if isinstance(item, str) else _either(item)
        parts.append(rf"(?!\w)[^.!?]{{0,{GAP}}}?{part}" if gap else part)
        gap = False
    return "".join(parts)


def _word(word: str) -> str:
    if word == ANY_WORD:
        return r" \w+"
    return " " + re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "")


def _either(alternatives: object) -> str:
    if not isinstance(alternatives, tuple):
        raise TypeError(alternatives)
    sources = [_source(alternative) for alternative in alternatives]
    filled = [rf"{source}(?!\w)" for source in sources if source]
    return f"(?:{'|'.join(filled)})" + ("?" if "" in sources else "")
