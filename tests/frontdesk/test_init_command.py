from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
import yaml

from frontdesk.cli import main
from tests.knowledge.crawl.fake_site import FakeSite, html


def oven_site() -> FakeSite:
    links = {"/bakeries": "For bakeries", "/hotels": "For hotels", "/prices": "Prices"}
    return FakeSite(
        {
            "/": html(
                "Ovenly plans the night shift. Built for bakeries and for hotels.",
                links=links,
                menu=True,
            ),
            "/bakeries": html("Bakeries with 5 to 40 people plan their nights with Ovenly."),
            "/hotels": html("Hotels plan breakfast crews with Ovenly."),
            "/prices": html("The Crumb plan costs $30 per month."),
        }
    )


async def init(folder: Path, *more: str) -> int:
    return await asyncio.to_thread(main, ["init", str(folder), "--yes", *more])


async def test_that_a_new_desk_can_be_used_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "desk"
    async with oven_site() as site:
        assert await init(folder, "--site", site.url, "--allow-private-hosts") == 0
    assert f"frontdesk serve -c {folder}" in capsys.readouterr().out
    company = yaml.safe_load((folder / "frontdesk.yaml").read_text())["company"]
    assert (bool(company["name"]), company["language"]) == (True, "en")
    assert main(["check", "-c", str(folder)]) == 0

    talk = tmp_path / "talk.jsonl"
    talk.write_text(json.dumps({"id": "a", "turns": [{"t": 1, "visitor": "What does the Crumb plan cost?"}]}) + "\n")
    out = tmp_path / "out.jsonl"
    assert await asyncio.to_thread(main, ["replay", str(talk), "-c", str(folder), "--out", str(out)]) == 0
    (row,) = map(json.loads, out.read_text().splitlines())
    assert "$30" in row["reply"]
    assert row["citations"][0].endswith("/prices")


def test_that_a_folder_of_pages_gives_a_desk_that_passes_the_check(tmp_path: Path) -> None:
    pages, desk = Path(__file__).parents[2] / "examples" / "site", tmp_path / "desk"
    assert main(["init", str(desk), "--yes", "--site", str(pages)]) == 0
    assert main(["check", "-c", str(desk)]) == 0


def test_that_every_yaml_file_names_a_schema_that_is_there(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path / "desk"), "--yes"]) == 0
    files = sorted((tmp_path / "desk").rglob("*.yaml"))
    assert len(files) == 5
    for file in files:
        first = file.read_text().splitlines()[0]
        schema = file.parent / first.removeprefix("# yaml-language-server: $schema=")
        assert json.loads(schema.read_text())["type"] == "object"


def test_that_a_desk_without_a_site_starts_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "harbour"
    assert main(["init", str(folder), "--yes"]) == 0
    assert "knows nothing yet" in capsys.readouterr().out
    assert main(["check", "-c", str(folder)]) == 0


def test_that_a_folder_with_a_desk_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "personas.yaml").write_text("personas: []\n")
    assert main(["init", str(tmp_path), "--yes"]) == 78
    assert "personas.yaml" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["personas.yaml"]


async def test_that_nothing_is_left_behind_by_a_site_that_is_away(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    assert await init(folder, "--site", "http://127.0.0.1:9/", "--allow-private-hosts") == 69
    assert not folder.exists()
