"""Every query of the Grafana board and the alerts names metrics and labels that are there, and each is documented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, ProcessCollector

from core.counts import Counts, Outcome, Spread
from frontdesk.metrics.families import Figures, ModelFigures, families
from inference.metering import Meter
from store.backlog import Backlog

ROOT = Path(__file__).parents[2]
BOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "frontdesk.json").read_text())
ALERTS: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text())
PAGE = (ROOT / "docs" / "operations.md").read_text()
SCRAPED = {"job", "instance"}
"""Labels Prometheus adds."""


def everything() -> Figures:
    """At least one sample of every metric."""
    counts = Counts()
    counts.accepted["web", "text", "accepted"] = 1
    counts.turns["web"] = counts.waits["web"] = Spread((1.0,))
    counts.replies["web", "bot"] = 1
    counts.deliveries["reply", "web", Outcome.DELIVERED.value] = 1
    counts.set_aside["a reason"] = 1
    return Figures(
        now=1.0,
        version="1",
        counts=counts,
        channels={"web": "up"},
        shards=1,
        owned=1,
        parked=0,
        backlog=Backlog(),
        reloads={},
        stale=False,
        models={"chat": ModelFigures(meter=Meter(), price=1.0)},
    )


def samples() -> dict[str, set[str]]:
    """Every sample's name, with its labels."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    found = [one for family in (*families(everything()), *registry.collect()) for one in family.samples]
    return {one.name: set(one.labels) for one in found}


SAMPLES = samples()


def board_queries() -> Iterator[str]:
    for panel in BOARD["panels"]:
        yield from (target["expr"] for target in panel.get("targets", ()))
    yield from (one["expr"] for one in BOARD["annotations"]["list"])


def alert_queries() -> Iterator[str]:
    yield from (rule["expr"] for group in ALERTS["groups"] for rule in group["rules"])


def metrics_in(query: str) -> set[str]:
    return set(re.findall(r"\b(?:frontdesk|process)_\w+", query))


@pytest.mark.parametrize("query", [*board_queries(), *alert_queries()])
def test_that_a_query_names_what_is_there(query: str) -> None:
    named = metrics_in(query)
    assert named
    assert named <= set(SAMPLES)
    labels = set.union(*(SAMPLES[name] for name in named)) | SCRAPED
    grouped = {one.strip() for group in re.findall(r"\bby \(([^)]*)\)", query) for one in group.split(",")}
    matched = set(re.findall(r"(\w+)(?:=~|!~|!=|=)\"", query))
    assert grouped | matched <= labels


@pytest.mark.parametrize("query", [*board_queries(), *alert_queries()])
def test_that_a_query_is_whole_and_reads_counters_by_their_growth(query: str) -> None:
    for opening, closing in ("()", "[]", "{}"):
        assert query.count(opening) == query.count(closing)
    for name in metrics_in(query):
        if name.endswith(("_total", "_bucket")):
            assert re.search(rf"(?:rate|increase)\({name}(?:\{{[^}}]*\}})?\[", query), name


def test_that_the_board_can_be_imported() -> None:
    panels = BOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["title"]
        if panel["type"] != "row":
            assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
            assert panel["description"], panel["title"]
            assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    variables = {one["name"]: one for one in BOARD["templating"]["list"]}
    assert variables["source"]["type"] == "datasource"
    assert set(re.findall(r"\$(?!__)\{?(\w+)", json.dumps(BOARD))) <= set(variables)
    assert (BOARD["uid"], "id" in BOARD) == ("frontdesk", False)


def test_that_every_metric_of_ours_is_on_the_board() -> None:
    shown = {metric for query in board_queries() for metric in metrics_in(query)}
    bare = {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown}
    ours = {re.sub(r"_(bucket|count|sum)$", "", name) for name in SAMPLES if name.startswith("frontdesk_")}
    assert ours - bare == set()


def test_that_every_metric_and_label_is_documented_and_nothing_else() -> None:
    rows = re.findall(r"^\| (`frontdesk_[^|]*) \| ([^|]*)\|", PAGE, re.MULTILINE)
    documented = {name: set(re.findall(r"`(\w+)`", labels)) for names, labels in rows for name in _names(names)}
    ours = {
        re.sub(r"_(bucket|count|sum)$", "", name): labels - {"le"}
        for name, labels in SAMPLES.items()
        if name.startswith("frontdesk_")
    }
    assert documented == ours


def _names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_that_every_alert_is_told_what_to_do_about() -> None:
    rules = [rule for group in ALERTS["groups"] for rule in group["rules"]]
    documented = re.findall(r"^\| `(Frontdesk\w+)` \|", PAGE, re.MULTILINE)
    assert [rule["alert"] for rule in rules] == documented
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
