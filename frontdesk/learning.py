"""Learning from a website: read its pages, work out what it says and to whom, and write that into a desk's folder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.errors import ConfigError, DependencyError
from core.offering import Offering
from core.passage import Passage
from core.persona import Persona
from core.ports import Clock
from frontdesk.improving import ASKED, NOT_ASKED, ModelReport, ModelUse, improved
from frontdesk.price_doubts import doubts
from knowledge.crawl.addresses import AddressRules
from knowledge.crawl.changes import PassagesDiff, passages_diff
from knowledge.crawl.crawler import crawl
from knowledge.crawl.folder import read_folder
from knowledge.crawl.guard import GuardedClient
from knowledge.crawl.outcome import Crawled, CrawlPorts, CrawlProgress
from knowledge.crawl.previous import KNOWLEDGE, PAGES, PERSONAS, keep
from knowledge.crawl.records import read_records, rendered
from knowledge.crawl.settings import CrawlSettings
from knowledge.files import PassageErrors, read_passages, write_passages
from knowledge.offering.catalogue import offering_of
from knowledge.reading.page import SitePage
from knowledge.reading.parsing import ParserPool
from knowledge.reading.passages import site_passages
from personas.compiler import compile_personas, write_answers
from personas.diff import PersonasDiff
from personas.file import update

AGENT = f"FrontdeskBot/{version('frontdesk')}"
_MOST_SKIPPED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a crawl found and did. `written` is False after a dry run, a no, or when nothing changed."""

    crawled: Crawled
    passages: int
    words: int
    personas: int
    knowledge: PassagesDiff
    persona_changes: PersonasDiff
    first: bool
    model: ModelReport
    offering: Offering
    written: bool = False

    @property
    def unchanged(self) -> bool:
        return self.knowledge.empty and self.persona_changes.empty

    def lines(self) -> Iterator[str]:
        """The changes, for review."""
        yield from self.knowledge.lines()
        yield from self.persona_changes.lines()

    def to_json(self) -> dict[str, Any]:
        skipped = self.crawled.skipped
        return {
            "ok": True,
            "url": self.crawled.start,
            "pages": len(self.crawled.pages),
            "words": self.words,
            "passages": self.passages,
            "personas": self.personas,
            "stopped": self.crawled.stopped,
            "written": self.written,
            "unchanged": self.unchanged,
            "model": self.model.to_json(),
            "prices": doubts(self.offering),
            "changes": {"knowledge": self.knowledge.to_json(), "personas": self.persona_changes.to_json()},
            "missing": [{"url": page.url, "reason": page.missing} for page in self.crawled.pages if page.missing],
            "skipped": [
                {"url": one.url, "reason": one.reason.value, "detail": one.detail} for one in skipped[:_MOST_SKIPPED]
            ],
            "skippedTotal": len(skipped),
        }


Approve = Callable[[Summary], bool]
"""Asked once, with what would be written; False leaves every file as it is."""


def always(_: Summary) -> bool:
    return True


async def crawl_into(
    folder: Path,
    url: str,
    *,
    clock: Clock,
    settings: CrawlSettings,
    progress: Callable[[CrawlProgress], None],
    approve: Approve = always,
    use: ModelUse = ASKED,
) -> Summary:
    """Read a site and write `knowledge.jsonl` and `personas.yaml` into a folder, keeping the admin's own edits.

    The chat model that the folder's `frontdesk.yaml` names is asked what to add to the personas, as `use` wants it.
    `url` may also name a folder of .html files, as a web server serves it; addresses are root-relative then.
    Raises `BadAddress`, `ConfigError` (the folder, or files in it) and `DependencyError` (no page could be read, or
    none says anything); nothing is written then.
    """
    found = await read_site(folder, url, clock=clock, settings=settings, progress=progress, use=use)
    return take_over(folder, found) if approve(found.summary) else found.summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a site says now, compared with a folder and not written yet."""

    summary: Summary
    learned: _Learned


async def read_site(
    folder: Path,
    url: str,
    *,
    clock: Clock,
    settings: CrawlSettings,
    progress: Callable[[CrawlProgress], None],
    use: ModelUse = ASKED,
) -> Found:
    """The first half of `crawl_into`: read and compare. Writes nothing, raises the same."""
    settings = replace(settings, agent=AGENT)
    _check_folder(folder)
    if await asyncio.to_thread(Path(url).is_dir):
        crawled = await read_folder(Path(url), progress)
    else:
        crawled = await _read(folder, url, clock=clock, settings=settings, progress=progress)
    learned = await asyncio.to_thread(_learned, crawled)
    if not learned.passages:
        raise DependencyError(_no_sentence(url, crawled))
    personas, model = await improved(folder, learned.personas, crawled.pages, clock=clock, use=use)
    learned = replace(learned, personas=personas, model=model)
    with _using(folder):
        return Found(summary=_compared(folder, crawled, learned), learned=learned)


def take_over(folder: Path, found: Found) -> Summary:
    """The second half: write it, keeping the edits the admin has made by now. `crawl --undo` takes it back."""
    with _using(folder):
        return _written(folder, _compared(folder, found.summary.crawled, found.learned), found.learned)


def _no_sentence(url: str, crawled: Crawled) -> str:
    missing = next((page.missing for page in crawled.pages if page.missing), "")
    why = missing or "they may be drawn by scripts, or hold menus only"
    return f"{url}: no sentence to answer from on {len(crawled.pages)} pages ({why}); name a page that has text"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    passages: tuple[Passage, ...]
    offering: Offering
    personas: tuple[Persona, ...]
    model: ModelReport = NOT_ASKED


def _learned(crawled: Crawled) -> _Learned:
    offering = offering_of(crawled.pages)
    return _Learned(
        passages=site_passages(crawled.pages),
        offering=offering,
        personas=compile_personas(crawled.pages, offering=offering, language=crawled.language),
    )


def _compared(folder: Path, crawled: Crawled, learned: _Learned) -> Summary:
    """What would change, with nothing written."""
    return Summary(
        crawled=crawled,
        passages=len(learned.passages),
        words=sum(len(passage.text.split()) for passage in learned.passages),
        personas=len(learned.personas),
        knowledge=passages_diff(_before(folder), learned.passages),
        persona_changes=update(folder, learned.personas, learned.offering, site=crawled.start, dry_run=True),
        first=not (folder / KNOWLEDGE).exists() and not (folder / PERSONAS).exists(),
        model=learned.model,
        offering=learned.offering,
    )


def _written(folder: Path, summary: Summary, learned: _Learned) -> Summary:
    """Records last: when anything fails before, the next crawl reads every page anew."""
    (folder / PAGES).parent.mkdir(parents=True, exist_ok=True)
    if not summary.unchanged:
        keep(folder)
    if not summary.knowledge.empty:
        write_passages(folder / KNOWLEDGE, learned.passages)
    update(folder, learned.personas, learned.offering, site=summary.crawled.start)
    if learned.model.answers is not None:
        write_answers(folder, learned.model.answers)
    _record(folder, summary.crawled)
    return replace(summary, written=not summary.unchanged)


@contextmanager
def _using(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}; give a folder that can be written with --out") from error


def _record(folder: Path, crawled: Crawled) -> None:
    path = folder / PAGES
    text = rendered(crawled.records, agent=AGENT)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    draft = path.with_name(f"{path.name}.part")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


async def _read(
    folder: Path, url: str, *, clock: Clock, settings: CrawlSettings, progress: Callable[[CrawlProgress], None]
) -> Crawled:
    rules = AddressRules(private=settings.allow_private_hosts)
    known = read_records(folder / PAGES, agent=settings.agent)
    async with ParserPool() as pool, GuardedClient(agent=settings.agent, rules=rules) as client:

        async def read(html: bytes, url: str, content_type: str, scripts: Sequence[bytes] = ()) -> SitePage:
            return await pool.read(html, url=url, content_type=content_type, scripts=scripts)

        ports = CrawlPorts(client=client, read=read, clock=clock, sleep=asyncio.sleep, progress=progress)
        return await crawl(url, settings, ports, known=known)


def _before(folder: Path) -> tuple[Passage, ...]:
    """The passages so far; none where the file is missing or damaged, since it is written anew."""
    try:
        return read_passages(folder / KNOWLEDGE)
    except PassageErrors:
        return ()


def _check_folder(folder: Path) -> None:
    """Before anything is fetched: minutes of reading must not end in a folder that cannot be written."""
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        raise ConfigError(f"{existing}: is a file; give a folder with --out")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ConfigError(f"{existing}: cannot be written; give another folder with --out")
