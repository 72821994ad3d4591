"""What to read next: every address known so far, the most promising first, with each part of a site getting its turn.

Pure: the same offers and takes in the same order give the same pages.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

from yarl import URL

from knowledge.crawl.ranking import Found, segments, worth
from knowledge.crawl.reasons import Reason
from knowledge.crawl.sites import Site, page_key
from knowledge.crawl.traps import is_page, is_trap, pattern
from knowledge.crawl.vocabulary import vocabulary

MAX_KNOWN = 20_000
"""Addresses that are remembered; a site of 500 pages read leaves most of them unread anyway."""
_DUPLICATES_UNTIL_CLOSED = 5
"""Pages in a row below one folder that said nothing new."""
_DUPLICATES_UNTIL_OVER = 25
_LANGUAGE_UNKNOWN = ""

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An address that will not be read, and why."""

    url: str
    reason: Reason


class Frontier:
    """Offers go in, the next page to read comes out. `refused` lists what was turned away, once an address."""

    def __init__(self, site: Site, *, max_depth: int) -> None:
        self.refused: list[Refusal] = []
        self._site = site
        self._max_depth = max_depth
        self._host = URL(site.start).host or ""
        self._language = _LANGUAGE_UNKNOWN
        self._offers: dict[str, Found] = {}
        self._worths: dict[str, float] = {}
        self._done: set[str] = set()
        self._queues: dict[Group, list[tuple[float, int, str]]] = {}
        self._numbers = count()
        self._taken: Counter[Group] = Counter()
        self._patterns: Counter[str] = Counter()
        self._stale: Counter[Group] = Counter()
        self._stale_in_all = 0

    def __len__(self) -> int:
        """How many addresses wait."""
        return len(self._offers)

    def enter(self, url: str, language: str) -> None:
        """Set where the site really begins and its language; other hosts and languages come late from now on."""
        self._site = Site(url)
        self._host = URL(url).host or ""
        self._language = language
        self._queues = {}
        for key, found in self._offers.items():
            self._push(key, found)

    def offer(self, found: Found) -> None:
        """Note an address. A second, better link to it raises its place; one that was read already is ignored."""
        spelled = self._site.spelled(found.url)
        if not spelled or not self._site.covers(spelled):
            return
        key = page_key(spelled)
        if key in self._done:
            return
        found = replace(found, url=spelled)
        if reason := self._objection(found):
            self._refuse(key, found.url, reason)
        elif key not in self._offers:
            if len(self._offers) < MAX_KNOWN:
                self._push(key, found)
        elif self._worth(found) > self._worths[key]:
            self._push(key, replace(found, url=self._offers[key].url))

    def take(self) -> Found | None:
        """The best page that is left, None when there is none. It is never given again."""
        while (best := self._best()) is not None:
            key = heapq.heappop(self._queues[best])[2]
            found = self._offers.pop(key, None)
            if found is None:
                continue
            self._done.add(key)
            if self._is_endless(found.url):
                self._refuse(key, found.url, Reason.TRAP)
                continue
            self._taken.update(self._prefixes(best))
            return found
        return None

    def done(self, url: str) -> bool:
        """Mark an address as read (where a redirect ended); False if it was before."""
        key = page_key(url)
        new = key not in self._done
        self._done.add(key)
        self._offers.pop(key, None)
        return new

    def knows(self, url: str) -> bool:
        """Whether an address waits or was read."""
        key = page_key(url)
        return key in self._done or key in self._offers

    def learned(self, url: str, *, new: bool) -> None:
        """Tell whether a page said anything no other page did: folders that never do are given up."""
        group = self._group(url)[:1]
        if new:
            self._stale_in_all = 0
            del self._stale[group]
            return
        self._stale_in_all += 1
        self._stale[group] += 1

    def drain(self) -> Iterator[str]:
        """The addresses that were left unread, best first."""
        for key in sorted(self._offers, key=lambda one: (-self._worths[one], one)):
            yield self._offers[key].url

    def _objection(self, found: Found) -> Reason | None:
        url = URL(found.url)
        if not is_page(url):
            return Reason.NOT_HTML
        if is_trap(url):
            return Reason.TRAP
        return Reason.DEPTH if found.depth > self._max_depth else None

    def _is_endless(self, url: str) -> bool:
        group = self._group(url)[:1]
        if self._stale[group] >= _DUPLICATES_UNTIL_CLOSED and group:
            return True
        name, most = pattern(URL(url))
        self._patterns[name] += 1
        return self._stale_in_all >= _DUPLICATES_UNTIL_OVER or 0 < most < self._patterns[name]

    def _refuse(self, key: str, url: str, reason: Reason) -> None:
        self._done.add(key)
        if len(self.refused) < MAX_KNOWN:
            self.refused.append(Refusal(url=url, reason=reason))

    def _push(self, key: str, found: Found) -> None:
        self._offers[key] = found
        self._worths[key] = self._worth(found)
        queue = self._queues.setdefault(self._group(found.url), [])
        heapq.heappush(queue, (-self._worths[key], next(self._numbers), key))

    def _best(self) -> Group | None:
        """The group whose first page is worth most, less what was already read of it. Empty queues go."""
        best, group = float("-inf"), None
        for name, queue in list(self._queues.items()):
            while queue and queue[0][2] not in self._offers:
                heapq.heappop(queue)
            if not queue:
                del self._queues[name]
            elif (value := -queue[0][0] - self._weariness(name)) > best:
                best, group = value, name
        return group

    def _weariness(self, group: Group) -> float:
        weights = vocabulary().weights
        shares = (weights.section, weights.subsection)
        return sum(share * self._taken[one] for share, one in zip(shares, self._prefixes(group), strict=False))

    def _worth(self, found: Found) -> float:
        return worth(found, host=self._host, language=self._language)

    def _group(self, url: str) -> Group:
        """The first two folders a page lies in; pages at the top are a group that never wears out."""
        address = URL(url)
        folders = segments(address, self._language)[:-1][:2]
        return folders if address.host == self._host else (address.host or "", *folders[:1])

    def _prefixes(self, group: Group) -> list[Group]:
        return [group[:length] for length in range(1, len(group) + 1)]
