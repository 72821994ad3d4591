"""`frontdesk crawl`: learn from the company's website what it sells and to whom, show what changed, and write it."""

from __future__ import annotations

import argparse
import json
import sys

from core.errors import ConfigError, FrontdeskError
from frontdesk.cli import EXIT_CONFIG, EXIT_DEPENDENCY, EXIT_USAGE
from frontdesk.clock import SystemClock
from frontdesk.commands.crawl_progress import Watcher, watcher
from frontdesk.improving import ModelUse
from frontdesk.learning import Summary, crawl_into
from frontdesk.loop import run_async
from frontdesk.price_doubts import doubt_lines
from knowledge.crawl.previous import KNOWLEDGE, PERSONAS, put_back
from knowledge.crawl.settings import CrawlSettings
from knowledge.crawl.sites import BadAddress


def run(options: argparse.Namespace) -> int:
    """0, or 64 for a bad address, 69 for a site that gave nothing, 78 for a folder that cannot be used."""
    try:
        return _undone(options) if options.undo else _crawled(options)
    except FrontdeskError as error:
        if not options.json and not isinstance(error, BadAddress):
            raise
        return _failed(error, as_json=options.json)


def _crawled(options: argparse.Namespace) -> int:
    settings = CrawlSettings(max_pages=options.max_pages, allow_private_hosts=options.allow_private_hosts)
    clock = SystemClock()
    with watcher(clock, silent=options.json) as watch:
        summary = run_async(
            crawl_into(
                options.out,
                options.url,
                clock=clock,
                settings=settings,
                progress=watch.progress,
                approve=lambda found: _approved(found, options, watch),
                use=ModelUse(wanted=not options.no_model, told=watch.tell),
            )
        )
    if options.json:
        print(json.dumps(summary.to_json(), ensure_ascii=False))
    else:
        _tell(summary, options)
    return 0


def _approved(summary: Summary, options: argparse.Namespace, watch: Watcher) -> bool:
    watch.close()
    if not options.json and (options.dry_run or not summary.first):
        for line in summary.lines():
            print(line)
    if options.dry_run:
        return False
    asks = sys.stdin.isatty() and sys.stdout.isatty() and not options.yes and not options.json
    if not asks or summary.first or summary.unchanged:
        return True
    return input("Write these changes? [Y/n] ").strip().lower() in {"", "y", "yes"}


def _tell(summary: Summary, options: argparse.Namespace) -> None:
    crawled = summary.crawled
    print(
        f"{len(crawled.pages)} pages, {summary.words:,} words, {summary.passages} passages,"
        f" {summary.personas} personas from {crawled.start}"
    )
    if crawled.stopped != "complete":
        print(f"Stopped by the budget of {crawled.stopped}; the most promising pages were read first.")
    drawn = [page for page in crawled.pages if page.missing]
    if drawn:
        print(f"Text is missing on {len(drawn)} of them, e.g. {drawn[0].url}: {drawn[0].missing}")
    for line in doubt_lines(summary.offering):
        print(line)
    if summary.model.line():
        print(summary.model.line())
    if summary.unchanged:
        print("Nothing changed.")
    elif summary.written:
        print(f"Written: {options.out / KNOWLEDGE}, {options.out / PERSONAS}")
        print(f"Read and edit {PERSONAS}; your edits survive the next crawl. `--undo` takes this one back.")
    else:
        print("Nothing was written.")


def _undone(options: argparse.Namespace) -> int:
    names = put_back(options.out)
    if options.json:
        print(json.dumps({"ok": True, "restored": list(names)}))
    else:
        print(f"Put back: {', '.join(names)}" if names else "The files are as they were before.")
    return 0


def _failed(error: FrontdeskError, *, as_json: bool) -> int:
    code = EXIT_DEPENDENCY
    if isinstance(error, ConfigError):
        code = EXIT_USAGE if isinstance(error, BadAddress) else EXIT_CONFIG
    if as_json:
        print(json.dumps({"ok": False, "error": str(error), "exit": code}, ensure_ascii=False))
    else:
        print(f"frontdesk: {error}", file=sys.stderr)
    return code
