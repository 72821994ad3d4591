"""What an admin's file shows of itself: never a credential, and of everything else each line as it is."""

from __future__ import annotations

import pytest

from config.redaction import COVER, redacted

PLAIN = """company:
  name: Harbour & Sons  # since 1890
slack:
  bot_token: ${env:SLACK_TOKEN}
  max_tokens_per_day: 40000
store: {url: "redis+embedded://data"}
hash: 0f3a9c
"""


def test_that_ordinary_lines_and_references_stay() -> None:
    assert redacted(PLAIN) == PLAIN


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("bot_token: xoxb-1234567890-abcdefghij", "abcdefghij"),
        ("  signing_secret: short", "short"),
        ("- 'password': \"hunter two\"", "hunter"),
        ("api-key: a b c", "a b c"),
        ("url: redis://anna:harbour@host:6379", "harbour"),
        ("note: 0123456789abcdef0123456789abcdef", "89abcdef"),
        ("webhook: https://hooks.slack.com/services/T000/B000/abcdefgh", "abcdefgh"),
        ("# old: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ"),
    ],
)
def test_that_what_could_be_a_credential_is_covered(line: str, secret: str) -> None:
    shown = redacted(f"a: 1\n{line}\nb: 2")
    assert secret not in shown
    assert COVER in shown
    assert shown.split("\n")[0] == "a: 1"
    assert shown.split("\n")[2] == "b: 2"
