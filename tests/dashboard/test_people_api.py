"""The API about people and figures: what it tells, page by page, and that its document keeps its word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
import schemathesis

from core.store_ports import Store
from dashboard.analysis_rooms import analysis_rooms
from dashboard.api_tokens import Scope
from frontdesk.simulation.filling import fill
from frontdesk.simulation.people import Crowd, World
from tests.contracts.stores import SHARDS
from tests.dashboard.desk import Desk, StandingClock, open_desk
from tests.dashboard.test_api import ask_much, operations

WORLD = World(
    personas=(("clinics", "Clinics"), ("shops", "Shops")),
    channels=("web", "telegram"),
    questions=("volume", "budget"),
    site="https://www.example.com",
    now=StandingClock().now(),
)
MADE = 120


@pytest.fixture
async def crowded(embedded_store: Store) -> AsyncIterator[Desk]:
    await fill(embedded_store, Crowd(WORLD, Random(11), "11"), MADE, shards=SHARDS, told=lambda _: None)
    async with open_desk(embedded_store, rooms=analysis_rooms(embedded_store, StandingClock())) as desk:
        yield desk


async def told(desk: Desk, path: str, *, status: int = 200) -> Any:
    secret, _ = await desk.door.tokens.make(name="crm", scopes=[Scope.READ], made_by="anna")
    browser = await desk.browser()
    seen = await browser.get(f"/api/v1{path}", Authorization=f"Bearer {secret}")
    assert seen.status == status, seen.text
    return json.loads(seen.text)


async def all_rows(desk: Desk, path: str, rows: str = "rows") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = await told(desk, f"{path}&after={after}")
        found += page[rows]
        after = page["next"]
        if not after:
            return found


async def test_that_pages_follow_each_other_and_miss_nobody(crowded: Desk) -> None:
    everybody = await all_rows(crowded, "/profiles?limit=50")
    assert len({row["conversation"] for row in everybody}) == len(everybody) == MADE
    leads = await all_rows(crowded, "/leads?limit=7&order=score")
    assert {row["conversation"] for row in leads} == {row["conversation"] for row in everybody if row["lead"]}
    assert [row["score"] for row in leads] == sorted((row["score"] for row in leads), reverse=True)
    some = await told(crowded, "/leads?status=new&channel=telegram")
    assert {(row["status"], row["channel"]) for row in some["rows"]} == {("new", "telegram")}


async def test_that_one_lead_one_profile_and_one_conversation_fit_together(crowded: Desk) -> None:
    row = (await told(crowded, "/leads?limit=1&status=contacted"))["rows"][0]
    lead = await told(crowded, f"/leads/{row['lead']}")
    profile = await told(crowded, f"/profiles/{row['conversation']}")
    first = await told(crowded, f"/conversations/{row['conversation']}?limit=1")
    rest = await told(crowded, f"/conversations/{row['conversation']}?after={first['next']}&limit=500")
    assert lead["email"] == row["email"] == profile["row"]["email"]
    assert sum(line["points"] for line in lead["receipt"]) == pytest.approx(lead["score"])
    lines = [*first["lines"], *rest["lines"]]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert rest["next"] is None
    texts = [line["text"] for line in lines]
    assert all(any(fact["quote"] in text for text in texts) for fact in profile["facts"])


async def test_that_events_sum_up_to_the_figures(crowded: Desk) -> None:
    events = await all_rows(crowded, "/events?limit=40", "events")
    assert len({one["id"] for one in events}) == len(events)
    figures = await told(crowded, "/analytics?from=2020-01-01")
    for level in figures["funnel"][1:]:
        assert level["count"] == sum(one["stage"] == level["stage"] for one in events), level
    assert figures["funnel"][0] == {"stage": "visitor", "count": MADE, "share": 1.0}
    for dimension in ("persona", "channel"):
        counted = {one["value"]: one["funnel"] for one in figures["groups"] if one["dimension"] == dimension}
        for value, funnel in counted.items():
            emails = [one for one in events if one[dimension] == value and one["stage"] == "email"]
            assert funnel[3] == {"stage": "email", "count": len(emails), "share": pytest.approx(funnel[3]["share"])}


@pytest.mark.parametrize(
    "query",
    [
        *("/leads?limit=0", "/leads?limit=201", "/leads?order=shoes", "/leads?after=nowhere", "/leads?shoes=red"),
        *("/leads?q=a&q=b", "/analytics?from=yesterday", "/conversations/x?after=-1"),
    ],
)
async def test_that_a_question_that_does_not_fit_is_refused_in_a_fixed_word(crowded: Desk, query: str) -> None:
    assert (await told(crowded, query, status=400))["error"] == "query_invalid"


async def test_that_spans_in_any_order_and_of_any_length_are_answered(crowded: Desk) -> None:
    backwards = await told(crowded, "/analytics?from=2027-01-15&to=2027-01-01")
    assert (backwards["first"], backwards["last"]) == ("2027-01-01", "2027-01-15")
    for query in (
        "?from=0001-01-01",
        "?to=0001-01-01",
        "?to=9999-12-31",
        "?from=9999-12-31",
        "?from=0001-01-01&to=9999-12-31",
    ):
        assert len((await told(crowded, f"/analytics{query}"))["points"]) <= 62, query


async def test_that_every_operation_answers_as_its_document_says(crowded: Desk) -> None:
    secret, _ = await crowded.door.tokens.make(name="crm", scopes=list(Scope), made_by="anna")
    headers = {"Authorization": f"Bearer {secret}"}
    document = json.loads((await (await crowded.browser()).get("/api/v1/openapi.json")).text)
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=f"{crowded.origin}/api/v1")
    ours = [one for one in operations(schema) if "/tokens" not in one.path]
    asked = await asyncio.to_thread(lambda: [ask_much(one, headers) for one in ours])
    assert len(asked) == len(crowded.door.api.endpoints) - 3
