"""What compiled personas are called, say and offer."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.persona import Persona
from personas.compiler import compile_personas, identifier
from personas.compiler.words import words_for
from tests.personas.compiler.mini_sites import NOTHING_SOLD, MiniSite

KITCHENS = MiniSite(
    host="ladlebook.example",
    name="Ladlebook",
    menu=(("Retail bakeries", "/for/retail-bakeries"), ("Franchises", "/for/franchises"), ("Developers", "/for/devs")),
    pages={
        "/": """
            # Recipes and costs in one book
            Ladlebook keeps recipes, allergens and costs of every kitchen.
            ## Who uses Ladlebook
            ### Retail bakeries and franchises
            Both plan the next day from one list.
        """,
        "/for/retail-bakeries": """
            # Ladlebook for retail bakeries
            Ladlebook plans the production of bakeries with 5 to 40 employees.
            ## The problems bakeries bring
            - Bakers copy allergen labels by hand, because the recipe book is on paper.
            - Nobody knows the recipe cost when flour prices change.
            ## What bakeries use Ladlebook for
            Ladlebook prints allergen labels for every tray.
            Ladlebook connects to Lightspeed, SumUp and Shopify.
            ### Recipe cost
            The recipe cost is worked out from the invoices.
            The owner or the head baker decides.
            ### Allergen labels
            The allergen labels are ready before the shop opens.
            @ /trial Start the trial
            @ /more Read more here
        """,
        "/for/franchises": """
            # Ladlebook for bakery franchises
            Every branch of a franchise bakes the same bread.
            ## The problems franchises bring
            - Branches change recipes, and head office never knows.
        """,
        "/for/devs": """
            # Ladlebook for developers
            The API answers in JSON, and webhooks tell your code about every change of a recipe or of a price.
            The SDK is on GitHub, with a sandbox and a command line for staging and for every engineer of your team.
        """,
        "/about": """
            # About Ladlebook
            We are looking for a tax analyst in Leeds.
            ## Careers
            Built for accountants who love bread: apply now.
            ### Tax analysts
            You report to the founder.
        """,
    },
    addressed=(("retail bakeries",), ("franchises",), ("developers",)),
)
TAKEN = MiniSite(
    host="ferrydesk.example",
    name="Ferrydesk",
    pages={
        "/": """
            # Tickets for small ferries
            Ferrydesk sells tickets at the pier and on the phone.
            ## Who's on board
            Mostly island ferry operators with two or three boats. The night shift reads it too.
            In spring we hear from the angling clubs and sailing schools who run a single launch.
        """,
        "/leaving-pierpoint": """
            # Leaving Pierpoint
            It is thorough, and it was written for shipping companies of great size.
        """,
    },
    addressed=(("ferry operators",), ("angling clubs",)),
)


def _compiled(site: MiniSite) -> Mapping[str, Persona]:
    return {one.id: one for one in compile_personas(site.read(), offering=NOTHING_SOLD)}


@pytest.mark.parametrize(
    ("name", "language", "told"),
    [
        ("SaaS startups", "en", "saas_startup"),
        ("Clinics and healthcare groups", "en", "clinic"),
        ("Heads of support", "en", "head_of_support"),
        ("Sales and support teams", "en", "sales_and_support_team"),
        ("Travel and hospitality", "en", "travel_and_hospitality"),
        ("Estate agencies", "en", "estate_agency"),
        ("Cliniques vétérinaires", "fr", "clinique_veterinaires"),
        ("Hospitales", "es", "hospital"),
        ("Kanzleien", "de", "kanzlei"),
    ],
)
def test_an_id_is_the_name_in_the_singular(name: str, language: str, told: str) -> None:
    assert identifier(name, words_for(language)) == told


def test_pages_of_their_own_stay_apart_and_openings_are_no_customers() -> None:
    assert _compiled(KITCHENS).keys() == {"retail_bakery", "franchise", "developer"}


def test_buttons_and_options_are_steps_tools_and_topics_of_their_pages() -> None:
    bakery = _compiled(KITCHENS)["retail_bakery"]
    assert set(bakery.quick_replies) == {"Start the trial", "Recipe cost", "Allergen labels"} | (
        {one for one in bakery.quick_replies if one.endswith(" integration")}
    )
    tools = next(one for one in bakery.questions if one.field == "tech_stack")
    assert set(tools.options) == {"Lightspeed", "SumUp", "Shopify"}


def test_cues_are_said_in_the_first_person() -> None:
    cues = _compiled(KITCHENS)["retail_bakery"].cues
    assert {"we are a retail bakery", "our bakers copy allergen labels by hand"} <= set(cues)
    assert "we need something that prints allergen labels for every tray" in cues
    assert "we use Shopify" in cues
    assert len({cue.casefold() for cue in cues}) == len(cues)


def test_openers_ask_about_their_own_troubles() -> None:
    personas = _compiled(KITCHENS)
    assert personas["retail_bakery"].openers[0].endswith("bakers copy allergen labels by hand?")
    assert "branches change recipes" in personas["franchise"].openers[0].casefold()


def test_the_words_of_a_page_tell_how_technical_its_readers_are() -> None:
    personas = _compiled(KITCHENS)
    assert personas["developer"].technical_level == "high"
    assert personas["retail_bakery"].technical_level == "low"


def test_prose_under_who_uses_it_names_customers_one_paragraph_each() -> None:
    names = [one.name for one in _compiled(TAKEN).values()]
    assert sorted(names) == ["Angling clubs and sailing schools", "Island ferry operators"]
