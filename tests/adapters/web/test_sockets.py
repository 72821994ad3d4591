"""The WebSocket over a real server: hello, resume, refusals, floods, and goodbye."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from aiohttp.http_websocket import WSMessage

from adapters.web.sockets import SOCKETS_PER_CONVERSATION, Timings
from adapters.web.tokens import TOKEN_LIFE
from core.ids import ConversationId
from core.message import InboundMessage, MessageKind
from tests.adapters.web.harness import Desk, ScriptedReception, running_desk, wire

ID = "client-id-1"


async def frame(socket: ClientWebSocketResponse) -> dict[str, Any]:
    """The next frame, which has to be text."""
    message = await receive(socket)
    assert message.type is WSMsgType.TEXT, (message, socket.close_code)
    body = message.json()
    assert isinstance(body, dict)
    return body


async def receive(socket: ClientWebSocketResponse) -> WSMessage:
    async with asyncio.timeout(5):
        return await socket.receive()


async def closing(socket: ClientWebSocketResponse) -> tuple[int | None, str]:
    """How the server closes: its code and reason."""
    while (message := await receive(socket)).type is WSMsgType.TEXT:
        pass
    return socket.close_code, str(message.extra or "")


async def welcomed(desk: Desk, **hello: Any) -> tuple[ClientWebSocketResponse, dict[str, Any]]:
    session = await desk.session()
    socket = await desk.connect(session["token"], **hello)
    assert (await frame(socket))["type"] == "welcome"
    return socket, session


def message(text: str, client_id: str = ID, **more: Any) -> dict[str, Any]:
    return {"type": "message", "clientId": client_id, "text": text, **more}


async def test_that_a_conversation_goes_both_ways(desk: Desk) -> None:
    desk.reception.answer = lambda heard: wire(f"you said {heard.text}", buttons=["More"])
    socket, session = await welcomed(desk, page={"url": "https://shop.example/pricing"})
    await socket.send_json(message("hello"))
    frames = sorted([await frame(socket) for _ in range(3)], key=lambda one: (one["type"], one["seq"]))
    assert frames[0] == {"type": "ack", "clientId": ID, "seq": 1}
    assert (frames[1]["author"], frames[1]["clientId"], frames[1]["text"]) == ("visitor", ID, "hello")
    assert (frames[2]["author"], frames[2]["reply"]["buttons"]) == ("bot", ["More"])
    (heard,) = desk.reception.messages
    assert (heard.page and heard.page.url, heard.conversation) == (
        "https://shop.example/pricing",
        session["conversation"],
    )


async def test_that_pages_openings_typing_and_pings_are_understood(desk: Desk) -> None:
    socket, session = await welcomed(desk)
    await socket.send_json({"type": "page", "page": {"url": "https://shop.example/security"}})
    await socket.send_json({"type": "typing"})
    await socket.send_json({"type": "opened"})
    await socket.send_json({"type": "opened"})
    await socket.send_json({"type": "ping"})
    assert await frame(socket) == {"type": "pong"}
    (heard,) = desk.reception.messages
    assert heard.kind is MessageKind.OPENED
    assert heard.page is not None
    assert heard.page.url.endswith("/security")
    assert desk.reception.typed == [session["conversation"]]


async def test_that_a_retry_is_acknowledged_again_and_another_text_is_a_conflict(desk: Desk) -> None:
    desk.reception.silent = True
    socket, _ = await welcomed(desk)
    for text in ("hello", "hello", "other"):
        await socket.send_json(message(text))
    assert [await frame(socket) for _ in range(3)] == [
        {"type": "ack", "clientId": ID, "seq": 1},
        {"type": "ack", "clientId": ID, "seq": 1},
        {"type": "error", "code": "conflict", "clientId": ID},
    ]
    assert len(desk.reception.messages) == 1


async def test_that_two_tabs_see_the_same(desk: Desk) -> None:
    one, session = await welcomed(desk)
    two = await desk.connect(session["token"])
    await frame(two)
    await one.send_json(message("from one"))
    entry = await frame(two)
    assert (entry["type"], entry["text"], entry["seq"]) == ("entry", "from one", 1)


async def test_that_a_client_far_behind_starts_over(desk: Desk) -> None:
    session = await desk.session()
    for number in range(500):
        desk.reception.say(session["conversation"], "bot", str(number))
    socket = await desk.connect(session["token"], last_seq=3)
    welcome = await frame(socket)
    assert (welcome["reset"], welcome["seq"], len(welcome["entries"])) == (True, 500, 200)
    near = await desk.connect(session["token"], last_seq=490)
    welcome = await frame(near)
    assert (welcome["reset"], [line["seq"] for line in welcome["entries"]]) == (False, list(range(491, 501)))


async def test_that_random_disconnects_lose_double_and_reorder_nothing() -> None:
    rng = random.Random(20)
    reception = ScriptedReception()
    async with running_desk(reception=reception) as desk:
        session = await desk.session()
        conversation = ConversationId(session["conversation"])
        seen: list[int] = []
        for _ in range(150):
            socket = await desk.connect(session["token"], last_seq=seen[-1] if seen else 0)
            for _ in range(rng.randint(0, 4)):
                reception.say(conversation, "bot", "line")
            frames = rng.randint(0, 5)
            for _ in range(frames):
                try:
                    async with asyncio.timeout(0.02):
                        got = (await socket.receive()).json()
                except TimeoutError:
                    break
                seen.extend(line["seq"] for line in (got.get("entries") or ([got] if "author" in got else [])))
            if rng.random() < 0.5 and socket._conn is not None and socket._conn.transport is not None:
                socket._conn.transport.abort()
            else:
                await socket.close()
        socket = await desk.connect(session["token"], last_seq=seen[-1])
        welcome = await frame(socket)
        seen.extend(line["seq"] for line in welcome["entries"])
        assert not welcome["reset"]
        assert seen == list(range(1, len(reception.lines[conversation]) + 1))


# refusals


@pytest.mark.parametrize(
    ("hello", "reason"),
    [
        ({"type": "hello", "token": "a.b.c"}, "token_invalid"),
        ({"type": "hello", "token": ""}, "token_missing"),
        ({"type": "hello"}, "token_missing"),
        ({"type": "ping"}, "token_missing"),
        ({"type": "message", "clientId": ID, "text": "hi"}, "token_missing"),
        ({"type": "hello", "token": "x", "lastSeq": -5}, "bad_sequence"),
        ({"type": "hello", "token": "x", "lastSeq": "9"}, "bad_sequence"),
    ],
)
async def test_that_a_socket_without_a_good_hello_closes(desk: Desk, hello: dict[str, Any], reason: str) -> None:
    socket = await desk.http.ws_connect(desk.path("socket"), headers={"Origin": desk.origin})
    await socket.send_json(hello)
    assert await closing(socket) == (4401, reason)
    assert desk.reception.messages == []


@pytest.mark.parametrize("raw", ["", "{", "[]", "null", "NaN", "[" * 60_000, '{"type":"hello","type":"hello"}', "\x00"])
async def test_that_a_hello_of_junk_closes(desk: Desk, raw: str) -> None:
    socket = await desk.http.ws_connect(desk.path("socket"), headers={"Origin": desk.origin})
    await socket.send_str(raw)
    assert await closing(socket) == (4401, "bad_json")


async def test_that_a_silent_socket_closes() -> None:
    async with running_desk(timings=Timings(hello=0.05)) as desk:
        socket = await desk.http.ws_connect(desk.path("socket"), headers={"Origin": desk.origin})
        assert await closing(socket) == (4401, "token_missing")


async def test_that_an_expired_token_opens_nothing_and_ends_an_open_line(desk: Desk) -> None:
    socket, session = await welcomed(desk)
    desk.clock.at += TOKEN_LIFE + 1
    late = await desk.connect(session["token"])
    assert await closing(late) == (4401, "token_expired")
    await socket.send_json(message("too late"))
    assert await closing(socket) == (4401, "token_expired")
    assert desk.reception.messages == []


FRAMES = {
    "empty": ("", "bad_json"),
    "half": ("{", "bad_json"),
    "list": ("[]", "bad_json"),
    "deep": ('{"a":' * 40 + "1" + "}" * 40, "bad_json"),
    "very deep": ("[" * 60_000, "bad_json"),
    "nan": ('{"type": NaN}', "bad_json"),
    "key twice": ('{"type": "ping", "type": "message"}', "bad_json"),
    "unknown type": ('{"type": "admin"}', "bad_frame"),
    "second hello": ('{"type": "hello", "token": "x"}', "bad_frame"),
    "no id": ('{"type": "message", "text": "x"}', "bad_client_id"),
    "no text": ('{"type": "message", "clientId": "client-id-1"}', "bad_frame"),
    "blank": ('{"type": "message", "clientId": "client-id-1", "text": " "}', "empty_text"),
}


@pytest.mark.parametrize(("raw", "code"), FRAMES.values(), ids=FRAMES)
async def test_that_a_bad_frame_is_answered_and_the_line_stays(desk: Desk, raw: str, code: str) -> None:
    socket, _ = await welcomed(desk)
    await socket.send_str(raw)
    answer = await frame(socket)
    assert (answer["type"], answer["code"]) == ("error", code)
    await socket.send_json({"type": "ping"})
    assert await frame(socket) == {"type": "pong"}
    assert desk.reception.messages == []


async def test_that_a_large_frame_closes_with_1009(desk: Desk) -> None:
    socket, _ = await welcomed(desk)
    await socket.send_str("x" * 70_000)
    assert (await closing(socket))[0] == 1009


async def test_that_invalid_utf8_closes_with_1007(desk: Desk) -> None:
    socket, _ = await welcomed(desk)
    await socket._writer.send_frame(b"\xff\xfe", WSMsgType.TEXT)
    assert (await closing(socket))[0] == 1007


async def test_that_a_binary_frame_closes_with_1003(desk: Desk) -> None:
    socket, _ = await welcomed(desk)
    await socket.send_bytes(b"\x00\x01")
    assert await closing(socket) == (1003, "bad_frame")


async def test_that_compression_is_not_agreed_to(desk: Desk) -> None:
    token = (await desk.session())["token"]
    socket = await desk.http.ws_connect(desk.path("socket"), headers={"Origin": desk.origin}, compress=15)
    assert not socket.compress
    await socket.send_json({"type": "hello", "token": token})
    assert (await frame(socket))["type"] == "welcome"


async def test_that_a_sub_protocol_is_refused_and_not_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(WSServerHandshakeError, match="400"):
        await desk.http.ws_connect(desk.path("socket"), headers={"Origin": desk.origin}, protocols=["made-up"])
    assert "made-up" not in caplog.text


async def test_that_a_stubborn_sender_of_junk_is_shown_out(desk: Desk) -> None:
    socket, _ = await welcomed(desk)
    for _ in range(40):
        await socket.send_str("junk")
    assert (await closing(socket))[0] == 1008


async def test_that_a_flood_of_pings_ends(desk: Desk) -> None:
    socket, _ = await welcomed(desk)
    for _ in range(700):
        await socket.ping()
    assert await closing(socket) == (1008, "slow_down")


async def test_that_a_hundred_messages_at_once_are_slowed_down(desk: Desk) -> None:
    desk.reception.silent = True
    socket, _ = await welcomed(desk)
    for number in range(20):
        await socket.send_json(message("hi", f"client-id-{number}"))
    answers = [await frame(socket) for _ in range(20)]
    assert [answer["type"] for answer in answers] == ["ack"] * 5 + ["error"] * 15
    assert {answer["code"] for answer in answers[5:]} == {"slow_down"}
    assert answers[5]["retryAfter"] == 1.0
    assert answers[5]["clientId"] == "client-id-5"


async def test_that_a_long_message_is_cut_with_notice(desk: Desk) -> None:
    socket, _ = await welcomed(desk)
    await socket.send_json(message("é" * 5_000))
    frames = [await frame(socket) for _ in range(2)]
    (ack,) = [one for one in frames if one["type"] == "ack"]
    assert ack["cut"] is True


async def test_that_a_lost_store_is_said_and_a_retry_is_safe(desk: Desk) -> None:
    socket, session = await welcomed(desk)
    desk.reception.away = True
    await socket.send_json(message("hello"))
    assert await frame(socket) == {"type": "error", "code": "unavailable", "clientId": ID, "retryAfter": 2.0}
    other = await desk.connect(session["token"])
    assert await closing(other) == (1013, "unavailable")
    desk.reception.away = False
    await socket.send_json(message("hello"))
    frames = [await frame(socket) for _ in range(2)]
    assert {"type": "ack", "clientId": ID, "seq": 1} in frames


async def test_that_a_gap_that_cannot_be_filled_closes_the_line(desk: Desk) -> None:
    socket, session = await welcomed(desk)
    conversation = ConversationId(session["conversation"])
    desk.reception.silent = True
    desk.reception.say(conversation, "bot", "unheard")
    desk.reception.silent, desk.reception.away = False, True
    desk.reception.say(conversation, "bot", "heard")
    assert await closing(socket) == (1013, "unavailable")


async def test_that_a_conversation_has_a_bounded_number_of_sockets(desk: Desk) -> None:
    socket, session = await welcomed(desk)
    others = [await desk.connect(session["token"]) for _ in range(SOCKETS_PER_CONVERSATION)]
    for other in others[:-1]:
        assert (await frame(other))["type"] == "welcome"
    assert await closing(others[-1]) == (4429, "too_many_sockets")
    await socket.close()
    for _ in range(1_000):
        if len(desk.reception.listeners[session["conversation"]]) < SOCKETS_PER_CONVERSATION:
            break
        await asyncio.sleep(0.005)
    again = await desk.connect(session["token"])
    assert (await frame(again))["type"] == "welcome"


async def test_that_a_restart_is_announced(desk: Desk) -> None:
    sockets = [(await welcomed(desk))[0] for _ in range(3)]
    stopping = asyncio.create_task(desk.channel.stop())
    assert [await closing(socket) for socket in sockets] == [(1012, "restart")] * 3
    await stopping
    for route in ("socket", "events"):
        status, body, headers = await desk.call("GET", route)
        assert (status, body["error"], headers["Retry-After"]) == (503, "unavailable", "2")
    await desk.channel.start()
    again, _ = await welcomed(desk)
    assert sum(map(len, desk.reception.listeners.values())) == 1
    await again.close()


async def test_that_one_conversation_never_sees_another(desk: Desk) -> None:
    heard: list[InboundMessage] = desk.reception.messages
    one, _ = await welcomed(desk)
    two, _ = await welcomed(desk)
    await one.send_json(message("private"))
    await frame(one)
    await two.send_json({"type": "ping"})
    assert await frame(two) == {"type": "pong"}
    await two.send_json(message("mine"))
    assert {(await frame(two)).get("text", "mine") for _ in range(2)} == {"mine"}
    assert len({one.conversation for one in heard}) == 2
