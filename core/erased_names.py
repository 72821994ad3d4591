"""Who was erased, as digests that outlive them: the names of people and conversations in the list of erasures."""

from __future__ import annotations

from hashlib import blake2b

from core.ids import ConversationId, PersonId


def of_person(person: PersonId) -> str:
    return f"p:{_digest(person)}"


def of_conversation(conversation: ConversationId) -> str:
    return f"c:{_digest(conversation)}"


def _digest(name: str) -> str:
    return blake2b(name.encode(), digest_size=16, person=b"erased").hexdigest()
