"""Putting a brief into words: by the model where there is one and the guard agrees, else by the local writer."""

from __future__ import annotations

import logging
from dataclasses import replace

from core.brief import Brief
from core.errors import ModelError
from core.guard import objections, slips
from core.ports import Writer
from core.reply import Reply
from core.writer import LocalWriter, Written

_log = logging.getLogger(__name__)


class Composer:
    """The writers and the guard over both. `hosts` are those that replies may link to."""

    def __init__(self, local: LocalWriter, model: Writer | None, *, hosts: frozenset[str], max_words: int) -> None:
        self._local = local
        self._model = model
        self._hosts = hosts
        self._max_words = max_words

    async def compose(self, brief: Brief) -> Written | None:
        """The model's reply when there is a model and the guard lets it through, else the local writer's.

        The model words what the local writer would say, so the phrases of that count as spent either way. Messages
        that nobody asked for are worth no model, and are left out (None) rather than replaced.
        """
        written = self._local.compose(brief)
        reply = None if brief.aspect else await self._from_the_model(brief, written.reply.main_text)
        if reply is not None:
            return replace(written, reply=reply)
        wrong = slips(written.reply, brief, self._hosts)
        if wrong:
            _log.error("reply of the local writer refused: %s", ", ".join(wrong))
            return None if brief.aspect else self._local.unclear(brief)
        return written

    async def _from_the_model(self, brief: Brief, draft: str) -> Reply | None:
        """None without a model, and when it gave nothing that may be sent."""
        if self._model is None:
            return None
        try:
            reply = await self._model.write(brief)
        except ModelError as error:
            _log.warning("no usable reply from the model: %s", error)
            return None
        wrong = objections(reply, brief, self._hosts, draft=draft, max_words=self._max_words)
        if wrong:
            _log.warning("reply of the model refused: %s", ", ".join(wrong))
        return None if wrong else reply
