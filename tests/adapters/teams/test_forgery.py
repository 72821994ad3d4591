"""Nobody gets in without the connector's own token for this bot; and nothing of a body is read before that is known."""

from __future__ import annotations

import base64
import hmac
import json
import logging
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.store_ports import Store
from tests.adapters.teams.harness import Bot, running_bot
from tests.peers.bot_framework import APP_ID, ISSUER, TENANT, BotFramework, jwk, private_key

Forge = Callable[[BotFramework], str]
MARK = "a-word-nobody-may-read"


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(framework: BotFramework) -> dict[str, Any]:
    now = int(framework.clock())
    return {"iss": ISSUER, "aud": APP_ID, "exp": now + 3_600, "serviceurl": framework.service_url}


def unsigned(framework: BotFramework) -> str:
    return f"Bearer {part({'alg': 'none', 'typ': 'JWT', 'kid': 'k1'})}.{part(claims(framework))}."


def by_secret(framework: BotFramework) -> str:
    return "Bearer " + jwt.encode(claims(framework), "s" * 40, "HS256", headers={"kid": "k1"})


def by_public_key(framework: BotFramework) -> str:
    """HS256 with the public key as the secret: the oldest confusion there is."""
    secret = private_key("k1").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'})}.{part(claims(framework))}"
    return f"Bearer {head}.{part(hmac.digest(secret, head.encode(), 'sha256'))}"


def signed(algorithm: str) -> Forge:
    def forge(framework: BotFramework) -> str:
        return "Bearer " + jwt.encode(claims(framework), private_key("k1"), algorithm, headers={"kid": "k1"})

    return forge


def stranger(**headers: Any) -> Forge:
    """Signed by a key of the forger's own, whatever the header says of it."""

    def forge(framework: BotFramework) -> str:
        return "Bearer " + jwt.encode(
            claims(framework), private_key("stranger"), "RS256", headers={"kid": "k1", **headers}
        )

    return forge


def header(**changes: Any) -> Forge:
    """The real key; a header that is not as it should be. None takes a field out."""

    def forge(framework: BotFramework) -> str:
        said = {"alg": "RS256", "typ": "JWT", "kid": "k1", **changes}
        said = {name: value for name, value in said.items() if value is not None}
        head = f"{part(said)}.{part(claims(framework))}"
        signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(
            head.encode(), private_key("k1")
        )
        return f"Bearer {head}.{part(signature)}"

    return forge


def said(**changes: Any) -> Forge:
    return lambda framework: framework.bearer(**changes)


def timed(**offsets: int) -> Forge:
    def forge(framework: BotFramework) -> str:
        moments: dict[str, Any] = {name: int(framework.clock()) + offset for name, offset in offsets.items()}
        return framework.bearer(**moments)

    return forge


def broken(change: Callable[[str], str]) -> Forge:
    return lambda framework: change(framework.bearer())


def rewritten(token: str) -> str:
    head, payload, signature = token.split(".")
    body = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{head}.{part({**body, 'aud': APP_ID, 'exp': body['exp'] + 1})}.{signature}"


FORGERIES: dict[str, Forge] = {
    "empty": lambda _: "Bearer ",
    "basic": lambda _: "Basic Ym90OnNlY3JldA==",
    "digest": lambda _: 'Digest username="bot"',
    "no scheme": broken(lambda token: token.removeprefix("Bearer ")),
    "junk": lambda _: "Bearer junk",
    "three letters": lambda _: "Bearer a.b.c",
    "two parts": broken(lambda token: token.rsplit(".", 1)[0]),
    "four parts": broken(lambda token: f"{token}.x"),
    "encrypted": lambda _: f"Bearer {part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a.b.c.d",
    "long": lambda _: "Bearer " + "a" * 7_000,
    "spaces": broken(lambda token: token.replace(".", " .", 1)),
    "two tokens": broken(lambda token: f"{token}, {token}"),
    "bare json": lambda framework: f"Bearer {json.dumps(claims(framework))}",
    "header is a list": lambda _: f"Bearer {part([1])}.{part({})}.a",
    "payload is a list": lambda _: f"Bearer {part({'alg': 'RS256', 'kid': 'k1'})}.{part([])}.a",
    "deep header": lambda _: f"Bearer {part(b'[' * 2_000)}.{part({})}.a",
    "no signature": broken(lambda token: token.rsplit(".", 1)[0] + "."),
    "cut signature": broken(lambda token: token[:-6]),
    "changed payload": broken(rewritten),
    "alg none": unsigned,
    "alg HS256": by_secret,
    "alg HS256 by the public key": by_public_key,
    "alg RS512": signed("RS512"),
    "alg RS384": signed("RS384"),
    "alg PS256": signed("PS256"),
    "alg lower case": header(alg="rs256"),
    "alg missing": header(alg=None),
    "alg list": header(alg=["RS256"]),
    "crit": header(crit=["b64"], b64=False),
    "kid missing": header(kid=None),
    "kid number": header(kid=1),
    "kid null byte": header(kid="k1\x00"),
    "kid unknown": header(kid="k9"),
    "kid path": header(kid="../../etc/passwd"),
    "kid url": header(kid="https://evil.example/key"),
    "kid long": header(kid="k" * 300),
    "own key": stranger(),
    "own key in the header": stranger(jwk=jwk("k1", private_key("stranger"))),
    "own key by jku": stranger(jku="https://evil.example/keys"),
    "own key by x5u": stranger(x5u="https://evil.example/chain.pem"),
    "own key by x5c": stranger(x5c=["MIIB"]),
    "iss missing": said(iss=None),
    "iss other": said(iss="https://evil.example"),
    "iss with a slash": said(iss=f"{ISSUER}/"),
    "iss emulator": said(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
    "iss government": said(iss="https://api.botframework.us"),
    "aud missing": said(aud=None),
    "aud other": said(aud="00000000-0000-0000-0000-000000000000"),
    "aud empty": said(aud=""),
    "aud list": said(aud=[APP_ID]),
    "aud upper case": said(aud=APP_ID.upper()),
    "exp missing": said(exp=None),
    "exp text": said(exp="tomorrow"),
    "exp true": said(exp=True),
    "exp huge": said(exp=10**30),
    "exp over": timed(exp=-301),
    "nbf later": timed(nbf=301),
    "nbf text": said(nbf="now"),
    "iat later": timed(iat=301),
    "serviceurl missing": said(serviceurl=None),
    "serviceurl list": said(serviceurl=["https://smba.trafficmanager.net/"]),
    "serviceurl evil": said(serviceurl="https://evil.example/teams/"),
    "serviceurl plain http": said(serviceurl="http://smba.trafficmanager.net/teams/"),
    "serviceurl address": said(serviceurl="https://20.1.2.3/teams/"),
    "serviceurl metadata": said(serviceurl="http://169.254.169.254/"),
    "serviceurl user": said(serviceurl="https://smba.trafficmanager.net@evil.example/"),
    "serviceurl look-alike": said(serviceurl="https://smba.trafficmanager.net.evil.example/"),
    "serviceurl suffix": said(serviceurl="https://evilbotframework.com/"),
    "serviceurl punycode": said(serviceurl="https://xn--smba-trafficmanager-xyz.net/"),
    "serviceurl odd port": said(serviceurl="https://smba.trafficmanager.net:8443/"),
    "serviceurl file": said(serviceurl="file:///etc/passwd"),
}


@pytest.fixture
def _all_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


@pytest.mark.usefixtures("_all_that_is_logged")
@pytest.mark.parametrize("name", FORGERIES)
async def test_that_a_forged_token_is_refused(bot: Bot, caplog: pytest.LogCaptureFixture, name: str) -> None:
    body = "{ " + MARK  # no JSON: whoever parsed it first would say so
    status, answer = await bot.post(body, bearer=FORGERIES[name](bot.framework))
    assert status == 401, answer
    assert set(answer) == {"error", "requestId"}
    assert MARK not in caplog.text
    assert not bot.messages


UNFIT: dict[str, Callable[[BotFramework], dict[str, Any]]] = {
    "no service url": lambda _: {"serviceUrl": None},
    "other service url": lambda _: {"serviceUrl": "https://smba.trafficmanager.net/emea/"},
    "slash missing": lambda framework: {"serviceUrl": framework.service_url.rstrip("/")},
    "other case": lambda framework: {"serviceUrl": framework.service_url.upper()},
    "service url is a list": lambda framework: {"serviceUrl": [framework.service_url]},
    "channel missing": lambda _: {"channelId": None},
    "other channel": lambda _: {"channelId": "skype"},
    "emulator": lambda _: {"channelId": "emulator"},
    "channel is a number": lambda _: {"channelId": 1},
    "no tenant": lambda _: {"channelData": None, "conversation": {"id": "a:one"}},
    "other tenant": lambda _: {
        "channelData": {"tenant": {"id": "00000000-0000-0000-0000-000000000000"}},
        "conversation": {"id": "a:one"},
    },
    "two tenants": lambda _: {"channelData": {"tenant": {"id": "00000000-0000-0000-0000-000000000000"}}},
    "tenant is a list": lambda _: {"channelData": {"tenant": [TENANT]}, "conversation": {"id": "a:one"}},
    "tenant of any shape": lambda _: {"channelData": {"tenant": {"id": {"id": TENANT}}}, "conversation": "a:one"},
}


@pytest.mark.parametrize("name", UNFIT)
async def test_that_a_token_lets_in_nothing_but_what_it_was_issued_for(bot: Bot, name: str) -> None:
    status, answer = await bot.post(bot.framework.activity(**UNFIT[name](bot.framework)))
    assert status == 403, answer
    assert not bot.messages


async def test_that_a_key_speaks_for_the_channels_it_is_endorsed_for_alone(embedded_store: Store) -> None:
    for endorsements in ([], ["skype"], None, "msteams", [1]):
        async with running_bot(embedded_store, started=False) as bot:
            bot.framework.keys = [jwk("k1", private_key("k1"), endorsements=endorsements)]
            assert (await bot.post(bot.framework.activity()))[0] == 403
            assert not bot.messages


async def test_that_two_headers_are_none_and_that_there_must_be_one(bot: Bot) -> None:
    assert (await bot.post(bot.framework.activity(), bearer=""))[0] == 401
    bearer = bot.framework.bearer()
    url = f"{bot.url}/channels/teams/bot/messages"
    async with bot.http.post(url, data="{}", headers=[("Authorization", bearer)] * 2) as response:
        assert response.status == 401


async def test_that_every_refusal_of_a_token_is_the_same_word(bot: Bot) -> None:
    answers = [await bot.post("{}", bearer=forge(bot.framework)) for forge in FORGERIES.values()]
    assert {answer["error"] for _, answer in answers} == {"token_refused", "token_missing"}
    assert bot.framework.metadata_reads <= 2


async def test_that_a_token_within_the_clocks_tolerance_is_let_in(bot: Bot) -> None:
    for number, offsets in enumerate(({"exp": -299}, {"nbf": 299}, {"iat": 299})):
        bearer = timed(**offsets)(bot.framework)
        assert (await bot.post(bot.framework.activity(id=f"n{number}"), bearer=bearer))[0] == 202
    assert len(bot.messages) == 3


async def test_that_a_verified_token_ends_at_its_end(bot: Bot) -> None:
    bearer = bot.framework.bearer()
    assert (await bot.post(bot.framework.activity(), bearer=bearer))[0] == 202
    bot.clock.at += 3_600 + 300
    assert (await bot.post(bot.framework.activity(id="later"), bearer=bearer))[0] == 401


async def test_that_any_tenant_may_come_where_the_admin_says_so(embedded_store: Store) -> None:
    async with running_bot(embedded_store, tenants=["*"]) as bot:
        other = {"tenant": {"id": "00000000-0000-0000-0000-000000000000"}}
        conversation = {"id": "a:one", "conversationType": "personal"}
        assert await bot.says(channelData=other, conversation=conversation) == 202
