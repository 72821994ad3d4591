"""The lines of a talk after some of them were edited or deleted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from core.ids import MessageId
from core.message import InboundMessage, MessageKind
from core.receiving import spoken
from core.session import Said
from core.transcript import TranscriptEntry


def as_said(lines: Iterable[TranscriptEntry]) -> tuple[Said, ...]:
    return tuple(
        Said(
            author=line.author,
            text=line.text,
            message=line.message,
            at=line.at,
            replaces=line.replaces,
            asks=line.asks,
        )
        for line in lines
    )


def as_amended(lines: Sequence[Said]) -> tuple[Said, ...]:
    """The lines as they read now: an edited one says its newest text in its old place, a deleted one is gone."""
    newest: dict[MessageId | None, str] = {line.replaces: line.text for line in lines if line.replaces is not None}
    if not newest:
        return tuple(lines)
    return with_texts((line for line in lines if line.replaces is None), newest)


def with_texts(lines: Iterable[Said], texts: Mapping[MessageId | None, str]) -> tuple[Said, ...]:
    """The lines with new texts for some messages, without those whose new text is empty."""
    changed = (replace(line, text=texts[line.message]) if line.message in texts else line for line in lines)
    return tuple(line for line in changed if line.text or line.message not in texts)


def folded(messages: Sequence[InboundMessage]) -> tuple[tuple[InboundMessage, ...], tuple[InboundMessage, ...]]:
    """A burst in which edits and deletions of its own messages are carried out, and those edits and deletions."""
    if not any(message.about for message in messages):
        return tuple(messages), ()
    kept: list[InboundMessage] = []
    done: list[InboundMessage] = []
    for message in messages:
        place = next((n for n, one in enumerate(kept) if one.id == message.about and spoken((one,))), None)
        if place is None:
            kept.append(message)
            continue
        done.append(message)
        if message.kind is MessageKind.EDITED and message.text:
            kept[place] = replace(kept[place], text=message.text)
        else:
            kept[place] = replace(message, about=None)
    return tuple(kept), tuple(done)
