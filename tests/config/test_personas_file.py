"""What the compiler writes is what the loader reads: `personas.yaml` there and back."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from config.document import apply_model, parse_document
from config.models.offering import OfferingEntry
from config.models.personas import PersonaEntry, PersonasFile
from config.references import References
from core.ids import PersonaId
from core.offering import Faq, Named, Offering, Plan, PlanPrice, Price
from core.persona import Persona, PersonaQuestion
from core.site import SiteSource
from personas.file import render, update
from personas.rendering import ENTRY_KEYS, PERSONA_KEYS, SITE_KEYS

QUOTE = SiteSource(url="https://kiln.example/a", quote='Say "no: never" # to dust.', hash="9f2c", fields=("pains",))
PERSONA = Persona(
    id=PersonaId("potters"),
    name="Potters: day & night",
    kind="role",
    description="They fire at night. " * 20 + "They sleep.",
    company_sizes=("solo", "small_business"),
    industries=("crafts",),
    roles=("potter",),
    pains=("yes", "12:30", "- dash", "# hash", "sk-" + "a1b2c3d4" * 4),
    features=("alarms",),
    cues=("my kiln",),
    objections=("price",),
    proof=("3 of 4 stay",),
    openers=("How many kilns?",),
    quick_replies=("Prices", "1-5"),
    technical_level="low",
    buying_patterns=("a trial first",),
    budget="€9.50 a month",
    plan="Studio",
    questions=(PersonaQuestion(field="volume", text="How many?", options=("1-5", "10")),),
    pages=("/potters/", "https://kiln.example/x?y=1"),
    sources=(QUOTE,),
)
OFFERING = Offering(
    products=(Named(name="Kiln", source=QUOTE),),
    plans=(
        Plan(name="Studio", description="For one.", features=("Alarms: loud",), sources=(QUOTE,)),
        Plan(name="Factory", public=False),
    ),
    prices=(
        PlanPrice(
            plan="Studio",
            price=Price(
                amount=Decimal("9.50"), currency="EUR", period="month", unit="kiln", billed="year", at_least=True
            ),
            source=QUOTE,
        ),
        PlanPrice(plan="Hobby", price=Price(amount=Decimal(0), currency=""), source=QUOTE),
        PlanPrice(plan="", price=Price(amount=Decimal(936000), currency="USD", period="year"), source=QUOTE),
    ),
    faqs=(Faq(question="Is it safe?", answer="Yes.\nUse whsec_0123456789abcdef0123456789 never.", source=QUOTE),),
    competitors=(Named(name="Ovenly", source=QUOTE),),
    industries=(Named(name="Crafts", source=QUOTE),),
    not_for=(Named(name="Bakeries", source=QUOTE),),
    pricing=(Named(name="per seat", source=QUOTE),),
)


def read(data: bytes, folder: Path) -> PersonasFile:
    references = References(environment={}, directory=folder)
    document = apply_model(parse_document(data), PersonasFile, references, interpolated=False)
    assert document.flaws == ()
    assert document.value is not None
    return document.value


@pytest.fixture
def harmless() -> Persona:
    """Without the pain that looks like a key: in a persona's own texts those are refused, whoever wrote them."""
    return Persona(**{**{name: getattr(PERSONA, name) for name in PERSONA_KEYS}, "pains": PERSONA.pains[:-1]})


def test_everything_comes_back_as_it_was(harmless: Persona, tmp_path: Path) -> None:
    found = read(render((harmless,), OFFERING, site="https://kiln.example").encode(), tmp_path)
    assert [one.to_persona() for one in found.personas] == [harmless]
    assert found.to_offering() == OFFERING


def test_a_file_brought_up_to_date_is_valid_too(harmless: Persona, tmp_path: Path) -> None:
    update(tmp_path, (), Offering(), site="https://kiln.example")
    update(tmp_path, (harmless,), OFFERING, site="https://kiln.example")
    found = read((tmp_path / "personas.yaml").read_bytes(), tmp_path)
    assert [one.to_persona() for one in found.personas] == [harmless]
    assert found.to_offering() == OFFERING


def test_a_file_without_an_offer_is_valid(tmp_path: Path) -> None:
    assert read(b"personas: []\n", tmp_path).to_offering() == Offering()
    assert read(b"personas: []\nsite:\n", tmp_path).to_offering() == Offering()


def test_the_writer_knows_every_key_of_the_model() -> None:
    assert set(PERSONA_KEYS) == set(PersonaEntry.model_fields)
    assert set(SITE_KEYS) == set(OfferingEntry.model_fields)
    schema = PersonasFile.model_json_schema()
    below = {
        key
        for name, one in schema["$defs"].items()
        if name not in {"PersonaEntry", "OfferingEntry"}
        for key in one["properties"]
    }
    assert below == set(ENTRY_KEYS)
