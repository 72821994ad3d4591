"""The lead as others read it: as the page of the sinks says, complete, and the same for the same lead."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from config.models.sinks import LeadField
from core.lead import Lead
from core.rep import Rep, RepId
from handoff.payload import PAYLOAD_VERSION, lead_payload, lead_values, mapped, summary

PAGE = (Path(__file__).parents[2] / "docs" / "sinks.md").read_text(encoding="utf-8")
MakeLead = Callable[..., Lead]


def test_that_the_page_names_every_key_and_no_other(make_lead: MakeLead) -> None:
    payload = lead_payload(make_lead(owner=Rep(id=RepId("U07"), name="Ada")))
    table = PAGE[PAGE.index("| key | what it holds |") : PAGE.index("## HubSpot")]
    rows = [row.split("|")[1:3] for row in table.splitlines()[2:] if row.startswith("|")]
    assert {key for first, _ in rows for key in re.findall(r"`(\w+)`", first)} == set(payload)
    for first, second in rows:
        (key, *more) = re.findall(r"`(\w+)`", first)
        if not more and isinstance(payload[key], dict):
            assert set(re.findall(r"`(\w+)`", second)) - {"reason", "points"} == set(payload[key])
    assert f"version {PAYLOAD_VERSION} (" in PAGE


def test_that_the_payload_is_json_in_camel_case_and_the_same_each_time(make_lead: MakeLead) -> None:
    assert json.dumps(lead_payload(make_lead())) == json.dumps(lead_payload(make_lead()))
    assert not [key for key in re.findall(r'"(\w+)":', json.dumps(lead_payload(make_lead()))) if "_" in key]


def test_that_every_value_a_map_can_name_exists_and_is_on_the_page(make_lead: MakeLead) -> None:
    full = make_lead(owner=Rep(id=RepId("U07"), name="Ada"), verdict="won", value=12.5)
    assert set(lead_values(full)) == set(get_args(LeadField))
    assert all(f"`{name}`" in PAGE for name in get_args(LeadField))


def test_that_names_are_split_and_empty_values_left_out(make_lead: MakeLead) -> None:
    one = {"firstName": "first", "lastName": "last", "company": "firm", "phone": ""}
    assert mapped(make_lead(name="Nadia de Souza", company=""), one) == {"first": "Nadia", "last": "de Souza"}
    assert mapped(make_lead(name="Nadia", company=""), one) == {"last": "Nadia"}


def test_that_a_summary_has_what_is_known_and_nothing_empty(make_lead: MakeLead) -> None:
    lines = summary(make_lead()).splitlines()
    assert lines[:3] == ["Persona: Startup team lead", "Readiness: high (74 of 100)", "Authority: decides with the CTO"]
    assert all(line.partition(": ")[2] for line in lines)
