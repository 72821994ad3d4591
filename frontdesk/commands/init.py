"""`frontdesk init`: a desk of one's own, from one's own website."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from config import FrontdeskSettings
from config.loader import SETTINGS
from config.schema import schemas
from core.errors import ConfigError
from frontdesk.chat_model import settings_in
from frontdesk.clock import SystemClock
from frontdesk.commands.crawl_progress import watcher
from frontdesk.desk import ROOM_FILES, channel_kinds, read_desk
from frontdesk.improving import ModelUse
from frontdesk.learning import Summary, crawl_into
from frontdesk.loop import run_async
from frontdesk.mind import learned_mind
from frontdesk.new_desk import NewDesk, desk_files, present_files
from knowledge.crawl.settings import CrawlSettings
from knowledge.reading.page import SitePage
from knowledge.site_name import site_name

SCHEMAS = ".schema"
NO_SITE = "https://www.example.com"
_NOTHING_KNOWN = {
    "knowledge.jsonl": "",
    "personas.yaml": "# `frontdesk crawl URL --out DIR` fills this from your website.\npersonas: []\n",
}
_PRIVACY = ("privacy", "datenschutz", "confidentialit", "privacidad", "privacidade", "privacybeleid")
_LONGEST_DESCRIPTION = 300


def run(options: argparse.Namespace) -> int:
    """0; or raises `ConfigError` for a folder that holds a desk, `DependencyError` for a site that gave nothing."""
    folder: Path = options.dir
    present = present_files(folder)
    begun = settings_in(folder) if present == (SETTINGS,) else None
    if present and begun is None:
        advice = f"`frontdesk crawl URL --out {folder}` reads the site again; for another desk name another folder"
        raise ConfigError(f"{folder}: already holds {', '.join(present)}; {advice}")
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not options.yes
    site = options.site or (str(begun.company.site) if begun else "")
    site = site or (_asked("Your website (empty for later)", "") if asks else "")
    if site:
        summary = _crawled(folder, site, private=options.allow_private_hosts, with_model=not options.no_model)
        desk = _from_pages(summary.crawled.pages, summary.crawled.start, summary.crawled.language)
    else:
        desk = NewDesk(name=folder.absolute().name.capitalize(), site=NO_SITE)
    if begun:
        desk = _as_begun(desk, begun)
    elif asks:
        desk = _confirmed(desk)
    _write(folder, desk_files(desk) if site else {**desk_files(desk), **_NOTHING_KNOWN})
    run_async(_learn(folder))
    _tell(folder, site_known=bool(site))
    return 0


def _crawled(folder: Path, site: str, *, private: bool, with_model: bool) -> Summary:
    clock = SystemClock()
    with watcher(clock, silent=False) as watch:
        summary = run_async(
            crawl_into(
                folder,
                site,
                clock=clock,
                settings=CrawlSettings(allow_private_hosts=private),
                progress=watch.progress,
                use=ModelUse(wanted=with_model, told=watch.tell),
            )
        )
    read = len(summary.crawled.pages)
    print(f"{read} pages read: {summary.passages} passages to answer from, {summary.personas} personas.")
    if summary.model.line():
        print(summary.model.line())
    return summary


async def _learn(folder: Path) -> None:
    """Work out the vectors now, so that the first start is a quick one; also reads all files once more."""
    async with learned_mind(read_desk(folder), clock=SystemClock(), channel="init"):
        return


def _from_pages(pages: Iterable[SitePage], start: str, language: str) -> NewDesk:
    """What the site says of itself; pages come with the start page among them."""
    read = tuple(pages)
    first = next((page for page in read if page.url == start), read[0])
    return NewDesk(
        name=site_name((page.title for page in read), start) or "Our company",
        site=start.rstrip("/") or NO_SITE,  # pages of a folder have no address yet
        language=language,
        description=first.description if len(first.description) <= _LONGEST_DESCRIPTION else "",
        privacy_url=_privacy(read),
    )


def _privacy(pages: Iterable[SitePage]) -> str:
    """The page the site links to as its privacy policy; only a site's own https page may be named."""
    links = (link for page in pages for link in page.links if link.url.startswith("https://"))
    told = (link.url for link in links if any(word in f"{link.text} {link.url}".casefold() for word in _PRIVACY))
    return next(told, "")


def _as_begun(desk: NewDesk, settings: FrontdeskSettings) -> NewDesk:
    """What the admin has settled in a `frontdesk.yaml` of their own holds for the files beside it."""
    company = settings.company
    return replace(
        desk, name=company.name, site=str(company.site), language=company.language, assistant=company.assistant
    )


def _confirmed(desk: NewDesk) -> NewDesk:
    return NewDesk(
        name=_asked("The company's name", desk.name),
        site=desk.site,
        language=_asked("The language to greet in", desk.language),
        assistant=_asked("The assistant's name", desk.assistant),
        description=desk.description,
        notice=_asked("What to say when asking for an address", desk.notice),
        privacy_url=desk.privacy_url,
    )


def _asked(question: str, default: str) -> str:
    answer = input(f"{question} [{default}]: " if default else f"{question}: ").strip()
    return answer or default


def _write(folder: Path, contents: Mapping[str, str]) -> None:
    """The desk's files, each naming its schema for editors, and those schemas."""
    models = {name: kind.settings for name, kind in channel_kinds().items()}
    known = schemas(files=ROOM_FILES, channels=models)
    try:
        for name, text in contents.items():
            path = folder / name
            if path.exists() and name == SETTINGS:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_naming_schema(name, text) if name in known else text, encoding="utf-8")
        for name, schema in known.items():
            path = folder / schema_path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}; choose a folder that can be written") from error


def _naming_schema(name: str, text: str) -> str:
    up = "../" * name.count("/")
    return f"# yaml-language-server: $schema={up}{schema_path(name)}\n{text}"


def schema_path(name: str) -> str:
    """Where a file's schema lies within the desk's folder."""
    return f"{SCHEMAS}/{name.removesuffix('.yaml')}.json"


def _tell(folder: Path, *, site_known: bool) -> None:
    print(f"\nThe desk is ready in {folder}. Every file in it is commented; change what you like.")
    if not site_known:
        print(f"It knows nothing yet: set `company.site`, then run `frontdesk crawl URL --out {folder}`.")
    print(f"\nNext: frontdesk chat -c {folder}      (talk to it here)")
    print(f"      frontdesk serve -c {folder}     (open it for your site)")
