from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ConfigError
from knowledge.crawl.folder import read_folder
from knowledge.crawl.outcome import CrawlProgress


async def test_that_pages_have_the_addresses_of_a_web_server(tmp_path: Path) -> None:
    (tmp_path / "prices").mkdir()
    (tmp_path / "index.html").write_text("<p>Home is here.</p>", encoding="utf-8")
    (tmp_path / "prices" / "index.html").write_text("<h1>Prices</h1><p>It costs $5.</p>", encoding="utf-8")
    (tmp_path / "note.html").write_text('<p>A note on <a href="prices/">prices</a>.</p>', encoding="utf-8")
    seen: list[CrawlProgress] = []
    crawled = await read_folder(tmp_path, seen.append)
    assert [page.url for page in crawled.pages] == ["/", "/note.html", "/prices/"]
    assert [page.blocks[-1].text for page in crawled.pages] == ["Home is here.", "A note on prices.", "It costs $5."]
    assert [one.queued for one in seen] == [2, 1, 0]


async def test_that_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no \.html file"):
        await read_folder(tmp_path, lambda _: None)
