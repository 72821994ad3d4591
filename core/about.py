"""What the work of this moment is about: for log lines and traces, which may name it by a pseudonym only."""

from __future__ import annotations

from contextvars import ContextVar

CONVERSATION: ContextVar[str] = ContextVar("conversation", default="")
"""Set in the task that answers a conversation or brings something out for it; "" elsewhere."""

TRACE: ContextVar[str] = ContextVar("trace", default="")
"""The step of a trace it is part of, see `core.tracing`; "" where nothing is traced."""
