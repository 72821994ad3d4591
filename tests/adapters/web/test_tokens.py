from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest

from adapters.web.tokens import CLOCK_LEEWAY, RENEWAL_LIFE, TOKEN_LIFE, SessionTokens
from core.errors import ConfigError, Refused
from core.ids import ConversationId, VisitorId
from tests.adapters.web.harness import START, HandClock

OLD, NEW, OTHER = ("old key " * 10, "new key " * 10, "other key " * 10)
ORIGIN = "https://shop.example"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def desk(clock: HandClock, *keys: str, tenant: str = "acme", channel: str = "site") -> SessionTokens:
    return SessionTokens(keys or (NEW, OLD), tenant=tenant, channel=channel, clock=clock)


def mint(tokens: SessionTokens, **more: Any) -> str:
    token, _ = tokens.mint(
        conversation=ConversationId("web:site:1"), visitor=VisitorId("v.1"), **{"origin": ORIGIN, **more}
    )
    return token


def signed(
    claims: dict[str, Any], *, key: str = NEW, algorithm: str = "HS256", headers: dict[str, Any] | None = None
) -> str:
    """A token with a signature that is right, whatever it claims."""
    kid = jwt.get_unverified_header(mint(desk(HandClock(), key)))["kid"]
    whole = {
        "ten": "acme",
        "cha": "site",
        "con": "web:site:1",
        "vis": "v.1",
        "org": ORIGIN,
        "iat": int(START),
        "exp": int(START) + TOKEN_LIFE,
        "ret": False,
        "loc": "",
    }
    return jwt.encode(
        {name: value for name, value in {**whole, **claims}.items() if value is not ...},
        key,
        algorithm=algorithm,
        headers={"kid": kid, **(headers or {})},
    )


def unsigned() -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = jwt.decode(signed({}), options={"verify_signature": False})
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def refusal(tokens: SessionTokens, token: str | None, *, origin: str = ORIGIN) -> str:
    with pytest.raises(Refused) as caught:
        tokens.verify(token, origin=origin)
    assert caught.value.status == 401
    return caught.value.code


def test_that_a_token_says_what_was_minted(clock: HandClock) -> None:
    tokens = desk(clock)
    claims = tokens.verify(mint(tokens, returning=True, locale="de"), origin=ORIGIN)
    assert (claims.conversation, claims.visitor, claims.returning, claims.locale) == ("web:site:1", "v.1", True, "de")
    assert claims.expires_at - claims.issued_at == TOKEN_LIFE


FORGERIES = {
    "absent": (None, "token_missing"),
    "empty": ("", "token_missing"),
    "junk": ("a.b.c", "token_invalid"),
    "no dots": ("abc", "token_invalid"),
    "not ascii": ("é.é.é", "token_invalid"),
    "huge": ("a" * 100_000, "token_invalid"),
    "surrogate": ("\ud800.x.y", "token_invalid"),
    "truncated": (signed({})[:-3], "token_invalid"),
    "payload swapped": (
        ".".join([signed({}).split(".")[0], signed({"vis": "v.2"}).split(".")[1], signed({}).split(".")[2]]),
        "token_invalid",
    ),
    "alg none": (unsigned(), "token_invalid"),
    "alg HS512": (signed({}, algorithm="HS512"), "token_invalid"),
    "foreign key": (signed({}, key=OTHER), "token_invalid"),
    "kid of ours, key of theirs": (
        signed({}, key=OTHER, headers={"kid": jwt.get_unverified_header(signed({}))["kid"]}),
        "token_invalid",
    ),
    "kid empty": (signed({}, headers={"kid": ""}), "token_invalid"),
    "kid is a path": (signed({}, headers={"kid": "../../etc/passwd"}), "token_invalid"),
    "jku is ignored": (signed({}, key=OTHER, headers={"jku": "https://evil.example/keys"}), "token_invalid"),
    "other tenant": (signed({"ten": "rival"}), "token_foreign"),
    "other channel": (signed({"cha": "shop"}), "token_foreign"),
    "other origin": (signed({"org": "https://evil.example"}), "token_origin"),
    "from the future": (signed({"iat": int(START) + CLOCK_LEEWAY + 5}), "token_future"),
    "expired": (signed({"exp": int(START)}), "token_expired"),
    "no expiry": (signed({"exp": ...}), "token_invalid"),
    "expiry is text": (signed({"exp": "never"}), "token_invalid"),
    "no conversation": (signed({"con": ...}), "token_invalid"),
    "visitor is a number": (signed({"vis": 7}), "token_invalid"),
}


@pytest.mark.parametrize(("token", "code"), FORGERIES.values(), ids=FORGERIES)
def test_that_no_forgery_passes(clock: HandClock, token: str | None, code: str) -> None:
    assert refusal(desk(clock), token) == code


def test_that_the_day_ends(clock: HandClock) -> None:
    tokens = desk(clock)
    token = mint(tokens)
    clock.at += TOKEN_LIFE - 1
    assert tokens.verify(token, origin=ORIGIN)
    clock.at += 1
    assert refusal(tokens, token) == "token_expired"  # also from the cache


def test_that_a_cached_token_is_still_bound_to_its_origin(clock: HandClock) -> None:
    tokens = desk(clock)
    token = mint(tokens)
    assert tokens.verify(token, origin=ORIGIN)
    assert refusal(tokens, token, origin="https://other.example") == "token_origin"


def test_that_a_token_renews_for_thirty_days(clock: HandClock) -> None:
    tokens = desk(clock)
    token = mint(tokens)
    clock.at += RENEWAL_LIFE - 1
    assert tokens.renewable(token, origin=ORIGIN).visitor == "v.1"
    clock.at += 1
    with pytest.raises(Refused, match="token_expired"):
        tokens.renewable(token, origin=ORIGIN)


def test_that_two_keys_overlap_and_a_third_does_not(clock: HandClock) -> None:
    token = mint(desk(clock, OLD))
    assert desk(clock, NEW, OLD).verify(token, origin=ORIGIN)
    assert refusal(desk(clock, OTHER, NEW), token) == "token_invalid"


def test_that_a_channel_without_keys_is_a_config_error(clock: HandClock) -> None:
    with pytest.raises(ConfigError, match="signing key"):
        SessionTokens((), tenant="acme", channel="site", clock=clock)
