from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from frontdesk.cli import main
from knowledge.files import read_passages
from tests.knowledge.crawl.fake_site import FakeSite, html

FOR_WHOM = (
    "Bakeries deliver bread with our cargo bikes before breakfast. Made for bakeries with two to twenty shops."
    " Florists bring bouquets without a parking ticket. Built for florists in narrow streets."
)


def bike_site() -> FakeSite:
    links = {"/pricing": "Pricing", "/solutions/bakeries": "For bakeries", "/solutions/florists": "For florists"}
    return FakeSite(
        {
            "/": html(f"We rent cargo bikes to shops. {FOR_WHOM}", links=links, menu=True),
            "/pricing": html("The City plan costs $90 per bike per month."),
            "/solutions/bakeries": html("Cargo bikes for bakeries. Bread arrives warm, and no van waits in line."),
            "/solutions/florists": html("Cargo bikes for florists. Bouquets stand upright in a cooled box."),
        }
    )


async def command(*arguments: object) -> int:
    """The command as it is called, in a thread of its own so that the site can answer."""
    return await asyncio.to_thread(main, ["crawl", *map(str, arguments)])


async def crawled(url: str, folder: Path, *more: str) -> int:
    return await command(url, "--out", folder, "--allow-private-hosts", *more)


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    found: dict[str, Any] = json.loads(lines[0])
    return found


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


async def test_that_a_site_becomes_passages_and_personas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "desk"
    async with bike_site() as site:
        assert await crawled(site.url, folder, "--json") == 0
    report = printed(capsys)
    assert (report["ok"], report["pages"], report["written"]) == (True, 4, True)
    passages = read_passages(folder / "knowledge.jsonl")
    assert any("$90" in passage.text for passage in passages)
    assert report["personas"] >= 2
    assert "bakeries" in (folder / "personas.yaml").read_text(encoding="utf-8").lower()


async def test_that_an_unchanged_site_rewrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with bike_site() as site:
        assert await crawled(site.url, tmp_path) == 0
        before = content(tmp_path)
        assert "personas from" in capsys.readouterr().out
        assert await crawled(site.url, tmp_path) == 0
    assert content(tmp_path) == before
    assert "Nothing changed." in capsys.readouterr().out


async def test_that_a_changed_page_is_shown_written_and_taken_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with bike_site() as site:
        await crawled(site.url, tmp_path)
        before = content(tmp_path)
        site.pages["/pricing"] = html("The City plan costs $95 per bike per month.")
        assert await crawled(site.url, tmp_path, "--dry-run") == 0
        assert content(tmp_path) == before
        assert await crawled(site.url, tmp_path, "--yes") == 0
        said = capsys.readouterr().out
        assert f"~ {site.url}/pricing" in said
        texts = "\n".join(passage.text for passage in read_passages(tmp_path / "knowledge.jsonl"))
        assert "$95" in texts
        assert "$90" not in texts
        assert await crawled(site.url, tmp_path, "--undo") == 0
    after = content(tmp_path)
    for name in ("knowledge.jsonl", "personas.yaml", ".crawl/pages.jsonl"):
        assert after[name][0] == before[name][0]


async def test_that_an_unreachable_site_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with FakeSite() as site:
        port = site.port
    folder = tmp_path / "desk"
    assert await command(f"http://127.0.0.1:{port}", "--out", folder) == 69
    assert "--allow-private-hosts" in capsys.readouterr().err
    assert await command(f"http://127.0.0.1:{port}", "--out", folder, "--json") == 69
    assert printed(capsys)["ok"] is False
    assert not folder.exists()


async def test_that_pages_without_a_sentence_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site, folder = tmp_path / "site", tmp_path / "desk"
    site.mkdir()
    (site / "index.html").write_text("<html><body><div id='root'></div></body></html>")
    assert await command(site, "--out", folder) == 69
    assert "no sentence to answer from" in capsys.readouterr().err
    assert not folder.exists()


async def test_that_bad_addresses_and_folders_have_their_codes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tmp_path / "file"
    taken.write_text("x")
    assert await command("ftp://shop.example", "--out", tmp_path) == 64
    assert "https://www.example.com" in capsys.readouterr().err
    assert await command("https://shop.example", "--out", taken) == 78
    assert await command("https://shop.example", "--out", tmp_path / "none", "--undo") == 78
    assert "no earlier crawl" in capsys.readouterr().err


def priced_site() -> FakeSite:
    """The front page names another price for one plan than the list does, and a plan that the list has no more."""
    links = {"/pricing": "Pricing", "/about": "About us"}
    plans = (
        "The City plan costs $90 per month. The Port plan costs $150 per month. The Harbour plan costs $240 per month."
    )
    return FakeSite(
        {
            "/": html(f"We rent cargo bikes to shops. {FOR_WHOM}", links=links, menu=True),
            "/pricing": html(plans),
            "/about": html("The City plan costs $80 per month. The Attic plan costs $20 per month."),
        }
    )


async def test_that_prices_which_disagree_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with priced_site() as site:
        assert await crawled(site.url, tmp_path / "one") == 0
        told = capsys.readouterr().out
        assert await crawled(site.url, tmp_path / "two", "--json") == 0
        report = printed(capsys)["prices"]
    (line,) = [line for line in told.splitlines() if line.startswith("Two pages")]
    assert all(
        part in line for part in ("City", "90 USD per month", "80 USD per month", "/pricing", "/about", "“The City")
    )
    assert any(line.startswith("Attic is not in the list") and "/about" in line for line in told.splitlines())
    (conflict,) = report["conflicts"]
    assert (conflict["plan"], sorted(one["amount"] for one in conflict["prices"])) == ("City", ["80", "90"])
    assert all(one["url"].startswith(site.url) and one["amount"] in one["quote"] for one in conflict["prices"])
    assert [(one["plan"], one["amount"]) for one in report["unlisted"]] == [("Attic", "20")]


async def test_that_nothing_is_said_of_prices_which_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with bike_site() as site:
        assert await crawled(site.url, tmp_path / "desk", "--json") == 0
    assert printed(capsys)["prices"] == {"conflicts": [], "unlisted": []}
