"""Who leaves the tab and comes back, and invitations composed for a page: over the socket and by POST."""

from __future__ import annotations

from typing import Any

from adapters.web.inbound import read_frame, read_saying
from core.message import MessageKind, Page
from core.reply import Citation, Mode, Reply
from tests.adapters.web.harness import Desk, running_desk

ORIGIN = "https://shop.example"
PAGE = {"url": f"{ORIGIN}/pricing", "title": "Pricing"}


def presence(number: int, *, here: bool, **more: Any) -> dict[str, Any]:
    return {"clientId": f"presence-{number:04}", "here": here, **more}


async def test_that_leaving_and_coming_back_reach_the_hub(desk: Desk) -> None:
    token = (await desk.session())["token"]
    socket = await desk.connect(token)
    await socket.receive_json()
    await socket.send_json({"type": "presence", **presence(1, here=False)})
    await socket.send_json({"type": "presence", **presence(2, here=True, page=PAGE)})
    await socket.send_json({"type": "message", "clientId": "m-0000001", "text": "hi"})
    assert (await socket.receive_json())["type"] in {"ack", "entry"}
    left, back = desk.reception.presence
    assert (left.kind, back.kind) == (MessageKind.AWAY, MessageKind.RETURNED)
    assert left.id != back.id
    assert back.page is not None
    assert back.page.url == PAGE["url"]
    assert desk.reception.messages[0].page == back.page  # where the next words were said
    await socket.close()


async def test_that_they_reach_it_by_post(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {(await desk.session())['token']}"}
    status, _, _ = await desk.call("POST", "presence", json=presence(1, here=False), headers=headers)
    assert status == 200
    assert [message.kind for message in desk.reception.presence] == [MessageKind.AWAY]
    for wrong in ({"clientId": "x", "here": True}, {"clientId": "presence-1", "here": 1}, {}):
        status, _, _ = await desk.call("POST", "presence", json=wrong, headers=headers)
        assert status == 400
    assert (await desk.call("POST", "presence", json=presence(1, here=True)))[0] == 401


async def test_that_too_many_reports_are_dropped_in_silence(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {(await desk.session())['token']}"}
    for number in range(30):
        status, _, _ = await desk.call("POST", "presence", json=presence(number, here=True), headers=headers)
        assert status == 200
    assert len(desk.reception.presence) == 10
    desk.ticks.at += 5
    await desk.call("POST", "presence", json=presence(99, here=True), headers=headers)
    assert len(desk.reception.presence) == 11


class Host:
    """Invites to one page."""

    def __init__(self) -> None:
        self.pages: list[Page] = []

    async def invite(self, page: Page) -> Reply | None:
        self.pages.append(page)
        if not page.url.endswith("/pricing"):
            return None
        citation = Citation(url=page.url, quote="Two plans.")
        return Reply(main_text="Shop here. Two plans.", mode=Mode.LEAD, buttons=("Which one?",), citations=(citation,))


async def test_that_an_invitation_is_composed_without_a_conversation() -> None:
    host = Host()
    async with running_desk(inviter=host) as desk:
        status, body, _ = await desk.call("POST", "invitation", json={"page": PAGE})
        assert (status, body) == (
            200,
            {"text": "Shop here. Two plans.", "buttons": ["Which one?"], "quote": "Two plans."},
        )
        nothing = {"text": "", "buttons": [], "quote": ""}
        for page in ({"url": f"{ORIGIN}/other"}, {"url": "https://evil.example/pricing"}, None):
            assert (await desk.call("POST", "invitation", json={"page": page}))[1] == nothing
        assert [page.url for page in host.pages] == [PAGE["url"], f"{ORIGIN}/other"]
        assert desk.reception.messages == []
        assert (await desk.call("POST", "invitation", json={"page": PAGE}, headers={"Origin": "https://x.example"}))[
            0
        ] == 403


async def test_that_invitations_are_limited_by_address() -> None:
    async with running_desk(inviter=Host()) as desk:
        codes = [(await desk.call("POST", "invitation", json={"page": PAGE}))[0] for _ in range(14)]
        assert codes == [200] * 12 + [429] * 2
    async with running_desk() as desk:  # a hub that composes none
        assert (await desk.call("POST", "invitation", json={"page": PAGE}))[1]["text"] == ""


def test_that_what_was_answered_travels_with_the_words() -> None:
    body = {"clientId": "m-0000001", "text": "Which one?", "button": True, "prompt": " Two\nplans. "}
    saying = read_saying(body, origin=ORIGIN)
    assert saying.prompt == "Two plans."
    assert read_saying({**body, "prompt": ["x"]}, origin=ORIGIN).prompt == ""
    assert len(read_saying({**body, "prompt": "x" * 9_000}, origin=ORIGIN).prompt) <= 400
    frame = read_frame('{"type": "presence", "clientId": "presence-1", "here": true}', origin=ORIGIN)
    assert frame is not None
