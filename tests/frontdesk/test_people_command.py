"""`frontdesk people`: who is one person, as of when, and taking a link back."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigError
from core.fact import Fact, Field, Quantity, Standing
from core.ids import ConversationId, PersonId, Shard, VisitorId
from core.message import InboundMessage, MessageKind
from core.people import Link, Thread, followed_link, proved_link, user_of
from frontdesk.beside import store_beside
from frontdesk.cli import main
from frontdesk.commands.people import moment
from frontdesk.desk import read_desk
from store.open import open_store
from tests.core.pieces import fact

DESK = Path(__file__).parents[2] / "examples" / "desk"
LAPTOP, PHONE, MARA = PersonId("v.laptop"), PersonId("v.phone"), user_of("fernlight", "17")
MARCH = 1_772_366_400.0  # noon of 1 March 2026
DAY = 86_400.0
LINK = f"token:{PHONE}:{MARA}"


def known(field: Field, value: str | Quantity, day: int, **more: Any) -> Fact:
    return replace(fact(field, value, at=MARCH + day * DAY), quote=f"it is {value}", **more)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    desk = Path(shutil.copytree(DESK, tmp_path / "desk", ignore=shutil.ignore_patterns(".*")))
    asyncio.run(_filled(desk))
    return desk


async def _filled(desk: Path) -> None:
    settings = read_desk(desk).settings
    url, shards = settings.store.url.reveal(), settings.store.shards
    opened = await open_store(url, tenant=settings.tenant, shards=shards, data_dir=desk)
    store = opened.store
    await store.ledger.append(LAPTOP, [known(Field.ROLE, "CTO", 0), known(Field.COMPANY, "Hafen", 2)])
    await store.ledger.append(PHONE, [known(Field.ROLE, "CEO", 4), known(Field.TECH_STACK, "Zendesk", 5)])
    email = known(Field.EMAIL, "mara@hafen.example", 1, standing=Standing.VERIFIED)
    await store.ledger.append(MARA, [email])
    await store.people.link(proved_link(VisitorId(LAPTOP), MARA, at=MARCH + DAY))
    await store.people.link(proved_link(VisitorId(PHONE), MARA, at=MARCH + 3 * DAY))
    await opened.close()


def people(desk: Path, *more: str) -> int:
    return main(["people", "-c", str(desk), *more])


def shown(desk: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert people(desk, "--json", *more) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def values(found: dict[str, Any]) -> dict[str, str]:
    return {one["field"]: one["value"] for one in found["facts"]}


def test_a_person_is_shown_from_any_of_their_devices(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(desk, capsys, "--person", LAPTOP)
    assert found["visitors"] == sorted((LAPTOP, PHONE, MARA))
    assert [link["proof"] for link in found["links"]] == ["signed_token", "signed_token"]
    assert values(found) == {
        "role": "CEO",
        "email": "mara@hafen.example",
        "company": "Hafen",
        "tech_stack": "Zendesk",
    }
    assert found["profile"]["company"]["current_tools"] == ["Zendesk"]
    assert found["profile"]["contradictions"] == ["role"]
    for person in (PHONE, MARA):
        other = shown(desk, capsys, "--person", person)
        assert (other["facts"], other["visitors"]) == (found["facts"], found["visitors"])

    assert people(desk, "--person", PHONE) == 0
    text = capsys.readouterr().out
    assert f"is the same person as {', '.join(sorted((LAPTOP, MARA)))}" in text
    assert "mara@hafen.example (verified, 2026-03-02 12:00 UTC): “it is mara@hafen.example”" in text
    assert f"--unmerge {LINK}" in text


def test_it_is_shown_as_it_stood(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert values(shown(desk, capsys, "--person", LAPTOP, "--as-of", "2026-03-01")) == {"role": "CTO"}
    third = shown(desk, capsys, "--person", LAPTOP, "--as-of", "2026-03-03T12:00:00+00:00")
    assert (third["visitors"], values(third)["role"]) == (sorted((LAPTOP, MARA)), "CTO")
    assert values(shown(desk, capsys, "--person", LAPTOP, "--as-of", "2026-03-05"))["role"] == "CEO"


def test_a_link_that_is_taken_back_restores_both(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert people(desk, "--person", LAPTOP, "--unmerge", "none") == 78
    assert LINK in capsys.readouterr().err
    taken = shown(desk, capsys, "--person", PHONE, "--unmerge", LINK)
    assert (taken["visitors"], values(taken)) == ([PHONE], {"role": "CEO", "tech_stack": "Zendesk"})
    assert people(desk, "--person", PHONE, "--unmerge", LINK) == 78
    capsys.readouterr()
    rest = shown(desk, capsys, "--person", LAPTOP)
    assert rest["visitors"] == sorted((LAPTOP, MARA))
    assert values(rest) == {"role": "CTO", "email": "mara@hafen.example", "company": "Hafen"}
    before = shown(desk, capsys, "--person", PHONE, "--as-of", "2026-03-10")
    assert len(before["visitors"]) == 3, "what was believed then is still to be seen"


def test_that_both_chats_are_told_of_a_link_taken_back(desk: Path) -> None:
    threads = [
        Thread(conversation=ConversationId(f"c.{name}"), visitor=VisitorId(name), channel="web")
        for name in ("v.telegram", PHONE)
    ]
    link = followed_link(*threads, at=MARCH + DAY)
    asyncio.run(_linked(desk, link))
    assert people(desk, "--person", PHONE, "--unmerge", link.id) == 0
    waiting = asyncio.run(_waiting(desk))
    assert {one.conversation for one in waiting} == {"c.v.telegram", f"c.{PHONE}"}
    assert {one.kind for one in waiting} == {MessageKind.JOINED}


async def _linked(desk: Path, link: Link) -> None:
    async with store_beside(read_desk(desk)) as store:
        await store.people.link(link)


async def _waiting(desk: Path) -> list[InboundMessage]:
    settings = read_desk(desk).settings
    async with store_beside(read_desk(desk)) as store:
        shards = [await store.inbox.waiting(Shard(number), after=0) for number in range(settings.store.shards)]
    return [entry.message for entries in shards for entry in entries]


def test_somebody_unknown_is_refused(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert people(desk, "--person", "v.nobody") == 78
    assert "nothing is known of 'v.nobody'" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "1772366400"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="is no time"):
        moment(text)


def test_times_are_read_in_utc_and_a_date_is_its_end() -> None:
    assert moment("2026-03-01T12:00") == MARCH
    assert moment("2026-03-01T13:00+01:00") == MARCH
    assert MARCH + DAY / 2 - 1 < moment("2026-03-01") < MARCH + DAY / 2
