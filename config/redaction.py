"""Text of an admin's file as it may be shown: whatever could be a credential is covered."""

from __future__ import annotations

import re

from config.tokens import credential, tokens_in

COVER = "•••"
_NAMES = "secret|token|password|passwd|api[_-]?key|private[_-]?key|credential"
_PRIVATE = re.compile(rf"(?im)^(\s*(?:-\s*)?[\"']?[\w.-]*(?:{_NAMES})s?[\"']?\s*:[ \t]*)(?!\s*[\"']?\$\{{)(\S.*)$")
"""A key whose name ends like that of a secret, with something else than a reference behind it."""
_WORD = re.compile(r"[^\s\"'`,;(){}\[\]]{16,}")


def redacted(text: str) -> str:
    """The same lines. References such as `${env:NAME}` stay: they are no secrets."""
    for start, end, _ in sorted(tokens_in(text), reverse=True):
        text = text[:start] + COVER + text[end:]
    text = _PRIVATE.sub(lambda found: f"{found[1]}{COVER}", text)
    return _WORD.sub(lambda found: COVER if credential(found[0]) else found[0], text)
