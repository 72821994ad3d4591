"""A site that lies in a folder of .html files, as a web server serves it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from core.errors import ConfigError, FrontdeskError
from knowledge.crawl.outcome import Crawled, CrawlProgress, Skipped
from knowledge.crawl.reasons import Reason
from knowledge.crawl.visiting import words_of_page
from knowledge.reading.page import SitePage
from knowledge.reading.parsing import ParserPool

ROOT = "/"


async def read_folder(folder: Path, progress: Callable[[CrawlProgress], None]) -> Crawled:
    """All of its pages, in the order of their addresses, which are root-relative: `pricing/index.html` is `/pricing/`.

    Raises `ConfigError` where no page can be read.
    """
    pages: list[SitePage] = []
    skipped: list[Skipped] = []
    words = 0
    files = await asyncio.to_thread(_files, folder)
    async with ParserPool() as pool:
        for done, (url, file) in enumerate(files, 1):
            try:
                page = await pool.read(await asyncio.to_thread(file.read_bytes), url=url)
            except (FrontdeskError, OSError) as error:
                skipped.append(Skipped(url=url, reason=Reason.UNREADABLE, detail=str(error)))
                continue
            pages.append(page)
            words += words_of_page(page)
            queued = len(files) - done
            progress(CrawlProgress(pages=done, words=words, queued=queued, seconds_left=0.0, url=url, page=page))
    if not pages:
        raise ConfigError(f"{folder}: holds no .html file that can be read; name a website or a folder of pages")
    languages = Counter(page.language for page in pages)
    return Crawled(
        pages=tuple(pages),
        skipped=tuple(skipped),
        records=(),
        stopped="complete",
        start=ROOT,
        language=languages.most_common(1)[0][0],
    )


def _files(folder: Path) -> list[tuple[str, Path]]:
    return sorted((_address(folder, file), file) for file in folder.rglob("*.html"))


def _address(folder: Path, file: Path) -> str:
    return ROOT + file.relative_to(folder).as_posix().removesuffix("index.html")
