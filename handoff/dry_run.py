"""Looking before leaping: what would be sent, told to the log, and nothing sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from core.lead import Lead, Posting
from handoff.events import heard, knows

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunSink:
    """`LeadSink` that sends nothing. `describe` names what would be sent, without any visitor's words."""

    name: str
    describe: Callable[[Lead, Posting | None], str]

    async def deliver(self, lead: Lead, posting: Posting | None) -> Posting:
        """See `LeadSink`. The lead counts as delivered: leads of a trial do not arrive in a heap once it ends."""
        if posting is not None and knows(posting, lead):
            return posting
        _log.info(
            "dry run: %s would get lead %s, revision %d: %s",
            self.name,
            lead.id,
            lead.revision,
            self.describe(lead, posting),
        )
        return heard(lead, reason="A dry run: nothing was sent.")
