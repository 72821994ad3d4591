"""The pages about experiments and flights, over a real store and a real desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser as Chromium

from core.directory import Ask
from core.flight import Changed, Flight, Step, differences
from core.ids import ConversationId
from core.session import Exposure
from core.store_ports import Store
from core.trial import Experiment, Variant
from core.trial_evidence import Arm, judged
from dashboard.door import Rooms
from dashboard.experiments_page import ExperimentsPage, Tally
from dashboard.flight_page import FlightPage, FlightState
from dashboard.roles import Role
from frontdesk.desk import read_desk
from frontdesk.in_force import keep_in_force
from frontdesk.tried_out import DeskFlights, tried_rooms
from store.coalescing import Commands
from tests.core.hub_parts import eventually, running_hub
from tests.core.hub_parts import said as message
from tests.dashboard.desk import Desk, StandingClock, open_desk
from tests.dashboard.test_people_pages import HOSTILE, MOST_TRIPS, row
from tests.frontdesk.test_reloading import PERSONAS, folder
from tests.peers.axe import findings
from tests.peers.chromium import chromium

__all__ = ["chromium", "folder"]

FILE = """holdout: {share: 0.1}
experiments:
  - id: opener
    goal: email
    variants:
      - {id: as_is}
      - {id: pain, openers: ["Does the telephone ring all day?"]}
"""


@pytest.fixture
async def desk(folder: Path, embedded_store: Store) -> AsyncIterator[Desk]:
    (folder / "experiments.yaml").write_text(FILE)
    read = read_desk(folder)
    keep_in_force(read)

    rooms = tried_rooms(lambda: read, embedded_store, StandingClock())
    async with open_desk(embedded_store, rooms=rooms) as opened:
        yield opened


async def exposed(store: Store, variant: str, units: int, reached: int) -> None:
    for number in range(units):
        trials = (Exposure(experiment="opener", variant=variant, unit=f"{variant}{number}"),)
        email = f"v{number}@a.example" if number < reached else ""
        await store.directory.list(row(f"{variant}.{number}", email=email, trials=trials))


async def test_that_experiments_are_shown_with_what_may_be_claimed(desk: Desk) -> None:
    await exposed(desk.store, "as_is", 120, 20)
    await exposed(desk.store, "pain", 118, 80)
    browser = await desk.member(Role.VIEWER)

    async def counted() -> bool:
        return "Better" in (await browser.get("/dashboard/experiments")).text

    await eventually(counted, "nothing was counted")
    shown = (await browser.get("/dashboard/experiments")).text
    assert "<td>118</td><td>80</td>" in shown
    assert "67.8%" in shown
    assert "Nothing to claim yet" in shown, "of the holdout"
    assert "The shares are off" not in shown


async def test_that_a_page_asks_the_store_at_most_ten_times(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await exposed(desk.store, "as_is", 500, 20)
    browser = await desk.member(Role.ADMIN)
    trips: list[object] = []
    for name in ("run", "command"):
        plain = getattr(Commands, name)

        def counted(self: Commands, *given: object, _plain: object = plain) -> object:
            trips.append(given)
            return _plain(self, *given)  # type: ignore[operator]

        monkeypatch.setattr(Commands, name, counted)
    for path in ("/experiments", "/flight"):
        trips.clear()
        assert (await browser.get(f"/dashboard{path}")).status == 200
        assert 0 < len(trips) <= MOST_TRIPS, path


async def test_that_shares_that_are_off_are_said_aloud(desk: Desk) -> None:
    await exposed(desk.store, "as_is", 120, 10)
    await exposed(desk.store, "pain", 40, 39)
    browser = await desk.member(Role.VIEWER)

    async def counted() -> bool:
        return "The shares are off: 1 : 1 was due" in (await browser.get("/dashboard/experiments")).text

    await eventually(counted, "the shares were not looked at")
    assert "Better" not in (await browser.get("/dashboard/experiments")).text


async def test_that_an_edit_is_flown_from_the_page(folder: Path, embedded_store: Store) -> None:
    keep_in_force(read_desk(folder))
    async with running_hub(embedded_store) as hub:
        await hub.accept(message(ConversationId("web:1"), "We run four clinics and our patients ring all day"))
        await eventually(lambda: _listed(embedded_store), "the talk is not listed")
    (folder / "personas.yaml").write_text(PERSONAS.format(name="practices"))
    clock = StandingClock()
    flights = DeskFlights(folder, embedded_store, clock)
    page = FlightPage(flights=flights)
    async with open_desk(embedded_store, rooms=Rooms(pages=page.pages(), actions=page.actions())) as desk:
        admin = await desk.member(Role.ADMIN)
        begun = await admin.submit("/dashboard/flight", {"last": "20"})
        assert (begun.status, begun.location) == (303, "/dashboard/flight")
        assert "A flight is under way" in (await admin.submit("/dashboard/flight", {"last": "20"})).text
        await flights.ended()
        shown = (await admin.get("/dashboard/flight")).text
        assert "<strong>1 of 1</strong>" in shown
        assert "clinics" in shown
        assert "practices" in shown
        assert "web:1" in shown
        clock.time += 7_200
        assert "web:1" not in (await admin.get("/dashboard/flight")).text, "visitors' words are not kept for long"


async def _listed(store: Store) -> bool:
    return bool((await store.directory.find(Ask())).rows)


async def test_that_files_with_a_mistake_say_so(folder: Path, embedded_store: Store) -> None:
    flights = DeskFlights(folder, embedded_store, StandingClock())
    for content, told in ((PERSONAS.format(name="clinics"), "in-force.zip"), ("personas: [", "personas.yaml:")):
        (folder / "personas.yaml").write_text(content)
        assert flights.start(20)
        await flights.ended()
        assert told in flights.state().problem
        (folder / "personas.yaml").write_text(PERSONAS.format(name="clinics"))
        keep_in_force(read_desk(folder))


async def test_that_only_admins_fly_and_only_so_many_at_once(desk: Desk) -> None:
    for role in (Role.VIEWER, Role.AGENT):
        browser = await desk.member(role)
        assert (await browser.get("/dashboard/flight")).status == 403
        assert (await browser.submit("/dashboard/flight", {"last": "20"})).status == 403
        assert (await browser.get("/dashboard/experiments")).status == 200
    admin = await desk.member(Role.ADMIN)
    for wrong in ({"last": "100000"}, {"last": "0"}, {"last": "many"}, {}):
        assert (await admin.submit("/dashboard/flight", wrong)).status == 400


class Standing:
    """A flight that stands as it is set."""

    def __init__(self) -> None:
        self.now = FlightState()

    def state(self) -> FlightState:
        return self.now

    def start(self, last: int) -> bool:
        return not self.now.running and last > 0


def _hostile() -> Flight:
    plain = Step(turn=1, heard="", persona="", readiness="low", lead="", route="", question="", text="")
    changed = [
        Changed(
            conversation=ConversationId(text),
            changes=differences([replace(plain, heard=text)], [replace(plain, heard=text, text=text, persona=text)]),
        )
        for text in HOSTILE
    ]
    return Flight(conversations=9, turns=9, changed=tuple(changed))


TALLY = Tally(
    counted_at=1_800_000_000.0,
    tests=tuple(
        (
            Experiment(id=name, variants=(Variant(id="as_is"), Variant(id="pain"))),
            judged(
                (
                    Arm(variant="as_is", weight=1, units=units, reached=reached),
                    Arm(variant="pain", weight=1, units=1_000, reached=260),
                )
            ),
        )
        for name, units, reached in (("opener", 1_020, 180), ("question", 700, 200), ("nothing_yet", 1_000, 0))
    ),
)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_that_nothing_runs_and_axe_finds_nothing(
    embedded_store: Store, chromium: Chromium, scheme: Literal["light", "dark"]
) -> None:
    standing = Standing()
    flown = FlightPage(flights=standing)

    async def look() -> Tally:
        return TALLY

    rooms = Rooms(pages=(*flown.pages(), *ExperimentsPage(look=look).pages()), actions=flown.actions())
    async with open_desk(embedded_store, rooms=rooms) as desk:
        admin = await desk.member(Role.ADMIN)
        context = await chromium.new_context(
            color_scheme=scheme, bypass_csp=True, viewport={"width": 360, "height": 740}
        )
        await context.add_cookies(
            [{"name": "frontdesk_dashboard", "value": admin.cookie(), "domain": "127.0.0.1", "path": "/dashboard"}]
        )
        page = await context.new_page()
        ran: list[str] = []
        page.on("dialog", lambda dialog: ran.append(dialog.message))
        page.on("pageerror", lambda error: ran.append(str(error)))
        for state in (
            FlightState(),
            FlightState(running=True),
            FlightState(running=True, done=3, of=20),
            FlightState(problem=HOSTILE[0], ended_at=1.0),
            FlightState(flight=_hostile(), ended_at=1_800_000_000.0),
            None,
        ):
            standing.now = state or FlightState()
            await page.goto(f"{desk.origin}/dashboard/{'flight' if state else 'experiments'}")
            assert await page.locator("main svg, main img, main script").count() == 0
            assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, state
            assert await findings(page, "body") == [], state
        assert ran == []
        await context.close()


@pytest.mark.browser
async def test_that_a_flight_is_followed_without_reloading(embedded_store: Store, chromium: Chromium) -> None:
    standing = Standing()
    standing.now = FlightState(running=True, done=3, of=20)
    flown = FlightPage(flights=standing)
    async with open_desk(embedded_store, rooms=Rooms(pages=flown.pages(), actions=flown.actions())) as desk:
        admin = await desk.member(Role.ADMIN)
        context = await chromium.new_context()
        await context.add_cookies(
            [{"name": "frontdesk_dashboard", "value": admin.cookie(), "domain": "127.0.0.1", "path": "/dashboard"}]
        )
        page = await context.new_page()
        await page.goto(f"{desk.origin}/dashboard/flight")
        await page.get_by_text("3 of 20 conversations").wait_for()
        standing.now = FlightState(flight=Flight(conversations=20, turns=80), ended_at=1_800_000_000.0)
        await page.get_by_text("0 of 20").wait_for()
        assert await page.locator("#flight").get_attribute("hx-get") is None
        await context.close()
