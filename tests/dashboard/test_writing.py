"""Writes: where they must come from, what they may say, that each is journalled, and what the team may do to itself."""

from __future__ import annotations

import asyncio

import pytest

from core.store_ports import Store
from dashboard.audit import Audit
from dashboard.place import ROOT
from dashboard.roles import Role
from tests.dashboard.desk import Desk, StandingClock

INVITE = f"{ROOT}/team/invite"


@pytest.mark.parametrize("token", ["", "x", "foreign"])
async def test_that_no_action_runs_without_the_token_of_this_session(desk: Desk, token: str) -> None:
    browser, other = await desk.member(), await desk.member()
    given = await other.csrf() if token == "foreign" else token
    before = await desk.store.journal.last()
    for action in desk.door.dashboard.actions:
        seen = await browser.post(
            f"{ROOT}{action.path}".replace("{name}", "a").replace("{token}", "b"), {"csrf": given}
        )
        assert seen.status == 403, action.path
    assert await desk.store.journal.last() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "", "Referer": "https://evil.example/dashboard"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[::1"},
    ],
)
async def test_that_no_write_comes_from_elsewhere(desk: Desk, headers: dict[str, str]) -> None:
    browser = await desk.member(name="anna")
    token = await browser.csrf()
    assert (await browser.post(INVITE, {"csrf": token, "role": "viewer"}, **headers)).status == 403
    for path in ("sign-in", "link"):
        seen = await browser.post(f"{ROOT}/{path}", {"name": "anna", "password": "x", "key": "y"}, **headers)
        assert seen.status == 403


@pytest.mark.parametrize("field", ["role", "generation", "totp", "issuer", "name"])
async def test_that_a_form_with_a_field_it_does_not_have_is_refused_whole(desk: Desk, field: str) -> None:
    browser = await desk.member(Role.VIEWER, name="anna")
    kept = await desk.door.checks.accounts.get("anna")
    fields = {"password": "a quiet green harbour", "new": "a loud red mountain", field: "owner"}
    assert (await browser.submit(f"{ROOT}/me/password", fields)).status == 400
    key = await desk.link(Role.VIEWER)
    smuggled = {"key": key, "password": "a quiet green harbour", "name": "eve", "role": "owner"}
    assert (await browser.post(f"{ROOT}/link", smuggled)).status == 400
    assert await desk.door.checks.accounts.get("anna") == kept


async def test_that_a_body_that_is_no_form_is_no_write(desk: Desk) -> None:
    browser = await desk.member()
    async with browser.session.post(
        f"{browser.origin}{INVITE}",
        json={"csrf": await browser.csrf(), "role": "owner"},
        headers={"Origin": desk.origin},
    ) as answer:
        assert answer.status == 403


async def test_that_an_admin_neither_makes_nor_touches_owners(desk: Desk) -> None:
    admin = await desk.member(Role.ADMIN, name="anna")
    await desk.member(name="boss")
    for path, fields in (
        ("invite", {"role": "owner"}),
        ("anna/role", {"role": "owner"}),
        ("boss/role", {"role": "viewer"}),
        ("boss/reset", {}),
        ("boss/sign-out", {}),
        ("boss/remove", {}),
    ):
        assert (await admin.submit(f"{ROOT}/team/{path}", fields)).status == 409, path
    assert {one.name: one.role for one in await desk.door.checks.accounts.all()} == {
        "anna": Role.ADMIN,
        "boss": Role.OWNER,
    }


async def test_that_the_last_owner_stays(desk: Desk) -> None:
    owner = await desk.member(name="boss")
    assert (await owner.submit(f"{ROOT}/team/boss/remove")).status == 409
    assert (await owner.submit(f"{ROOT}/team/boss/role", {"role": "viewer"})).status == 409
    await desk.member(name="second")
    assert (await owner.submit(f"{ROOT}/team/boss/role", {"role": "viewer"})).status == 303


async def test_that_every_write_is_one_line_without_any_secret(desk: Desk) -> None:
    owner = await desk.member(name="boss")
    await desk.member(Role.VIEWER, name="anna")
    made = await owner.submit(f"{ROOT}/tokens", {"name": "crm", "scope": "read"})
    secret = made.text.split('class="secret">')[1].split("<")[0]
    token = (await desk.door.tokens.all())[0]
    start, _ = await desk.store.journal.last()
    writes = [
        ("team/invite", {"role": "viewer"}, "account.invited"),
        ("team/anna/role", {"role": "agent"}, "account.role-changed"),
        ("team/anna/reset", {}, "account.reset-link"),
        ("team/anna/sign-out", {}, "session.all-ended"),
        ("team/anna/remove", {}, "account.removed"),
        (f"tokens/{token.id}/revoke", {}, "token.revoked"),
        (
            "me/password",
            {"password": "a quiet green harbour", "new": "a loud red mountain"},
            "account.password-changed",
        ),
    ]
    for path, fields, _ in writes:
        assert (await owner.submit(f"{ROOT}/{path}", fields)).status in {200, 303}, path
    lines, length = await desk.door.guard.audit.latest(skip=0, count=100)
    assert length - start == len(writes)
    assert [line.what for line in reversed(lines)][start:] == [what for _, _, what in writes]
    assert {line.who for line in lines[: len(writes)]} == {"boss"}
    raw = "".join(await desk.store.journal.lines(0, 100))
    assert secret not in raw
    assert "mountain" not in raw
    changed = next(line for line in lines if line.what == "account.role-changed")
    assert (changed.on, changed.before, changed.after) == ("anna", "viewer", "agent")


async def test_that_a_journal_written_by_many_at_once_holds_together(embedded_store: Store) -> None:
    audit = Audit(embedded_store.journal, StandingClock())
    await asyncio.gather(*(audit.note(who="w", what="x", on=str(number)) for number in range(20)))
    verdict = await audit.verify()
    assert (verdict.lines, verdict.broken_at) == (20, None)
    lines, _ = await audit.latest(skip=0, count=50)
    assert {line.on for line in lines} == {str(number) for number in range(20)}


@pytest.mark.parametrize("place", [0, 4, 8])
@pytest.mark.parametrize("how", ["changed", "removed", "doubled", "garbage"])
async def test_that_a_tampered_journal_is_told_by_its_place(place: int, how: str) -> None:
    journal = ListJournal()
    audit = Audit(journal, StandingClock())
    for number in range(10):
        await audit.note(who="anna", what="role", on=str(number))
    line = journal.kept[place]
    journal.kept[place : place + 1] = {
        "changed": [line.replace('"anna"', '"berta"')],
        "removed": [],
        "doubled": [line, line],
        "garbage": ["{"],
    }[how]
    assert (await audit.verify()).broken_at == place + (2 if how == "doubled" else 1)


class ListJournal:
    """A journal that can be tampered with, as somebody with the store's password could."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    async def append(self, line: str, *, after: int) -> bool:
        self.kept.append(line)
        return len(self.kept) == after + 1

    async def last(self) -> tuple[int, str]:
        return len(self.kept), self.kept[-1] if self.kept else ""

    async def lines(self, start: int, count: int) -> tuple[str, ...]:
        return tuple(self.kept[start : start + count])


async def test_that_an_admin_checks_the_journal_from_its_page(desk: Desk) -> None:
    owner = await desk.member(name="boss")
    await owner.submit(INVITE, {"role": "viewer"})
    checked = await owner.submit(f"{ROOT}/audit/check")
    length, _ = await desk.store.journal.last()
    assert f"All {length - 1} lines follow from one another" in checked.text
    assert await desk.store.journal.append('{"at": 1}', after=length)
    assert f"Line {length + 1} does not follow" in (await owner.submit(f"{ROOT}/audit/check")).text
