"""Logs for collectors: one JSON object a line, masked as the lines for people are."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from core.about import CONVERSATION, TRACE
from frontdesk.log_masking import masked
from frontdesk.pseudonyms import Pseudonyms


class JsonFormatter(logging.Formatter):
    """Never more than one line, whatever was logged.

    Keys: `time` (UTC), `level`, `logger`, `message`; where there is one, `conversation` (a pseudonym), `trace` (an id),
    `exception`, `stack`.
    """

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        super().__init__()
        self._pseudonyms = pseudonyms

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if conversation := CONVERSATION.get():
            told["conversation"] = self._pseudonyms.of(conversation)
        if trace := TRACE.get():
            told["trace"] = trace.split("-")[1]
        if record.exc_info:
            told["exception"] = masked(self.formatException(record.exc_info))
        if record.stack_info:
            told["stack"] = masked(self.formatStack(record.stack_info))
        return json.dumps(told)
