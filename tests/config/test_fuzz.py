"""Whatever bytes a file holds: problems or a value, never another exception, and soon."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import composing
from config.composing import compose
from config.document import apply_model, parse_document
from config.models.handoff import HandoffSettings
from config.models.personas import PersonasFile
from config.models.settings import FrontdeskSettings
from config.phrases import parse_phrases
from config.problems import ConfigErrors
from config.references import References

REFERENCES = References(environment={"A": "1", "B": "xoxb-1-2-abc"}, directory=Path("/nonexistent"))
MODELS = (FrontdeskSettings, PersonasFile, HandoffSettings)

PIECES = st.sampled_from(
    (
        "company",
        "name",
        "site",
        "personas",
        "id",
        "slack",
        "bot_token",
        "channel",
        "when",
        "server",
        "port",
        "models",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    - ",
        "- ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        '"',
        "|\n ",
        ">-\n ",
        "\t",
        "#",
        " # ",
        "&a ",
        "*a ",
        "!t ",
        "!!int ",
        "<<",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "~",
        "true",
        "no",
        "08",
        "1_0",
        "12:30",
        ".nan",
        "1e999",
        "0x",
        "-",
        "+",
        "${env:A}",
        "${env:B}",
        "${file:/etc/passwd}",
        "${",
        "}",
        "\\",
        "\\x",
        "\\ud800",
        "\u2028",
        "\x85",
        "\ufeff",
        "\x00",
        "é",
        "🌿",
        "xoxb-12345678901234567890",
        "https://a.example",
        "http://[::1",
        "x" * 300,
    )
)


def survives(data: bytes) -> None:
    syntax = parse_document(data)
    for model in MODELS:
        document = apply_model(syntax, model, REFERENCES)
        assert (document.value is None) == bool(document.flaws)
        assert len(document.flaws) <= 101
        assert all(flaw.line >= 0 and flaw.column >= 0 and flaw.message for flaw in document.flaws)
    with suppress(ConfigErrors):
        assert parse_phrases(data, language="en", file="en.yaml").variants


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_any_bytes_give_problems_or_a_value(data: bytes) -> None:
    survives(data)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_shuffle_of_yaml_gives_problems_or_a_value(text: str) -> None:
    survives(text.encode())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PIECES, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(PIECES, VALUES, max_size=5))
def test_any_tree_gives_problems_or_a_value(tree: dict[str, object]) -> None:
    survives(yaml.safe_dump(tree, allow_unicode=True).encode())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_parser_in_pure_python_survives_too(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "_Loader", yaml.SafeLoader)
        survives(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1_000_000,
        b"{a: " * 250_000,
        b"- " * 500_000,
        b"? " * 500_000,
        b"a:\n" * 300_000,
        b"".join(b"k%d: 1\n" % number for number in range(90_000)),
        b"'" * 1_000_000,
        b'"\\' * 500_000,
        b"sk-" * 330_000,
        b"a://b:" * 160_000,
        b"eyJ." * 250_000,
        b"# xoxb-1234567890 " * 55_000,
        b"a: " + b"x: " * 300_000,
        b"a: " + b"x " * 500_000,
        b"a: " + b"your-" * 200_000,
        b"a: " + b"${" * 500_000,
        b"a: '" + b"${env:A}" * 120_000 + b"'",
        b"\n" * 1_000_000,
        b"a: |\n" + b" \n" * 500_000,
        b"&a " * 300_000,
        b"!" * 1_000_000,
        b"personas:\n" + b"  - {id: a}\n" * 15_000,
        b"company: {name: " + b"9" * 1_000_000 + b"}",
    ],
    ids=lambda data: repr(data[:12]),
)
@pytest.mark.timeout(60)
def test_a_bomb_of_a_megabyte_is_refused_within_seconds(data: bytes) -> None:
    syntax = parse_document(data)
    for model in MODELS:
        document = apply_model(syntax, model, REFERENCES)
        assert (document.value is None) == bool(document.flaws)


def test_both_parsers_agree_on_places(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [1, 'zwei', {c: ü🌿, d: x}]\nb:\n  - e\n"
    native = compose(text)
    monkeypatch.setattr(composing, "_Loader", yaml.SafeLoader)
    assert compose(text) == native
