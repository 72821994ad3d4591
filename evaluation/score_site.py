"""How much of what a site says was found, and what was made up.

    python -m evaluation.score_site SITE PERSONAS KNOWLEDGE

SITE is a folder of pages with a `gold.yaml`, PERSONAS and KNOWLEDGE are what `frontdesk crawl` wrote for it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from core.ids import PersonaId
from core.persona import Persona
from core.site import SiteSource
from frontdesk.evaluation.gold import LabelRule, path_of

UNSEEN = frozenset({"script", "style", "template", "head"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`found` of `of`, and the names of those that were not (or, for inventions, of those that were)."""

    found: int
    of: int
    named: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f": {'; '.join(self.named)}" if self.named else ""
        return f"{self.found}/{self.of}{told}"


def score(gold: Row, written: Row, passages: Sequence[str], pages: Mapping[str, str]) -> dict[str, Share]:
    """Every share by its name.

    `personas found` counts required ones, by name or by the page they cite; `personas spurious` those that are nothing
    the site addresses. `prices found` needs amount, currency, period and unit; `prices invented` are amounts that the
    site charges nowhere. `quotes verbatim` looks for each persona's quotes on the page it names.
    """
    site = written.get("site") or {}
    personas = [_persona(one) for one in written.get("personas") or ()]
    return (
        _personas(gold, personas)
        | {"quotes verbatim": _verbatim(personas, pages)}
        | _prices(gold, [_price(one) for one in site.get("prices") or ()])
        | {
            "not-for found": _mentioned(gold["not_for"], site.get("not_for") or ()),
            "competitors found": _named(gold["competitors"], site.get("competitors") or ()),
            "competitors invented": _beyond(gold["competitors"], site.get("competitors") or ()),
            "questions found": _questions(gold["faqs"], site.get("faqs") or ()),
            "statements kept as passages": _statements(gold, passages),
        }
    )


def _personas(gold: Row, personas: Sequence[Persona]) -> dict[str, Share]:
    rules = {one["label"]: LabelRule(pages=_own_page(gold, one), words=tuple(one["words"])) for one in gold["personas"]}
    wanted = [one["label"] for one in gold["personas"] if not one.get("optional")]
    missed = tuple(label for label in wanted if not any(rules[label].fits(one) for one in personas))
    spurious = tuple(one.name for one in personas if not any(rule.fits(one) for rule in rules.values()))
    unwanted = [LabelRule(words=tuple(one["words"])) for one in (*gold["not_for"], *_words_of(gold["traps"]))]
    refused = tuple(one.name for one in personas if any(rule.named(one) for rule in unwanted))
    return {
        "personas found": Share(found=len(wanted) - len(missed), of=len(wanted), named=missed),
        "personas spurious": Share(found=len(spurious), of=len(personas), named=spurious),
        "not-for or trap as persona": Share(found=len(refused), of=len(personas), named=refused),
    }


def _own_page(gold: Row, one: Row) -> tuple[str, ...]:
    """The persona's page, unless it is shared: a page that addresses several says nothing about which is meant."""
    shared = sum(path_of(other["page"]) == path_of(one["page"]) for other in gold["personas"]) > 1
    return () if shared else (one["page"],)


def _words_of(traps: Iterable[Row]) -> Iterator[Row]:
    return (one for one in traps if one.get("words"))


def _prices(gold: Row, prices: Sequence[Row]) -> dict[str, Share]:
    wanted = [_price(one) for one in gold["prices"] if not one.get("optional")]
    missed = tuple(_shown(one) for one in wanted if not any(_same_price(one, other) for other in prices))
    charged = {(one["amount"], one["currency"]) for one in map(_price, gold["prices"])}
    invented = tuple(_shown(one) for one in prices if (one["amount"], one["currency"]) not in charged)
    return {
        "prices found": Share(found=len(wanted) - len(missed), of=len(wanted), named=missed),
        "prices invented": Share(found=len(invented), of=len(prices), named=invented),
    }


def _price(entry: Row) -> dict[str, Any]:
    """A price entry, flat or with its price and source nested, with the amount as a number."""
    nested = entry.get("price")
    flat = {**entry, **nested} if isinstance(nested, Mapping) else entry
    try:
        amount = Decimal(str(flat.get("amount", "")))
    except InvalidOperation:
        amount = Decimal("NaN")
    texts = {key: str(flat.get(key) or "") for key in ("plan", "currency", "period", "unit", "billed")}
    return {"amount": amount, **texts}


def _same_price(wanted: Row, found: Row) -> bool:
    unit = wanted["unit"].casefold()
    return bool(
        all(wanted[key] == found[key] for key in ("amount", "currency", "period"))
        and (unit in found["unit"].casefold() if unit else not found["unit"])
        and (not wanted["billed"] or wanted["billed"] == found["billed"])
        and wanted["plan"].casefold() in (found["plan"].casefold() or wanted["plan"].casefold())
    )


def _shown(price: Row) -> str:
    parts = (price["plan"], f"{price['amount']} {price['currency']}", price["period"], price["unit"], price["billed"])
    return " ".join(filter(None, parts))


def _mentioned(wanted: Sequence[Row], found: Sequence[Row]) -> Share:
    needed = [one for one in wanted if not one.get("optional")]
    said = [_plain(f"{one.get('name', '')} {_quote(one)}") for one in found]
    missed = [one for one in needed if not any(word in text for text in said for word in one["words"])]
    return Share(found=len(needed) - len(missed), of=len(needed), named=tuple(one["quote"] for one in missed))


def _named(wanted: Sequence[Row], found: Sequence[Row]) -> Share:
    names = [_plain(str(one.get("name", ""))) for one in found]
    missed = tuple(one["name"] for one in wanted if _plain(one["name"]) not in names)
    return Share(found=len(wanted) - len(missed), of=len(wanted), named=missed)


def _beyond(wanted: Sequence[Row], found: Sequence[Row]) -> Share:
    known = {_plain(one["name"]) for one in wanted}
    extra = tuple(str(one.get("name", "")) for one in found if _plain(str(one.get("name", ""))) not in known)
    return Share(found=len(extra), of=len(found), named=extra)


def _questions(wanted: Sequence[Row], found: Sequence[Row]) -> Share:
    asked = {_plain(str(one.get("question", ""))) for one in found}
    missed = tuple(one["question"] for one in wanted if _plain(one["question"]) not in asked)
    return Share(found=len(wanted) - len(missed), of=len(wanted), named=missed)


def _statements(gold: Row, passages: Sequence[str]) -> Share:
    """Gold quotes that a passage holds as a whole, so that they can be cited."""
    quotes = [one["quote"] for key in ("personas", "not_for") for one in gold[key]]
    texts = [_plain(text) for text in passages]
    missed = tuple(quote for quote in quotes if not any(_plain(quote) in text for text in texts))
    return Share(found=len(quotes) - len(missed), of=len(quotes), named=missed)


def _verbatim(personas: Sequence[Persona], pages: Mapping[str, str]) -> Share:
    sources = [source for persona in personas for source in persona.sources]
    wrong = tuple(one.quote for one in sources if _plain(one.quote) not in pages.get(path_of(one.url), ""))
    return Share(found=len(sources) - len(wrong), of=len(sources), named=wrong)


def _quote(entry: Row) -> str:
    source = entry.get("source")
    return str((source if isinstance(source, Mapping) else entry).get("quote", ""))


def _persona(entry: Row) -> Persona:
    sources = tuple(SiteSource(url=one["url"], quote=one["quote"]) for one in entry.get("sources") or ())
    return Persona(id=PersonaId(str(entry["id"])), name=str(entry.get("name", "")), sources=sources)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


class _Text(HTMLParser):
    """The text of a page, hidden parts included: it only says whether a quote was made up."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  a hook's shape
        self._unseen += tag in UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)


def text_of_page(html: str) -> str:
    """A page's text, inline tags leaving no gap."""
    reader = _Text()
    reader.feed(html)
    return _plain("".join(reader.parts))


def pages_of(site: Path) -> dict[str, str]:
    """The text of every page of a folder, by path."""
    return {
        path_of(f"/{page.relative_to(site).as_posix()}"): text_of_page(page.read_text(encoding="utf-8"))
        for page in sorted(site.rglob("*.html"))
    }


def main(arguments: Sequence[str]) -> int:
    """Print one line a share. Returns 64 for a wrong call."""
    if len(arguments) != 3:  # noqa: PLR2004  as many as are named in the usage
        sys.stderr.write("usage: python -m evaluation.score_site SITE_DIR PERSONAS_YAML KNOWLEDGE_JSONL\n")
        return 64
    site, personas, knowledge = map(Path, arguments)
    passages = [json.loads(line)["text"] for line in knowledge.read_text(encoding="utf-8").split("\n") if line.strip()]
    gold = yaml.safe_load((site / "gold.yaml").read_text(encoding="utf-8"))
    written = yaml.safe_load(personas.read_text(encoding="utf-8"))
    for name, share in score(gold, written, passages, pages_of(site)).items():
        sys.stdout.write(f"{name:30} {share}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
