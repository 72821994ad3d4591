"""The lines of a page in which prices are looked for, and what the page is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from urllib.parse import urlsplit

from core.offering import PlanPrice, Price
from core.passage import CELL, Passage
from core.site import SiteSource
from knowledge.pricing.money import Money, money_in
from knowledge.pricing.terms import any_of, pricing_terms, whole
from knowledge.reading.blocks import DETAIL_LEVEL, PARAGRAPH
from knowledge.reading.page import SitePage

MAX_LINE = 1_500
"""Characters of a line that are read."""
_FALL_FROM = re.compile(r"\b(?:from|von|de|da|van|fra|från)\s+$", re.IGNORECASE)
_FALL_TO = re.compile(r"[^.!?]{0,20}?\b(?:to|auf|à|a|naar|til|till)\s+", re.IGNORECASE)
NAME_WORDS = 4
"""Words of a plan's name at most."""
_NAME_LENGTH = 40
_TITLE_PARTS = re.compile(r"\s[-–—|·•:]\s|\s?[|]\s?|:\s")
_DOLLARS = re.compile(
    r"\b(?:prices?|pricing|amounts?|fees|costs)\b[^.]{0,40}\b(?:in|are)\s(?:\w+\s){0,2}?"
    r"(?P<which>CAD|AUD|NZD|HKD|SGD|Canadian|Australian|New Zealand|Singapore|Hong Kong)\b",
)
_WHICH = {"Canadian": "CAD", "Australian": "AUD", "New Zealand": "NZD", "Singapore": "SGD", "Hong Kong": "HKD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as rendered, under its headings; of a table's row, its cells and the heads of its columns if known."""

    text: str
    headings: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    term: bool = False  # its heading is the term it explains in a list of terms

    @property
    def heading(self) -> str:
        return self.headings[-1] if self.headings else ""

    @property
    def joined(self) -> bool:
        """Whether the text is that of the cells with a space between them."""
        return bool(self.cells) and " ".join(filter(None, self.cells)) == self.text

    def quoted(self, place: int) -> str:
        """What can be quoted letter for letter around a place in the text: its cell, of a line without cells the line.

        Cells stand side by side on a page with anything or nothing between them.
        """
        begin = 0
        for cell in filter(None, self.cells if self.joined else ()):
            if place < begin + len(cell):
                return cell
            begin += len(cell) + 1
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything price readers need to know of a page. `plans` are names that surely are plans.

    `elsewhere` are the plans that other pages of the site name.
    """

    url: str
    title: str
    hash: str
    language: str
    lines: tuple[Line, ...]
    dollar: str = "USD"
    company: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()

    def money(self, text: str) -> tuple[Money, ...]:
        return money_in(text, language=self.language, dollar=self.dollar)

    def money_of(self, line: Line) -> tuple[Money, ...]:
        """The amounts of a line; those of a table's row cell by cell, as no mark reaches into the next cell."""
        if not line.joined:
            return self.money(line.text)
        found: list[Money] = []
        begin = 0
        for cell in filter(None, line.cells):
            found += [replace(one, start=one.start + begin, end=one.end + begin) for one in self.money(cell)]
            begin += len(cell) + 1
        return tuple(found)

    def priced(self, plan: str, price: Price, quote: str) -> PlanPrice:
        return PlanPrice(plan=plan, price=price, source=SiteSource(url=self.url, quote=quote, hash=self.hash))

    def known(self, name: str) -> bool:
        return name.casefold() in {plan.casefold() for plan in self.plans}

    def own(self, name: str) -> bool:
        """Whether a name is the company's or one of its plans'."""
        return self.known(name) or name.casefold() in self.company or name.casefold() in self.elsewhere

    @property
    def about_prices(self) -> bool:
        return speaks_of_prices(f"{_path_words(self.url)} . {self.title}")

    @property
    def tells_of_others(self) -> bool:
        return not set(urlsplit(self.url).path.casefold().split("/")).isdisjoint(pricing_terms().stories)

    @property
    def compares(self) -> bool:
        return compares(f"{_path_words(self.url)} . {self.title}") or not set(
            urlsplit(self.url).path.casefold().split("/")
        ).isdisjoint(pricing_terms().comparing_paths)


def sheet_of_passage(passage: Passage, plans: Iterable[str] = ()) -> Sheet:
    """`plans` are those that other passages of the site name."""
    sheet = _sheet(passage.url, passage.title, passage.hash, passage.language, tuple(_lines_of(passage)))
    return replace(sheet, elsewhere=frozenset(map(str.casefold, plans)))


def _lines_of(passage: Passage) -> Iterator[Line]:
    columns: tuple[str, ...] = ()
    for line in passage.text.split("\n"):
        cells = tuple(line.removesuffix(CELL).split(CELL)) if CELL in line else ()
        heads = line.endswith(CELL)
        columns = cells if heads else columns
        text = " ".join(filter(None, cells)) if cells else line
        yield Line(
            text=text[:MAX_LINE],
            headings=passage.headings,
            cells=cells,
            columns=columns if cells and not heads else (),
        )


def sheet_of_page(page: SitePage, company: str = "", plans: Iterable[str] = ()) -> Sheet:
    """`company` is the name the site goes by and `plans` are what its other pages call its plans."""
    sheet = _sheet(page.url, page.title, page.hash, page.language, tuple(_lines(page)))
    own = tuple(sorted({*sheet.company, company.casefold()} - {""}))
    return replace(sheet, company=own, elsewhere=frozenset(map(str.casefold, plans)))


def _sheet(url: str, title: str, digest: str, language: str, lines: tuple[Line, ...]) -> Sheet:
    told = next((match for line in lines if (match := _DOLLARS.search(line.text))), None)
    which = told["which"] if told else "USD"
    host = (urlsplit(url).hostname or "").removeprefix("www.").split(".")[0]
    parts = {part.strip().casefold() for part in (*_TITLE_PARTS.split(title), host)} - {""}
    return Sheet(
        url=url,
        title=title,
        hash=digest,
        language=language,
        lines=lines,
        dollar=_WHICH.get(which, which),
        company=tuple(sorted(parts)),
    )


def _lines(page: SitePage) -> Iterator[Line]:
    path: list[tuple[int, str]] = []
    for block in page.blocks:
        if block.level != PARAGRAPH:
            path = [one for one in path if one[0] < block.level]
            if not block.text:
                continue
            # A heading may publish a price itself; it stands under those above it.
            yield Line(text=block.text[:MAX_LINE], headings=tuple(text for _, text in path))
            path.append((block.level, block.text))
        else:
            headings = tuple(text for _, text in path)
            term = bool(path) and path[-1][0] == DETAIL_LEVEL
            yield Line(
                text=block.text[:MAX_LINE], headings=headings, cells=block.cells, columns=block.columns, term=term
            )


def _path_words(url: str) -> str:
    return re.sub(r"[-_/.]+", " ", urlsplit(url).path)


@cache
def _speaking(kind: str) -> re.Pattern[str]:
    terms = pricing_terms()
    return whole({"pricing": terms.pricing, "comparing": terms.comparing, "elsewhere": terms.elsewhere}[kind])


def speaks_of_prices(text: str) -> bool:
    return _speaking("pricing").search(text) is not None


def compares(text: str) -> bool:
    """Whether a heading, title or path sets the company beside another."""
    return _speaking("comparing").search(text) is not None


def elsewhere(headings: Sequence[str]) -> bool:
    """Whether nothing below these headings is a price of the company: calculators, examples, reviews."""
    return any(_speaking("elsewhere").search(heading) for heading in headings)


@cache
def _generic() -> tuple[frozenset[str], frozenset[str]]:
    words = frozenset(pricing_terms().generic)
    return words, frozenset(word for word in words if " " not in word)


_ENDS = re.compile(r"[.?!:;,…]$")


@cache
def _plan_word() -> re.Pattern[str]:
    words = any_of(pricing_terms().plan_words)
    return re.compile(rf"\s+{words}$|^{words}\s+(?=[A-Z0-9])", re.IGNORECASE)


@cache
def _badge() -> re.Pattern[str]:
    """What a card says of itself after its plan's name, or before it with a mark between."""
    badge = any_of(pricing_terms().badges)
    return re.compile(rf"(?<=\S)[\s(–—|·:-]+{badge}\W*$|^\W*{badge}\s*[–—|·:!)-]+\s*(?=\S)", re.IGNORECASE)


@cache
def _article() -> re.Pattern[str]:
    return re.compile(rf"^{any_of(pricing_terms().articles)}\s+", re.IGNORECASE)


def plan_name(text: str, *, words: int = NAME_WORDS) -> str:
    """The plan a heading, a cell or a short line names, "" when it names none."""
    name = _plan_word().sub("", _badge().sub("", text.strip(" *•–—-:"))).strip()
    name = _article().sub("", name)
    phrases, first_words = _generic()
    parts = name.split()
    if not parts or len(parts) > words or len(name) > _NAME_LENGTH or _ENDS.search(name):
        return ""
    folded = name.casefold()
    if folded in phrases or parts[0].casefold() in first_words or not any(map(str.isalpha, name)):
        return ""
    return "" if name[0].isdigit() and len(parts) > 1 and not parts[1][0].isupper() else name


def distinct(prices: Sequence[PlanPrice]) -> tuple[PlanPrice, ...]:
    """Each price of a plan once, with the quote that says most; in the order of the page."""
    kept: dict[tuple[str, Price], PlanPrice] = {}
    for one in prices:
        key = (one.plan.casefold(), replace(one.price, unit=one.price.unit.casefold()))
        if key not in kept or _telling(one) > _telling(kept[key]):
            kept[key] = replace(one, plan=kept[key].plan) if key in kept else one
    whole_ones = tuple(kept.values())
    return tuple(one for one in whole_ones if not any(_says_more(other, one) for other in whole_ones))


def _telling(one: PlanPrice) -> tuple[bool, bool]:
    quote = one.source.quote
    return one.plan.casefold() in quote.casefold(), quote.endswith(".")


def _says_more(other: PlanPrice, one: PlanPrice) -> bool:
    """The same amount of the same plan, told with a period or unit where the other is silent, or with its plan."""
    a, b = other.price, one.price
    if other is one or (a.amount, a.currency) != (b.amount, b.currency):
        return False
    if other.plan.casefold() == one.plan.casefold():
        fuller = all(
            not mine or mine == theirs
            for mine, theirs in ((b.period, a.period), (b.unit, a.unit), (b.billed, a.billed))
        )
        return fuller and (a.period, a.unit, a.billed) != (b.period, b.unit, b.billed)
    return not one.plan and (a.period, a.unit) == (b.period, b.unit)


def price_of(money: Money, *, period: str, unit: str, billed: str, at_least: bool) -> Price:
    return Price(
        amount=_plain(money.amount),
        currency=money.currency,
        period=period,
        unit=unit,
        billed="" if billed == period else billed,
        at_least=at_least,
    )


def _plain(amount: Decimal) -> Decimal:
    """Without zeros nobody wrote: 49.00 and 2500.0 are 49 and 2500."""
    whole_number = amount.to_integral_value()
    return whole_number if amount == whole_number else amount


def was_prices(text: str, found: Sequence[Money]) -> frozenset[Money]:
    """Amounts struck out beside a lower one: "$99 $49 a month". Of a fall from one to another, both."""
    fallen = [
        pair
        for pair in pairwise(found)
        if pair[0].amount > pair[1].amount
        and _FALL_FROM.search(text[: pair[0].start])
        and _FALL_TO.fullmatch(text[pair[0].end : pair[1].start])
    ]
    return frozenset(one for pair in fallen for one in pair) | frozenset(
        first
        for first, second in pairwise(found)
        if first.amount > second.amount
        and first.currency == second.currency
        and text[first.end : second.start].strip(" →>").casefold() in {"", *pricing_terms().instead}
    )
