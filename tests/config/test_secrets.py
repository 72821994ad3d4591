"""Secrets come from references only, are judged where they come from, and are shown nowhere."""

from __future__ import annotations

import copy
import json
import os
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from config import ConfigErrors, ConnectionUrl, Inspection, Secret, SlackBotToken, load
from config.models.settings import StoreSettings
from config.tokens import credential, is_placeholder

Lines = Callable[..., list[str]]

HEAD = "company:\n  name: Fernlight\n  site: https://fernlight.example\n"
HANDOFF = "slack:\n  bot_token: {}\n  channel: C0123ABCDEF\n"

TOKENS = {
    "slack bot": ("xoxb-123456789012-abcdefGHIJ", "a Slack bot token"),
    "slack rotated bot": ("xoxe.xoxb-1-abcdefGHIJ12", "a Slack bot token"),
    "slack user": ("xoxp-123456789012-abcdefGHIJ", "a Slack user token"),
    "slack app": ("xapp-1-A012345-6789-abcdef", "a Slack app-level token"),
    "slack webhook": ("https://hooks.slack.com/services/T000/B000/abcdef", "a Slack webhook address"),
    "api key": ("sk-proj-abcDEF0123456789abcDEF", "an API key"),
    "telegram": ("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1", "a Telegram bot token"),
    "jwt": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "a JSON Web Token"),
    "github": ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "a GitHub token"),
    "aws": ("AKIAABCDEFGHIJKLMNOP", "an AWS access key"),
    "private key": ("-----BEGIN EC PRIVATE KEY-----", "a private key"),
    "hexadecimal": ("0123456789abcdef0123456789abcdef", "a key in hexadecimal"),
    "base64": ("aGVsbG8gd29ybGQgSSBhbSBhIHNlY3JldCBrZXk5", "a key in base64"),
    "address": ("https://me:hunter2hunter2@fernlight.example", "an address with a password in it"),
    "query": ("redis://store.example:6379/0?db=1&password=hunter2hunter2", "an address with a password in it"),
}

AS_VALUE = ("secret", "value", "quoted", "personas")
ELSEWHERE = ("key", "comment", "broken file")

PLACEHOLDERS = (
    "changeme",
    "CHANGE-ME",
    "change_me",
    "xxx",
    "xxxxxxxx",
    "xoxb-xxx",
    "xoxb-xxxx-xxxx",
    "<token>",
    "<your token here>",
    "your-token-here",
    "YOUR_TOKEN_HERE",
    "xoxb-your-token-here",
    "your-api-key",
    "replace-me",
    "todo",
    "...",
    "********",
    "insert-key-here",
    "placeholder",
    "[token]",
)

UNFIT = {
    "empty": ("", "the environment variable S is empty"),
    "newline": ("xoxb-1\nxoxb-2", "more than one line"),
    "final newline": ("xoxb-12345\n", "more than one line"),
    "spaces": (" xoxb-12345", "holds spaces"),
    "inner space": ("xoxb 12345", "holds spaces"),
    "quotes": ('"xoxb-12345"', "quotes around it"),
    "not ascii": ("xoxb-ü12345", "characters no credential has"),
    "too long": ("x1" * 9_000, "longer than 16,384"),
}


def one(lines: list[str]) -> str:
    assert len(lines) == 1, lines
    return lines[0]


@pytest.mark.parametrize(
    ("place", "token", "kind"),
    [
        pytest.param(place, token, kind, id=f"{name} as {place}")
        for name, (token, kind) in TOKENS.items()
        for place in (*AS_VALUE, *ELSEWHERE)
        if place in AS_VALUE or not kind.startswith("a key in")  # random text is only judged as a value of its own
    ],
)
def test_a_literal_credential_is_refused_everywhere_and_never_repeated(
    lines: Lines, check: Callable[..., Inspection], token: str, kind: str, place: str
) -> None:
    files = {
        "secret": {"handoff.yaml": HANDOFF.format(f'"{token}"')},
        "value": {"frontdesk.yaml": HEAD.replace("Fernlight", token)},
        "quoted": {"frontdesk.yaml": HEAD.replace("Fernlight", f"'{token}'")},
        "key": {"frontdesk.yaml": f'{HEAD}"{token}": 1\n'},
        "comment": {"frontdesk.yaml": f"{HEAD}# once: {token}\n"},
        "personas": {"personas.yaml": f'personas:\n  - id: a\n    name: A\n    pains: ["{token}"]\n'},
        "broken file": {"frontdesk.yaml": f'{HEAD}tenant: "{token}"\n  oops\n'},
    }[place]
    found = lines(files)
    shown = "\n".join(found) + json.dumps([problem.to_json() for problem in check().problems])
    assert found
    assert "hunter2" not in shown
    assert token not in shown
    assert kind in shown or "a secret may not stand in the file itself" in shown


def test_a_literal_secret_without_any_known_shape_is_refused_too(lines: Lines) -> None:
    found = one(lines({"handoff.yaml": HANDOFF.format("tuesday")}))
    assert found.startswith(
        "handoff.yaml:2:14: slack.bot_token: a secret may not stand in the file itself -> write ${env:"
    )


@pytest.mark.parametrize("value", ["12345", "[hush]", "{a: hush}", "true"])
def test_a_secret_of_another_type_is_refused_without_showing_it(lines: Lines, value: str) -> None:
    found = one(lines({"handoff.yaml": HANDOFF.format(value)}))
    assert "slack.bot_token: " in found
    assert "hush" not in found
    assert "12345" not in found


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_placeholders_are_known_wherever_the_value_comes_from(lines: Lines, value: str) -> None:
    assert "the value of ${env:TOKEN} is a placeholder" in one(lines(TOKEN=value))
    assert is_placeholder(value)
    assert "this is a placeholder" in one(
        lines({"frontdesk.yaml": HEAD.replace("Fernlight", f"'{value}'")}, TOKEN="xoxb-1")
    )


@pytest.mark.parametrize(
    "value", ["Fernlight", "Exxxtra", "xoxb-271828-abc", "here", "token", "A <b> c", "my key facts"]
)
def test_ordinary_words_are_no_placeholders(value: str) -> None:
    assert not is_placeholder(value)


@pytest.mark.parametrize(
    "text",
    [
        "risk-assessment-for-enterprise-customers",
        "https://fernlight.example/solutions/desk-management-for-growing-teams-of-2024",
        "What does the task-based pricing cost for 10 seats?",
        "internationalisation-and-localisation-services",
        "+45 12 34 56 78",
        "10:30-12:00",
        "rediss://:${env:REDIS_PASSWORD}@redis.internal:6379",
        "https://fernlight.example:8443/a@b",
    ],
)
def test_ordinary_text_is_no_credential(text: str) -> None:
    assert credential(text) == ""


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("xapp-1-A1-2-abc", "a Slack app-level token"),
        ("xoxp-1-2-abc", "a Slack user token"),
        ("xoxe-1-abc", "a Slack refresh token"),
        ("xoxc-1-abc", "a Slack session token"),
        ("sk-abc", "an API key"),
        ("123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1", "a Telegram bot token"),
        ("wednesday", "something else"),
    ],
)
def test_a_token_of_the_wrong_kind_is_named_by_kind(lines: Lines, value: str, kind: str) -> None:
    found = one(lines(TOKEN=value))
    assert found.startswith(
        f"handoff.yaml:2:14: slack.bot_token: ${{env:TOKEN}} holds {kind} where a Slack bot token belongs"
    )
    assert value not in found


@pytest.mark.parametrize("value", ["xoxb-1-2-abc", "xoxe.xoxb-1-abc"])
def test_bot_tokens_are_taken(lines: Lines, value: str) -> None:
    assert lines(TOKEN=value) == []


@pytest.mark.parametrize(("value", "expected"), UNFIT.values(), ids=UNFIT)
def test_a_variable_that_holds_no_usable_secret_is_named(lines: Lines, value: str, expected: str) -> None:
    found = one(lines({"handoff.yaml": HANDOFF.format("${env:S}")}, S=value))
    assert found.startswith("handoff.yaml:2:14: slack.bot_token: ")
    assert expected in found
    assert "12345" not in found


def test_a_missing_variable_is_an_error_that_names_it(lines: Lines) -> None:
    found = one(lines({"handoff.yaml": HANDOFF.format("${env:NOWHERE}")}))
    assert found == (
        "handoff.yaml:2:14: slack.bot_token: the environment variable NOWHERE is not set"
        " -> set it before the start, for example `export NOWHERE=...`"
    )


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("${env:TOKEN:-x}", "a reference has no default value"),
        ("${TOKEN}", "`${` does not begin a reference"),
        ("${env:}", "`${` does not begin a reference"),
        ("${env:TO KEN}", "`${` does not begin a reference"),
        ("${vault:TOKEN}", "`${` does not begin a reference"),
        ("${env:TOKEN", "`${` does not begin a reference"),
        ("$TOKEN", "a secret may not stand in the file itself"),
        ("a${env:TOKEN}", "a secret may not stand in the file itself"),
        ("${env:TOKEN}${env:TOKEN}", "a secret may not stand in the file itself"),
    ],
)
def test_other_spellings_of_a_reference_are_explained(lines: Lines, reference: str, expected: str) -> None:
    assert expected in one(lines({"handoff.yaml": HANDOFF.format(f'"{reference}"')}))


def secret_file(desk: Path, content: bytes, mode: int = 0o600) -> str:
    path = desk / "secrets" / "slack"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)
    return HANDOFF.format("${file:secrets/slack}")


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_private_file_holds_a_secret(
    check: Callable[..., Inspection], desk: Path, token: str, end: bytes, mode: int
) -> None:
    found = check({"handoff.yaml": secret_file(desk, token.encode() + end, mode)}).desk
    assert found is not None
    assert found.handoff is not None
    assert found.handoff.slack is not None
    assert found.handoff.slack.bot_token.reveal() == token


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o666, 0o777, 0o601])
def test_a_secret_file_others_may_touch_is_refused(lines: Lines, desk: Path, token: str, mode: int) -> None:
    found = one(lines({"handoff.yaml": secret_file(desk, token.encode(), mode)}))
    assert found == (
        "handoff.yaml:2:14: slack.bot_token: ${file:secrets/slack}: others may read this secret file"
        f" (mode {mode:04o}) -> run `chmod 600` on it"
    )


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"\n", "the file is empty"),
        (b"xoxb-12345\n\n", "more than one line"),
        (b"xoxb-12345\nxoxb-67890\n", "more than one line"),
        (b"'xoxb-12345'", "quotes around it"),
        (b"xoxb-12345 \n", "holds spaces"),
        (b"\xff\xfe12345", "not UTF-8"),
        (b"xoxb-12345" * 2_000, "larger than 16,384 bytes"),
    ],
)
def test_a_secret_file_that_holds_no_usable_secret_is_named(
    lines: Lines, desk: Path, content: bytes, expected: str
) -> None:
    found = one(lines({"handoff.yaml": secret_file(desk, content)}))
    assert "${file:secrets/slack}" in found
    assert expected in found
    assert "12345" not in found


def test_what_is_no_regular_file_is_no_secret_file(lines: Lines, desk: Path) -> None:
    handoff = {"handoff.yaml": HANDOFF.format("${file:hush}")}
    place = desk / "hush"
    assert "there is no such file" in one(lines(handoff))
    place.mkdir()
    assert "this is a folder" in one(lines(handoff))
    place.rmdir()
    os.mkfifo(place, 0o600)
    assert "not a regular file" in one(lines(handoff))
    place.unlink()
    place.symlink_to(place)
    assert "leads in a circle" in one(lines(handoff))


def test_secret_files_are_for_secrets(lines: Lines) -> None:
    found = one(lines({"frontdesk.yaml": HEAD + "server:\n  host: ${file:hush}\n"}))
    assert found.startswith("frontdesk.yaml:5:9: server.host: ${file:PATH} is for secrets only")


def test_ordinary_values_may_come_from_the_environment(check: Callable[..., Inspection]) -> None:
    settings = HEAD + "tenant: ${env:WHO}\nserver:\n  port: ${env:PORT}\n  public_url: https://${env:HOST}/chat\n"
    desk = check({"frontdesk.yaml": settings}, WHO="2024", PORT="9090", HOST="a.example").desk
    assert desk is not None
    assert desk.settings.tenant == "2024"
    assert desk.settings.server.port == 9090
    assert desk.settings.server.public_url == "https://a.example/chat"


def test_a_wrong_value_from_the_environment_is_not_repeated(lines: Lines) -> None:
    settings = HEAD + "server:\n  port: ${env:PORT}\n  host: ${env:HOST}\n"
    found = lines({"frontdesk.yaml": settings}, PORT="hush-hush", HOST="xoxb-123456789012-abcdefGHIJ")
    assert found[0].startswith("frontdesk.yaml:5:9: server.port: expected a whole number, got the value of ${env:PORT}")
    assert found[1].startswith(
        "frontdesk.yaml:6:9: server.host: the value of a variable here looks like a Slack bot token"
    )
    assert "hush" not in "\n".join(found)
    assert "abcdef" not in "\n".join(found)


def test_persona_texts_are_taken_letter_for_letter(check: Callable[..., Inspection]) -> None:
    quote = "Set ${API_KEY} to sk-test-abcDEF0123456789abcDEF"
    digest = "9f2c41d07be3a586" * 4
    persona = "personas:\n  - id: a\n    name: A\n    pains: ['${env:X} and ${Y}', changeme]\n    sources:\n"
    desk = check(
        {"personas.yaml": f"{persona}      - url: /docs\n        quote: {quote}\n        hash: {digest}\n"}
    ).desk
    assert desk is not None
    assert desk.personas[0].pains == ("${env:X} and ${Y}", "changeme")
    assert (desk.personas[0].sources[0].quote, desk.personas[0].sources[0].hash) == (quote, digest)


def test_two_channels_with_the_same_secret_are_refused(lines: Lines) -> None:
    channel = "kind: parlour\nkey: ${env:KEY}\n"
    found = one(lines({"channels/front.yaml": channel, "channels/side.yaml": channel}, KEY="k-271828-k"))
    assert (
        found
        == "channels/side.yaml:2:1: channel `front` uses the same secret -> give each channel credentials of its own"
    )


def test_pydantics_own_secret_type_follows_the_same_rules(check: Callable[..., Inspection], lines: Lines) -> None:
    files = {"channels/front.yaml": "kind: parlour\nkeys:\n  - ${env:KEY}\n"}
    inspection = check(files, KEY="k-271828-k")
    assert inspection.desk is not None
    assert "271828" not in repr(inspection)
    assert "KEY is not set" in one(lines(files))
    assert one(lines(files, KEY="short")) == "channels/front.yaml:3:5: keys[0]: must have at least 8 characters"
    literal = one(lines({"channels/front.yaml": "kind: parlour\nkeys: [long-enough-literal]\n"}))
    assert literal.startswith("channels/front.yaml:2:8: keys[0]: a secret may not stand in the file itself")


def test_a_store_password_is_a_reference_inside_the_address(check: Callable[..., Inspection], lines: Lines) -> None:
    files = {"frontdesk.yaml": HEAD + "store:\n  url: rediss://:${env:PW}@redis.example:6379\n"}
    inspection = check(files, PW="hush-hush")
    assert inspection.desk is not None
    assert inspection.desk.settings.store.url.reveal() == "rediss://:hush-hush@redis.example:6379"
    assert "hush" not in repr(inspection)
    assert "hush" not in str(inspection.desk.settings)
    for literal in ("redis://:hush-hush@redis.example", "redis://redis.example?password=hush-hush"):
        found = one(lines({"frontdesk.yaml": f"{HEAD}store:\n  url: {literal}\n"}))
        assert found.startswith("frontdesk.yaml:5:8: store.url: a password may not stand in the file itself")
        assert "hush" not in found


def test_a_secret_is_shown_nowhere(check: Callable[..., Inspection], token: str) -> None:
    inspection = check()
    desk = inspection.desk
    assert desk is not None
    assert desk.handoff is not None
    slack = desk.handoff.slack
    assert slack is not None
    secret = slack.bot_token
    assert secret.reveal() == token
    shown = (
        repr(inspection),
        str(desk),
        repr(slack),
        f"{secret}",
        f"{secret!r}",
        slack.model_dump_json(),
        str(vars(slack)),
    )
    assert all(token not in text for text in shown)
    assert json.loads(slack.model_dump_json())["bot_token"] == "${env:TOKEN}"


def test_errors_and_their_tracebacks_hold_no_secret(desk: Path, token: str) -> None:
    (desk / "handoff.yaml").write_text(HANDOFF.format(token) + "  colour: x\n")
    with pytest.raises(ConfigErrors) as caught:
        load(desk, environment={"TOKEN": token})
    written = "".join(traceback.format_exception(caught.value))
    assert token not in written
    assert token not in caught.value.render()
    assert token not in json.dumps(caught.value.to_json())
    assert caught.value.__context__ is None


def test_a_secret_compares_copies_and_refuses_to_be_pickled() -> None:
    first, same, other = Secret("a-value", origin="${env:A}"), Secret("a-value", origin="${env:B}"), Secret("b-value")
    assert first == same
    assert first != other
    assert first != "a-value"
    assert first != ConnectionUrl("a-value")
    assert len({first, same, other}) == 2
    assert copy.deepcopy(first) is copy.copy(first) is first
    assert repr(other) == "Secret('***')"
    with pytest.raises(TypeError):
        pickle.dumps(first)


def test_secrets_are_values_in_code_and_texts_only_in_files() -> None:
    token = Secret("xoxb-1-2-abc")
    assert TypeAdapter(SlackBotToken).validate_python(token) is token
    assert StoreSettings(url=ConnectionUrl("redis://h:1")).url.reveal() == "redis://h:1"
    with pytest.raises(ValidationError, match="only read from a configuration file"):
        TypeAdapter(Secret).validate_python("xoxb-1-2-abc")
