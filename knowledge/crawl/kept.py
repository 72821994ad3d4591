"""Which pages of those that were read are kept, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from yarl import URL

from knowledge.crawl.frontier import Frontier
from knowledge.crawl.outcome import Crawled, PageRecord, Skipped
from knowledge.crawl.ranking import Found
from knowledge.crawl.reasons import Reason
from knowledge.crawl.sites import page_key
from knowledge.crawl.visiting import Visit, fingerprint, robots_words, words_of_page
from knowledge.reading.page import SitePage

MAX_LINKS = 3_000
"""Links of one page that are followed up."""
MAX_SKIPPED = 5_000
_FEW_WORDS = 30
"""Words below which a page that sends its reader on says nothing by itself."""
_LONGEST = 200
_DEFAULT = "x-default"


class Home(TypedDict):
    host: str
    language: str


class Kept:
    """The pages of a crawl so far. Equal texts are kept once, translations of the site's own language not at all.

    `entry` is where the site begins, after redirects; "" until a page has answered.
    """

    def __init__(self, frontier: Frontier, token: str) -> None:
        self.entry = ""
        self._frontier = frontier
        self._token = token
        self._language = ""
        self._records: dict[str, PageRecord] = {}
        self._texts: dict[str, str] = {}
        self._translated: dict[str, str] = {}
        self._skipped: list[Skipped] = []

    def __len__(self) -> int:
        return len(self._records)

    def take(self, found: Found, visit: Visit) -> bool:
        """Keep a page, or note why not, and follow its links. True when it is kept."""
        page, record = visit.page, visit.record
        self._enter(page, record)
        tag = robots_words(record.robots, self._token)
        moved = page_key(record.url) != page_key(found.url)
        if moved and not self._frontier.done(record.url):
            return self.skip(found.url, Reason.DUPLICATE, record.url)
        if page.refresh and words_of_page(page) < _FEW_WORDS:
            self._frontier.offer(Found(url=page.refresh, menu=True, depth=found.depth + 1, text=found.text))
            return self.skip(found.url, Reason.EMPTY, f"sends on to {page.refresh}"[:_LONGEST])
        reason, detail = self._objection(page, record, tag)
        if reason is not Reason.DUPLICATE and page.followable and "nofollow" not in tag:
            self._follow(page, found.depth + 1)
        self._frontier.learned(record.url, new=reason is not Reason.DUPLICATE)
        if reason is not None:
            return self.skip(found.url, reason, detail)
        self._texts[fingerprint(page)] = record.url
        self._records[page_key(record.url)] = record
        self._translated.update((_key(url), record.url) for url in self._others(page))
        return True

    def skip(self, url: str, reason: Reason, detail: str = "") -> bool:
        """Note an address that is not kept. Always False."""
        if len(self._skipped) < MAX_SKIPPED:
            self._skipped.append(Skipped(url=url, reason=reason, detail=detail))
        return False

    def home(self) -> Home:
        """The host and the language by which addresses are judged."""
        return Home(host=URL(self.entry).host or "", language=self._language)

    def result(self, *, stopped: str, fetched: tuple[str, ...]) -> Crawled:
        """Everything, in the order of addresses, the host of the start first."""
        home = URL(self.entry).host

        def place(record: PageRecord) -> tuple[bool, str, str]:
            url = URL(record.url)
            return url.host != home, url.host or "", url.raw_path_qs

        records = tuple(sorted(self._records.values(), key=place))
        return Crawled(
            pages=tuple(record.page for record in records),
            skipped=tuple(self._all_skipped()),
            records=records,
            stopped=stopped,
            start=self.entry,
            language=self._language or "en",
            fetched=fetched,
        )

    def _enter(self, page: SitePage, record: PageRecord) -> None:
        """The first page that answers is the entry; the first with text gives the site's language."""
        if not self._language and (page.blocks or not page.refresh):
            self.entry = record.url
            self._language = page.language
            self._frontier.enter(record.url, page.language)
        self.entry = self.entry or record.url

    def _objection(self, page: SitePage, record: PageRecord, tag: frozenset[str]) -> tuple[Reason | None, str]:
        if not page.indexable or "noindex" in tag:
            return Reason.NOINDEX, ""
        if not page.blocks:
            return Reason.EMPTY, page.missing
        if (same := self._texts.get(fingerprint(page))) is not None:
            return Reason.DUPLICATE, same
        original = self._original(page, record.url)
        return (Reason.TRANSLATION, original) if original else (None, "")

    def _original(self, page: SitePage, url: str) -> str:
        """The page in the site's own language that this one translates, "" for none."""
        if page.language == self._language:
            return ""
        if (known := self._translated.get(page_key(url))) is not None:
            return known
        for tag, other in page.alternates.items():
            if _primary(tag) == self._language and _key(other) not in {"", page_key(url)}:
                self._frontier.offer(Found(url=other, menu=True))
                return other if self._frontier.knows(other) else ""
        return ""

    def _others(self, page: SitePage) -> Iterator[str]:
        for tag, url in page.alternates.items():
            if tag.lower() != _DEFAULT and _primary(tag) != self._language:
                yield url

    def _follow(self, page: SitePage, depth: int) -> None:
        if page.canonical:
            self._frontier.offer(Found(url=page.canonical, depth=depth))
        if page.refresh:
            self._frontier.offer(Found(url=page.refresh, depth=depth))
        for link in page.links[:MAX_LINKS]:
            if link.follow and _key(link.url) not in self._translated:
                self._frontier.offer(Found(url=link.url, text=link.text, menu=link.nav, depth=depth))

    def _all_skipped(self) -> Iterator[Skipped]:
        yield from self._skipped
        for refusal in self._frontier.refused[:MAX_SKIPPED]:
            yield Skipped(url=refusal.url, reason=refusal.reason)
        for url in list(self._frontier.drain())[:MAX_SKIPPED]:
            yield Skipped(url=url, reason=Reason.BUDGET)


def _key(url: str) -> str:
    try:
        return page_key(url)
    except ValueError:
        return ""


def _primary(tag: str) -> str:
    return tag.lower().replace("_", "-").partition("-")[0]
