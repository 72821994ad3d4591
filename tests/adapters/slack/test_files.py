"""A prospect's files in Slack: taken by their ids, fetched from Slack alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.attachment import Attachment
from core.errors import DeliveryDelayed
from core.message import MessageKind
from core.store_ports import Store
from frontdesk.demo.slack_faults import rate_limited
from frontdesk.demo.slack_files import UploadedFile
from tests.adapters.slack.workspace import DIRECT, Around, around, event

PDF = b"%PDF-1.7 the floor plan of our warehouse"


@pytest.fixture
async def desk(embedded_store: Store) -> AsyncIterator[Around]:
    async with around(embedded_store.notes) as found:
        yield found


def sent(file: str = "F0PLAN1", name: object = "plan.pdf", **more: Any) -> dict[str, Any]:
    return {"id": file, "name": name, "mimetype": "application/pdf", "size": len(PDF), **more}


def held(desk: Around, **more: Any) -> Attachment:
    """A file of the workspace's, as a message has named it."""
    desk.slack.files["F0PLAN1"] = UploadedFile(name="plan.pdf", length=len(PDF), content=PDF, **more)
    return Attachment(
        id="m.file0", channel="shared", reference="F0PLAN1", name="plan.pdf", media_type="application/pdf"
    )


async def said(desk: Around, times: int = 1) -> list[str]:
    while len(desk.slack.messages(DIRECT)) < times:
        await desk.slack.changed(after=desk.slack.version)
    return [one["text"] for one in desk.slack.messages(DIRECT)]


async def test_that_files_and_words_are_messages_each_taken_once(desk: Around) -> None:
    brought = event("Our hall, and the yard", subtype="file_share", files=[sent(), sent("F0YARD1", "yard.pdf")])
    for _ in range(3):
        assert await desk.caller.send(brought) == 200
    assert [(one.kind, one.text) for one in desk.reception.messages] == [
        (MessageKind.FILE, "📎 plan.pdf"),
        (MessageKind.FILE, "📎 yard.pdf"),
        (MessageKind.TEXT, "Our hall, and the yard"),
    ]
    assert [file.reference for one in desk.reception.messages for file in one.attachments] == ["F0PLAN1", "F0YARD1"]
    assert desk.slack.messages(DIRECT) == ()


async def test_that_a_file_without_words_is_acknowledged_once(desk: Around) -> None:
    brought = event("", subtype="file_share", files=[sent(name="../a\u202e<!channel>.pdf")])
    for _ in range(3):
        assert await desk.caller.send(brought) == 200
    assert await said(desk) == ["📎 ✓ a_!channel_.pdf"]
    assert [one.kind for one in desk.reception.messages] == [MessageKind.FILE]


@pytest.mark.parametrize(
    "file",
    [
        sent(size=10_000_001),
        sent(mimetype="application/x-msdownload"),
        sent(mimetype=["application/pdf"]),
        sent(mimetype=None),
        sent(file="../../F0"),
        sent(id=7),
    ],
)
async def test_that_a_file_that_is_not_taken_is_told_so(desk: Around, file: dict[str, Any]) -> None:
    assert await desk.caller.send(event("", subtype="file_share", files=[file])) == 200
    assert await said(desk) == ["📎 ✗ plan.pdf"]
    assert desk.reception.messages == []


@pytest.mark.parametrize("files", [None, 7, "F0", [], [7, None, "F0"], {"id": "F0PLAN1"}])
async def test_that_a_strange_list_of_files_is_none(desk: Around, files: object) -> None:
    assert await desk.caller.send(event("", subtype="file_share", files=files)) == 200
    assert desk.reception.messages == []


async def test_that_no_more_files_are_taken_than_slack_sends_at_once(desk: Around) -> None:
    many = [sent(f"F0PLAN{number}") for number in range(500)]
    assert await desk.caller.send(event("", subtype="file_share", files=many)) == 200
    assert len(desk.reception.messages) == 10


async def test_that_nothing_is_said_of_a_file_while_a_person_answers(desk: Around) -> None:
    desk.reception.person_answers = True
    assert await desk.caller.send(event("", subtype="file_share", files=[sent()])) == 200
    assert len(desk.reception.messages) == 1
    assert desk.slack.messages(DIRECT) == ()


async def test_that_files_can_be_switched_off(embedded_store: Store) -> None:
    async with around(embedded_store.notes, files={"enabled": False}) as desk:
        assert await desk.caller.send(event("see this", subtype="file_share", files=[sent()])) == 200
        assert await desk.caller.send(event("", subtype="file_share", files=[sent()])) == 200
        assert [one.kind for one in desk.reception.messages] == [MessageKind.TEXT]


async def test_that_a_file_is_fetched_with_the_token(desk: Around) -> None:
    assert (await desk.channel.fetch(held(desk))).content == PDF


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/plan.pdf",
        "http://files.slack.com/plan.pdf",
        "https://files.slack.com.evil.example/plan.pdf",
        "https://files.slack.com@evil.example/plan.pdf",
        "https://evilslack.com/plan.pdf",
        "https://files.slack.com:6379/",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "http://[",
    ],
)
async def test_that_our_token_goes_to_slack_alone(desk: Around, address: str) -> None:
    assert (await desk.channel.fetch(held(desk, elsewhere=address))).trouble == "gone"


async def test_that_a_deleted_file_is_gone_and_a_limit_delays(desk: Around) -> None:
    file = held(desk)
    desk.slack.order("files.info", rate_limited("7"))
    with pytest.raises(DeliveryDelayed) as delayed:
        await desk.channel.fetch(file)
    assert delayed.value.retry_after == 7.0
    desk.slack.files.clear()
    assert (await desk.channel.fetch(file)).trouble == "gone"
