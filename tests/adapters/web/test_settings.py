from __future__ import annotations

import pytest
from pydantic import ValidationError

from adapters.web.settings import WebSettings, exact_origin


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("https://www.example.com", "https://www.example.com"),
        ("HTTPS://WWW.Example.COM", "https://www.example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://example.com:8443", "https://example.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:80", "http://localhost"),
        ("http://shop.localhost:3000", "http://shop.localhost:3000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_that_origins_are_kept_as_browsers_spell_them(written: str, exact: str) -> None:
    assert exact_origin(written) == exact


@pytest.mark.parametrize(
    "written",
    [
        "",
        "*",
        "null",
        "example.com",
        "https://*.example.com",
        "https://",
        "https://example.com/",
        "https://example.com/chat",
        "https://example.com?x",
        "https://example.com#x",
        "https://user@example.com",
        "https://example.com:port",
        "http://example.com",
        "http://10.0.0.1",
        "http://localhost.evil.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "https://exämple.com",
    ],
)
def test_that_anything_else_is_no_origin(written: str) -> None:
    with pytest.raises(ValueError, match=r"origin|port|http"):
        exact_origin(written)


@pytest.mark.parametrize(
    "wrong",
    [
        {"allowed_origins": []},
        {"colour": "red"},
        {"colour": "#12345"},
        {"surprise": 1},
        {"limits": {"messages_per_second": 0}},
        {"limits": {"messages_per_second": 1e-320}},
        {"signing_keys": ["short"]},
        {"signing_keys": ["k" * 32, "k" * 32]},
        {"signing_keys": ["a" * 32, "b" * 32, "c" * 32]},
        {"link_hosts": ["https://docs.example.com"]},
        {"teaser": {"text": ""}},
        {"kind": "telegram"},
    ],
)
def test_that_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WebSettings.model_validate({"kind": "web", "allowed_origins": ["https://a.example"], **wrong})


def test_that_defaults_suffice_and_keys_are_not_shown() -> None:
    settings = WebSettings.model_validate(
        {"kind": "web", "allowed_origins": ["https://a.example"], "signing_keys": ["s" * 40]}
    )
    assert settings.limits.message_burst == 5
    assert "s" * 40 not in repr(settings)
