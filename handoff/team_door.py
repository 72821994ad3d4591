"""The sales team's door: what reps do in Slack comes in here, recorded before Slack hears that it worked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from core.attachment import Attachment
from core.errors import DeliveryError, StoreUnavailable
from core.ids import ConversationId, LeadId, MessageId, VisitorId, conversation_of
from core.lead import Lead, Posting
from core.lead_ports import LeadBook, Leads
from core.message import InboundMessage, MessageKind
from core.ports import Clock
from core.reception import Reception
from core.rep import RepAct, RepAction
from core.store_ports import Notes
from handoff.colleagues import Colleague, Colleagues
from handoff.door_words import DoorWords
from handoff.filled import Filled, filled
from handoff.home import Answer, Shown, home, lead_answer, leads_answer, matching
from handoff.interactions import AtHome, Click, Command, Doing, Person, Rewritten, Submitted, Written, read, said_as
from handoff.modals import Origin, form, needs_form
from handoff.team_api import Home, TeamApi
from handoff.view import TeamView

_log = logging.getLogger(__name__)

CHANNEL = "handoff"
"""Under this name reps' acts come in and the door's notes are kept."""
THREAD_LIFE = 400 * 86_400.0
_TOLD_LIFE = 86_400.0
_REPLY_MARK = ":"


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What the door looks up."""

    leads: Leads
    book: LeadBook
    notes: Notes


class TeamDoor:
    """Takes payloads of one Slack app; `take` is what doors and sockets call."""

    def __init__(
        self,
        api: TeamApi,
        colleagues: Colleagues,
        records: Records,
        reception: Reception,
        *,
        view: TeamView,
        words: DoorWords,
        clock: Clock,
        sends_files: Collection[str] = (),
    ) -> None:
        """`sends_files`: the channels, by name, that can bring a rep's file to the visitor."""
        self._sends_files = sends_files
        self._api = api
        self._colleagues = colleagues
        self._records = records
        self._reception = reception
        self._view = view
        self._words = words
        self._clock = clock
        self._home: Home | None = None

    async def start(self) -> None:
        """Learn whose workspace this is. Raises `DeliveryError` when Slack refuses the token or is away."""
        self._home = await self._api.whoami()

    async def remember(self, lead: Lead, posting: Posting) -> None:
        """A card stands: what is written under it concerns this lead, and lists show it."""
        key = _thread_key(posting.channel, posting.reference)
        await self._records.notes.put(CHANNEL, key, lead.id, life=THREAD_LIFE, of=lead.conversation)
        await self._records.book.enter(lead)

    async def take(self, payload: Mapping[str, Any]) -> dict[str, Any] | None:
        """Act on one payload; the answer Slack gets in its response. Raises `StoreUnavailable`."""
        if self._home is None:
            raise StoreUnavailable("the sales team's door has not opened yet")
        doing = read(payload, bot=self._home.user)
        if doing is None or (isinstance(doing, Written | Rewritten) and await self._lead_of(doing) is None):
            return None
        try:
            colleague = await self._colleagues.find(doing.who, self._home)
            if colleague is None:
                return await self._turned_away(doing)
            return await self._act(doing, colleague)
        except DeliveryError as error:
            # what was to be recorded is recorded by now, or was never begun; the rep sees that nothing happened
            _log.warning("Slack did not let a rep be answered: %s", error)
            return None

    async def _act(self, doing: Doing, by: Colleague) -> dict[str, Any] | None:
        match doing:
            case Click() if needs_form(doing.act):
                await self._ask(doing)
            case Click():
                await self._accept(doing.lead, doing.id, RepAction(act=doing.act, rep=by.rep), about=doing.about)
            case Submitted():
                return await self._submit(doing, by)
            case AtHome():
                await self._show_home(by, doing.shown)
            case Command():
                return await self._answer(doing, by)
            case Written():
                await self._say(doing, by)
            case Rewritten():
                await self._amend(doing, by)
        return None

    async def _accept(
        self,
        lead: LeadId,
        identity: str,
        action: RepAction,
        *,
        text: str = "",
        about: MessageId | None = None,
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        await self._reception.accept(
            InboundMessage(
                id=MessageId(identity),
                channel=CHANNEL,
                conversation=conversation_of(lead),
                visitor=VisitorId(""),
                kind=MessageKind.REP,
                text=text,
                at=self._clock.now(),
                about=about,
                action=action,
                attachments=attachments,
            )
        )

    async def _ask(self, click: Click) -> None:
        """Open the form of an act. A lead that is gone opens none."""
        lead, last = await asyncio.gather(
            self._records.leads.load(click.lead), self._last_line(conversation_of(click.lead))
        )
        if lead is not None:
            origin = Origin(channel=click.channel, ts=click.ts)
            await self._api.open_form(click.trigger, form(click.act, lead, origin, self._view, last_line=last))

    async def _last_line(self, conversation: ConversationId) -> str:
        """What the visitor said last; "" where nothing is to be had quickly."""
        newest = 0
        said = ""
        while lines := await self._reception.transcript(conversation, after=newest, limit=500):
            newest = lines[-1].seq
            said = next((line.text for line in reversed(lines) if line.author == "visitor"), said)
        return said

    async def _submit(self, submitted: Submitted, by: Colleague) -> dict[str, Any] | None:
        """Record what a form says; a field that cannot be taken is named in the form, which stays open."""
        entered = filled(submitted, now=self._clock.now(), zone=by.zone, words=self._words)
        if not isinstance(entered, Filled):
            return {"response_action": "errors", "errors": dict(entered)}
        action = entered.action(by.rep)
        if entered.to:
            other = await self._colleagues.find(Person(user=entered.to, team=submitted.who.team), self._known_home)
            if other is None:
                return {"response_action": "errors", "errors": {"to": self._words.no_colleague}}
            action = entered.action(by.rep, to=other.rep)
        await self._accept(submitted.lead, submitted.id, action, text=entered.text)
        return None

    async def _show_home(self, by: Colleague, shown: Shown) -> None:
        leads = await self._records.book.leads()
        await self._api.show_home(by.rep.id, home(leads, by.rep.id, shown, self._clock.now(), self._view))

    async def _answer(self, command: Command, by: Colleague) -> dict[str, Any]:
        leads, now = await self._records.book.leads(), self._clock.now()
        if command.name.endswith("leads"):
            return _whispered(leads_answer(leads, by.rep.id, now, self._view))
        if command.name.endswith("reply"):
            return await self._reply(command, by, leads)
        return _whispered(lead_answer(leads, command.words, now, self._view))

    async def _reply(self, command: Command, by: Colleague, leads: tuple[Lead, ...]) -> dict[str, Any]:
        """`/reply TEXT` to the only lead one answers, `/reply NAME: TEXT` where there are several."""
        words = self._words
        mine = tuple(one for one in leads if one.owner and one.owner.id == by.rep.id and one.handled_by == "human")
        name, _, rest = command.words.partition(_REPLY_MARK)
        named = matching(mine, name) if rest.strip() else ()
        chosen, text = (named, rest.strip()) if len(named) == 1 else (mine, command.words)
        if not text:
            return _said(words.reply_how)
        if len(chosen) != 1:
            return _said(words.reply_whom if chosen else words.reply_nobody)
        await self._accept(chosen[0].id, command.id, RepAction(act=RepAct.REPLY, rep=by.rep), text=text)
        return _said(words.reply_sent.format(name=chosen[0].name or chosen[0].email))

    async def _say(self, written: Written, by: Colleague) -> None:
        """Words of a thread stay in it, unless its bridge is on: then they are on their way, and can be taken back."""
        lead = await self._lead_of(written)
        held = await self._records.leads.load(lead) if lead else None
        if held is None or not held.bridged:
            return
        if written.text:
            await self._accept(held.id, _said_as(written), RepAction(act=RepAct.SAY, rep=by.rep), text=written.text)
        reaches = held.channel in self._sends_files
        for file in written.files if reaches else ():
            say = RepAction(act=RepAct.SAY, rep=by.rep)
            await self._accept(held.id, file.id, say, text=file.line, attachments=(file,))
        if written.kept or (written.files and not reaches):
            await self._keep_back(written, by, held)

    async def _keep_back(self, written: Written, by: Colleague, lead: Lead) -> None:
        """A file that cannot reach the visitor stays in the thread; who put it there is told so, once a message."""
        key = f"files:{_said_as(written)}"
        if await self._records.notes.add(CHANNEL, key, "1", life=_TOLD_LIFE, of=lead.conversation):
            await self._api.whisper(written.channel, by.rep.id, self._words.file_stays, thread=written.thread)

    async def _amend(self, rewritten: Rewritten, by: Colleague) -> None:
        """An edit follows what has left the thread. Once the bridge is off, it takes back what still waits."""
        lead = await self._lead_of(rewritten)
        held = await self._records.leads.load(lead) if lead else None
        if held is not None and held.owner is not None:
            action = RepAction(act=RepAct.AMEND, rep=by.rep)
            text = rewritten.text if held.bridged else ""
            about = _said_as(rewritten)
            await self._accept(held.id, rewritten.id, action, text=text, about=MessageId(about))
            for number in range(rewritten.files):
                part = f".file{number}"
                await self._accept(held.id, f"{rewritten.id}{part}", action, about=MessageId(f"{about}{part}"))

    async def _lead_of(self, written: Written | Rewritten) -> LeadId | None:
        held = await self._records.notes.get(CHANNEL, _thread_key(written.channel, written.thread))
        return LeadId(held) if held else None

    async def _turned_away(self, doing: Doing) -> dict[str, Any] | None:
        """Guests and people of other workspaces are told, and nothing happens."""
        words = self._words
        match doing:
            case Command():
                return _said(words.not_of_team)
            case Submitted():
                return {"response_action": "clear"}
            case Click() if doing.channel:
                await self._api.whisper(doing.channel, doing.who.user, words.not_of_team)
        return None

    @property
    def _known_home(self) -> Home:
        if self._home is None:
            raise StoreUnavailable("the sales team's door has not opened yet")
        return self._home


def _thread_key(channel: str, thread: str) -> str:
    return f"thread:{channel}:{thread}"


def _said_as(words: Written | Rewritten) -> str:
    return said_as(words.channel, words.ts)


def _said(text: str) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": text}


def _whispered(answer: Answer) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": answer.text, "blocks": list(answer.blocks)}
