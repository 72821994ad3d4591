"""Personas and the chat model of the folder: asked by `crawl` and `init`, believed as far as the site goes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web

from frontdesk.cli import main
from tests.inference.conftest import ModelServer
from tests.knowledge.crawl.fake_site import FakeSite, html

QUOTE = "Flour dust stops the night shift of bakeries twice a month."
NIGHTS = f"Built for bakeries with 5 to 40 people. {QUOTE}"


def oven_site() -> FakeSite:
    links = {"/solutions/bakeries": "For bakeries", "/solutions/hotels": "For hotels", "/prices": "Prices"}
    return FakeSite(
        {
            "/": html("Ovenly plans the night shift. Made for bakeries. Made for hotels.", links=links, menu=True),
            "/solutions/bakeries": html(NIGHTS),
            "/solutions/hotels": html(
                "Built for hotels that serve breakfast. Hotels plan breakfast crews with Ovenly."
            ),
            "/prices": html("The Crumb plan costs $30 per month."),
        }
    )


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    model = ModelServer()
    app = web.Application(client_max_size=2**22)
    app.router.add_post("/v1/chat/completions", model.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    model.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    yield model
    model.closing.set()
    await runner.cleanup()


def desk(folder: Path, site: str, model_url: str, **more: Any) -> Path:
    folder.mkdir(exist_ok=True)
    chat = {"base_url": model_url, "model": "m-small", "timeout_seconds": 0.2, **more}
    settings = {"company": {"name": "Ovenly", "site": site}, "models": {"chat": chat}}
    (folder / "frontdesk.yaml").write_text(yaml.safe_dump(settings))
    return folder


async def crawled(url: str, folder: Path, *more: str) -> int:
    arguments = ["crawl", url, "--out", str(folder), "--allow-private-hosts", *more]
    return await asyncio.to_thread(main, arguments)


def bakery(folder: Path) -> dict[str, Any]:
    content = yaml.safe_load((folder / "personas.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(one for one in content["personas"] if one["id"] == "bakery")
    return found


def claim(site: str, **changes: str) -> dict[str, str]:
    told = {"persona": "bakery", "field": "objections", "value": "Flour dust stops our night shift"}
    return told | {"url": f"{site}/solutions/bakeries", "quote": QUOTE} | changes


def reported(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


async def test_that_a_crawl_asks_the_model_of_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    async with oven_site() as site:
        folder = desk(tmp_path / "desk", site.url, server.url)
        server.respond = server.answering({"claims": [claim(site.url)]})
        assert await crawled(site.url, folder) == 0
        said = capsys.readouterr()
        assert "m-small added 1 statements" in said.out
        assert "Asking m-small about" in said.err
        assert "Flour dust stops our night shift" in bakery(folder)["objections"]
        assert {"fields": ["objections"], "quote": QUOTE}.items() <= bakery(folder)["sources"][-1].items()
        before, asked = (folder / "personas.yaml").read_bytes(), len(server.requests)
        assert await crawled(site.url, folder) == 0
    assert (folder / "personas.yaml").read_bytes() == before
    assert "Nothing changed." in capsys.readouterr().out
    assert len(server.requests) == asked


async def test_that_false_quotes_are_not_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    async with oven_site() as site:
        folder = desk(tmp_path / "desk", site.url, server.url)
        wrong = [
            claim(site.url, quote="Flour dust stops the night shift of bakeries every single day."),
            claim(site.url, url="https://elsewhere.example/"),
            claim(site.url, value="Bakeries get 90% off"),
            claim(site.url, persona="president"),
            claim(site.url, value="Call Ada Kern, ada@kern.example, about flour dust in the night shift"),
        ]
        server.respond = server.answering({"claims": wrong})
        assert await crawled(site.url, folder, "--json") == 0
        report = reported(capsys)
        assert (report["model"]["added"], report["model"]["problem"]) == (0, "")
        assert report["model"]["refused"] == len(wrong) - 1
        plain = tmp_path / "plain"
        assert await crawled(site.url, plain, "--json") == 0
    assert (folder / "personas.yaml").read_bytes() == (plain / "personas.yaml").read_bytes()


@pytest.mark.parametrize("failure", ["words", "status 500", "silence", "refusal", "not there", "no tokens left"])
async def test_that_a_failing_model_leaves_the_local_personas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: ModelServer, failure: str
) -> None:
    async def silence(_: web.Request) -> web.StreamResponse:
        await server.closing.wait()
        return web.Response()

    responders = {
        "words": server.answering("Gladly! Here are your personas."),
        "status 500": server.sending(b"{}", status=500),
        "silence": silence,
        "refusal": server.answering(None, refusal="I cannot help with that."),
    }
    server.respond = responders.get(failure, server.respond)
    url = "http://127.0.0.1:9/v1" if failure == "not there" else server.url
    async with oven_site() as site:
        budget = {"max_tokens_per_day": 10} if failure == "no tokens left" else {}
        folder = desk(tmp_path / "desk", site.url, url, **budget)
        assert await crawled(site.url, folder) == 0
        lines = capsys.readouterr().out.splitlines()
        assert sum("Personas are as the site's own words give them: m-small" in line for line in lines) == 1
        plain = tmp_path / "plain"
        assert await crawled(site.url, plain) == 0
    assert (folder / "personas.yaml").read_bytes() == (plain / "personas.yaml").read_bytes()
    assert len(server.requests) <= 3


async def test_that_an_earlier_answer_outlives_a_failure_and_is_taken_back_without_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    async with oven_site() as site:
        folder = desk(tmp_path / "desk", site.url, server.url)
        server.respond = server.answering({"claims": [claim(site.url)]})
        assert await crawled(site.url, folder) == 0
        server.respond = server.sending(b"{}", status=500)
        site.pages["/solutions/bakeries"] = html(f"{NIGHTS} Dough rests for nine hours.")
        assert await crawled(site.url, folder, "--yes") == 0
        assert "Flour dust stops our night shift" in bakery(folder)["objections"]
        assert await crawled(site.url, folder, "--yes", "--no-model", "--json") == 0
    assert "Flour dust stops our night shift" not in bakery(folder).get("objections", ())
    assert capsys.readouterr().out.count('"model": ""') == 1


async def test_that_no_model_means_no_call(tmp_path: Path, server: ModelServer) -> None:
    async with oven_site() as site:
        folder = desk(tmp_path / "desk", site.url, server.url)
        assert await crawled(site.url, folder, "--no-model") == 0
    assert server.requests == []


async def test_that_broken_settings_cost_the_model_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "frontdesk.yaml").write_text("company: {name: Ovenly\n")
    async with oven_site() as site:
        assert await crawled(site.url, tmp_path) == 0
    said = capsys.readouterr().out
    assert "frontdesk.yaml:" in said
    assert f"frontdesk check -c {tmp_path}" in said
    assert bakery(tmp_path)["name"]


async def test_that_init_keeps_settings_that_are_there_and_asks_their_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], server: ModelServer
) -> None:
    async with oven_site() as site:
        folder = desk(tmp_path / "desk", site.url, server.url)
        settings = (folder / "frontdesk.yaml").read_bytes()
        server.respond = server.answering({"claims": [claim(site.url)]})
        arguments = ["init", str(folder), "--yes", "--allow-private-hosts"]
        assert await asyncio.to_thread(main, arguments) == 0
    assert "m-small added 1 statements" in capsys.readouterr().out
    assert (folder / "frontdesk.yaml").read_bytes() == settings
    assert "Flour dust stops our night shift" in bakery(folder)["objections"]
    assert "Chat with Ovenly" in (folder / "channels/web.yaml").read_text(encoding="utf-8")
    assert main(["check", "-c", str(folder)]) == 0
