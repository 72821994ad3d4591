"""JSON Schema of every file, for editors and other tools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from config.loader import HANDOFF, PERSONAS, SETTINGS
from config.models.handoff import HandoffSettings
from config.models.personas import PersonasFile
from config.models.settings import FrontdeskSettings
from config.secret import RESOLVED_BY_FIELD
from config.strays import CHANNELS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_REFERENCE = {"type": "string", "pattern": r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}"}
_OUTER = ("title", "description", "examples", "default")
_NARROWING = ("pattern", "format", "enum", "maxLength", "minLength")


def schemas(
    *, files: Mapping[str, type[BaseModel]] | None = None, channels: Mapping[str, type[BaseModel]] | None = None
) -> dict[str, dict[str, Any]]:
    """A schema for each file, by name (`frontdesk.yaml`, `channels/web.yaml` for the kind `web`, ...)."""
    found = {
        SETTINGS: schema_of(FrontdeskSettings),
        PERSONAS: schema_of(PersonasFile, interpolated=False),
        HANDOFF: schema_of(HandoffSettings),
    }
    found |= {name: schema_of(model, interpolated=False) for name, model in (files or {}).items()}
    return found | {f"{CHANNELS}/{kind}.yaml": schema_of(model) for kind, model in (channels or {}).items()}


def schema_of(model: type[BaseModel], *, interpolated: bool = True) -> dict[str, Any]:
    """The schema of one file; with `interpolated`, `${env:NAME}` is accepted wherever a single value is."""
    schema = model.model_json_schema()
    shown = _with_references(schema) if interpolated else schema
    return {"$schema": DIALECT, **shown}


def _with_references(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_references(item) for item in node]
    if not isinstance(node, dict):
        return node
    if _takes_reference(node):
        outer = {key: node[key] for key in _OUTER if key in node}
        return {**outer, "anyOf": [{key: value for key, value in node.items() if key not in _OUTER}, _REFERENCE]}
    return {key: value if key in {"examples", "default"} else _with_references(value) for key, value in node.items()}


def _takes_reference(node: Mapping[str, Any]) -> bool:
    match node.get("type"):
        case "integer" | "number" | "boolean":
            return True
        case "string":
            narrow = any(key in node for key in _NARROWING)
            return narrow and node.get("format") not in RESOLVED_BY_FIELD and "const" not in node
        case _:
            return False
