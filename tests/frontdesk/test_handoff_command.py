"""`frontdesk handoff explain`: for a lead that stands and for one out of a file."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.models.handoff import HandoffSettings
from core.ids import ConversationId
from core.lead import Route
from core.rep import Rep, RepId
from core.shards import shard_of
from core.store_ports import Commit
from frontdesk.cli import EXIT_CONFIG, main
from frontdesk.desk import read_desk
from handoff.payload import lead_payload
from store.open import open_store
from tests.contracts.builders import LONG, lead, session

DESK = Path(__file__).parents[2] / "examples" / "desk"
PAGE = Path(__file__).parents[2] / "docs" / "routing.md"
TALK = ConversationId("web.explained")
HANDOFF = {
    "teams": [
        {
            "id": "inbound",
            "members": [{"slack": "U0ANN", "name": "Ann Archer"}, {"slack": "U0BOB"}],
            "hours": {"time_zone": "Europe/Berlin", "week": {"monday": ["0:00-24:00"]}},
        }
    ],
    "rules": [
        {"name": "large", "when": {"employees_from": 200}, "then": {"channel": "C0LARGE00"}},
        {"name": "French", "when": {"languages": ["fr"]}, "then": {"team": "inbound"}},
    ],
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    desk = Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))
    (desk / "handoff.yaml").write_text(yaml.safe_dump(HANDOFF))
    return desk


def explain(desk: Path, name: object, *more: str) -> int:
    return main(["handoff", "explain", str(name), "-c", str(desk), *more])


def file_with(folder: Path, **told: Any) -> Path:
    file = folder / "lead.json"
    file.write_text(json.dumps(told))
    return file


def test_that_a_file_says_which_rule_and_why_the_earlier_ones_not(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = file_with(tmp_path, contact={"language": "fr"}, employees=40)
    assert explain(desk, asked, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["rule"], one["fits"]) for one in told["rules"]] == [("large", False), ("French", True)]
    (why,) = [check for check in told["rules"][0]["checks"] if not check["holds"]]
    assert (why["condition"], why["wanted"], why["found"]) == ("employees_from", "200 or more", "40")
    assert told["route"]["team"] == "inbound"
    assert [rep["id"] for rep in told["next"]] == ["U0ANN", "U0BOB"]
    assert told["opensAt"]


def test_that_it_reads_what_webhooks_tell(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = replace(lead(TALK), employees=900.0, visitor_type="buyer")
    assert explain(desk, file_with(tmp_path, **lead_payload(large))) == 0
    told = capsys.readouterr().out
    assert 'rule "large": fits' in told
    assert "-> everybody, in channel C0LARGE00" in told


def test_that_whoever_does_not_buy_goes_to_nobody(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(desk, file_with(tmp_path, visitorType="student")) == 0
    assert "-> nobody: it is no lead" in capsys.readouterr().out


def test_that_a_lead_that_stands_is_told_with_what_was_decided(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(_stands(desk))
    assert explain(desk, lead(TALK).id) == 0
    told = capsys.readouterr().out
    assert 'stays: team inbound, in the usual channel (rule "French")' in told
    assert "assigned to Ann Archer (U0ANN)" in told


async def _stands(desk: Path) -> None:
    settings = read_desk(desk).settings
    url, shards = settings.store.url.reveal(), settings.store.shards
    opened = await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk)
    standing = replace(
        lead(TALK),
        route=Route(rule="French", team="inbound"),
        assigned=Rep(id=RepId("U0ANN"), name="Ann Archer"),
    )
    shard = shard_of(TALK, shards)
    try:
        grant = await opened.store.ownership.acquire(shard, "w1", ttl=LONG)
        assert grant is not None
        kept = Commit(session=session(TALK), lead=standing)
        await opened.store.conversations.commit(shard, "w1", grant.epoch, kept)
    finally:
        await opened.close()


@pytest.mark.parametrize(("text", "wrong"), [("{", "Invalid JSON"), ('{"employees": "many"}', "employees")])
def test_that_a_file_that_is_no_lead_is_refused(
    desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, wrong: str
) -> None:
    file = tmp_path / "lead.json"
    file.write_text(text)
    assert explain(desk, file) == EXIT_CONFIG
    assert wrong in capsys.readouterr().err
    assert explain(desk, "lead.nobody") == EXIT_CONFIG
    assert "there is no lead 'lead.nobody'" in capsys.readouterr().err


def test_that_what_the_page_shows_can_be_written() -> None:
    shown = PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:]
    assert shown
    for block in shown:
        HandoffSettings.model_validate(yaml.safe_load(block.partition("```")[0]))
