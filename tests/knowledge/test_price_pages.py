"""Whole pricing pages of many styles: what each charges is found, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.offering import Offering, PlanPrice
from knowledge.offering.catalogue import offering_of
from knowledge.reading.reader import read_site_page

PAGES = Path(__file__).parent / "price_pages"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((PAGES / "expected.yaml").read_text(encoding="utf-8"))


def offering(name: str) -> Offering:
    html = (PAGES / f"{name}.html").read_bytes()
    return offering_of([read_site_page(html, url=f"https://{name}.example{EXPECTED[name]['at']}")])


def shown(one: PlanPrice) -> tuple[str, ...]:
    price = one.price
    amount = f"{price.amount.normalize():f} {price.currency}"
    return (one.plan, amount, price.period, price.unit, price.billed, "from" if price.at_least else "")


def told(row: str) -> tuple[str, ...]:
    parts = [part.strip() for part in row.split("|")]
    return (*parts, *[""] * (6 - len(parts)))


@pytest.mark.parametrize("name", EXPECTED)
def test_every_price_is_found_and_none_is_made_up(name: str) -> None:
    found = {shown(one) for one in offering(name).prices}
    wanted = {told(row) for row in EXPECTED[name]["prices"]}
    allowed = wanted | {told(row) for row in EXPECTED[name].get("optional", ())}
    assert wanted <= found
    assert found <= allowed


@pytest.mark.parametrize("name", [name for name, told in EXPECTED.items() if "plans" in told])
def test_plans_are_what_is_sold_by_name_and_nothing_else(name: str) -> None:
    assert sorted(plan.name for plan in offering(name).plans) == sorted(EXPECTED[name]["plans"])


@pytest.mark.parametrize("name", EXPECTED)
def test_plans_without_a_public_price_are_told_apart(name: str) -> None:
    assert [plan.name for plan in offering(name).plans if not plan.public] == EXPECTED[name]["not_public"]
