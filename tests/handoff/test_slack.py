"""The sink against a Slack workspace over HTTP: exactly one card, whatever goes wrong."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from core.errors import ConfigError, DeliveryDelayed, DeliveryError, DeliveryParked, DeliveryUncertain
from core.lead import Lead, Posting, PostingState
from core.ports import LeadSink
from frontdesk.demo import slack_faults as stand_in
from frontdesk.demo.slack import SlackStandIn
from frontdesk.demo.slack_faults import Fault
from handoff.slack import SlackLeadSink

MakeLead = Callable[..., Lead]
MakeSink = Callable[..., SlackLeadSink]

STARTED = Posting(state=PostingState.STARTED, revision=0)
PARKED = Posting(state=PostingState.PARKED, revision=0, reason="x")


def cards(slack: SlackStandIn, channel: str = "C0SALES") -> list[Any]:
    return [message for message in slack.messages(channel) if "metadata" in message]


def methods(slack: SlackStandIn) -> list[str]:
    return [call.method for call in slack.calls]


async def test_that_a_first_delivery_posts_one_card(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    port: LeadSink = sink
    posting = await port.deliver(make_lead(), None)
    [card] = cards(slack)
    assert posting == Posting(state=PostingState.POSTED, revision=1, channel="C0SALES", reference=card["ts"])
    assert methods(slack) == ["chat.postMessage"]
    sent = slack.calls[0].arguments
    assert (sent["parse"], sent["link_names"], sent["unfurl_links"], sent["unfurl_media"]) == (
        "none",
        False,
        False,
        False,
    )


async def test_that_a_new_revision_updates_in_place(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    first = await sink.deliver(make_lead(), None)
    second = await sink.deliver(make_lead(revision=2, changes=("asks about SOC 2",)), first)
    [card] = cards(slack)
    assert (second.reference, second.revision) == (first.reference, 2)
    assert methods(slack) == ["chat.postMessage", "chat.update"]
    assert "SOC 2" in str(card["blocks"])
    assert card["metadata"]["event_payload"]["revision"] == 2


async def test_that_a_shown_revision_costs_no_call(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    posting = await sink.deliver(make_lead(), None)
    assert await sink.deliver(make_lead(), posting) == posting
    assert methods(slack) == ["chat.postMessage"]


async def test_that_a_started_update_is_made_again_in_place(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    first = await sink.deliver(make_lead(), None)
    begun = Posting(state=PostingState.STARTED, revision=1, channel=first.channel, reference=first.reference)
    again = await sink.deliver(make_lead(revision=2), begun)
    assert again.reference == first.reference
    assert len(cards(slack)) == 1


async def test_that_a_started_post_is_searched_before_it_is_repeated(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    first = await sink.deliver(make_lead(), None)
    assert await sink.deliver(make_lead(), STARTED) == first
    assert (await sink.deliver(make_lead(revision=3), STARTED)).revision == 3
    assert methods(slack) == ["chat.postMessage", "conversations.history", "conversations.history", "chat.update"]
    assert len(cards(slack)) == 1


async def test_that_the_search_reads_on_over_pages_and_foreign_messages(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    first = await sink.deliver(make_lead(), None)
    await sink.deliver(make_lead(id="lead.other"), None)
    for metadata in (
        None,
        {"event_type": "frontdesk_lead"},
        {"event_type": "x", "event_payload": {"lead_id": "lead.web-7f3a"}},
    ):
        slack.foreign_message("C0SALES", **({"metadata": metadata} if metadata else {}))
    for number in range(450):
        slack.foreign_message("C0SALES", text=str(number))
    assert (await sink.deliver(make_lead(), STARTED)).reference == first.reference
    assert methods(slack).count("conversations.history") == 3


async def test_that_a_channel_too_busy_to_search_parks_the_lead(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    for number in range(10_001):
        slack.foreign_message("C0SALES", text=str(number))
    with pytest.raises(DeliveryParked, match=r"10,000 messages.*channel of their own"):
        await sink.deliver(make_lead(), STARTED)
    assert cards(slack) == []


async def test_that_a_deleted_card_is_posted_anew_once(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    first = await sink.deliver(make_lead(), None)
    slack.delete("C0SALES", first.reference)
    second = await sink.deliver(make_lead(revision=2), first)
    assert second.reference != first.reference
    assert [card["ts"] for card in cards(slack)] == [second.reference]
    assert methods(slack) == ["chat.postMessage", "chat.update", "conversations.history", "chat.postMessage"]


WRITES_REFUSED = [
    (stand_in.rate_limited("30"), DeliveryDelayed, 30.0),
    (stand_in.rate_limited(""), DeliveryDelayed, 30.0),
    (stand_in.rate_limited("soon"), DeliveryDelayed, 30.0),
    (stand_in.rate_limited("999999"), DeliveryDelayed, 3600.0),
    (stand_in.refusing("ratelimited"), DeliveryDelayed, 30.0),
    (stand_in.failing(500), DeliveryUncertain, None),
    (stand_in.failing(503, "service_unavailable"), DeliveryUncertain, None),
    (stand_in.failing(502), DeliveryUncertain, None),
    (stand_in.refusing("internal_error"), DeliveryUncertain, None),
    (stand_in.refusing("fatal_error"), DeliveryUncertain, None),
    (stand_in.resetting(), DeliveryUncertain, None),
    (stand_in.truncated(), DeliveryUncertain, None),
    (stand_in.html_page(), DeliveryUncertain, None),
    (stand_in.html_page(503), DeliveryUncertain, None),
    (stand_in.html_page(404), DeliveryParked, None),
    (stand_in.failing(200), DeliveryUncertain, None),
    (stand_in.strange_body(b"[]"), DeliveryUncertain, None),
    (stand_in.strange_body(b"[1]"), DeliveryUncertain, None),
    (stand_in.strange_body(b"ok", "text/plain"), DeliveryUncertain, None),
    (stand_in.strange_body(b"\xff\xfe{\x00}\x00"), DeliveryUncertain, None),
    (stand_in.strange_body(b"[" * 200_000), DeliveryUncertain, None),
    (stand_in.strange_body(b'{"ok": true}'), DeliveryUncertain, None),
    *(
        (stand_in.refusing(code), DeliveryParked, None)
        for code in (
            "invalid_auth",
            "token_revoked",
            "account_inactive",
            "missing_scope",
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "restricted_action",
            "invalid_blocks",
            "msg_too_long",
            "a_word_nobody_knows",
        )
    ),
]


@pytest.mark.parametrize(("fault", "kind", "retry_after"), WRITES_REFUSED)
async def test_that_a_failed_post_raises_the_right_error_and_ends_in_one_card(
    fault: Fault,
    kind: type[DeliveryError],
    retry_after: float | None,
    sink: SlackLeadSink,
    slack: SlackStandIn,
    make_lead: MakeLead,
    clock: Any,
) -> None:
    slack.order("chat.postMessage", fault)
    with pytest.raises(DeliveryError) as caught:
        await sink.deliver(make_lead(), None)
    assert type(caught.value) is kind or kind is DeliveryParked
    assert isinstance(caught.value, kind)
    if isinstance(caught.value, DeliveryDelayed):
        assert caught.value.retry_after == retry_after
        clock.time += caught.value.retry_after
    if kind is DeliveryParked:
        assert "Next: " in str(caught.value)
    await sink.deliver(make_lead(), STARTED)
    assert len(cards(slack)) == 1


@pytest.mark.parametrize("fault", [stand_in.failing(500), stand_in.resetting(), stand_in.refusing("internal_error")])
async def test_that_a_failed_search_is_only_delayed(
    fault: Fault, sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    slack.order("conversations.history", fault, fault)  # aiohttp itself reads once more after a reset
    with pytest.raises(DeliveryDelayed):
        await sink.deliver(make_lead(), STARTED)
    assert set(methods(slack)) == {"conversations.history"}


async def test_that_silence_after_the_request_is_uncertain(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    slack.order("chat.postMessage", stand_in.hanging(applied=True))
    with pytest.raises(DeliveryUncertain, match="TimeoutError"):
        await make_sink(timeout=0.2).deliver(make_lead(), None)
    await make_sink().deliver(make_lead(), STARTED)
    assert len(cards(slack)) == 1


async def test_that_an_unreachable_slack_surely_had_no_effect(
    make_sink: MakeSink, make_lead: MakeLead, unused_tcp_port: int
) -> None:
    sink = make_sink(base_url=f"http://127.0.0.1:{unused_tcp_port}/api/")
    with pytest.raises(DeliveryDelayed, match="could not be reached") as caught:
        await sink.deliver(make_lead(), None)
    assert caught.value.retry_after == 5.0


@pytest.mark.parametrize("address", ["http://[nonsense/", "slack.com/api", "ftp://x/", "", "https:///api"])
def test_that_an_address_that_is_none_is_refused_at_the_start(address: str, make_sink: MakeSink) -> None:
    with pytest.raises(ConfigError, match="api_base_url"):
        make_sink(base_url=address)


SPOILED_AFTERWARDS = (
    stand_in.resetting(applied=True),
    stand_in.truncated(applied=True),
    stand_in.failing(500, applied=True),
    stand_in.html_page(applied=True),
    stand_in.strange_body(b"", applied=True),
    stand_in.strange_body(b"\xff", applied=True),
)
LOST_BEFORE = (stand_in.resetting(), stand_in.failing(503), stand_in.rate_limited("1"), stand_in.truncated())


@pytest.mark.parametrize("seed", range(200))
async def test_that_ambiguous_posts_neither_double_nor_lose_a_lead(
    seed: int, sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead, clock: Any
) -> None:
    rng = random.Random(seed)
    for method in ("chat.postMessage", "chat.update", "conversations.history"):
        slack.order(method, *rng.choices(SPOILED_AFTERWARDS + LOST_BEFORE, k=rng.randrange(3)))
    posting: Posting | None = None
    for revision in range(1, 4):
        posting = await deliver_until_done(
            sink, make_lead(revision=revision), posting, clock, forget=rng.random() < 0.3
        )
        if rng.random() < 0.3:
            slack.foreign_message("C0SALES", text="noise")
    [card] = cards(slack)
    assert card["metadata"]["event_payload"] == {"lead_id": "lead.web-7f3a", "revision": 3}
    assert posting is not None
    assert posting.reference == card["ts"]


async def deliver_until_done(
    sink: SlackLeadSink, lead: Lead, posting: Posting | None, clock: Any, *, forget: bool
) -> Posting:
    """What the hub's delivery does: note the start, try, try again. `forget`: it died before it noted the end."""
    for _ in range(20):
        try:
            done = await sink.deliver(lead, posting)
        except (DeliveryDelayed, DeliveryUncertain) as error:
            clock.time += getattr(error, "retry_after", 1.0)
        else:
            if not forget:
                return done
            forget = False
        kept = (posting.channel, posting.reference) if posting else ("", "")
        posting = Posting(state=PostingState.STARTED, revision=0, channel=kept[0], reference=kept[1])
    raise AssertionError("never delivered")


@pytest.mark.parametrize("broken", ["token", "is_archived", "not_in_channel", "missing_scope"])
async def test_that_a_parked_lead_arrives_exactly_once_after_the_fix(
    broken: str, make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    sink, good = make_sink(), slack.token
    if broken == "token":
        slack.token = "another"
    else:
        slack.channels["C0SALES"].broken = broken
    for posting in (None, PARKED, PARKED):
        with pytest.raises(DeliveryParked, match="Next: "):
            await sink.deliver(make_lead(), posting)
    assert cards(slack) == []
    slack.token, slack.channels["C0SALES"].broken = good, ""
    posted = await sink.deliver(make_lead(), PARKED)
    assert await sink.deliver(make_lead(), PARKED) == posted
    assert len(cards(slack)) == 1


async def test_that_an_unusable_channel_falls_back_once_and_stays_there(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    sink = make_sink(fallback_channel="C0BACKUP")
    slack.channels["C0SALES"].broken = "is_archived"
    first = await sink.deliver(make_lead(), None)
    assert (first.state, first.channel) == (PostingState.POSTED, "C0BACKUP")
    assert "C0BACKUP" in first.reason
    assert "is_archived" in first.reason
    slack.channels["C0SALES"].broken = ""
    second = await sink.deliver(make_lead(revision=2), first)
    assert (second.channel, second.reference) == ("C0BACKUP", first.reference)
    assert second.reason == "The card stands in C0BACKUP."
    assert (await sink.deliver(make_lead(revision=2), STARTED)).reference == first.reference
    assert (len(cards(slack)), len(cards(slack, "C0BACKUP"))) == (0, 1)


async def test_that_both_channels_unusable_parks_with_both_reasons(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    sink = make_sink(fallback_channel="C0BACKUP")
    slack.channels["C0SALES"].broken, slack.channels["C0BACKUP"].broken = "is_archived", "not_in_channel"
    with pytest.raises(DeliveryParked, match=r"is_archived.*unarchive.*C0BACKUP.*not_in_channel.*invite"):
        await sink.deliver(make_lead(), None)


async def test_that_a_workspace_error_does_not_try_the_fallback(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    slack.token = "another"
    with pytest.raises(DeliveryParked, match="invalid_auth"):
        await make_sink(fallback_channel="C0BACKUP").deliver(make_lead(), None)
    assert methods(slack) == ["chat.postMessage"]


async def test_that_a_lead_is_parked_rather_than_posted_twice_in_two_channels(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    sink = make_sink(fallback_channel="C0BACKUP")
    slack.order("chat.postMessage", stand_in.resetting(applied=True))
    with pytest.raises(DeliveryUncertain):
        await sink.deliver(make_lead(), None)
    slack.channels["C0SALES"].broken = "not_in_channel"
    with pytest.raises(DeliveryParked):
        await sink.deliver(make_lead(), STARTED)
    slack.channels["C0SALES"].broken = ""
    await sink.deliver(make_lead(), PARKED)
    assert (len(cards(slack)), len(cards(slack, "C0BACKUP"))) == (1, 0)


async def test_that_a_fallback_nobody_set_up_does_not_hold_leads_up(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    await make_sink(fallback_channel="C0NOWHERE").deliver(make_lead(), STARTED)
    assert len(cards(slack)) == 1


async def test_that_a_card_in_an_unusable_channel_is_not_repeated_elsewhere(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead
) -> None:
    sink = make_sink(fallback_channel="C0BACKUP")
    first = await sink.deliver(make_lead(), None)
    slack.channels["C0SALES"].broken = "is_archived"
    with pytest.raises(DeliveryParked, match="is_archived"):
        await sink.deliver(make_lead(revision=2), first)
    assert cards(slack, "C0BACKUP") == []
    slack.channels["C0SALES"].broken = ""
    mended = await sink.deliver(make_lead(revision=2), replace(first, reason="Slack refused chat.update: is_archived."))
    assert (mended.reference, mended.revision, mended.reason) == (first.reference, 2, "")


async def test_that_one_channel_gets_a_post_a_second_and_rests_when_told(
    sink: SlackLeadSink, slack: SlackStandIn, make_lead: MakeLead, clock: Any
) -> None:
    for number in range(5):
        await sink.deliver(make_lead(id=f"lead.{number}"), None)
    times = [call.at for call in slack.calls]
    assert all(later - sooner >= 1.0 for sooner, later in pairwise(times))
    slack.order("chat.postMessage", stand_in.rate_limited("40"))
    with pytest.raises(DeliveryDelayed):
        await sink.deliver(make_lead(id="lead.5"), None)
    with pytest.raises(DeliveryDelayed) as caught:
        await sink.deliver(make_lead(id="lead.6"), None)
    assert caught.value.retry_after == pytest.approx(40.0)
    assert len(slack.calls) == 6
    clock.time += 40.0
    await sink.deliver(make_lead(id="lead.6"), None)
    assert len(cards(slack)) == 6


async def test_that_neither_token_nor_visitor_shows_in_logs_or_errors(
    make_sink: MakeSink, slack: SlackStandIn, make_lead: MakeLead, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    for fault in (stand_in.truncated(applied=True), stand_in.refusing("invalid_blocks"), stand_in.failing(500)):
        slack.order("chat.postMessage", fault)
        with pytest.raises(DeliveryError) as caught:
            await make_sink().deliver(make_lead(), None)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
        shown.append(str(caught.value))
    with pytest.raises(DeliveryParked):
        await make_sink(token="xoxb-wrong-secret").deliver(make_lead(), None)
    for text in (*shown, caplog.text):
        assert slack.token not in text
        assert "xoxb-wrong-secret" not in text
        assert "nadia" not in text.lower()
