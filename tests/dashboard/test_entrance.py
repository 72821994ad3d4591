"""Coming in: links, passwords, codes, tries, and what sessions survive."""

from __future__ import annotations

import asyncio

import pyotp
import pytest

from config.models.dashboard import DashboardSettings
from core.store_ports import Store
from dashboard.lockout import MOST, WINDOW_SECONDS
from dashboard.place import Place
from dashboard.roles import Role
from tests.dashboard.desk import PASSWORD, Browser, Desk, open_desk
from tests.dashboard.grounds import rooms_over

WRONG = "some other password"


async def _inside(browser: Browser) -> bool:
    return (await browser.get("/dashboard/me")).status == 200


async def test_that_a_link_makes_one_account_once_and_looking_at_it_does_not_use_it_up(desk: Desk) -> None:
    key = await desk.link()
    first, second = await desk.browser(), await desk.browser()
    for _ in range(3):
        assert (await first.get(f"/dashboard/link?key={key}")).status == 200
    forms = [{"key": key, "name": name, "password": PASSWORD} for name in ("anna", "berta")]
    both = await asyncio.gather(first.post("/dashboard/link", forms[0]), second.post("/dashboard/link", forms[1]))
    assert sorted(seen.status for seen in both) == [303, 410]
    assert len(await desk.door.checks.accounts.all()) == 1
    assert (await second.get(f"/dashboard/link?key={key}")).status == 410


async def test_that_a_link_of_an_account_sets_its_password_and_ends_its_sessions_and_its_code(desk: Desk) -> None:
    browser = await desk.member(name="anna")
    await desk.door.checks.accounts.change("anna", lambda one: one.model_copy(update={"totp": pyotp.random_base32()}))
    key = await desk.link(account="anna")
    other = await desk.browser()
    assert (await other.post("/dashboard/link", {"key": key, "password": "another long secret"})).status == 303
    assert not await _inside(browser)
    assert await _inside(other)
    assert (await desk.sign_in(await desk.browser(), "anna", "another long secret")).status == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", PASSWORD),
        ("a b", PASSWORD),
        ("taken", PASSWORD),
        ("new", "short"),
        ("new", "new secret of me"),
        ("new", "a" * 30),
    ],
)
async def test_that_a_bad_name_or_password_leaves_the_link_good(desk: Desk, name: str, password: str) -> None:
    await desk.member(name="taken")
    key, browser = await desk.link(), await desk.browser()
    assert (await browser.post("/dashboard/link", {"key": key, "name": name, "password": password})).status == 409
    assert (await browser.post("/dashboard/link", {"key": key, "name": "fine", "password": PASSWORD})).status == 303


async def test_that_failures_look_alike_whoever_is_meant(desk: Desk) -> None:
    await desk.member(name="anna")
    await desk.member(name="berta")
    await desk.door.checks.accounts.change("berta", lambda one: one.model_copy(update={"totp": pyotp.random_base32()}))
    browser = await desk.browser()
    told = {
        (seen.status, seen.text)
        for seen in [
            await desk.sign_in(browser, "anna", WRONG),
            await desk.sign_in(browser, "nobody", WRONG),
            await desk.sign_in(browser, "berta", PASSWORD),
            await desk.sign_in(browser, "berta", PASSWORD, code="000000"),
            await desk.sign_in(browser, "a\u0000b", "x" * 900),
        ]
    }
    assert len(told) == 1
    assert {status for status, _ in told} == {401}


async def test_that_the_eleventh_try_is_not_even_judged_and_a_quarter_of_an_hour_is_the_end_of_it(desk: Desk) -> None:
    await desk.member(name="anna")
    browser = await desk.browser()
    for _ in range(MOST):
        assert (await desk.sign_in(browser, "anna", WRONG)).status == 401
    assert (await desk.sign_in(browser, "anna")).status == 401
    assert not await _inside(browser)
    assert WINDOW_SECONDS == 900


async def test_that_of_many_tries_at_once_no_more_than_ten_are_judged(desk: Desk) -> None:
    admitted = await asyncio.gather(*(desk.door.checks.lockout.admits("anna", f"192.0.2.{n}") for n in range(40)))
    assert sum(admitted) == MOST


async def test_that_tries_at_many_accounts_from_one_address_count_together(desk: Desk) -> None:
    await desk.member(name="anna")
    browser = await desk.browser()
    for number in range(MOST):
        await desk.sign_in(browser, f"guess{number}", WRONG)
    assert (await desk.sign_in(browser, "anna")).status == 401


async def test_that_good_sign_ins_never_lock_anybody_out(desk: Desk) -> None:
    await desk.member(name="anna")
    browser = await desk.browser()
    for _ in range(MOST + 5):
        assert (await desk.sign_in(browser, "anna")).status == 303


async def test_that_a_code_is_asked_for_once_set_up_and_is_good_once(desk: Desk) -> None:
    browser = await desk.member(name="anna")
    page = await browser.get("/dashboard/me/code")
    key = page.text.split('name="key" value="')[1].split('"')[0]
    assert "data:image/svg+xml;base64," in page.text
    code = pyotp.TOTP(key).at(int(desk.clock.now()))
    wrong = {"key": key, "code": "000000", "password": PASSWORD}
    assert (await browser.submit("/dashboard/me/code", wrong)).status == 409
    assert (await browser.submit("/dashboard/me/code", {**wrong, "code": code})).status == 303
    assert not await _inside(browser)
    desk.clock.time += 60
    code = pyotp.TOTP(key).at(int(desk.clock.now()))
    assert (await desk.sign_in(browser, "anna")).status == 401
    assert (await desk.sign_in(browser, "anna", code=code)).status == 303
    assert (await desk.sign_in(await desk.browser(), "anna", code=code)).status == 401


async def test_that_signing_in_gives_an_id_nobody_could_have_planted(desk: Desk) -> None:
    await desk.member(name="anna")
    attacker = await desk.member(Role.VIEWER, name="mallory")
    planted = attacker.cookie()
    victim = await desk.browser()
    victim.wear(planted)
    assert (await desk.sign_in(victim, "anna")).status == 303
    assert victim.cookie() != planted
    assert "anna" in (await victim.get("/dashboard/me")).text
    assert not await _inside(attacker)


async def test_that_a_changed_role_comes_with_a_new_id_and_holds_at_once(desk: Desk) -> None:
    browser = await desk.member(Role.ADMIN, name="anna")
    before = browser.cookie()
    owner = await desk.member()
    assert (await owner.submit("/dashboard/team/anna/role", {"role": "viewer"})).status == 303
    stolen = await desk.browser()
    stolen.wear(before)
    assert (await browser.get("/dashboard/team")).status == 403
    await browser.get("/dashboard/me")
    assert browser.cookie() != before
    assert not await _inside(stolen)


async def test_that_sessions_end_when_idle_when_old_and_everywhere_at_once(desk: Desk) -> None:
    await desk.member(name="anna")
    idle, busy, elsewhere = [await desk.browser() for _ in range(3)]
    for browser in (idle, busy, elsewhere):
        await desk.sign_in(browser, "anna")
    for _ in range(7):
        desk.clock.time += 100 * 60
        assert await _inside(busy)
    assert not await _inside(idle)
    desk.clock.time += 21 * 60
    assert not await _inside(busy)
    await desk.sign_in(busy, "anna")
    await desk.sign_in(elsewhere, "anna")
    assert (await busy.submit("/dashboard/me/sign-out-everywhere")).status == 303
    assert not await _inside(elsewhere)


async def test_that_signing_out_ends_the_session_and_not_only_the_cookie(desk: Desk) -> None:
    browser = await desk.member()
    cookie = browser.cookie()
    assert (await browser.submit("/dashboard/sign-out")).status == 303
    browser.wear(cookie)
    assert not await _inside(browser)


async def test_that_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk, embedded_store: Store) -> None:
    await desk.member(name="anna")
    plain = (await desk.sign_in(await desk.browser(), "anna")).headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Path=/dashboard" in plain
    assert "Secure" not in plain
    async with open_desk(embedded_store, public_url="https://desk.example/talk") as public:
        browser = await public.browser()
        fields = {"name": "anna", "password": PASSWORD}
        seen = await browser.post("/dashboard/sign-in", fields, Origin="https://desk.example")
        assert "Secure" in seen.headers["Set-Cookie"]
        assert "Path=/talk/dashboard" in seen.headers["Set-Cookie"]
        assert seen.location == "/talk/dashboard"
    async with open_desk(embedded_store, public_url="https://desk.example") as public:
        browser = await public.browser()
        seen = await browser.post("/dashboard/sign-in", fields, Origin="https://desk.example")
        assert seen.headers["Set-Cookie"].startswith("__Host-frontdesk=")
        assert "Path=/;" in seen.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/dashboard",
        "/\\evil.example",
        "/dashboard//evil.example",
        "/dashboard/../..//evil.example",
        "/dashboardevil",
        "/dashboard/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/dashboard/a\u2028b",
        "",
    ],
)
async def test_that_nobody_is_sent_out_of_the_house_after_signing_in(desk: Desk, wanted: str) -> None:
    await desk.member(name="anna")
    assert (await desk.sign_in(await desk.browser(), "anna", next=wanted)).location == "/dashboard"


async def test_that_who_wanted_a_page_gets_there_after_signing_in(desk: Desk) -> None:
    await desk.member(name="anna")
    browser = await desk.browser()
    sent = await browser.get("/dashboard/audit?page=2")
    assert sent.location == "/dashboard/sign-in?next=%2Fdashboard%2Faudit%3Fpage%3D2"
    assert (await desk.sign_in(browser, "anna", next="/dashboard/audit?page=2")).location == "/dashboard/audit?page=2"
    assert Place(public_url="https://a.example/x").onward("/dashboard/audit") == "/x/dashboard"


async def test_that_a_page_that_looks_by_itself_keeps_no_session_alive(embedded_store: Store) -> None:
    settings = DashboardSettings(idle_minutes=10)
    async with open_desk(embedded_store, settings=settings, rooms=rooms_over(embedded_store)) as desk:
        browser = await desk.member()
        for _ in range(4):
            desk.clock.time += 200
            await browser.get("/dashboard/live/rows", **{"HX-Request": "true"})
        ended = await browser.get("/dashboard/live/rows", **{"HX-Request": "true"})
        assert (ended.status, ended.headers["HX-Refresh"], ended.text) == (401, "true", "")
        assert (await browser.get("/dashboard/live")).status == 303
