"""`python -m benchmarks.extraction`: what it costs to read a page, and what of it is kept, beside trafilatura.

Both read every page of the example site in alternating rounds of one run, on one core, from the bytes of the file to
text; figures are CPU time of this process. Trafilatura runs with `fast=True`, its quickest way, and its own defaults.
`--folder DIR` takes the pages of another site, without gold statements.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import trafilatura
import yaml

from benchmarks.table import Row, Target, measured, shown
from knowledge.reading.passages import page_passages
from knowledge.reading.reader import read_site_page

SITE = Path(__file__).parents[1] / "examples" / "site"
GOLD = Path(__file__).with_name("extraction_gold.yaml")
ROUNDS = 9
SCENARIO = 9
COST, LOST = Target(0.25, 0.17), Target(0, 0)
_ORIGIN = "https://site.example"


class Round(msgspec.Struct, frozen=True):
    """Milliseconds of CPU a page."""

    ours: float
    trafilatura: float

    @property
    def ratio(self) -> float:
        return self.ours / self.trafilatura


class Kept(msgspec.Struct, frozen=True):
    """Gold statements in all, and how many a reader lost."""

    statements: int
    ours_lost: Sequence[str]
    trafilatura_lost: Sequence[str]


def pages_of(folder: Path) -> dict[str, bytes]:
    """The pages of a folder by path."""
    return {
        "/" + file.relative_to(folder).as_posix().removesuffix("index.html"): file.read_bytes()
        for file in sorted(folder.rglob("*.html"))
    }


def gold() -> dict[str, list[str]]:
    """The statements by path."""
    return msgspec.convert(yaml.safe_load(GOLD.read_text(encoding="utf-8")), dict[str, list[str]])


def ours(html: bytes, path: str) -> str:
    """Every heading and line of a page's passages."""
    passages = list(page_passages(read_site_page(html, url=_ORIGIN + path)))
    return "\n".join(line for passage in passages for line in (*passage.headings, passage.text))


def theirs(html: bytes, path: str) -> str:
    return str(trafilatura.extract(html, url=_ORIGIN + path, fast=True) or "")


def kept(pages: Mapping[str, bytes], statements: Mapping[str, Sequence[str]]) -> Kept:
    def lost(read: Callable[[bytes, str], str]) -> list[str]:
        texts = {path: _bare(read(pages[path], path)) for path in statements}
        return [one for path, listed in statements.items() for one in listed if _bare(one) not in texts[path]]

    return Kept(sum(map(len, statements.values())), lost(ours), lost(theirs))


def _bare(text: str) -> str:
    return "".join(text.replace("|", " ").split())


def rounds(pages: Mapping[str, bytes], count: int = ROUNDS) -> list[Round]:
    """Alternating rounds over all pages, after one to warm up."""

    def milliseconds(read: Callable[[bytes, str], object]) -> float:
        began = time.process_time()
        for path, html in pages.items():
            read(html, path)
        return (time.process_time() - began) * 1_000 / len(pages)

    def page(html: bytes, path: str) -> object:
        return read_site_page(html, url=_ORIGIN + path)

    taken = [Round(ours=milliseconds(page), trafilatura=milliseconds(theirs)) for _ in range(count + 1)]
    return taken[1:]


def rows_of(taken: Sequence[Round], found: Kept | None) -> list[Row]:
    """The rows for the bench table; less is better in all with a target."""

    def row(what: str, values: Sequence[float], unit: str = "", target: Target | None = None) -> Row:
        return Row(scenario=SCENARIO, what=what, measured=measured(values), unit=unit, target=target)

    rows = [
        row("CPU of reading a page", [one.ratio for one in taken], "x trafilatura", COST),
        row("pages a second and core", [1_000 / one.ours for one in taken]),
        row("trafilatura (fast): pages a second and core", [1_000 / one.trafilatura for one in taken]),
    ]
    if found is not None:
        statements = f"of {found.statements} gold statements"
        rows += [
            row(f"lost {statements}", [len(found.ours_lost)], "", LOST),
            row(f"trafilatura (fast): lost {statements}", [len(found.trafilatura_lost)]),
        ]
    return rows


def bench() -> list[Row]:
    """The rows of the example site, for `make bench`."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = pages_of(SITE)
    return rows_of(rounds(pages), kept(pages, gold()))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="another site, as its server serves it")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args(arguments)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    pages = pages_of(options.folder or SITE)
    found = None if options.folder else kept(pages, gold())
    print(shown(rows_of(rounds(pages, options.rounds), found)))
    print(f"{len(pages)} pages, {sum(map(len, pages.values())):,} bytes; load {os.getloadavg()[0]:.1f}")
    for statement in found.ours_lost if found else ():
        print(f"lost: {statement}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
