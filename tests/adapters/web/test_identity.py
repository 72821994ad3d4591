"""Signed identities: what a site's backend may say, and every way to pretend that it did."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest

from core.message import MessageKind
from core.people import user_of
from core.store_ports import Store
from tests.adapters.web.harness import START, Desk, running_desk

OLD, NEW, OTHER = "old secret " * 4, "new secret " * 4, "other secret " * 4
NOW = int(START)
CLAIMS: dict[str, Any] = {
    "sub": "user-17",
    "aud": "acme",
    "iat": NOW,
    "exp": NOW + 600,
    "jti": "first-1",
    "email": "mara.lind@hafen.example",
    "name": "Mara Lind",
}


def token(secret: str = NEW, *, without: str = "", headers: dict[str, Any] | None = None, **claims: Any) -> str:
    whole = {name: value for name, value in {**CLAIMS, **claims}.items() if name != without}
    return jwt.encode(whole, secret, algorithm="HS256", headers=headers)


def piece(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def by_hand(header: Any, payload: Any = CLAIMS, signature: str = "") -> str:
    return f"{piece(header)}.{piece(payload)}.{signature}"


def altered(name: str, value: Any) -> str:
    """A right signature over other claims than those it comes with."""
    head, _, signature = token().split(".")
    return f"{head}.{piece({**CLAIMS, name: value})}.{signature}"


FORGERIES: dict[str, Any] = {
    "no text": 17,
    "empty": "",
    "one piece": "abc",
    "three empty pieces": "..",
    "not ASCII": "ä.b.c",
    "too long": token(name="x" * 110, padding="y" * 4_000),
    "algorithm none": by_hand({"alg": "none", "typ": "JWT"}),
    "algorithm None in capitals": by_hand({"alg": "NoNe"}),
    "no algorithm": by_hand({"typ": "JWT"}, signature=token().rsplit(".", 1)[1]),
    "RS256 with the secret as a key": by_hand({"alg": "RS256"}, signature=token().rsplit(".", 1)[1]),
    "HS512": jwt.encode(CLAIMS, NEW * 2, algorithm="HS512"),
    "HS384": jwt.encode(CLAIMS, NEW * 2, algorithm="HS384"),
    "a header of nested lists": f"{piece(b'[' * 2_000)}.{piece(CLAIMS)}.abc",
    "a header that is a list": by_hand([], signature="abc"),
    "its own key": token(OTHER, headers={"jwk": {"kty": "oct", "k": piece(OTHER.encode())}}),
    "an unknown critical header": token(headers={"crit": ["exp2"], "exp2": 1}),
    "another secret": token(OTHER),
    "no signature": token().rsplit(".", 1)[0] + ".",
    "half a signature": token()[:-20],
    "another subject under the signature": altered("sub", "user-18"),
    "another end under the signature": altered("exp", NOW + 900),
    "a payload that is a list": jwt.api_jws.encode(b"[1]", NEW, algorithm="HS256"),
    "a payload that is no JSON": jwt.api_jws.encode(b"{", NEW, algorithm="HS256"),
    "no audience": token(without="aud"),
    "another audience": token(aud="other"),
    "an audience in other letters": token(aud="ACME"),
    "audiences without ours": token(aud=["acme2", "other"]),
    "no subject": token(without="sub"),
    "an e-mail only": token(without="sub", email="a@b.example"),
    "an empty subject": token(sub=""),
    "a blank subject": token(sub=" "),
    "a subject of 129": token(sub="s" * 129),
    "a subject with NUL": token(sub="a\0b"),
    "no end": token(without="exp"),
    "an end in words": token(exp=str(NOW + 600)),
    "expired": token(exp=NOW),
    "an end two hours ahead": token(exp=NOW + 7_200),
    "a life of two hours": token(iat=NOW - 5_000, exp=NOW + 2_200),
    "no issue": token(without="iat"),
    "issued in an hour": token(iat=NOW + 3_000, exp=NOW + 3_400),
    "not yet": token(nbf=NOW + 300),
    "no id": token(without="jti"),
    "an id of 129": token(jti="j" * 129),
    "an address that is none": token(email="mara"),
    "an address that is a list": token(email=["a@b.example"]),
    "two lines for an address": token(email="a@b.example\nc@d.example"),
    "a name of 121": token(name="n" * 121),
    "a name that is a number": token(name=7),
}


@pytest.fixture
async def backed(embedded_store: Store) -> AsyncIterator[Desk]:
    """A desk whose site has a backend that signs, over a real store."""
    async with running_desk(identities=embedded_store.people, identity={"secrets": [NEW, OLD]}) as desk:
        yield desk


async def post(desk: Desk, session: str, shown: Any) -> tuple[int, Any]:
    status, body, _ = await desk.call(
        "POST", "identity", json={"token": shown}, headers={"Authorization": f"Bearer {session}"}
    )
    return status, body


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
async def test_that_a_forgery_is_refused_alike_everywhere_and_the_chat_goes_on(
    backed: Desk, forgery: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = (await backed.session())["token"]
    status, body = await post(backed, session, forgery)
    assert (status, sorted(body), body["error"]) == (403, ["error", "requestId"], "identity_refused")

    socket = await backed.connect(session, identity=forgery)
    assert (await socket.receive_json())["type"] == "welcome"
    refusal = {"type": "error", "code": "identity_refused"}
    assert await socket.receive_json() == refusal
    await socket.send_json({"type": "identify", "token": forgery})
    assert await socket.receive_json() == refusal
    await socket.send_json({"type": "message", "clientId": "message-1", "text": "Still here?"})
    assert {(await socket.receive_json())["type"], (await socket.receive_json())["type"]} == {"ack", "entry"}
    await socket.close()

    assert backed.reception.identified == []
    assert not forgery or str(forgery) not in caplog.text


async def test_that_a_token_introduces_the_visitor_by_each_way(backed: Desk) -> None:
    session = (await backed.session())["token"]
    socket = await backed.connect(session, identity=token(OLD))
    assert [(await socket.receive_json())["type"] for _ in "ab"] == ["welcome", "identified"]
    await socket.send_json({"type": "identify", "token": token(jti="second", name="", email="")})
    assert await socket.receive_json() == {"type": "identified"}
    await socket.close()
    assert await post(backed, session, token(jti="third", aud=["x", "acme"])) == (200, {})

    first, second, third = backed.reception.identified
    assert {one.kind for one in (first, second, third)} == {MessageKind.IDENTIFIED}
    assert first.text == "mara.lind@hafen.example\nMara Lind"
    assert second.text == ""
    assert {one.identity.person for one in (first, second, third) if one.identity} == {user_of("acme", "user-17")}
    assert "user-17" not in repr(backed.reception.identified)


async def test_that_the_same_visitor_may_show_a_token_again_and_nobody_else(backed: Desk) -> None:
    session = await backed.session()
    assert await post(backed, session["token"], token()) == (200, {})
    assert await post(backed, session["token"], token()) == (200, {})
    anew = await backed.session(token=session["token"], fresh=True)
    assert anew["visitor"] == session["visitor"]
    assert await post(backed, anew["token"], token()) == (200, {})

    thief = (await backed.session())["token"]
    status, body = await post(backed, thief, token())
    assert (status, body["error"]) == (403, "identity_refused")
    assert len(backed.reception.identified) == 2  # one a conversation


async def test_that_one_id_cannot_claim_two_things(backed: Desk) -> None:
    session = (await backed.session())["token"]
    assert (await post(backed, session, token()))[0] == 200
    assert (await post(backed, session, token(email="other@hafen.example")))[0] == 403


async def test_that_somebody_else_has_to_begin_anew(backed: Desk) -> None:
    session = (await backed.session())["token"]
    assert (await post(backed, session, token()))[0] == 200
    theirs = token(sub="user-18", jti="theirs")
    status, body = await post(backed, session, theirs)
    assert (status, body["error"]) == (409, "identity_changed")
    stranger = (await backed.session())["token"]
    assert await post(backed, stranger, theirs) == (200, {})
    mara, other = backed.reception.identified
    assert mara.identity
    assert other.identity
    assert mara.identity.person != other.identity.person
    assert mara.visitor != other.visitor


async def test_that_an_address_the_backend_has_not_verified_is_left_out(backed: Desk) -> None:
    session = (await backed.session())["token"]
    assert (await post(backed, session, token(email_verified=False)))[0] == 200
    assert backed.reception.identified[0].text == "Mara Lind"


async def test_that_tokens_are_shown_at_a_bounded_rate(backed: Desk) -> None:
    session = (await backed.session())["token"]
    statuses = [(await post(backed, session, "abc"))[0] for _ in range(7)]
    assert statuses == [403] * 5 + [429] * 2


async def test_that_an_issuer_that_is_named_must_be_right(embedded_store: Store) -> None:
    settings = {"secrets": [NEW], "issuer": "https://hafen.example", "audience": "chat"}
    async with running_desk(identities=embedded_store.people, identity=settings) as desk:
        session = (await desk.session())["token"]
        assert (await post(desk, session, token(aud="chat")))[0] == 403
        assert (await post(desk, session, token(aud="chat", iss="https://evil.example")))[0] == 403
        assert (await post(desk, session, token(iss="https://hafen.example")))[0] == 403
        assert (await post(desk, session, token(aud="chat", iss="https://hafen.example")))[0] == 200


async def test_that_a_desk_without_a_backend_refuses_alike(desk: Desk) -> None:
    session = (await desk.session())["token"]
    status, body = await post(desk, session, token())
    assert (status, body["error"]) == (403, "identity_refused")
    assert (await post(desk, "a.b.c", token()))[0] == 401
