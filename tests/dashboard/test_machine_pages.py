"""Health: what waits and what failed is shown to admins, and put right from there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from config.problems import Problem
from core.errors import DependencyError
from core.rep import Rep, RepId
from core.reply import Mode, Reply
from core.store_ports import Commit, Store
from core.turn import DeliverReply
from dashboard.config_page import AdminFile, Look
from dashboard.machine import Machine, ModelState, Reloaded, Undelivered
from dashboard.profile_page import mark_of
from dashboard.roles import Role
from dashboard.rooms import machine_rooms
from tests.contracts.builders import message, new_conversation, own, session
from tests.dashboard.desk import Desk, open_desk

ROOT = "/dashboard"
PROBLEM = Problem(file="personas.yaml", line=3, column=5, message="unknown key <b>", hint="mend it")
FILES = (
    AdminFile(name="frontdesk.yaml", running="a: 1\nb: 2\n", edited="a: 1\nb: 3\ntoken: loud\n"),
    AdminFile(name="personas.yaml", running="personas: []\n"),
)


class Gate:
    """Says what the process would."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.look = Look(files=FILES)

    async def undelivered(self) -> list[Undelivered]:
        return [Undelivered(id="lead.web.1@crm", revision=3, reason="the token is revoked", again=True)]

    async def send(self, name: str) -> None:
        if "crm" not in name:
            raise DependencyError("the sink is away")
        self.sent.append(name)

    async def looked(self) -> Look:
        return self.look

    def machine(self) -> Machine:
        return Machine(
            reloaded=lambda: Reloaded(at=1_800_000_000.0, problems=(PROBLEM,), waiting=("server.port: 1 -> 2",)),
            parked=lambda: {"slack"},
            channels=lambda: {"web": "running"},
            model=lambda: ModelState(name="small-model", tokens_a_day=50_000, resting=True),
            undelivered=self.undelivered,
            send_again=self.send,
        )


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def desk(embedded_store: Store, gate: Gate) -> AsyncIterator[Desk]:
    rooms = machine_rooms(embedded_store, gate.machine(), gate.looked)
    async with open_desk(embedded_store, rooms=rooms) as desk:
        yield desk


async def test_that_health_tells_of_the_files_the_model_and_what_is_parked(desk: Desk) -> None:
    await desk.store.allowances.take(1234, {"all": 50_000}, day=int(desk.clock.time // 86_400))
    text = (await (await desk.member()).get(f"{ROOT}/health")).text
    for told in ("unknown key &lt;b&gt;", "server.port: 1 -&gt; 2", "slack", "web: running", "1,234", "left alone"):
        assert told in text
    assert (await (await desk.member(Role.AGENT)).get(f"{ROOT}/health")).status == 403


async def test_that_a_message_set_aside_is_tried_again_or_dropped(desk: Desk) -> None:
    store, talk = desk.store, new_conversation()
    shard, epoch = await own(store, talk)
    for identity in ("m1", "m2"):
        await store.inbox.accept(message(talk, identity, f"text of {identity}"), worker="w1")
    for entry in await store.inbox.waiting(shard, after=0):
        await store.inbox.bury(shard, "w1", epoch, entry, "the engine failed")
    second, first = await store.backlog.dead(shard, 9)
    admin = await desk.member(Role.ADMIN)
    text = (await admin.get(f"{ROOT}/health")).text
    assert "text of m1" in text
    assert "the engine failed" in text
    assert (await admin.submit(f"{ROOT}/health/replay", {"id": f"{shard}/{first.id}"})).status == 303
    assert [entry.message.id for entry in await store.inbox.waiting(shard, after=0)] == ["m1"]
    assert (await admin.submit(f"{ROOT}/health/drop", {"id": f"{shard}/{second.id}"})).status == 303
    assert await store.backlog.dead(shard, 9) == ()
    for wrong in (f"{shard}/{first.id}", "99/0-1", f"{shard}/0-77"):
        for path in ("replay", "drop", "settle"):
            assert (await admin.submit(f"{ROOT}/health/{path}", {"id": wrong})).status == 409, (wrong, path)
    assert (await admin.submit(f"{ROOT}/health/replay", {"id": "+"})).status == 400
    journal = "".join(await store.journal.lines(0, 99))
    assert (journal.count("message.replayed"), journal.count("message.dropped")) == (1, 1)
    assert mark_of(talk) in journal


async def test_that_a_reply_that_may_have_arrived_is_settled(desk: Desk) -> None:
    store, talk = desk.store, new_conversation()
    shard, epoch = await own(store, talk)
    said = Reply(main_text="may be there", mode=Mode.HUMAN, rep=Rep(id=RepId("U1")))
    effect = DeliverReply(channel="telegram", conversation=talk, reply=said)
    committed = await store.conversations.commit(
        shard, "w1", epoch, Commit(session=replace(session(talk)), outbox=(effect,))
    )
    await store.outbox.begin(shard, "w1", epoch, committed.outbox[0])
    await store.outbox.doubt(shard, "w1", epoch, committed.outbox[0].seq)
    (kept,) = await store.outbox.uncertain(shard)
    admin = await desk.member(Role.ADMIN)
    assert "may be there" in (await admin.get(f"{ROOT}/health")).text
    assert (await admin.submit(f"{ROOT}/health/settle", {"id": f"{shard}/{kept.id}"})).status == 303
    assert await store.outbox.uncertain(shard) == ()


async def test_that_a_lead_is_sent_now_or_the_reason_is_told(desk: Desk, gate: Gate) -> None:
    talk = new_conversation()
    shard, epoch = await own(desk.store, talk)
    effect = DeliverReply(channel="telegram", conversation=talk, reply=Reply(main_text="x", mode=Mode.LEAD))
    await desk.store.conversations.commit(shard, "w1", epoch, Commit(session=session(talk), outbox=(effect,)))
    admin = await desk.member(Role.ADMIN)
    assert "the token is revoked" in (await admin.get(f"{ROOT}/health")).text
    assert (await admin.submit(f"{ROOT}/health/send", {"id": "lead.web.1@crm"})).status == 303
    assert gate.sent == ["lead.web.1@crm"]
    failed = await admin.submit(f"{ROOT}/health/send", {"id": "lead.web.1@other"})
    assert (failed.status, "the sink is away" in failed.text) == (409, True)


async def test_that_configuration_shows_differences_without_secrets_and_every_problem(desk: Desk, gate: Gate) -> None:
    admin = await desk.member(Role.ADMIN)
    text = (await admin.get(f"{ROOT}/config")).text
    assert '<span class="minus">-b: 2</span>' in text
    assert '<span class="plus">+b: 3</span>' in text
    assert "loud" not in text
    gate.look = Look(files=FILES, problems=(PROBLEM,))
    broken = (await admin.get(f"{ROOT}/config")).text
    assert "<code>personas.yaml:3:5</code>: unknown key &lt;b&gt;" in broken
    gate.look = Look(files=FILES[1:])
    assert "What is in force is what the files say" in (await admin.get(f"{ROOT}/config")).text
    assert (await (await desk.member(Role.AGENT)).get(f"{ROOT}/config")).status == 403
