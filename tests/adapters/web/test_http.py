"""Sessions, POST routes, CORS and refusals over real HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from typing import Any

import pytest

from adapters.web.sockets import SOCKETS_PER_CONVERSATION, Timings
from adapters.web.tokens import RENEWAL_LIFE, TOKEN_LIFE
from core.message import MessageKind
from tests.adapters.web.harness import Desk, running_desk

ID = "client-id-1"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def refused(desk: Desk, method: str, route: str, **options: Any) -> tuple[int, str]:
    status, body, headers = await desk.call(method, route, **options)
    assert set(body) == {"error", "requestId"}, body
    assert len(body["requestId"]) == 16
    assert headers["Vary"] == "Origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    return status, body["error"]


async def say(desk: Desk, token: str, text: str, *, client_id: str = ID, **more: Any) -> tuple[int, Any, Any]:
    return await desk.call(
        "POST", "messages", headers=bearer(token), json={"clientId": client_id, "text": text, **more}
    )


# sessions


async def test_that_a_session_names_a_new_conversation_and_visitor(desk: Desk) -> None:
    one, two = await desk.session(locale="de-AT"), await desk.session()
    assert one["conversation"].startswith("web:site:")
    assert len(one["conversation"].rpartition(":")[2]) == 32
    assert one["conversation"] != two["conversation"]
    assert one["visitor"] != two["visitor"]
    assert (one["returning"], one["lastSeq"]) == (False, 0)
    assert one["settings"]["linkHosts"] == ["shop.example"]


async def test_that_a_token_resumes_its_conversation(desk: Desk) -> None:
    first = await desk.session()
    assert (await say(desk, first["token"], "hello"))[0] == 200
    again = await desk.session(token=first["token"])
    same = {name: again[name] for name in ("conversation", "visitor", "returning", "lastSeq")}
    assert same == {**{name: first[name] for name in ("conversation", "visitor")}, "returning": True, "lastSeq": 1}


async def test_that_a_fresh_chat_keeps_the_visitor(desk: Desk) -> None:
    first = await desk.session()
    fresh = await desk.session(token=first["token"], fresh=True)
    assert fresh["visitor"] == first["visitor"]
    assert fresh["conversation"] != first["conversation"]
    assert fresh["returning"] is True


async def test_that_an_expired_token_renews_here_and_only_here(desk: Desk) -> None:
    first = await desk.session()
    desk.clock.at += TOKEN_LIFE + 1
    answer = await refused(
        desk, "POST", "messages", headers=bearer(first["token"]), json={"clientId": ID, "text": "hi"}
    )
    assert answer == (401, "token_expired")
    renewed = await desk.session(token=first["token"])
    assert renewed["conversation"] == first["conversation"]
    assert (await say(desk, renewed["token"], "hi"))[0] == 200
    desk.clock.at += RENEWAL_LIFE
    assert await refused(desk, "POST", "session", json={"token": renewed["token"]}) == (401, "token_expired")


async def test_that_new_sessions_of_an_address_are_limited_and_resuming_is_not(desk: Desk) -> None:
    sessions = [await desk.session() for _ in range(20)]
    status, body, headers = await desk.call("POST", "session", json={})
    assert (status, body["error"]) == (429, "slow_down")
    assert int(headers["Retry-After"]) == 180
    assert (await desk.session(token=sessions[0]["token"]))["returning"] is True
    desk.ticks.at += 180
    await desk.session()


async def test_that_settings_are_public_to_allowed_origins_and_hold_no_secret(desk: Desk) -> None:
    status, body, headers = await desk.call("GET", "settings")
    assert status == 200
    assert set(body) == {
        "title", "assistant", "colour", "theme", "position", "linkHosts", "proactive", "mostInvitations",
    }  # fmt: skip
    assert headers["Cache-Control"] == "private, max-age=300"


# messages


async def test_that_a_message_is_accepted_once(desk: Desk) -> None:
    session = await desk.session(locale="fr")
    page = {"url": "https://shop.example/pricing", "title": "Pricing"}
    for _ in range(3):
        status, body, _ = await say(desk, session["token"], "  hello ", page=page)
        assert (status, body) == (200, {"clientId": ID, "seq": 1})
    (message,) = desk.reception.messages
    assert message.id == f"{session['conversation']}.{ID}"
    assert (message.text, message.channel, message.locale) == ("hello", "site", "fr")
    assert (message.at, message.visitor) == (desk.clock.now(), session["visitor"])
    assert message.page is not None
    assert message.page.title == "Pricing"


async def test_that_a_browser_tells_where_it_is_and_whether_it_may_be_profiled(desk: Desk) -> None:
    asked = {"locale": "de", "zone": "Europe/Vienna"}
    for headers, unprofiled in (({}, False), ({"Sec-GPC": "1"}, True)):
        status, session, _ = await desk.call("POST", "session", json=asked, headers=headers)
        assert status == 200
        await say(desk, session["token"], "hello", client_id=f"message-{unprofiled:08d}")
        message = desk.reception.messages[-1]
        assert (message.zone, message.unprofiled) == ("Europe/Vienna", unprofiled)
        again = await desk.session(token=session["token"])
        await say(desk, again["token"], "again", client_id=f"again-{unprofiled:08d}")
        assert (desk.reception.messages[-1].zone, desk.reception.messages[-1].unprofiled) == ("Europe/Vienna", False)


@pytest.mark.parametrize("zone", ["", "../../etc", "x" * 99, 7, None, "Europe/Vienna\n"])
async def test_that_a_zone_that_is_none_is_left_out(desk: Desk, zone: Any) -> None:
    session = await desk.session(zone=zone)
    await say(desk, session["token"], "hello")
    assert desk.reception.messages[-1].zone == ""


async def test_that_one_id_with_two_texts_is_a_conflict(desk: Desk) -> None:
    token = (await desk.session())["token"]
    await say(desk, token, "one")
    assert await refused(desk, "POST", "messages", headers=bearer(token), json={"clientId": ID, "text": "two"}) == (
        409,
        "conflict",
    )
    assert [message.text for message in desk.reception.messages] == ["one"]


async def test_that_the_same_client_id_in_two_conversations_is_two_messages(desk: Desk) -> None:
    one, two = await desk.session(), await desk.session()
    await say(desk, one["token"], "mine")
    await say(desk, two["token"], "other")
    assert [message.text for message in desk.reception.messages] == ["mine", "other"]


async def test_that_a_long_text_is_cut_with_notice(desk: Desk) -> None:
    token = (await desk.session())["token"]
    status, body, _ = await say(desk, token, "x" * 5_000)
    assert (status, body["cut"]) == (200, True)
    assert len(desk.reception.messages[0].text) == 4_000


async def test_that_a_button_an_opening_and_typing_arrive_as_such(desk: Desk) -> None:
    session = await desk.session()
    headers = bearer(session["token"])
    await say(desk, session["token"], "API Integration", button=True)
    for _ in range(2):
        assert (await desk.call("POST", "opened", headers=headers, json={}))[0] == 200
    assert (await desk.call("POST", "typing", headers=headers, json={}))[0] == 200
    assert [message.kind for message in desk.reception.messages] == [MessageKind.BUTTON, MessageKind.OPENED]
    assert desk.reception.messages[1].id == f"opened.{session['conversation']}"
    assert desk.reception.typed == [session["conversation"]]


async def test_that_a_conversation_is_slowed_down_after_its_burst(desk: Desk) -> None:
    token = (await desk.session())["token"]
    statuses = [(await say(desk, token, "hi", client_id=f"client-id-{n}"))[0] for n in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    desk.ticks.at += 1
    assert (await say(desk, token, "hi", client_id="client-id-9"))[0] == 200


async def test_that_an_address_is_slowed_down_over_all_its_conversations() -> None:
    async with running_desk(limits={"messages_per_minute_per_ip": 8}) as desk:
        tokens = [(await desk.session())["token"] for _ in range(3)]
        statuses = [(await say(desk, tokens[n % 3], "hi", client_id=f"client-id-{n}"))[0] for n in range(10)]
        assert statuses == [200] * 8 + [429] * 2


async def test_that_a_lost_store_is_503_and_a_retry_is_safe(desk: Desk) -> None:
    token = (await desk.session())["token"]
    desk.reception.away = True
    status, body, headers = await say(desk, token, "hello")
    assert (status, body["error"], headers["Retry-After"]) == (503, "unavailable", "2")
    desk.reception.away = False
    assert (await say(desk, token, "hello"))[1]["seq"] == 1
    assert len(desk.reception.messages) == 1


# origins


ORIGINS = {
    "missing": "",
    "null": "null",
    "empty list": "https://",
    "other": "https://evil.example",
    "subdomain trick": "https://shop.example.evil.example",
    "prefix": "https://shop.exampl",
    "subdomain": "https://www.shop.example",
    "other port": "https://shop.example:8443",
    "default port spelled out": "https://shop.example:443",
    "other scheme": "http://shop.example",
    "letter case": "https://SHOP.example",
    "slash": "https://shop.example/",
    "two in one": "https://shop.example, https://evil.example",
    "user": "https://shop.example@evil.example",
}
ROUTES = [
    ("POST", "session"),
    ("GET", "settings"),
    ("GET", "events"),
    ("GET", "socket"),
    ("POST", "messages"),
    ("POST", "typing"),
    ("POST", "opened"),
    ("OPTIONS", "session"),
]


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
async def test_that_no_other_origin_gets_in_anywhere(desk: Desk, origin: str) -> None:
    token = (await desk.session())["token"]
    for method, route in ROUTES:
        headers = {"Origin": origin, **bearer(token)}
        status, body, answered = await desk.call(method, route, headers=headers)
        assert (status, body["error"]) == (403, "origin_refused"), route
        assert "Access-Control-Allow-Origin" not in answered


async def test_that_two_origins_are_none(desk: Desk) -> None:
    headers = [("Origin", desk.origin), ("Origin", desk.origin)]
    async with desk.http.get(desk.path("settings"), headers=headers) as response:
        assert response.status == 403


async def test_that_the_own_host_needs_no_origin_to_read() -> None:
    async with running_desk() as first:
        port = int(first.url.rpartition(":")[2])
    async with running_desk(f"http://127.0.0.1:{port}", port=port) as desk:
        same = {"Origin": "", "Sec-Fetch-Site": "same-origin"}
        assert (await desk.call("GET", "settings", headers=same))[0] == 200
        assert (await desk.call("GET", "settings", headers={**same, "Sec-Fetch-Site": "cross-site"}))[0] == 403
        assert (await desk.call("GET", "settings", headers={**same, "Host": "evil.example"}))[0] == 403
        assert (await desk.call("POST", "session", headers=same, json={}))[0] == 403


async def test_that_a_preflight_names_the_origin_and_no_credentials(desk: Desk) -> None:
    status, _, headers = await desk.call("OPTIONS", "messages")
    assert status == 204
    assert headers["Access-Control-Allow-Origin"] == desk.origin
    assert headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in headers
    assert "authorization" in headers["Access-Control-Allow-Headers"]


# bodies

BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "bad_json"),
    "null": (b"null", 400, "bad_json"),
    "number": (b"1", 400, "bad_json"),
    "list": (b"[]", 400, "bad_json"),
    "text": (b'"x"', 400, "bad_json"),
    "half": (b'{"clientId"', 400, "bad_json"),
    "byte order mark": (b'\xef\xbb\xbf{"text": "x"}', 400, "bad_json"),
    "utf-16": ('{"text": "x"}'.encode("utf-16"), 400, "bad_encoding"),
    "invalid utf-8": (b'{"text": "\xff\xfe"}', 400, "bad_encoding"),
    "deep": (b'{"a":' * 40 + b"1" + b"}" * 40, 400, "bad_json"),
    "very deep": (b"[" * 60_000, 400, "bad_json"),
    "wide": (b'{"a":[' + b"0," * 20_000 + b"0]}", 400, "bad_json"),
    "large": (b'{"text": "' + b"x" * 70_000 + b'"}', 413, "too_large"),
    "megabytes": (b"x" * 900_000, 413, "too_large"),
    "nan": (b'{"a": NaN}', 400, "bad_json"),
    "infinite": (b'{"a": 1e999}', 400, "bad_json"),
    "long integer": (b'{"a": ' + b"9" * 10_000 + b"}", 400, "bad_json"),
    "key twice": (b'{"clientId": "client-id-1", "clientId": "client-id-2", "text": "x"}', 400, "bad_json"),
    "no id": (b'{"text": "x"}', 400, "bad_client_id"),
    "foreign id": (b'{"clientId": "web:site:2.abc", "text": "x"}', 400, "bad_client_id"),
    "text missing": (b'{"clientId": "client-id-1"}', 400, "bad_frame"),
    "text a list": (b'{"clientId": "client-id-1", "text": ["x"]}', 400, "bad_frame"),
    "only blanks": (b'{"clientId": "client-id-1", "text": " \\n\\t"}', 400, "empty_text"),
    "only nul": (b'{"clientId": "client-id-1", "text": "\\u0000"}', 400, "empty_text"),
    "prototype": (b'{"__proto__": {"clientId": "client-id-1"}, "constructor": 1}', 400, "bad_client_id"),
}


@pytest.mark.parametrize(("body", "status", "code"), BODIES.values(), ids=BODIES)
async def test_that_a_bad_body_is_refused_by_name(desk: Desk, body: bytes, status: int, code: str) -> None:
    token = (await desk.session())["token"]
    headers = {**bearer(token), "Content-Type": "application/json"}
    assert await refused(desk, "POST", "messages", headers=headers, data=body) == (status, code)
    assert desk.reception.messages == []


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ({"Content-Type": "text/plain"}, b"{}"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"text=x"),
        ({"Content-Type": "application/json", "Content-Encoding": "br"}, b"{}"),
        ({"Content-Type": "application/json", "Content-Encoding": "zstd"}, b"{}"),
    ],
)
async def test_that_another_kind_of_body_is_refused(desk: Desk, headers: dict[str, str], data: bytes) -> None:
    token = (await desk.session())["token"]
    status, body, _ = await desk.call("POST", "messages", headers={**bearer(token), **headers}, data=data)
    assert status in {400, 415}
    assert desk.reception.messages == []
    assert "text" not in body


async def test_that_a_gzip_bomb_does_not_go_off(desk: Desk) -> None:
    token = (await desk.session())["token"]
    headers = {**bearer(token), "Content-Type": "application/json", "Content-Encoding": "gzip"}
    status, _, _ = await desk.call("POST", "messages", headers=headers, data=gzip.compress(b" " * 20_000_000))
    assert status in {400, 413, 415}


async def test_that_text_with_lone_surrogates_is_kept_without_them(desk: Desk) -> None:
    token = (await desk.session())["token"]
    data = json.dumps({"clientId": ID, "text": "a \ud800 b"}).encode()
    headers = {**bearer(token), "Content-Type": "application/json"}
    assert (await desk.call("POST", "messages", headers=headers, data=data))[0] == 200
    assert desk.reception.messages[0].text == "a \ufffd b"


AUTHORISATIONS = {
    "none": ({}, "token_missing"),
    "basic": ({"Authorization": "Basic dXNlcjpwYXNz"}, "token_missing"),
    "empty": ({"Authorization": "Bearer "}, "token_missing"),
    "junk": ({"Authorization": "Bearer a.b.c"}, "token_invalid"),
    "latin-1": ({"Authorization": "Bearer \xe9.\xe9.\xe9"}, "token_invalid"),
}


@pytest.mark.parametrize(("headers", "code"), AUTHORISATIONS.values(), ids=AUTHORISATIONS)
async def test_that_nothing_happens_without_a_token(desk: Desk, headers: dict[str, str], code: str) -> None:
    for method, route in (("POST", "messages"), ("POST", "typing"), ("POST", "opened"), ("GET", "events")):
        assert await refused(desk, method, route, headers=headers, json={"clientId": ID, "text": "x"}) == (401, code)
    assert desk.reception.messages == []


async def test_that_a_token_in_the_address_opens_nothing(desk: Desk) -> None:
    token = (await desk.session())["token"]
    assert await refused(desk, "GET", f"events?token={token}") == (401, "token_missing")


async def test_that_a_token_of_another_tenant_is_foreign() -> None:
    async with running_desk(signing_keys=["k" * 40]) as one, running_desk(signing_keys=["j" * 40]) as two:
        token = (await one.session())["token"]
        assert await refused(two, "POST", "session", json={"token": token}) == (401, "token_invalid")


async def test_that_methods_and_paths_beyond_the_known_are_4xx(desk: Desk) -> None:
    for method, route in (
        ("PUT", "session"),
        ("DELETE", "messages"),
        ("GET", "messages"),
        ("HEAD", "socket"),
        ("HEAD", "events"),
        ("POST", "%00"),
        ("GET", "..%2e/x"),
    ):
        status, _, _ = await desk.call(method, route)
        assert status in {404, 405}
    assert (await desk.call("GET", "socket"))[0] == 400


async def test_that_nothing_private_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    session = await desk.session()
    await say(desk, session["token"], "write to founder@startup.example please")
    await desk.call("POST", "messages", headers=bearer("a.b.c"), json={"clientId": ID, "text": "secret words"})
    await desk.call("POST", "session", headers={"Origin": "https://evil.example"}, data=b"secret words")
    shown = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    for private in ("founder@", "secret words", session["token"], "a.b.c", "evil.example"):
        assert private not in shown


# the stream


async def events(response: Any, count: int) -> list[tuple[str, Any, str]]:
    """The next events of a stream: name, data, id."""
    found: list[tuple[str, Any, str]] = []
    fields: dict[str, str] = {}
    async with asyncio.timeout(5):
        while len(found) < count:
            line = (await response.content.readline()).decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
                fields = {}
            else:
                fields = {}
    return found


async def test_that_the_stream_welcomes_follows_and_resumes(desk: Desk) -> None:
    session = await desk.session()
    await say(desk, session["token"], "one")
    headers = {"Origin": desk.origin, **bearer(session["token"])}
    async with desk.http.get(desk.path("events"), headers=headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Access-Control-Allow-Origin"] == desk.origin
        ((name, welcome, seen),) = await events(response, 1)
        assert (name, welcome["seq"], welcome["reset"], seen) == ("welcome", 1, False, "1")
        desk.reception.say(session["conversation"], "bot", "two")
        ((name, entry, seen),) = await events(response, 1)
        assert (name, entry["text"], seen) == ("entry", "two", "2")
    desk.reception.say(session["conversation"], "bot", "three")
    async with desk.http.get(desk.path("events"), headers={**headers, "Last-Event-ID": "2"}) as response:
        ((_, welcome, _),) = await events(response, 1)
        assert [line["text"] for line in welcome["entries"]] == ["three"]
    async with desk.http.get(desk.path("events"), headers={**headers, "Last-Event-ID": "900"}) as response:
        ((_, welcome, _),) = await events(response, 1)
        assert (welcome["reset"], len(welcome["entries"])) == (True, 3)


@pytest.mark.parametrize("junk", ["x", "-1", "9" * 30, "web:site:2"])
async def test_that_a_junk_last_event_id_is_refused(desk: Desk, junk: str) -> None:
    headers = {**bearer((await desk.session())["token"]), "Last-Event-ID": junk}
    assert await refused(desk, "GET", "events", headers=headers) == (400, "bad_sequence")


async def test_that_a_stream_ends_when_the_channel_stops(desk: Desk) -> None:
    session = await desk.session()
    headers = {"Origin": desk.origin, **bearer(session["token"])}
    async with desk.http.get(desk.path("events"), headers=headers) as response:
        await events(response, 1)
        await desk.channel.stop()
        async with asyncio.timeout(5):
            assert await response.content.read() == b""
    assert not any(desk.reception.listeners.values())


async def test_that_streams_of_a_conversation_are_bounded_and_those_left_do_not_count(desk: Desk) -> None:
    session = await desk.session()
    headers = {"Origin": desk.origin, **bearer(session["token"])}
    for _ in range(SOCKETS_PER_CONVERSATION + 3):  # a browser that reloads again and again
        async with desk.http.get(desk.path("events"), headers=headers) as response:
            await events(response, 1)
    streams = [await desk.http.get(desk.path("events"), headers=headers) for _ in range(SOCKETS_PER_CONVERSATION)]
    assert [response.status for response in streams] == [200] * SOCKETS_PER_CONVERSATION
    assert await refused(desk, "GET", "events", headers=bearer(session["token"])) == (429, "too_many_sockets")
    for response in streams:
        response.close()


async def test_that_a_quiet_stream_shows_that_it_lives() -> None:
    async with running_desk(timings=Timings(heartbeat=0.02)) as desk:
        headers = {"Origin": desk.origin, **bearer((await desk.session())["token"])}
        async with desk.http.get(desk.path("events"), headers=headers) as response:
            await events(response, 1)
            async with asyncio.timeout(5):
                assert (await response.content.readline()).startswith(b": ")
