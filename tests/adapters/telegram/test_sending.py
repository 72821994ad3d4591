"""Replies on their way to Telegram: at most once, within its limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.splitting import utf16_units
from adapters.telegram import CHANNEL
from adapters.telegram.outbound import keyboard, parts_of
from core.errors import DeliveryDelayed, DeliveryParked, DeliveryUncertain
from core.ids import ConversationId
from core.message import MessageKind
from core.reply import Citation, Mode, Reply
from core.store_ports import Store
from tests.adapters.telegram.bots import Around, around
from tests.peers.telegram_api import Fault

REPLY = Reply(main_text="**Two** plans & more.", mode=Mode.LEAD, buttons=("Compare plans", "Book a demo"))
TALK = ConversationId("telegram:bot:501")
TOPIC = ConversationId("telegram:bot:-100500:42:9")


@pytest.fixture
async def desk(embedded_store: Store) -> AsyncIterator[Around]:
    async with around(embedded_store.notes) as found:
        yield found


async def test_that_a_reply_goes_to_its_chat_and_topic(desk: Around) -> None:
    await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    await desk.channel.send(TOPIC, REPLY, effect="1-2", again=False)
    (said,), (topical,) = desk.api.messages[501], desk.api.messages[-100_500]
    assert said["text"] == "<b>Two</b> plans &amp; more."
    assert topical["message_thread_id"] == 9
    words = [button["text"] for row in said["reply_markup"]["inline_keyboard"] for button in row]
    assert words == ["Compare plans", "Book a demo"]


async def test_that_a_press_counts_once_where_it_was_offered(desk: Around) -> None:
    await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    (said,) = desk.api.messages[501]
    elsewhere = {**said, "chat": {"id": 777, "type": "private"}}
    assert await desk.bring(desk.api.press(elsewhere, 0)) == 200
    assert desk.reception.messages == []
    first, second = desk.api.press(said, 1), desk.api.press(said, 0)
    assert [await desk.bring(one) for one in (first, first, second)] == [200] * 3
    (message,) = desk.reception.messages
    assert (message.kind, message.text, message.conversation) == (MessageKind.BUTTON, "Book a demo", TALK)
    await desk.api.until(lambda: len(said["reply_markup"]["inline_keyboard"]) == 1)
    answered = [arguments for method, arguments in desk.api.calls if method == "answerCallbackQuery"]
    assert {one["callback_query_id"] for one in answered} >= {first["callback_query"]["id"]}


async def test_that_in_a_group_a_press_is_of_whom_it_was_offered_to(desk: Around) -> None:
    await desk.channel.send(TOPIC, REPLY, effect="1-1", again=False)
    (said,) = desk.api.messages[-100_500]
    assert await desk.bring(desk.api.press(said, 0, user=43)) == 200
    assert desk.reception.messages == []
    assert await desk.bring(desk.api.press(said, 0, user=42)) == 200
    assert desk.reception.conversation == TOPIC


@pytest.mark.parametrize(
    "fault", [Fault(applied=True), Fault(), Fault(status=502, applied=True), Fault(status=500), Fault(status=200)]
)
async def test_that_a_doubtful_message_is_never_sent_again(desk: Around, fault: Fault) -> None:
    desk.api.order("sendMessage", fault)
    with pytest.raises(DeliveryUncertain):
        await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    with pytest.raises(DeliveryUncertain):
        await desk.channel.send(TALK, REPLY, effect="1-1", again=True)
    assert len([method for method, _ in desk.api.calls if method == "sendMessage"]) == 1


async def test_that_a_limit_holds_up_its_own_chat_only(desk: Around) -> None:
    limited = Fault(status=429, description="Too Many Requests", parameters={"retry_after": 30})
    desk.api.order("sendMessage", limited)
    for _ in range(2):
        with pytest.raises(DeliveryDelayed) as delayed:
            await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
        assert delayed.value.retry_after == pytest.approx(30, abs=1)
    assert len([method for method, _ in desk.api.calls if method == "sendMessage"]) == 1, "asked while limited"
    await desk.channel.send(ConversationId("telegram:bot:502"), REPLY, effect="1-2", again=False)
    assert len(desk.api.messages[502]) == 1


async def test_that_who_stopped_the_bot_gets_nothing_until_they_write(desk: Around) -> None:
    desk.api.order("sendMessage", Fault(status=403, description="Forbidden: bot was blocked by the user"))
    await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    await desk.channel.send(TALK, REPLY, effect="1-2", again=False)
    assert len([method for method, _ in desk.api.calls if method == "sendMessage"]) == 1
    assert await desk.bring(desk.api.text("I am back")) == 200
    await desk.api.until(lambda: any(method == "sendChatAction" for method, _ in desk.api.calls))
    await desk.channel.send(TALK, REPLY, effect="1-3", again=False)
    assert len(desk.api.messages[501]) == 1
    kicked = {"chat": {"id": 501}, "new_chat_member": {"status": "kicked"}}
    assert await desk.bring(desk.api.queue({"my_chat_member": kicked})) == 200
    await desk.channel.send(TALK, REPLY, effect="1-4", again=False)
    assert len(desk.api.messages[501]) == 1


async def test_that_a_group_that_moved_is_followed(desk: Around) -> None:
    group = ConversationId("telegram:bot:-500:42:0")
    moved = Fault(status=400, description="Bad Request: group upgraded", parameters={"migrate_to_chat_id": -100_777})
    desk.api.order("sendMessage", moved)
    with pytest.raises(DeliveryDelayed):
        await desk.channel.send(group, REPLY, effect="1-1", again=False)
    await desk.channel.send(group, REPLY, effect="1-1", again=False)
    assert len(desk.api.messages[-100_777]) == 1
    assert await desk.bring(desk.api.text("", chat=-600, kind="group", migrate_to_chat_id=-100_888)) == 200
    await desk.channel.send(ConversationId("telegram:bot:-600:42:0"), REPLY, effect="1-2", again=False)
    assert len(desk.api.messages[-100_888]) == 1


async def test_that_markup_telegram_does_not_take_goes_out_as_words_once(desk: Around) -> None:
    wrong = Fault(status=400, description="Bad Request: can't parse entities: unsupported start tag")
    desk.api.order("sendMessage", wrong)
    await desk.channel.send(TALK, REPLY, effect="1-1", again=False)
    (said,) = desk.api.messages[501]
    assert said["text"] == "Two plans & more."
    desk.api.order("sendMessage", wrong, wrong)
    with pytest.raises(DeliveryParked):
        await desk.channel.send(ConversationId("telegram:bot:502"), REPLY, effect="1-2", again=False)


@pytest.mark.parametrize("name", ["web:x", "telegram:bot:", "telegram:bot:x", "telegram:other:501", "telegram:bot:1:x"])
async def test_that_a_reply_to_nowhere_is_parked(desk: Around, name: str) -> None:
    with pytest.raises(DeliveryParked):
        await desk.channel.send(ConversationId(name), REPLY, effect="1-1", again=False)


async def test_that_a_long_reply_goes_on_where_it_was_held_up(desk: Around) -> None:
    long = Reply(main_text="\n\n".join(f"Part {number}. " + "word " * 600 for number in range(3)), mode=Mode.LEAD)
    desk.api.limits = lambda _: 1 if len(desk.api.messages[501]) == 1 else 0
    with pytest.raises(DeliveryDelayed):
        await desk.channel.send(TALK, long, effect="1-1", again=False)
    desk.api.limits = lambda _: 0
    await desk.channel.send(TALK, long, effect="1-1", again=False)
    assert [one["text"][:6] for one in desk.api.messages[501]] == ["Part 0", "Part 1", "Part 2"]
    other = ConversationId("telegram:bot:502")
    await desk.channel.send(other, long, effect="1-2", again=False)
    assert [one["text"][:6] for one in desk.api.messages[502]] == ["Part 0", "Part 1", "Part 2"]


class _Tags(HTMLParser):
    """Sees that every tag is one of Telegram's and is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        assert tag in {"b", "i", "a", "code", "pre"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@given(
    st.text(alphabet=st.sampled_from("ab *_`[]()<>&😀\n-1."), max_size=9_000),
    st.lists(st.text(min_size=1, max_size=20), max_size=3),
)
def test_that_telegram_takes_whatever_is_said(text: str, buttons: list[str]) -> None:
    citation = Citation(url="https://a.example/x?a=1&b=2", quote="x")
    reply = Reply(main_text=text, mode=Mode.LEAD, buttons=tuple(buttons), citations=(citation,))
    parts = parts_of(reply, CHANNEL.capabilities)
    for part in parts:
        tags = _Tags()
        tags.feed(part.html)
        tags.close()
        assert tags.open == []
        assert 0 < utf16_units(part.html) <= 4_096
        assert utf16_units(part.plain) <= 4_096
    assert all(not part.buttons for part in parts[:-1])
    for row in (keyboard(parts[-1].buttons, "0" * 16) or {"inline_keyboard": []})["inline_keyboard"]:
        assert all(len(button["callback_data"].encode()) <= 64 for button in row)
