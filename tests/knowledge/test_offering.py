"""What is read of an offer, over small sites of invented companies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from core.offering import Named, Offering, PlanPrice, Price
from core.site import SiteSource
from knowledge.offering.catalogue import conflicts, offering_of, quotes, unlisted_prices
from knowledge.reading.page import SitePage
from knowledge.reading.reader import read_site_page

EXAMPLE = Path(__file__).parents[2] / "examples" / "site"


def page(path: str, body: str, *, title: str = "Haulwell", site: str = "https://haulwell.example") -> SitePage:
    html = f'<html lang="en"><head><title>{title}</title></head><body><main>{body}</main></body></html>'
    return read_site_page(html.encode(), url=f"{site}{path}")


def names(found: Sequence[Named]) -> list[str]:
    return [one.name for one in found]


HAULWELL = (
    page(
        "/",
        """<h1>Dispatch without phone calls</h1><p>Haulwell is dispatch software for road freight.</p>
        <p>Many fleets switch from Routely or Truckbase in a weekend.</p>
        <p>Haulwell connects with Datev, Lexoffice and Samsara.</p>
        <h2>Who uses Haulwell</h2><h3>For hauliers</h3><p>Own trucks.</p>
        <h3>For 3PL and warehousing</h3><p>No trucks.</p>
        <h2>Ready to start?</h2><p>Talk to us about your fleet today.</p>""",
        title="Dispatch without phone calls | Haulwell",
    ),
    page(
        "/pricing",
        """<h1>Pricing</h1>
        <article><h3>Van</h3><p>For owner-drivers with up to three vans.</p><p><span>$19</span><span>/mo</span></p>
        <ul><li>Three vehicles</li><li>Route planning</li></ul></article>
        <article><h3>Fleet</h3><p>For hauliers with their own depot.</p><p>$8 per vehicle per month, billed yearly</p>
        <ul><li>Unlimited vehicles</li></ul></article>
        <article><h3>Group</h3><p>For forwarders in several countries.</p><p>Talk to sales</p></article>
        <details><summary>Is there a contract?</summary><p>No, every plan ends with the month.</p></details>
        <h2>What does set-up cost?</h2><p>Set-up is a one-time $250.</p>""",
        title="Pricing | Haulwell",
    ),
    page(
        "/about",
        """<h1>Who Haulwell is not for</h1><ul><li>Passenger transport companies</li>
        <li>Private individuals who move house once</li></ul>
        <p>We do not work with brokers that own no trucks.</p>
        <p>Your drivers cannot use the map while they drive.</p>""",
        title="About | Haulwell",
    ),
)


@pytest.fixture(scope="module")
def haulwell() -> Offering:
    return offering_of(HAULWELL)


@pytest.fixture(scope="module")
def example() -> tuple[Offering, tuple[SitePage, ...]]:
    files = sorted(EXAMPLE.rglob("*.html"), key=lambda file: (len(file.parts), file.as_posix()))
    pages = tuple(
        read_site_page(
            file.read_bytes(),
            url=f"https://fernlight.example/{file.relative_to(EXAMPLE).as_posix().removesuffix('index.html')}",
        )
        for file in files
    )
    return offering_of(pages), pages


def test_plans_say_for_whom_they_are_and_what_is_in_them(haulwell: Offering) -> None:
    van, fleet, group = haulwell.plans
    assert (van.name, van.description, van.public) == ("Van", "For owner-drivers with up to three vans.", True)
    assert van.features == ("Three vehicles", "Route planning")
    assert fleet.description == "For hauliers with their own depot."
    assert (group.name, group.public) == ("Group", False)
    assert "Talk to sales" in [source.quote for source in group.sources]


def test_prices_have_amount_period_unit_and_term(haulwell: Offering) -> None:
    found = {
        (one.plan, str(one.price.amount), one.price.period, one.price.unit, one.price.billed) for one in haulwell.prices
    }
    assert found == {
        ("Van", "19", "month", "", ""),
        ("Fleet", "8", "month", "vehicle", "year"),
        ("Set-up", "250", "once", "", ""),
    }


def test_questions_are_kept_and_calls_to_action_are_not(haulwell: Offering) -> None:
    found = {one.question: one.answer for one in haulwell.faqs}
    assert found == {
        "Is there a contract?": "No, every plan ends with the month.",
        "What does set-up cost?": "Set-up is a one-time $250.",
    }


def test_rivals_are_named_and_integrations_are_none(haulwell: Offering) -> None:
    assert names(haulwell.competitors) == ["Routely", "Truckbase"]


def test_those_turned_away_are_told_in_the_words_of_the_site(haulwell: Offering) -> None:
    assert names(haulwell.not_for) == [
        "Passenger transport companies",
        "Private individuals who move house once",
        "brokers that own no trucks",
    ]


def test_products_industries_and_strategies(haulwell: Offering) -> None:
    assert names(haulwell.products) == ["Haulwell"]
    assert names(haulwell.industries) == ["Logistics"]
    assert names(haulwell.pricing) == ["quote only"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Pricing</h1><p>The Solo plan costs $9 per user per month.</p>", {"per seat"}),
        ("<h1>Pricing</h1><p>You pay €0.04 per scanned page.</p>", {"usage"}),
        ("<h1>Pricing</h1><p>Pay as you go: no plans, no minimum.</p>", {"usage"}),
        ("<h1>Pricing</h1><p>One flat monthly price for everybody: $99 per month.</p>", {"flat"}),
        ("<h1>Pricing</h1><h3>Mini</h3><p>$9/mo</p><h3>Maxi</h3><p>$29/mo</p>", {"tiered"}),
        ("<h1>Pricing</h1><h3>Hobby</h3><p>Free</p><h3>Pro</h3><p>$10/mo</p>", {"free"}),
        ("<h1>Pricing</h1><h3>Everything</h3><p>Custom pricing</p>", {"quote only"}),
    ],
)
def test_how_a_company_charges(body: str, expected: set[str]) -> None:
    assert set(names(offering_of([page("/pricing", body)]).pricing)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Haulwell cannot be used on bicycles.", []),
        ("Private individuals cannot use Haulwell.", ["Private individuals"]),
        (
            "Haulwell is not suitable for taxi companies with fewer than ten cars.",
            ["taxi companies with fewer than ten cars"],
        ),
        ("We do not serve consumers, because we sell to hauliers only.", ["consumers"]),
        ("If you are a passenger carrier, you are not able to use Haulwell.", ["passenger carrier"]),
        ("Haulwell is not only for large fleets.", []),
        ("You cannot use Haulwell without a phone.", []),
        ("Carriers may not use Haulwell for private purposes.", ["private purposes"]),
    ],
)
def test_who_is_turned_away_in_a_sentence(sentence: str, expected: list[str]) -> None:
    site = [page("/", f"<h1>Welcome</h1><p>{sentence}</p>"), page("/a", "<p>More</p>")]
    assert names(offering_of(site).not_for) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The friendly alternative to Routely.", ["Routely"]),
        ("Haulwell vs Routely: what differs.", ["Routely"]),
        ("Migrate your data from Truckbase, Routely and Loadly.", ["Truckbase", "Routely", "Loadly"]),
        ("Sync invoices from Xero and QuickBooks.", []),
        ("Works with Slack.", []),
        ("Switch from spreadsheets to Haulwell.", []),
        ("Public vs Private repositories.", []),
        ("Die Alternative zu Routely.", ["Routely"]),
    ],
)
def test_competitors_in_a_sentence(sentence: str, expected: list[str]) -> None:
    site = [page("/", f"<h1>Welcome</h1><p>{sentence}</p>"), page("/a", "<p>More</p>")]
    assert names(offering_of(site).competitors) == expected


def test_a_page_about_a_rival_names_it() -> None:
    site = [page("/vs/routely", "<h1>Us and Routely side by side</h1>"), page("/", "<p>Haulwell</p>")]
    assert names(offering_of(site).competitors) == ["Routely"]


def price(plan: str, amount: str, url: str, **more: str) -> PlanPrice:
    value = Price(amount=Decimal(amount), currency="USD", period=more.get("period", "month"), unit=more.get("unit", ""))
    return PlanPrice(plan=plan, price=value, source=SiteSource(url=url, quote=f"{plan} ${amount}"))


def test_two_pages_that_disagree_are_told() -> None:
    site = [
        page("/pricing", "<h1>Pricing</h1><p>The Fleet plan costs $80 per month.</p>", title="Pricing | Haulwell"),
        page("/faq", "<h1>Questions</h1><h2>What does Fleet cost?</h2><p>The Fleet plan costs $70 per month.</p>"),
        page("/", "<p>The Fleet plan costs $80 per month.</p>"),
    ]
    offering = offering_of(site)
    ((one, other),) = conflicts(offering)
    assert {(one.source.url[-8:], one.price.amount), (other.source.url[-4:], other.price.amount)} == {
        ("/pricing", Decimal(80)),
        ("/faq", Decimal(70)),
    }


def test_a_plan_of_the_price_page_is_the_company_s_own_where_it_is_set_beside_others() -> None:
    beside = "<h1>Two ways to plan</h1><p>Fleet costs $70 per month.</p><p>Routerly costs $50 per month.</p>"
    listed = page("/pricing", "<h1>Pricing</h1><p>The Fleet plan costs $80 per month.</p>", title="Pricing | Haulwell")
    prices = offering_of([page("/compare", beside), listed]).prices
    assert [(one.plan, str(one.price.amount)) for one in prices] == [("Fleet", "80"), ("Fleet", "70")]
    assert offering_of([page("/compare", beside)]).prices == ()


@pytest.mark.parametrize(
    "other",
    [
        price("Fleet", "70", "/pricing"),
        price("Van", "70", "/faq"),
        price("Fleet", "700", "/faq", period="year"),
        price("Fleet", "7", "/faq", unit="extra seat"),
        price("Fleet", "80", "/faq"),
    ],
)
def test_other_prices_do_not_disagree(other: PlanPrice) -> None:
    assert conflicts(Offering(prices=(price("Fleet", "80", "/pricing"), other))) == ()


def test_prices_of_plans_that_the_overview_does_not_know_are_told() -> None:
    listed = [price(plan, "10", "/pricing") for plan in ("Van", "Fleet", "Group")]
    old = price("Lorry package", "25", "/")
    assert unlisted_prices(Offering(prices=(*listed, old, price("Fleet", "12", "/")))) == (old,)
    assert unlisted_prices(Offering(prices=(listed[0], old))) == ()


def test_everything_said_of_the_example_stands_on_its_page(example: tuple[Offering, tuple[SitePage, ...]]) -> None:
    offering, pages = example
    texts = {one.url: {text for block in one.blocks for text in (block.text, *block.cells)} for one in pages}
    hashes = {one.url: one.hash for one in pages}
    found = list(quotes(offering))
    assert len(found) > 60
    assert all(source.quote in texts[source.url] and source.hash == hashes[source.url] for source in found)


def test_the_example_company(example: tuple[Offering, tuple[SitePage, ...]]) -> None:
    offering, pages = example
    monthly = {
        (one.plan, one.price.amount, one.price.currency)
        for one in offering.prices
        if one.price.period == "month" and not one.price.unit
    }
    assert {(plan, int(amount), currency) for plan, amount, currency in monthly} == {
        ("Starter", 49, "USD"), ("Growth", 249, "USD"), ("Scale", 890, "USD"), ("Healthcare add-on", 200, "USD"),
        ("Starter", 45, "EUR"), ("Growth", 229, "EUR"), ("Scale", 820, "EUR"),
    }  # fmt: skip
    assert [(plan.name, plan.public) for plan in offering.plans] == [
        ("Starter", True), ("Growth", True), ("Scale", True), ("Enterprise", False),
    ]  # fmt: skip
    assert {"Zendesk", "Freshdesk", "Intercom", "Help Scout", "Gorgias"} <= set(names(offering.competitors))
    assert {"Phone-only call centres", "Teams with fewer than 30 tickets a month"} <= set(names(offering.not_for))
    assert len(offering.faqs) > 30
    assert conflicts(offering) == ()
    assert offering_of(pages) == offering
