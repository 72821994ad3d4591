"""Whether everything gets through: what waits, what was set aside and why, what may have arrived, what is parked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from core.backlog import DeadLetter, ShardBacklog
from core.errors import FrontdeskError
from core.ids import LeadId, Shard, conversation_of
from core.store_ports import Store, UncertainDelivery
from core.turn import DeliverReply
from dashboard.machine import Machine, Undelivered
from dashboard.pages import Action, Form, NotDone, Page, Shown, Visit, Written
from dashboard.profile_page import mark_of, profile_path
from dashboard.roles import Role

DAY = 86_400.0
LATE_SECONDS = 60.0
"""A message that has waited for longer is worth a word."""
_SHARDS_LOOKED_INTO = 8
_SHOWN = 20
_MOST_EFFECTS = 500
"""Beyond, the leads among them are not listed: reading them all would take longer than a page may."""
_GONE = "It is not on the list any more."


class OfDelivery(Form):
    """`id` is the shard and the entry's own id, as the page shows them."""

    id: str = Field(pattern=r"^\d{1,5}/\d{1,20}-\d{1,20}$")


class OfLeadDelivery(Form):
    id: str = Field(min_length=1, max_length=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead:
    id: str
    letter: DeadLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    id: str
    delivery: UncertainDelivery
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    store: Store
    machine: Machine

    def pages(self) -> tuple[Page, ...]:
        return (Page(path="/health", title="Health", role=Role.ADMIN, handler=self._show, nav="Health"),)

    def actions(self) -> tuple[Action, ...]:
        return (
            Action(path="/health/replay", role=Role.ADMIN, form=OfDelivery, handler=self._replay),
            Action(path="/health/drop", role=Role.ADMIN, form=OfDelivery, handler=self._drop),
            Action(path="/health/settle", role=Role.ADMIN, form=OfDelivery, handler=self._settle),
            Action(path="/health/send", role=Role.ADMIN, form=OfLeadDelivery, handler=self._send),
        )

    async def _show(self, visit: Visit) -> Shown:
        shards = await self.store.backlog.shards()
        model, today = self.machine.model(), int(visit.now // DAY)
        effects = sum(one.effects for one in shards)
        dead, doubtful, spent, leads = await asyncio.gather(
            self._dead(shards),
            self._doubtful(shards),
            self.store.allowances.tokens((today,)),
            self._undelivered(effects),
        )
        oldest = min((one.oldest for one in shards if one.oldest), default=visit.now)
        values = {
            "waiting": sum(one.waiting for one in shards),
            "lag": max(0.0, visit.now - oldest),
            "late": visit.now - oldest > LATE_SECONDS,
            "effects": effects,
            "dead": dead,
            "dead_count": sum(one.dead for one in shards),
            "doubtful": doubtful,
            "doubtful_count": sum(one.uncertain for one in shards),
            "leads": leads,
            "listed": effects <= _MOST_EFFECTS,
            "parked": sorted(self.machine.parked()),
            "channels": sorted(self.machine.channels().items()),
            "model": model,
            "spent": spent.get(today, 0),
            "reloaded": self.machine.reloaded(),
            "path_of": profile_path,
        }
        return Shown(template="health.html", values=values)

    async def _dead(self, shards: Sequence[ShardBacklog]) -> list[Dead]:
        holding = [one.shard for one in shards if one.dead][:_SHARDS_LOOKED_INTO]
        each = await asyncio.gather(*(self.store.backlog.dead(shard, _SHOWN) for shard in holding))
        found = [
            Dead(id=f"{shard}/{letter.id}", letter=letter)
            for shard, letters in zip(holding, each, strict=True)
            for letter in letters
        ]
        return sorted(found, key=lambda one: -one.letter.at)[:_SHOWN]

    async def _doubtful(self, shards: Sequence[ShardBacklog]) -> list[Doubtful]:
        holding = [one.shard for one in shards if one.uncertain][:_SHARDS_LOOKED_INTO]
        each = await asyncio.gather(*map(self.store.outbox.uncertain, holding))
        found = [
            Doubtful(id=f"{shard}/{one.id}", delivery=one, text=_text(one))
            for shard, deliveries in zip(holding, each, strict=True)
            for one in deliveries
        ]
        return sorted(found, key=lambda one: -one.delivery.at)[:_SHOWN]

    async def _undelivered(self, effects: int) -> Sequence[Undelivered]:
        if not 0 < effects <= _MOST_EFFECTS:
            return ()
        return (await self.machine.undelivered())[:_SHOWN]

    async def _replay(self, _visit: Visit, form: OfDelivery) -> Written:
        letter = await self._letter(form)
        shard, identity = _parted(form)
        return _done(await self.store.backlog.replay(shard, identity), "message.replayed", letter)

    async def _drop(self, _visit: Visit, form: OfDelivery) -> Written:
        letter = await self._letter(form)
        shard, identity = _parted(form)
        return _done(await self.store.backlog.drop(shard, identity), "message.dropped", letter)

    async def _settle(self, _visit: Visit, form: OfDelivery) -> Written:
        shard, identity = _parted(form)
        self._require(shard, await self.store.backlog.shards())
        if not await self.store.outbox.settle(shard, identity):
            raise NotDone(_GONE, back="/health")
        return Written(what="delivery.settled", on=form.id, to="/health")

    async def _send(self, _visit: Visit, form: OfLeadDelivery) -> Written:
        try:
            await self.machine.send_again(form.id)
        except FrontdeskError as error:
            raise NotDone(f"It did not go through: {error}", back="/health") from None
        lead, _, sink = form.id.rpartition("@")
        return Written(what="lead.sent-again", on=mark_of(conversation_of(LeadId(lead))), after=sink, to="/health")

    async def _letter(self, form: OfDelivery) -> DeadLetter:
        shard, identity = _parted(form)
        self._require(shard, await self.store.backlog.shards())
        letter = await self.store.backlog.letter(shard, identity)
        if letter is None:
            raise NotDone(_GONE, back="/health")
        return letter

    def _require(self, shard: Shard, shards: Sequence[ShardBacklog]) -> None:
        if shard >= len(shards):
            raise NotDone(_GONE, back="/health")


def _parted(form: OfDelivery) -> tuple[Shard, str]:
    shard, _, identity = form.id.partition("/")
    return Shard(int(shard)), identity


def _done(happened: bool, what: str, letter: DeadLetter) -> Written:  # noqa: FBT001  the answer of the store
    if not happened:
        raise NotDone(_GONE, back="/health")
    return Written(what=what, on=mark_of(letter.message.conversation), to="/health")


def _text(one: UncertainDelivery) -> str:
    return one.effect.reply.main_text if isinstance(one.effect, DeliverReply) else type(one.effect).__name__
