"""Telling credentials and placeholders from ordinary text, by their shape alone. Every expression is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator

KINDS: tuple[tuple[str, str], ...] = (
    ("a Slack bot token", r"xox[be](?:\.xoxb)?-[A-Za-z0-9-]{10,200}"),
    ("a Slack user token", r"xoxp-[A-Za-z0-9-]{10,200}"),
    ("a Slack session token", r"xox[acdors]-[A-Za-z0-9%-]{10,200}"),
    ("a Slack app-level token", r"xapp-[A-Za-z0-9-]{10,200}"),
    ("a Slack webhook address", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{10,200}"),
    ("a Telegram bot token", r"\d{6,12}:[A-Za-z0-9_-]{30,50}(?![A-Za-z0-9_-])"),
    ("an API key", r"(?:sk|pk|rk)[-_](?=[A-Za-z_-]{0,40}\d)[A-Za-z0-9_-]{16,200}"),
    ("a JSON Web Token", r"eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{0,2000}"),
    ("a GitHub token", r"(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{20,200}"),
    ("a GitLab token", r"glpat-[A-Za-z0-9_-]{16,100}"),
    ("an AWS access key", r"A(?:KIA|SIA)[0-9A-Z]{16}(?![0-9A-Z])"),
    ("a Google API key", r"AIza[A-Za-z0-9_-]{30,60}"),
    ("a webhook secret", r"whsec_[A-Za-z0-9+/=]{16,200}"),
    ("a Hugging Face token", r"hf_[A-Za-z0-9]{20,100}"),
    ("a private key", r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY"),
    ("an address with a password in it", r"[a-z][a-z0-9+]{1,20}://[^\s/@:$'\"]{0,100}:[^\s/@$'\"]{1,200}@"),
    (
        "an address with a password in it",
        r"[a-z][a-z0-9+]{1,20}://[^\s?$'\"]{0,200}\?[^\s$'\"]{0,100}?password=[^\s&$'\"]{1,200}",
    ),
)
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_-])(?:" + "|".join(f"(?P<k{index}>{form})" for index, (_, form) in enumerate(KINDS)) + ")"
)
_HEX = re.compile(r"[0-9a-fA-F]{32,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")
_MIXED = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))
_DIFFERENT_LETTERS = 16

_PREFIXES: tuple[tuple[str, str], ...] = (
    ("xoxb-", "a Slack bot token"),
    ("xoxe.xoxb-", "a Slack bot token"),
    ("xoxp-", "a Slack user token"),
    ("xoxe", "a Slack refresh token"),
    ("xox", "a Slack session token"),
    ("xapp-", "a Slack app-level token"),
    ("sk-", "an API key"),
)

_PLACEHOLDER = re.compile(
    r"<[^<>]{0,100}>|\[[^\[\]]{0,100}\]|\{[^{}]{0,100}\}"
    r"|(?:[a-z]{2,6}[-_.])?(?:x{3,}|\*{3,}|\.{3,})(?:[-_.](?:x+|\*+))*"
    r"|(?:.{0,40}[-_ ])?(?:change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|with.{0,60})|placeholder|todo|fixme|tbd)"
    r"|(?:.{0,40}[-_ ])?(?:your|insert|enter|put)[-_ ].{0,60}(?:here|token|key|secret|password)",
    re.IGNORECASE | re.DOTALL,
)


def tokens_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of everything that has the shape of some vendor's credential."""
    for found in _TOKEN.finditer(text):
        index = int((found.lastgroup or "k0")[1:])
        yield found.start(), found.end(), KINDS[index][0]


def credential(text: str) -> str:
    """What kind of credential a whole value looks like, "" for ordinary text."""
    for _, _, kind in tokens_in(text):
        return kind
    if _HEX.fullmatch(text):
        return "a key in hexadecimal"
    if _BASE64.fullmatch(text) and _random(text):
        return "a key in base64"
    return ""


def _random(text: str) -> bool:
    return len(set(text)) >= _DIFFERENT_LETTERS and all(form.search(text) for form in _MIXED)


def kind_of(token: str) -> str:
    """What kind of token a secret is, by how it begins; "" when that says nothing."""
    named = next((kind for prefix, kind in _PREFIXES if token.startswith(prefix)), "")
    return named or next((kind for start, _, kind in tokens_in(token) if start == 0), "")


def is_placeholder(text: str) -> bool:
    """Whether a value was plainly meant to be replaced."""
    return _PLACEHOLDER.fullmatch(text.strip()) is not None
