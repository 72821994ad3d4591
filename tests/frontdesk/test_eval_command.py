"""`frontdesk eval` as people run it, and the material that is shipped for it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import ConfigError
from evaluation.score_site import main as score_main
from evaluation.score_site import pages_of, score, text_of_page
from frontdesk.commands.eval import run
from frontdesk.evaluation.gold import path_of, read_gold

ROOT = Path(__file__).parents[2]
DESK = ROOT / "examples" / "desk"
MATERIAL = ROOT / "evaluation"
SITES = sorted(path.parent for path in (MATERIAL / "sites").glob("*/gold.yaml"))
TALKS = sorted(MATERIAL.glob("*.jsonl"))
REQUIRED = {
    *("id", "persona", "persona_alt", "persona_decidable_turn", "visitor_type", "language", "ask", "readiness"),
    *("email_volunteered_turn", "readiness_accept", "bant_available", "phenomena", "must_not", "final"),
    *("final_optional", "turns", "notes"),
}


def evaluate(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "frontdesk", "eval", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_figures_stand_beside_trivial_policies() -> None:
    found = evaluate(str(MATERIAL / "fernlight.jsonl"), "-c", str(DESK), "--json", "--arms", "--now", "2026-03-02")
    report = json.loads(found.stdout)
    assert found.returncode == 0
    assert report["conversations"] == len(rows(MATERIAL / "fernlight.jsonl"))
    top1 = report["metrics"]["persona_top1"]
    assert top1["interval"][0] <= top1["value"] <= top1["interval"][1]
    assert set(top1["trivial"]) == {"always none", "most common"}
    assert set(report["metrics"]["ask_regret"]["trivial"]) == {"never ask", "ask in reply 3", "patterns"}
    assert report["arms"]["full"]["persona_top1"]["value"] == top1["value"]
    assert len(report["wrong_personas"]) == round((1 - top1["value"]) * report["conversations"])
    assert "conversations" not in found.stderr


def test_the_trigger_frontier_counts_calls_and_fields() -> None:
    arguments = ("-c", str(DESK), "--triggers", "--now", "2026-03-02")
    found = evaluate(str(MATERIAL / "fernlight.jsonl"), *arguments, "--json")
    report = json.loads(found.stdout)
    assert report["calls"]["triggered"] < report["calls"]["always"] == report["messages"]
    assert report["recall"] == pytest.approx(report["fields"]["triggered"] / report["fields"]["always"], abs=1e-4)
    assert sum(report["missed"].values()) == report["fields"]["always"] - report["fields"]["triggered"]
    assert sum(one["fields"] for one in report["triggers"].values()) == report["fields"]["triggered"]


def test_the_table_is_readable_and_says_what_is_wrong(tmp_path: Path) -> None:
    turns = [
        {"t": 1, "visitor": "We run an online shop on Shopify with 40 people, where is my order all day.", "intent": 2}
    ]
    talk = tmp_path / "talk.jsonl"
    talk.write_text(
        json.dumps({"id": "right", "persona": "ecommerce", "turns": turns}, ensure_ascii=False)
        + "\n"
        + json.dumps({"id": "odd-one", "persona": "healthcare", "turns": turns})
        + "\n"
    )
    found = evaluate(str(talk), "-c", str(DESK), "--now", "2026-03-02")
    assert found.returncode == 0
    assert "persona right at the end" in found.stdout
    assert "always none 0.000" in found.stdout
    assert "odd-one" in found.stdout
    assert "slots" not in found.stdout


@pytest.mark.parametrize("line", ["{", '{"id": "x"}', '{"id": "x", "persona": 3, "turns": [{"t": 1, "visitor": "a"}]}'])
def test_a_bad_line_is_refused_with_its_place(line: str, tmp_path: Path) -> None:
    source = tmp_path / "talk.jsonl"
    source.write_text(f"\n{line}\n")
    with pytest.raises(ConfigError, match=r"talk\.jsonl:2: "):
        run(
            argparse.Namespace(
                file=source, config=DESK, json=False, markdown=False, triggers=False, facts=None, arms=False, now=""
            )
        )


def test_a_file_that_is_none_is_78() -> None:
    found = evaluate("nothing.jsonl", "-c", str(DESK))
    assert found.returncode == 78
    assert "nothing.jsonl" in found.stderr
    assert "Traceback" not in found.stderr


def test_the_conversations_are_complete_and_some_fit_nobody() -> None:
    talks = [row for path in TALKS for row in rows(path)]
    assert len(talks) >= 36
    assert sum(row["persona"] is None for row in talks) >= 10
    assert len({row["language"] for row in talks}) >= 4
    assert {row["persona_decidable_turn"] for row in talks if row["persona"]} == {1, 2, 3}
    for row in talks:
        assert row.keys() >= REQUIRED, row["id"]
        assert row["final"] == row["turns"][-1]["state"], row["id"]
        assert 1 <= row["persona_decidable_turn"] <= len(row["turns"]), row["id"]
    for path in TALKS:
        labels = yaml.safe_load(path.with_name(f"{path.stem}.labels.yaml").read_text(encoding="utf-8"))["labels"]
        read = read_gold(path.read_text(encoding="utf-8").split("\n"), file=path.name)
        named = Counter(label for one in read for label in (one.persona, *one.persona_alt) if label)
        assert set(named) == set(labels)
        assert min(named.values()) >= 2


@pytest.mark.parametrize("site", SITES, ids=lambda path: path.name)
def test_what_the_site_is_said_to_say_is_there_letter_for_letter(site: Path) -> None:
    gold = yaml.safe_load((site / "gold.yaml").read_text(encoding="utf-8"))
    pages = pages_of(site)
    assert 9 <= len(pages) <= 15
    for key in ("personas", "not_for", "prices"):
        for one in gold[key]:
            assert " ".join(one["quote"].split()).casefold() in pages[path_of(one["page"])], one["quote"]
    for key, name in (("competitors", "name"), ("faqs", "question")):
        for one in gold[key]:
            assert one[name].casefold() in pages[path_of(one["page"])]


@pytest.mark.parametrize("site", SITES, ids=lambda path: path.name)
def test_every_page_of_a_site_can_be_reached(site: Path) -> None:
    html = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    linked = {site / "index.html"}
    for page, text in html.items():
        for link in (part.split('"', 1)[0] for part in text.split('href="')[1:]):
            if "://" in link or link.startswith(("#", "mailto:")):
                continue
            target = (site / link.lstrip("/") if link.startswith("/") else page.parent / link).resolve()
            linked.add(target / "index.html" if target.is_dir() else target)
    assert all(path.is_file() for path in linked)
    assert set(html) <= linked


SITE = {
    "site": {
        "prices": [
            {"plan": "Solo", "amount": 12, "currency": "GBP", "period": "month", "unit": "", "url": "/", "quote": "x"},
            {"plan": "Yard", "price": {"amount": "16.5", "currency": "GBP", "period": "month", "unit": "vehicle"}},
            {"plan": "Yard", "amount": "39", "currency": "GBP", "period": "month", "unit": "vehicle"},
        ],
        "not_for": [{"name": "parcel couriers", "url": "/", "quote": "parcel couriers with eighty drops"}],
        "competitors": [{"name": "Loadmarshal"}, {"name": "Xero"}],
        "faqs": [{"question": "Do my drivers need new phones?", "answer": "No."}],
    },
    "personas": [
        {"id": "hauliers", "name": "Family hauliers", "sources": [{"url": "/", "quote": "Mostly family hauliers"}]},
        {"id": "coach", "name": "Coach operators", "sources": [{"url": "/our-story.html", "quote": "for coach firms"}]},
        {"id": "bakers", "name": "Bakers", "sources": []},
    ],
}


def test_scoring_a_site_finds_what_is_there_missing_and_made_up() -> None:
    site = MATERIAL / "sites" / "carrowline"
    gold = yaml.safe_load((site / "gold.yaml").read_text(encoding="utf-8"))
    shares = score(gold, SITE, ["and plenty of owner-drivers, too: one cab"], pages_of(site))
    assert (shares["personas found"].found, shares["personas found"].of) == (1, 5)
    assert shares["personas spurious"].named == ("Coach operators", "Bakers")
    assert shares["not-for or trap as persona"].named == ("Coach operators",)
    assert shares["quotes verbatim"].named == ("for coach firms",)
    assert (shares["prices found"].found, shares["prices found"].of) == (2, 7)
    assert shares["prices invented"].named == ("Yard 39 GBP month vehicle",)
    assert (shares["not-for found"].found, shares["not-for found"].of) == (1, 3)
    assert shares["competitors found"].named == ("Wheelhouse TMS",)
    assert shares["competitors invented"].named == ("Xero",)
    assert shares["questions found"].found == 1
    assert shares["statements kept as passages"].found == 0


def test_scoring_a_site_from_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "personas.yaml").write_text(yaml.safe_dump(SITE))
    (tmp_path / "knowledge.jsonl").write_text(json.dumps({"text": "It isn't for bus and coach operators."}) + "\n")
    site = str(MATERIAL / "sites" / "carrowline")
    assert score_main([site, str(tmp_path / "personas.yaml"), str(tmp_path / "knowledge.jsonl")]) == 0
    assert "statements kept as passages    1/" in capsys.readouterr().out
    assert score_main([]) == 64


def test_a_quote_may_run_over_inline_tags_and_not_into_scripts() -> None:
    html = "<head><title>No</title></head><p>A <b>split</b>\n sentence &amp; more<script>var x</script></p>"
    assert text_of_page(html) == "a split sentence & more"
