"""Notes in the thread under a lead's card, each once."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from core.attachment import Attachment, FetchedFile, FileSource
from core.errors import DeliveryDelayed, DeliveryUncertain
from core.ids import LeadId
from core.lead import Lead, Posting
from core.rep import NoteKind, RepId, TeamNote
from handoff import kit
from handoff.card import title
from handoff.note import render_note
from handoff.pace import ChannelPace
from handoff.team_api import TeamApi
from handoff.view import TeamView
from platforms.slack.failure import SlackRefused

_log = logging.getLogger(__name__)

GONE = frozenset({"thread_not_found", "message_not_found", "user_not_in_channel"})
"""Where a note cannot be read by whom it is for, and never will be."""


class SlackThread:
    """`core.ports.TeamThread` over one workspace."""

    def __init__(
        self, api: TeamApi, pace: ChannelPace, view: TeamView, files: Mapping[str, FileSource] | None = None
    ) -> None:
        """`files`: the channels that visitors' files are fetched from, by name; it may be filled later."""
        self._api = api
        self._pace = pace
        self._view = view
        self._files = {} if files is None else files

    async def tell(self, lead: Lead, posting: Posting, note: TeamNote, *, effect: str, again: bool) -> None:
        """A note for one person cannot be looked up: it is told once, and perhaps not at all.

        That nobody has come is written to that person directly, since they need not be looking at the thread.
        """
        channel, thread = posting.channel, posting.reference
        if again and (note.only_for is not None or await self._api.has_note(channel, thread, effect)):
            return
        told = render_note(note, lead.id, self._view)
        try:
            if note.file is not None:
                await self._share(channel, thread, note, note.file, effect=effect, again=again)
            elif note.only_for is None:
                await self._paced(
                    channel, lambda: self._api.note(channel, thread, told.text, told.blocks, effect=effect)
                )
            elif note.kind is NoteKind.ESCALATED:
                await self._directly(lead, posting, note, note.only_for, effect)
            else:
                await self._api.whisper(channel, note.only_for, told.text, told.blocks, thread=thread)
        except SlackRefused as refused:
            if refused.code not in GONE and refused.scope != "card":
                raise
            _log.warning("a note is left out: %s", refused)
        except DeliveryUncertain:
            if note.only_for is None:
                raise

    async def _share(
        self, channel: str, thread: str, note: TeamNote, file: Attachment, *, effect: str, again: bool
    ) -> None:
        """The file with the note as its words; a note that says why where it cannot be had or may not be put there.

        A file cannot be looked up by the effect: one that may have been shared is not shared again.
        """
        if again:
            raise DeliveryUncertain("a file may stand in the thread, and Slack does not tell")
        source = self._files.get(file.channel)
        fetched = await source.fetch(file) if source else FetchedFile(trouble="gone")
        trouble = fetched.trouble
        if not trouble:
            try:
                comment = render_note(note, LeadId(""), self._view).text
                await self._paced(
                    channel, lambda: self._api.share(channel, thread, file.name, fetched.content, comment)
                )
            except SlackRefused as refused:
                if refused.code in GONE or refused.scope == "card":
                    raise
                _log.warning("a visitor's file is only named: %s", refused)
                trouble = "refused"
        if trouble:
            told = render_note(replace(note, items=(trouble,)), LeadId(""), self._view)
            await self._paced(channel, lambda: self._api.note(channel, thread, told.text, told.blocks, effect=effect))

    async def _directly(self, lead: Lead, posting: Posting, note: TeamNote, to: RepId, effect: str) -> None:
        """By direct message; whoever cannot be written to is called in the thread."""
        told = render_note(note, lead.id, self._view)
        where = kit.context(kit.marked(f"<#{posting.channel}> · {title(lead, self._view.words)}"))
        try:
            await self._paced(to, lambda: self._api.message(to, told.text, (*told.blocks, where)))
        except SlackRefused as refused:
            if refused.scope != "channel":
                raise
            await self.tell(lead, posting, replace(note, only_for=None, items=(to,)), effect=effect, again=False)

    async def _paced(self, channel: str, call: Callable[[], Awaitable[None]]) -> None:
        await self._pace.turn(channel)
        try:
            await call()
        except DeliveryDelayed as error:
            self._pace.rest(channel, error.retry_after)
            raise
