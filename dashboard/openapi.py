"""The OpenAPI document of the endpoints, made from their models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from dashboard.api import ROOT, ApiModel, Endpoint, Problem

Named = dict[tuple[object, JsonSchemaMode], str]
_PART = re.compile(r"\{(\w+)\}")
_REFERENCE = "#/components/schemas/{model}"
_ALWAYS = {"400": "Not acceptable.", "401": "No valid token.", "403": "The token's scopes do not cover this."}


def openapi(endpoints: Sequence[Endpoint], *, title: str, version: str, server: str) -> dict[str, Any]:
    """OpenAPI 3.1. `server` is the path or address in front of /api/v1."""
    asked: list[tuple[type[ApiModel], JsonSchemaMode]] = sorted(set(_models(endpoints)), key=str)
    schemas, definitions = models_json_schema(asked, ref_template=_REFERENCE)
    named: Named = {(model, mode): str(schema["$ref"]) for (model, mode), schema in schemas.items()}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, named)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": f"{server}{ROOT}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models(endpoints: Sequence[Endpoint]) -> Iterator[tuple[type[ApiModel], JsonSchemaMode]]:
    yield Problem, "serialization"
    for endpoint in endpoints:
        yield endpoint.answer, "serialization"
        if endpoint.body:
            yield endpoint.body, "validation"


def _operation(endpoint: Endpoint, named: Named) -> dict[str, Any]:
    problem = _content(named[Problem, "serialization"])
    refusals = {**_ALWAYS, **({"404": "There is none."} if _PART.search(endpoint.path) else {})}
    if endpoint.body:
        refusals |= {"413": "Too long.", "415": "Not JSON."}
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": _operation_id(endpoint),
        "description": f"Needs the scope `{endpoint.scope.value}`.",
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": {
            str(endpoint.status): {"description": "Done.", **_content(named[endpoint.answer, "serialization"])},
            **{status: {"description": words, **problem} for status, words in refusals.items()},
        },
    }
    if endpoint.body:
        operation["requestBody"] = {"required": True, **_content(named[endpoint.body, "validation"])}
    return operation


def _operation_id(endpoint: Endpoint) -> str:
    words = [endpoint.method.lower(), *re.findall(r"\w+", endpoint.path)]
    return "".join((words[0], *(word.capitalize() for word in words[1:])))


def _content(reference: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": reference}}}}


def _path_parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    for name in _PART.findall(endpoint.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _query_parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    schema = endpoint.query.model_json_schema() if endpoint.query else {}
    required = schema.get("required", ())
    for name, value in schema.get("properties", {}).items():
        yield {"name": name, "in": "query", "required": name in required, "schema": value}
