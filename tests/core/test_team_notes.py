"""What is told of somebody who is erased meanwhile is taken back."""

from __future__ import annotations

import pytest

from core.errors import DeliveryDelayed, DeliveryError, DeliveryUncertain
from core.ids import ConversationId, LeadId, lead_of
from core.lead import Lead, Posting, PostingState
from core.rep import NoteKind, TeamNote
from core.store_ports import Store
from core.turn import TellTeam
from tests.contracts.builders import NOW
from tests.core.hub_parts import eventually
from tests.core.test_delivery import bench

STANDS = Posting(state=PostingState.POSTED, revision=1, channel="C", reference="1.0")
NOTE = TeamNote(kind=NoteKind.VISITOR_FILE, text="plan.pdf")


class SlowThread:
    """Tells once; meanwhile the lead's conversation is erased, if it is named. `trouble` comes after the telling."""

    def __init__(
        self, store: Store, erased: ConversationId | None = None, trouble: DeliveryError | None = None
    ) -> None:
        self.store = store
        self.erased = erased
        self.trouble = trouble
        self.told: list[tuple[LeadId, str]] = []

    async def tell(self, lead: Lead, posting: Posting, note: TeamNote, *, effect: str, again: bool) -> None:
        assert effect
        assert not again
        assert posting.reference
        self.told.append((lead.id, note.text))
        if self.erased is not None:
            await self.store.erasure.conversation(self.erased, at=NOW + 60.0)
        if self.trouble is not None:
            raise self.trouble


class Withdrawal:
    def __init__(self, *answers: DeliveryError) -> None:
        self.answers = list(answers)
        self.withdrawn: list[tuple[LeadId, str, str]] = []

    async def withdraw(self, lead: LeadId, *, since: float, channel: str, reference: str) -> None:
        if self.answers:
            raise self.answers.pop(0)
        assert since > 0.0
        self.withdrawn.append((lead, channel, reference))


@pytest.mark.parametrize(
    ("trouble", "answers"),
    [
        (None, ()),
        (None, (DeliveryDelayed("busy", retry_after=0.0),)),
        (DeliveryUncertain("it may stand there"), ()),
    ],
    ids=["told", "told, and Slack is busy", "perhaps told"],
)
async def test_that_a_note_goes_with_whom_it_tells_of(
    trouble: DeliveryError | None, answers: tuple[DeliveryError, ...], embedded_store: Store
) -> None:
    withdrawal = Withdrawal(*answers)
    thread = SlowThread(embedded_store, trouble=trouble)
    async with bench(embedded_store, thread=thread, withdrawal=withdrawal) as one:
        lead = lead_of(one.conversation)
        entries = await one.commit(TellTeam(lead=lead, note=NOTE), revision=1)
        assert await embedded_store.leads.record_posting(lead, "w1", one.epoch, STANDS)
        thread.erased = one.conversation
        one.courier.take(entries)

        async def gone() -> bool:
            return bool(withdrawal.withdrawn)

        await eventually(gone, "the note stands")
    assert withdrawal.withdrawn == [(lead, "C", "1.0")]
    assert len(thread.told) == 1


async def test_that_what_is_told_of_others_stays(embedded_store: Store) -> None:
    withdrawal, thread = Withdrawal(), SlowThread(embedded_store)
    async with bench(embedded_store, thread=thread, withdrawal=withdrawal) as one:
        lead = lead_of(one.conversation)
        entries = await one.commit(TellTeam(lead=lead, note=NOTE), revision=1)
        assert await embedded_store.leads.record_posting(lead, "w1", one.epoch, STANDS)
        one.courier.take(entries)
        await one.until_done()
    assert (thread.told, withdrawal.withdrawn) == ([(lead, "plan.pdf")], [])
