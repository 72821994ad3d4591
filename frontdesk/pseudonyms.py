"""Names by which logs and traces speak of conversations."""

from __future__ import annotations

import secrets
from hashlib import blake2b


class Pseudonyms:
    """The same conversation has the same name; without the key nobody finds out which it is.

    A key of this process alone until `keyed` is told the one all processes of the tenant share.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def keyed(self, key: str) -> None:
        self._key = blake2b(key.encode(), digest_size=32).digest()

    def of(self, conversation: str) -> str:
        return blake2b(conversation.encode("utf-8", "replace"), key=self._key, digest_size=8).hexdigest()
