"""The API: what its document promises holds for requests nobody thought of, and writes are journalled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from dashboard.api_tokens import Scope
from dashboard.openapi import openapi
from tests.dashboard.desk import Desk

EXAMPLES = 25


async def _bearer(desk: Desk, *scopes: Scope) -> dict[str, str]:
    secret, _ = await desk.door.tokens.make(name="crm", scopes=scopes or list(Scope), made_by="anna")
    return {"Authorization": f"Bearer {secret}"}


async def test_that_every_operation_answers_as_its_document_says(desk: Desk) -> None:
    headers = await _bearer(desk)
    document = await (await desk.browser()).get("/api/v1/openapi.json")
    schema = schemathesis.openapi.from_dict(_parsed(document.text))
    schema.config.update(base_url=f"{desk.origin}/api/v1")
    asked = await asyncio.to_thread(lambda: [ask_much(operation, headers) for operation in operations(schema)])
    assert len(asked) == len(desk.door.api.endpoints)
    assert (await desk.door.guard.audit.verify()).broken_at is None


def operations(schema: Any) -> Iterator[Any]:
    for found in schema.get_all_operations():
        yield found.ok()


def ask_much(operation: Any, headers: dict[str, str]) -> str:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def holds(case: Any) -> None:
        case.call_and_validate(headers=headers)

    holds()
    return str(operation.label)


async def test_that_a_token_is_kept_as_a_hash_told_once_and_gone_when_revoked(desk: Desk) -> None:
    headers, browser = await _bearer(desk), await desk.browser()
    me = await browser.send("GET", "/api/v1/me", headers=headers)
    assert (me.status, _parsed(me.text)["madeBy"]) == (200, "anna")
    kept = "".join((await desk.store.records.all("token")).values())
    assert headers["Authorization"].split()[1] not in kept
    identity = _parsed(me.text)["id"]
    assert (await browser.send("DELETE", f"/api/v1/tokens/{identity}", headers=headers)).status == 200
    assert (await browser.send("GET", "/api/v1/me", headers=headers)).status == 401
    lines, _ = await desk.door.guard.audit.latest(skip=0, count=1)
    assert (lines[0].who, lines[0].what, lines[0].on) == (f"token:{identity}", "token.revoked", identity)


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", "1", "{", '{"name":"a"}', '{"name":"a","scopes":[]}', '{"name":"a","scopes":["owner"]}',
     '{"name":"a","scopes":["read"],"madeBy":"eve"}', "[" * 200_000, '{"name":"\\ud800","scopes":["read"]}',
     '{"name":1e999,"scopes":["read"]}'],
    ids=lambda body: body[:20],
)  # fmt: skip
async def test_that_a_body_that_does_not_fit_is_refused_in_fixed_words(desk: Desk, body: str) -> None:
    headers = {**await _bearer(desk), "Content-Type": "application/json"}
    browser = await desk.browser()
    async with browser.session.post(f"{desk.origin}/api/v1/tokens", data=body, headers=headers) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"] == "body_invalid"
    assert len(await desk.door.tokens.all()) == 1


async def test_that_a_session_of_the_pages_is_no_token(desk: Desk) -> None:
    browser = await desk.member()
    assert (await browser.get("/api/v1/me")).status == 401
    assert (await browser.get("/api/v1/me", Authorization=f"Bearer {browser.cookie()}")).status == 401


async def test_that_the_document_names_the_path_a_proxy_puts_in_front(desk: Desk) -> None:
    document = openapi(desk.door.api.endpoints, title="Frontdesk", version="1.0.0", server="/talk")
    assert document["servers"] == [{"url": "/talk/api/v1"}]
    assert document["paths"]["/tokens"]["post"]["operationId"] == "postTokens"


def _parsed(text: str) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(text)
    return found
