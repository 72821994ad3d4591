"""What a file of labelled conversations may look like, and what its labels mean for a desk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigError
from core.ids import PersonaId
from core.persona import Persona
from core.site import SiteSource
from frontdesk.evaluation.gold import path_of, read_gold, read_labels

FINE: dict[str, Any] = {"id": "a", "persona": None, "turns": [{"t": 1, "visitor": "hi"}]}


def persona(identity: str, name: str, *urls: str) -> Persona:
    sources = tuple(SiteSource(url=url, quote="q") for url in urls)
    return Persona(id=PersonaId(identity), name=name, sources=sources)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "Invalid JSON"),
        ("[]", "should be an object"),
        (json.dumps({"id": "b", "turns": []}), "persona: Field required"),
        (json.dumps(FINE | {"id": "b", "turns": []}), "numbered 1, 2, 3"),
        (json.dumps(FINE | {"id": "b", "turns": [{"t": 2, "visitor": "x"}]}), "numbered 1, 2, 3"),
        (json.dumps(FINE | {"id": "b", "readiness": "hot"}), "readiness"),
        (json.dumps(FINE | {"id": "b", "ask": {"mode": "must"}}), "`earliest` is needed"),
        (json.dumps(FINE | {"id": "b", "ask": {"mode": "must", "earliest": 1}}), "`by` is needed"),
        (json.dumps(FINE), "'a' was used before"),
    ],
)
def test_a_bad_line_is_refused_with_its_place(line: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_gold([json.dumps(FINE), "", line], file="talks.jsonl")
    assert str(refused.value).startswith("talks.jsonl:3: ")
    assert complaint in str(refused.value)


def test_a_file_without_conversations_is_refused() -> None:
    with pytest.raises(ConfigError, match="no conversation"):
        read_gold(["", " "], file="talks.jsonl")


def test_only_what_is_measured_needs_a_label() -> None:
    (one,) = read_gold([json.dumps(FINE | {"notes": "anything"})], file="x")
    assert one.ask is None
    assert one.turns[0].state is None


def test_labels_follow_names_first_and_pages_else(tmp_path: Path) -> None:
    (tmp_path / "talks.labels.yaml").write_text(
        "labels:\n"
        "  bakers: {words: [baker, cake shop], pages: [/for/bakers/]}\n"
        "  florists: {words: [florist], pages: [/for/flowers]}\n"
        "  butchers: {words: [butcher], pages: [/for/meat/]}\n"
        "slots_not_scored: [pains]\n"
    )
    personas = [
        persona("p1", "Cake shops", "https://x.example/for/bakers/"),
        persona("p2", "Owners", "https://x.example/for/bakers/"),
        persona("p3", "Shops with roses", "/for/flowers/index.html"),
    ]
    labels = read_labels(tmp_path / "talks.jsonl", personas)
    assert labels.ids("bakers") == {"p1"}
    assert labels.ids("florists") == {"p3"}
    assert labels.ids("butchers") == frozenset()
    assert labels.ids("anything_else") == {"anything_else"}
    assert labels.slots_not_scored == {"pains"}


def test_without_a_labels_file_labels_are_ids(tmp_path: Path) -> None:
    assert read_labels(tmp_path / "talks.jsonl", []).ids("bakers") == {"bakers"}


@pytest.mark.parametrize("content", ["labels: 3", "lables: {}", "labels: [", "labels: {a: {page: [/x]}}"])
def test_a_broken_labels_file_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / "talks.labels.yaml").write_text(content)
    with pytest.raises(ConfigError, match=r"talks\.labels\.yaml"):
        read_labels(tmp_path / "talks.jsonl", [])


def test_pages_are_the_same_however_their_address_ends() -> None:
    assert {path_of(url) for url in ("/a/", "/a", "/a/index.html", "https://x.example/a?b=c#d")} == {"/a"}
    assert {path_of(url) for url in ("/", "", "https://x.example", "/index.html")} == {"/"}
