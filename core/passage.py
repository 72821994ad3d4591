"""Passages of the company's own site: the only source of claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from typing import Literal

from core.offering import PlanPrice, Sum

CELL = "\t"
"""Stands between the cells of a table's row in the text of a passage, and behind the last head of its columns."""

_SHORT = 4
"""Words of a cell that is read in one breath with its head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A few sentences under one heading of one page, verbatim but for white space; see `CELL` for rows of tables."""

    url: str
    title: str
    headings: tuple[str, ...]
    text: str
    hash: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A passage that answers, the sentences of it that do (verbatim, best first), and how well, 0 to 1.

    `prices` are those asked for that the sentences publish; empty for any other answer; `sums` what they make for as
    many as the question names. `conflicts` are findings of
    other passages that publish something else for the same thing: no side may be told without the other. `near` marks
    the closest there is to a question that the site seems not to answer: never to be told as the answer. `columns` are
    those of a table that are asked about, all where there are none; `together`: told with the others, as parts of one.
    `verdict`: what the first sentence says to a question that is answered with yes or no, "" where that is not settled.
    """

    passage: Passage
    sentences: tuple[str, ...]
    score: float
    prices: tuple[PlanPrice, ...] = ()
    sums: tuple[Sum, ...] = ()
    conflicts: tuple[Finding, ...] = ()
    near: bool = False
    lead: str = ""
    columns: tuple[str, ...] = ()
    together: bool = False
    verdict: Literal["", "yes", "no"] = ""


def is_head(sentence: str, text: str) -> bool:
    """Whether a sentence of a passage's text is the head of a table: the names of its columns."""
    return CELL in sentence and f"{sentence.removesuffix(CELL)}{CELL}" in text.split("\n")


def rows_under(head: str, text: str) -> tuple[str, ...]:
    """The rows of the table that has this head."""
    lines = text.split("\n")
    place = lines.index(f"{head.removesuffix(CELL)}{CELL}")
    return tuple(takewhile(lambda line: CELL in line and not line.endswith(CELL), lines[place + 1 :]))


def read_aloud(sentence: str, text: str, wanted: Sequence[str] = ()) -> str:
    """A sentence of a passage's text as it is said: of a table's row every cell with the head of its column.

    Of the columns only those that are `wanted`, behind what the row is about.
    """
    if CELL not in sentence:
        return sentence
    columns: list[str] = []
    for line in text.split("\n"):
        if line.endswith(CELL):
            columns = line.removesuffix(CELL).split(CELL)
        elif line.strip() == sentence and columns:
            pairs = list(zip_longest(columns, line.split(CELL), fillvalue=""))
            if wanted:
                asked = ", ".join(f"{head} {cell}" for head, cell in pairs if head in wanted)
                return f"{pairs[0][1]}: {asked}."
            return _row_aloud([(head, cell) for head, cell in pairs if cell])
    return " ".join(sentence.split())


def _row_aloud(pairs: Sequence[tuple[str, str]]) -> str:
    """A row as a sentence: what it is about, and then what each column says of it."""
    if len(pairs) == 1:
        told = pairs[0][1]
    elif all(len(cell.split()) <= _SHORT for _, cell in pairs[1:]):
        told = f"{pairs[0][1]}: {', '.join(_cell_aloud(head, cell) for head, cell in pairs[1:])}"
    else:
        told = f"{pairs[0][1]} – {'; '.join(f'{head}: {cell}' if head else cell for head, cell in pairs[1:])}"
    return told if told.endswith((".", "!", "?")) else f"{told}."


def _cell_aloud(head: str, cell: str) -> str:
    if not head:
        return cell
    return f"{head} {cell}" if any(letter.isdigit() for letter in cell) else f"{head} – {cell[:1].lower()}{cell[1:]}"


def with_conflicts(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings, each followed by those that say something else."""
    return tuple(one for finding in findings for one in (finding, *finding.conflicts))
