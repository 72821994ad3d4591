"""`python -m benchmarks.pages`: how long an admin waits for each page of the dashboard over a full store.

A store is filled by `frontdesk.simulation`, `frontdesk serve` runs over it, and somebody signed in reads every page of
the navigation, a profile, lists with filters of every kind in every order, searches, far pages and downloads.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import re
import sys
import tempfile
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter
from urllib.parse import urlencode

import aiohttp
import msgspec

from benchmarks.measuring import cpu_seconds, resident_bytes
from benchmarks.servers import Store, System, hub, valkey
from benchmarks.table import Row, Target, measured, shown
from dashboard.links import Invitation
from dashboard.roles import Role
from frontdesk.admins import make_link
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.simulation.filling import fill
from frontdesk.simulation.people import Crowd, World
from store.open import open_store

SCENARIO = 12
PROFILES, QUICK = 100_000, 3_000
ROUNDS = 20
SHARDS = 64
WAIT, GROWTH = Target(200, 50), Target(40, 10)
_LINK, _PROFILE = re.compile(r'href="(/dashboard[^"]*)"'), re.compile(r'href="(/dashboard/profile\?[^"]*)"')
_CHOICES = re.compile(r'<select id="(\w+)" name="\w+">(.*?)</select>', re.DOTALL)
_VALUE = re.compile(r'<option value="([^"]+)"')
_FURTHER = re.compile(r'href="([^"]*after=[^"]*)"')
_NOT_PAGES = ("/assets/", "/sign-out", "/me")


class Waited(msgspec.Struct, frozen=True):
    """Milliseconds until the last byte of each reading of one address, and bytes of it."""

    path: str
    milliseconds: tuple[float, ...]
    bytes: int

    @property
    def most(self) -> float:
        return quantiles(self.milliseconds, n=20, method="inclusive")[-1]

    @property
    def least(self) -> float:
        return min(self.milliseconds)


class Readings(msgspec.Struct, frozen=True, kw_only=True):
    """All addresses; megabytes the hub gained meanwhile; CPU of hub and store a reading, in milliseconds."""

    waited: list[Waited]
    grown: float
    worked: float


async def bench(profiles: int, rounds: int = ROUNDS) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-pages-") as folder:
        async with valkey(Path(folder) / "store") as store:
            began = perf_counter()
            await _filled(store, profiles)
            seconds = perf_counter() - began
            used = resident_bytes(store.process)
            async with hub(store, Path(folder) / "desk") as desk:
                async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
                    await _signed_in(http, store, desk)
                    readings = await _read_all(http, desk, rounds)
                if faults := desk.errors():
                    raise RuntimeError(f"the hub complained: {faults}")
    return [*_rows(profiles, readings), *_explaining(profiles, seconds, used)]


async def _filled(store: Store, profiles: int) -> None:
    desk = read_desk(Path(__file__).parents[1] / "examples" / "desk")
    world = World(
        personas=tuple((one.id, one.name) for one in desk.personas),
        channels=("web", "telegram", "slack"),
        questions=("use_case", "volume", "budget", "timeline"),
        site=str(desk.settings.company.site),
        now=SystemClock().now(),
    )
    opened = await open_store(store.url, tenant=desk.settings.tenant, shards=SHARDS)
    await fill(opened.store, Crowd(world, Random(1), "bench"), profiles, shards=SHARDS, told=lambda _: None)
    await opened.close()


async def _signed_in(http: aiohttp.ClientSession, store: Store, desk: System) -> None:
    """As whoever follows a one-time link does."""
    tenant = read_desk(Path(__file__).parents[1] / "examples" / "desk").settings.tenant
    opened = await open_store(store.url, tenant=tenant, shards=SHARDS)
    link = await make_link(opened.store, Invitation(role=Role.OWNER), desk.address)
    await opened.close()
    fields = {"key": link.rpartition("key=")[2], "name": "bench", "password": "a quiet green harbour"}
    answer = await http.post(f"{desk.address}/dashboard/link", data=fields, headers={"Origin": desk.address})
    answer.raise_for_status()


async def _read_all(http: aiohttp.ClientSession, desk: System, rounds: int) -> Readings:
    """Every address several times, and the megabytes by which the hub grew from the first round to the last."""
    addresses = await _addresses(http, desk.address)
    taken: dict[str, list[float]] = {path: [] for path in addresses}
    sizes: dict[str, int] = {}
    before, worked = 0, -_worked(desk)
    for number in range(rounds):
        for path in addresses:
            began = perf_counter()
            async with http.get(f"{desk.address}{path}") as answer:
                answer.raise_for_status()
                sizes[path] = len(await answer.read())
            taken[path].append(1_000 * (perf_counter() - began))
        if number == 1:
            before = resident_bytes(desk.process)
    grown = (resident_bytes(desk.process) - before) / 2**20
    worked += _worked(desk)
    waited = [Waited(path, tuple(times[1:]), sizes[path]) for path, times in taken.items()]
    return Readings(waited=waited, grown=grown, worked=1_000 * worked / (rounds * len(addresses)))


def _worked(desk: System) -> float:
    """CPU seconds of hub and store so far."""
    return cpu_seconds(desk.process) + cpu_seconds(desk.store.process)


async def _addresses(http: aiohttp.ClientSession, address: str) -> list[str]:
    first = await _text(http, address, "/dashboard")
    pages = {html.unescape(path) for path in _LINK.findall(first)}
    paths = {path for path in pages if not any(part in path for part in _NOT_PAGES)}
    listed = await _text(http, address, "/dashboard/profiles")
    paths |= {html.unescape(path) for path in _PROFILE.findall(listed)[:3]}
    paths |= _narrowed(listed)
    paths |= {f"/dashboard/profiles?q={start}" for start in ("a", "ada", "Harbour", "nobody-at-all")}
    paths |= {f"/dashboard?from={year}-01-01" for year in (2022, 2026)}
    return sorted({*paths, *await _further(http, address, listed)})


def _narrowed(listed: str) -> set[str]:
    """Each filter in each order, two filters at once, and three that hardly anybody fits."""
    choices = {name: _VALUE.findall(options) for name, options in _CHOICES.findall(listed)}
    orders = choices.pop("order", [""])
    first = [(name, html.unescape(values[0])) for name, values in choices.items() if values]
    last = [(name, html.unescape(values[-1])) for name, values in choices.items() if values]
    asked = [
        *({name: value, "order": order} for (name, value), order in zip(first, _over(orders), strict=False)),
        *(dict(pair) for pair in zip(first, last[1:], strict=False)),
        dict(last[-3:]),
        dict(last),
    ]
    return {f"/dashboard/profiles?{urlencode(one)}" for one in asked}


def _over(values: Sequence[str]) -> list[str]:
    return [values[number % len(values)] for number, _ in zip(count(), range(50), strict=False)]


async def _further(http: aiohttp.ClientSession, address: str, listed: str) -> set[str]:
    """The tenth page of the list."""
    path = ""
    for _ in range(10):
        found = _FURTHER.search(listed)
        if found is None:
            break
        path = html.unescape(found[1])
        listed = await _text(http, address, path)
    return {path} if path else set()


async def _text(http: aiohttp.ClientSession, address: str, path: str) -> str:
    async with http.get(f"{address}{path}") as answer:
        answer.raise_for_status()
        return await answer.text()


def _rows(profiles: int, readings: Readings) -> list[Row]:
    waited = readings.waited
    lists = [one for one in waited if "/profiles?" in one.path]
    others = [one for one in waited if one not in lists]
    slowest, slowest_list = max(others, key=lambda one: one.most), max(lists, key=lambda one: one.most)
    dearest = max(waited, key=lambda one: one.least)
    of = f"{profiles:,} profiles"
    return [
        _row(f"p95 of the slowest of {len(others)} pages ({slowest.path}), {of}", [slowest.most], "ms", WAIT),
        _row(f"p95 of the slowest of {len(lists)} lists ({slowest_list.path})", [slowest_list.most], "ms", WAIT),
        _row("p95 of all pages and lists, one by one", [one.most for one in waited], "ms"),
        _row(f"the same at the quietest moment, slowest: {dearest.path}", [one.least for one in waited], "ms"),
        _row("memory the hub gained while they were read over and over", [readings.grown], "MB", GROWTH),
        _row("CPU of hub and store a reading, on average", [readings.worked], "ms"),
        _row("largest page", [max(one.bytes for one in waited) / 1_024], "KB"),
    ]


def _explaining(profiles: int, seconds: float, used: int) -> list[Row]:
    return [
        _row("made-up profiles stored a second", [profiles / seconds], ""),
        _row("memory of the store, a profile", [used / profiles / 1_024], "KB"),
    ]


def _row(what: str, values: Sequence[float], unit: str, target: Target | None = None) -> Row:
    return Row(scenario=SCENARIO, what=what, measured=measured(values), unit=unit, target=target)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--profiles", type=int, default=PROFILES, metavar="N")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    options = parser.parse_args(arguments)
    print(shown(asyncio.run(bench(options.profiles, options.rounds))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
