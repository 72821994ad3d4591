"""Schemas describe every key, agree with the models, and accept what the loader accepts."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pytest

from config.fields import Section
from config.models.experiments import ExperimentsFile
from config.models.handoff import HandoffSettings
from config.models.offering import SourceEntry
from config.models.offers import OffersFile
from config.models.personas import PersonaEntry, PersonasFile
from config.models.settings import FrontdeskSettings
from config.phrases import phrases_schema
from config.schema import schema_of, schemas
from core.persona import Persona
from core.site import SiteSource

FILES = (FrontdeskSettings, PersonasFile, HandoffSettings, OffersFile, ExperimentsFile)


class FerrySettings(Section):
    """An invented kind of channel."""

    kind: Literal["ferry"]
    seats: int = 3


def properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for owner in (schema, *schema.get("$defs", {}).values()):
        for name, described in owner.get("properties", {}).items():
            target = str(described.get("$ref", "")).rpartition("/")[2]
            yield f"{owner['title']}.{name}", {**schema.get("$defs", {}).get(target, {}), **described}


@pytest.mark.parametrize("model", FILES, ids=lambda model: model.__name__)
def test_every_key_has_a_description_and_an_example(model: type[Section]) -> None:
    found = dict(properties(schema_of(model)))
    assert found
    bare = [name for name, one in found.items() if not one.get("description") or not one.get("examples")]
    assert bare == []


@pytest.mark.parametrize("model", FILES, ids=lambda model: model.__name__)
def test_every_file_refuses_unknown_keys_and_is_immutable(model: type[Section]) -> None:
    schema = schema_of(model)
    owners = [schema, *schema.get("$defs", {}).values()]
    assert all(owner.get("additionalProperties") is False for owner in owners if "properties" in owner)
    assert model.model_config.get("frozen") is True


def test_schemas_come_by_file_and_are_json() -> None:
    found = schemas(files={"menu.yaml": FerrySettings}, channels={"ferry": FerrySettings})
    assert list(found) == ["frontdesk.yaml", "personas.yaml", "handoff.yaml", "menu.yaml", "channels/ferry.yaml"]
    assert json.loads(json.dumps(found)) == found
    assert all(one["$schema"].startswith("https://json-schema.org/") for one in found.values())


def test_settings_accept_references_where_single_values_stand() -> None:
    seats = schema_of(FerrySettings)["properties"]["seats"]
    assert seats["default"] == 3
    kinds = [option["type"] for option in seats["anyOf"]]
    assert kinds == ["integer", "string"]
    assert re.search(seats["anyOf"][1]["pattern"], "${env:SEATS}")
    assert schema_of(FerrySettings)["properties"]["kind"]["const"] == "ferry"
    assert "anyOf" not in schema_of(FerrySettings, interpolated=False)["properties"]["seats"]


def test_secrets_are_described_as_references() -> None:
    token = schema_of(HandoffSettings)["$defs"]["SlackSettings"]["properties"]["bot_token"]
    assert re.search(token["pattern"], "${env:FRONTDESK_SLACK_BOT_TOKEN}")
    assert re.search(token["pattern"], "${file:/run/secrets/slack}")
    assert not re.search(token["pattern"], "xoxb-1")


def test_the_default_store_is_in_the_schema() -> None:
    store = schema_of(FrontdeskSettings)["$defs"]["StoreSettings"]["properties"]["url"]
    assert store["default"] == "redis+embedded://.frontdesk"


@pytest.mark.parametrize(("model", "value"), [(PersonaEntry, Persona), (SourceEntry, SiteSource)])
def test_persona_entries_have_the_engines_fields_and_defaults(model: type[Section], value: type) -> None:
    fields = {field.name: field for field in dataclasses.fields(value)}
    assert list(model.model_fields) == list(fields)
    for name, field in model.model_fields.items():
        assert field.is_required() == (fields[name].default is dataclasses.MISSING)
        if not field.is_required():
            assert field.default == fields[name].default


def test_a_whole_persona_reaches_the_engine_unchanged() -> None:
    entry = {
        "id": "saas_startup", "name": "SaaS startup", "kind": "segment", "description": "Young software firms.",
        "company_sizes": ["startup"], "industries": ["software"], "roles": ["founder"], "pains": ["tickets"],
        "features": ["REST API"], "cues": ["our MVP"], "objections": ["price"], "proof": ["live in two days"],
        "openers": ["How many tickets?"], "quick_replies": ["Startup pricing"], "technical_level": "high",
        "buying_patterns": ["a pilot first"], "budget": "$49 a month", "plan": "Starter",
        "questions": [{"field": "volume", "text": "How many tickets?", "options": ["few", "many"]}],
        "pages": ["/startups"],
        "sources": [{"url": "/s", "quote": "Built for small teams.", "hash": "9f2c", "fields": ["description"]}],
    }  # fmt: skip
    persona = PersonaEntry.model_validate_json(json.dumps(entry), strict=True).to_persona()
    assert json.loads(json.dumps(dataclasses.asdict(persona))) == entry


def test_the_schema_of_phrases_is_json() -> None:
    schema = phrases_schema()
    assert json.loads(json.dumps(schema)) == schema
