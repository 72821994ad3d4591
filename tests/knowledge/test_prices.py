"""What counts as a price, over snippets of many kinds of site."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.offering import PlanPrice
from core.passage import Passage
from knowledge.pricing.prices import prices_of, published_prices
from knowledge.reading.blocks import Block, fold
from knowledge.reading.page import SitePage

SNIPPETS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "price_snippets.yaml").read_text(encoding="utf-8")
)


def lines_of(snippet: dict[str, Any]) -> list[str | list[str]]:
    said = snippet["says"]
    return said if isinstance(said, list) else [said]


def passage_of(snippet: dict[str, Any]) -> Passage:
    lines = [line if isinstance(line, str) else " ".join(line).strip() for line in lines_of(snippet)]
    return Passage(
        url=f"https://acorn.example{snippet['at']}",
        title="Acorn",
        headings=tuple(snippet["under"]),
        text="\n".join(lines),
        hash="0",
        language=snippet.get("lang", "en"),
    )


def page_of(snippet: dict[str, Any]) -> SitePage:
    blocks = [Block(text=text, level=level) for level, text in enumerate(snippet["under"], 1)]
    columns: tuple[str, ...] = ()
    for line in lines_of(snippet):
        if isinstance(line, str):
            blocks.append(Block(text=line))
            continue
        cells = tuple(line)
        blocks.append(Block(text=" ".join(line).strip(), cells=cells, columns=columns))
        columns = columns or cells
    return SitePage(
        url=f"https://acorn.example{snippet['at']}",
        title="Acorn",
        language=snippet.get("lang", "en"),
        blocks=tuple(blocks),
        hash="0",
    )


def shown(one: PlanPrice) -> str:
    price = one.price
    amount = f"{price.amount.normalize():f} {price.currency}".strip()
    parts = [one.plan, amount, price.period, price.unit, price.billed, "from" if price.at_least else ""]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts).replace("|  |", "| |").strip()


def expected(snippet: dict[str, Any]) -> list[str]:
    found = []
    for one in snippet["is"]:
        parts = [part.strip() for part in one.split("|")]
        amount, _, currency = parts[1].partition(" ")
        parts[1] = f"{Decimal(amount).normalize():f} {currency}".strip()
        found.append(" | ".join(parts).replace("|  |", "| |").strip())
    return sorted(found)


def named(snippet: dict[str, Any]) -> str:
    return str(snippet["says"])[:60]


@pytest.mark.parametrize("snippet", SNIPPETS["right"], ids=named)
def test_prices_are_read_as_published(snippet: dict[str, Any]) -> None:
    found = prices_of(page_of(snippet))
    assert sorted(shown(one) for one in found) == expected(snippet)


@pytest.mark.parametrize("snippet", SNIPPETS["none"], ids=named)
def test_other_amounts_are_no_prices(snippet: dict[str, Any]) -> None:
    assert prices_of(page_of(snippet)) == ()
    assert published_prices(passage_of(snippet)) == ()


@pytest.mark.parametrize(
    "snippet",
    [one for one in SNIPPETS["right"] if all(isinstance(line, str) for line in lines_of(one))],
    ids=named,
)
def test_a_passage_alone_publishes_the_same(snippet: dict[str, Any]) -> None:
    found = published_prices(passage_of(snippet))
    assert sorted(shown(one) for one in found) == expected(snippet)


LINES = st.lists(
    st.one_of(
        st.sampled_from([str(line) for one in (*SNIPPETS["right"], *SNIPPETS["none"]) for line in lines_of(one)]),
        st.text(
            alphabet=st.sampled_from("Pro plan costs $49€£ 1.200,5kM/mo per user free -–%()\t\u00a0\u202e"), max_size=60
        ),
        st.text(max_size=40),
    ),
    min_size=1,
    max_size=8,
)
MARKS = re.compile(
    r"[$€£¥￥₹₩₽₺₪₴฿₫₱₦円元¢]|zł|Kč|Ft|лв|kr|:-|Fr\.|R[sp]\b|RM|cents?|[A-Z]{3}"
    r"|dollars?|euros?|pounds|yen|francs|Franken|rupees",
    re.IGNORECASE,
)


@settings(max_examples=150, deadline=None)
@given(
    lines=LINES,
    heading=st.sampled_from(["Pricing", "Plans", "Welcome", "Team"]),
    language=st.sampled_from(["en", "de", "fr"]),
)
def test_quotes_are_lines_and_no_price_lacks_a_currency(lines: list[str], heading: str, language: str) -> None:
    blocks = (Block(text=heading, level=1), *(Block(text=text) for line in lines if (text := fold(line))))
    page = SitePage(url="https://acorn.example/pricing", title="Acorn", language=language, blocks=blocks, hash="0")
    for one in prices_of(page):
        assert one.source.quote in {block.text for block in blocks}
        assert one.price.amount >= 0
        if one.price.amount:
            assert one.price.currency
            assert MARKS.search(one.source.quote)
            assert re.search(r"\d", one.source.quote)
    assert prices_of(page) == prices_of(page)


@pytest.mark.parametrize("path", ["/customers/kiln/", "/blog/2024/prices/", "/reviews/", "/case-studies/oak/"])
def test_pages_about_others_publish_no_prices(path: str) -> None:
    page = SitePage(url=f"https://acorn.example{path}", blocks=(Block(text="The Pro plan costs $49 per month."),))
    assert prices_of(page) == ()


def test_a_crossed_out_price_beside_a_lower_one_is_gone() -> None:
    page = SitePage(
        url="https://acorn.example/pricing",
        blocks=(Block(text="Pro", level=3), Block(text="€120 now €90 per month")),
    )
    assert [shown(one) for one in prices_of(page)] == ["Pro | 90 EUR | month"]


def test_a_long_line_costs_little() -> None:
    page = SitePage(
        url="https://acorn.example/pricing",
        blocks=(Block(text="Pro $1 per " * 1_800), Block(text="a, " * 6_000 + "$5"), Block(text="$1-" * 6_000)),
    )
    begun = time.process_time()
    prices_of(page)
    assert time.process_time() - begun < 2.0
