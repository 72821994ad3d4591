from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.passage import Passage
from core.persona import Persona
from knowledge.reading.passages import page_hash, passages_of
from personas.lexicon import lexicon

EXAMPLES = Path(__file__).parents[2] / "examples"
PERSONAS: list[dict[str, Any]] = yaml.safe_load((EXAMPLES / "desk" / "personas.yaml").read_text(encoding="utf-8"))[
    "personas"
]


def _page(url: str) -> tuple[Passage, ...]:
    return passages_of((EXAMPLES / "site" / url.strip("/") / "index.html").read_bytes(), url)


def test_the_site_addresses_five_audiences() -> None:
    assert [entry["id"] for entry in PERSONAS] == ["saas_startup", "ecommerce", "agency", "enterprise", "healthcare"]


@pytest.mark.parametrize("entry", PERSONAS, ids=lambda entry: str(entry["id"]))
def test_every_persona_is_complete(entry: dict[str, Any]) -> None:
    assert set(entry) == set(Persona.__dataclass_fields__)
    assert all(entry.values())
    assert 12 <= len(entry["cues"]) <= 25
    assert 1 <= len(entry["quick_replies"]) <= 3
    assert all(len(label) <= 20 for label in entry["quick_replies"])
    assert set(entry["company_sizes"]) <= set(lexicon().sizes)


@pytest.mark.parametrize("entry", PERSONAS, ids=lambda entry: str(entry["id"]))
def test_every_source_is_on_its_page(entry: dict[str, Any]) -> None:
    for source in entry["sources"]:
        passages = _page(source["url"])
        assert any(source["quote"] in passage.text for passage in passages)
        assert source["hash"] == page_hash(passages)


@pytest.mark.parametrize("entry", PERSONAS, ids=lambda entry: str(entry["id"]))
def test_pages_and_proof_are_on_the_site(entry: dict[str, Any]) -> None:
    assert all(_page(url) for url in entry["pages"])
    site = [
        passage.text for file in (EXAMPLES / "site").rglob("*.html") for passage in passages_of(file.read_bytes(), "/")
    ]
    assert all(any(proof in text for text in site) for proof in entry["proof"])
