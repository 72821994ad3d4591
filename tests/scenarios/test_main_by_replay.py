"""The main conversation through `replay`: what is understood after each turn, without store or network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from frontdesk.desk import read_desk
from frontdesk.mind import build_mind
from frontdesk.replay import Conversation, ReplayClock, replay

DESK = Path(__file__).parents[2] / "examples" / "desk"
NOON = 1_772_366_400.0  # 1 March 2026

MAIN = (
    "Hi, I'm looking for customer support automation",
    "Yes, we're a 10-person team using React and Node.js",
    "We get about 100 tickets/day and need API integration",
    "founder@techstartup.com",
    "This looks great! What about enterprise security features?",
)
REWORDED = (
    "Hello! Our support mail grows over our heads, can you automate answers?",
    "There are twelve of us, we build a web app on Vue and Django.",
    "Roughly 80 tickets a day. We'd want to hook it up through your API.",
    "sure: ana.lind@patchworks.dev",
    "Nice! Which security certificates do you have for bigger customers?",
)


async def turns_of(*said: str, before: dict[int, str] | None = None) -> list[dict[str, Any]]:
    clock = ReplayClock(seconds=NOON)
    mind = build_mind(read_desk(DESK), clock=clock, transcript_channels=("replay",))
    turns = [{"t": t, "visitor": text, "bot_before": (before or {}).get(t)} for t, text in enumerate(said, 1)]
    conversation = Conversation.model_validate_json(json.dumps({"id": "c", "turns": turns}))
    return [row async for row in replay(conversation, mind.engine, clock, mind.questions)]


@pytest.mark.parametrize(
    ("said", "people", "stack", "volume", "email"),
    [
        (MAIN, 10, {"React", "Node.js"}, 100, "founder@techstartup.com"),
        (REWORDED, 12, {"Vue.js", "Django"}, 80, "ana.lind@patchworks.dev"),
    ],
    ids=["main", "reworded"],
)
async def test_that_each_turn_is_understood(
    said: tuple[str, ...], people: int, stack: set[str], volume: int, email: str
) -> None:
    first, second, third, fourth, fifth = await turns_of(*said)
    assert first["persona"] is None
    assert first["persona_probs"]["saas_startup"] > 0
    assert sum(first["persona_probs"].values()) == pytest.approx(1, abs=0.01)
    assert second["persona"] == "saas_startup"
    assert second["slots"]["company_size"] == people
    assert stack <= set(second["slots"]["tech_stack"])
    assert third["slots"]["volume"] == {"value": volume, "unit": "tickets", "period": "day"}
    assert third["slots"]["integrations"] == ["Custom API"]
    assert third["intent"] >= 2
    assert [row["ask_email"] for row in (first, second, third, fourth, fifth)] == [False, False, True, False, False]
    assert fourth["slots"]["email"] == email
    assert fourth["wire"]["botMode"] == "sales"
    assert fifth["slots"]["security"]
    assert fifth["p_ready"] > fourth["p_ready"]
    levels = ["low", "medium", "high"]
    assert levels.index(fifth["readiness"]) >= levels.index(fourth["readiness"]) > levels.index(first["readiness"])


async def test_that_a_bare_answer_is_read_by_the_question_before_it() -> None:
    before = {2: "How many agents would work with it?", 3: "And roughly how many tickets do you get per month?"}
    _, second, third = await turns_of("we want to automate support", "8", "around 900", before=before)
    assert second["slots"]["team_size"] == 8
    assert third["slots"]["volume"]["value"] == 900


async def test_that_replaying_again_gives_the_same() -> None:
    assert await turns_of(*MAIN) == await turns_of(*MAIN)
