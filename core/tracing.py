"""Following one message through the processes: from the door that accepts it to the post it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from core.message import InboundMessage
from core.turn import Effect


class Tracer(Protocol):
    """Times what is done inside each context. Each yields the name of its step, which the next one is told as `trace`.

    The name travels in messages and effects, so a trace goes on in another process and after a restart; it is "" where
    nothing is traced. Must not raise, and must tell nothing of what is said.
    """

    def accepting(self, message: InboundMessage) -> AbstractContextManager[str]: ...

    def answering(self, burst: Sequence[InboundMessage]) -> AbstractContextManager[str]: ...

    def delivering(self, effect: Effect, sink: str, *, trace: str) -> AbstractContextManager[str]: ...


_NOTHING = nullcontext("")


class Untraced:
    """Follows nothing, at no cost."""

    def accepting(self, message: InboundMessage) -> AbstractContextManager[str]:  # noqa: ARG002
        return _NOTHING

    def answering(self, burst: Sequence[InboundMessage]) -> AbstractContextManager[str]:  # noqa: ARG002
        return _NOTHING

    def delivering(self, effect: Effect, sink: str, *, trace: str) -> AbstractContextManager[str]:  # noqa: ARG002
        return _NOTHING


UNTRACED = Untraced()
