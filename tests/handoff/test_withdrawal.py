"""Taking a lead's card back out of Slack, with what we wrote under it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.errors import DeliveryDelayed, DeliveryParked
from core.lead import Lead
from core.ports import LeadWithdrawal
from frontdesk.demo.slack import BOT, BOT_USER, SlackStandIn
from frontdesk.demo.slack_faults import rate_limited
from frontdesk.demo.slack_files import UploadedFile
from handoff.slack import SlackLeadSink
from tests.handoff.conftest import NOON, TOKEN

MakeLead = Callable[..., Lead]


async def withdraw(sink: SlackLeadSink, lead: Lead, channel: str = "", reference: str = "") -> None:
    port: LeadWithdrawal = sink
    await port.withdraw(lead.id, since=lead.created_at, channel=channel, reference=reference)


async def test_that_a_card_goes_with_our_replies_and_nobody_elses_message(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    theirs, other = make_lead(), make_lead(id="lead.other", email="other@example.org")
    posting = await sink.deliver(theirs, None)
    await sink.deliver(other, None)
    for text in ("300 mails a day, says Nadia", "and a pilot"):
        slack._post_message({"channel": "C0SALES", "text": text, "thread_ts": posting.reference})
    await withdraw(sink, theirs, posting.channel, posting.reference)
    (left,) = slack.messages("C0SALES")
    assert left["metadata"]["event_payload"]["lead_id"] == "lead.other"
    assert "says Nadia" not in str(slack.messages("C0SALES"))


async def test_that_files_in_the_thread_go_for_everybody(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    lead = make_lead()
    posting = await sink.deliver(lead, None)
    slack.files["F1"] = UploadedFile(name="plan.pdf", length=5, content=b"%PDF-", shared=True)
    held = [{"id": "F1"}, {"id": "F0GONE"}, 7]
    slack.foreign_message("C0SALES", user=BOT_USER, bot_id=BOT, files=held, thread_ts=posting.reference)
    await withdraw(sink, lead, posting.channel, posting.reference)
    assert (slack.messages("C0SALES"), slack.files) == ((), {})


async def test_that_a_card_without_a_known_place_is_searched_in_both_channels(
    make_sink: Callable[..., SlackLeadSink], slack: SlackStandIn, make_lead: MakeLead
) -> None:
    await make_sink(channel="C0BACKUP").deliver(make_lead(), None)
    await withdraw(make_sink(fallback_channel="C0BACKUP"), make_lead())
    assert slack.messages("C0BACKUP") == ()


async def test_that_a_card_somebody_deleted_is_no_failure(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    posting = await sink.deliver(make_lead(), None)
    for _ in range(2):
        await withdraw(sink, make_lead(), posting.channel, posting.reference)
    await withdraw(sink, make_lead())
    assert slack.messages("C0SALES") == ()


async def test_that_an_outage_delays_and_a_refusal_parks(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    posting = await sink.deliver(make_lead(), None)
    slack.order("chat.delete", rate_limited("7"))
    with pytest.raises(DeliveryDelayed):
        await withdraw(sink, make_lead(), posting.channel, posting.reference)
    slack.token = "another"
    with pytest.raises(DeliveryParked):
        await withdraw(sink, make_lead(), posting.channel, posting.reference)
    slack.token = TOKEN
    await withdraw(sink, make_lead(), posting.channel, posting.reference)
    assert slack.messages("C0SALES") == ()
    assert make_lead().created_at == NOON
