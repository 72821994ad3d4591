"""What a browser receives: frames of the socket, events of the stream. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from core.ids import ConversationId
from core.transcript import TranscriptEntry

_JSON = msgspec.json.Encoder()


def entry_body(entry: TranscriptEntry, conversation: ConversationId) -> dict[str, Any]:
    """One line: `seq`, `author`, `at`, `text`, and `clientId` (the visitor's own lines) or `reply` (the bot's)."""
    body: dict[str, Any] = {"seq": entry.seq, "author": entry.author, "at": entry.at, "text": entry.text}
    prefix = f"{conversation}."
    if entry.message is not None and entry.message.startswith(prefix):
        body["clientId"] = entry.message.removeprefix(prefix)
    if entry.reply is not None:
        body["reply"] = entry.reply
    return body


def entry_frame(entry: TranscriptEntry, conversation: ConversationId) -> dict[str, Any]:
    return {"type": "entry", **entry_body(entry, conversation)}


def welcome_frame(
    entries: Sequence[TranscriptEntry], conversation: ConversationId, *, seq: int, reset: bool
) -> dict[str, Any]:
    """The first frame a client gets. `reset`: forget all lines, `entries` is the newest part of the conversation."""
    lines = [entry_body(entry, conversation) for entry in entries]
    return {"type": "welcome", "conversation": conversation, "seq": seq, "reset": reset, "entries": lines}


def ack_body(client_id: str, *, seq: int, cut: bool, by_person: bool = False) -> dict[str, Any]:
    """The message is on disk as line `seq`; `cut` when its end was dropped, `byPerson` when the bot will not answer."""
    body: dict[str, Any] = {"clientId": client_id, "seq": seq}
    return body | ({"cut": True} if cut else {}) | ({"byPerson": True} if by_person else {})


def ack_frame(client_id: str, *, seq: int, cut: bool, by_person: bool = False) -> dict[str, Any]:
    return {"type": "ack", **ack_body(client_id, seq=seq, cut=cut, by_person=by_person)}


def error_frame(code: str, *, client_id: str = "", retry_after: float = 0.0) -> dict[str, Any]:
    """Nothing was done, for a reason with a fixed name; `retryAfter` in seconds where trying again helps."""
    frame: dict[str, Any] = {"type": "error", "code": code}
    if client_id:
        frame["clientId"] = client_id
    if retry_after:
        frame["retryAfter"] = round(retry_after, 1)
    return frame


def identified_frame() -> dict[str, Any]:
    """The hub knows who the visitor is."""
    return {"type": "identified"}


def forgotten_frame() -> dict[str, Any]:
    """The conversation was erased: whoever writes next is a stranger, in a conversation of their own."""
    return {"type": "forgotten"}


def encode(frame: Mapping[str, Any]) -> str:
    return _JSON.encode(frame).decode()


def event(frame: Mapping[str, Any], *, seq: int | None = None) -> bytes:
    """A server-sent event; its id, when there is one, is the sequence to resume from."""
    head = f"id: {seq}\n" if seq is not None else ""
    return f"{head}event: {frame['type']}\ndata: {encode(frame)}\n\n".encode()
