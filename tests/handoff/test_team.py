"""Reps at work, over HTTP as Slack speaks it: what they click and write, what the visitor gets, what stays inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.lead import LeadStatus
from frontdesk.demo.slack import TEAM, Member
from frontdesk.demo.slack_faults import failing, rate_limited
from tests.handoff.team import ANN, BOB, GUEST, SALES, Team, selling, until


@pytest.fixture
async def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Team]:
    async with selling(tmp_path, monkeypatch) as one:
        yield one


async def claimed(team: Team, talk: str) -> None:
    async def is_claimed() -> bool:
        lead = await team.lead(talk)
        return lead is not None and lead.owner is not None

    await until(is_claimed, "not claimed")


async def test_that_a_claim_silences_the_bot_and_its_return_gives_it_the_talk_back(team: Team) -> None:
    card = await team.new_lead("v1")
    await team.clicks(ANN, card, "claim")
    await claimed(team, "v1")
    before = await team.lines("v1", "bot")
    await team.says("v1", "Is anybody there?")
    await until(lambda: any("Is anybody there?" in note for note in team.thread(card)), "the thread was not told")
    assert await team.lines("v1", "bot") == before
    await team.chooses(ANN, await team.card("v1"), "return")
    await team.says("v1", "What does the Grow plan cost?")

    async def answered() -> bool:
        return len(await team.lines("v1", "bot")) > len(before)

    await until(answered, "the bot did not come back")
    assert "$" in (await team.lines("v1", "bot"))[-1]


async def test_that_what_a_rep_writes_into_the_form_reaches_the_visitor_once_under_the_first_name(team: Team) -> None:
    card = await team.new_lead("v1")
    form = await team.clicks(ANN, card, "reply")
    assert form is not None
    assert form["callback_id"] == "lead:reply"
    assert await team.fills(ANN, form, text="") == {"text": "Please fill this in."}
    assert await team.fills(ANN, form, text="Hello Nadia, *Ann* here & glad <to> help.") == {}

    async def arrived() -> bool:
        return await team.lines("v1", "rep") == ["Hello Nadia, *Ann* here & glad <to> help."]

    await until(arrived, "nothing arrived")
    lead = await team.lead("v1")
    assert lead is not None
    assert (lead.owner and lead.owner.first_name, lead.status) == ("Ann", LeadStatus.CONTACTED)
    await until(lambda: any("glad" in note for note in team.thread(card)), "the thread was not told")


async def test_that_words_in_a_thread_stay_there_unless_its_bridge_is_on(team: Team) -> None:
    card = await team.new_lead("v1")
    await team.clicks(ANN, card, "claim")
    await claimed(team, "v1")
    await team.people.write(ANN.id, SALES, card["ts"], "internal: what a strange visitor")
    await team.clicks(ANN, await team.card("v1"), "bridge_on")

    async def bridged() -> bool:
        lead = await team.lead("v1")
        return lead is not None and lead.bridged

    await until(bridged, "no bridge")
    await team.people.write(ANN.id, SALES, card["ts"], "Good morning!")

    async def arrived() -> bool:
        return await team.lines("v1", "rep") == ["Good morning!"]

    await until(lambda: any("Good morning!" in one.text for one in team.slack.whispers), "nothing to undo")
    assert not await arrived()
    await until(arrived, "the words did not cross the bridge", within=12.0)
    assert not any("strange" in line for line in await team.lines("v1"))


async def test_that_who_puts_a_file_on_the_bridge_is_told_that_it_stays(team: Team) -> None:
    card = await team.new_lead("v1")
    await team.clicks(ANN, card, "bridge_on")
    await claimed(team, "v1")
    held = [{"id": "F0OFFER", "name": "offer.pdf", "mimetype": "application/pdf"}]
    message = {"user": ANN.id, "subtype": "file_share", "files": held, "thread_ts": card["ts"]}
    event = {"channel": SALES, "channel_type": "channel", "team": TEAM}
    alone = {**event, **team.slack.foreign_message(SALES, **message, text="")}
    with_words = {**event, **team.slack.foreign_message(SALES, **message, text="Here is the offer")}
    for one in (alone, alone, with_words):  # Slack tells twice of the first
        await team.people.tell(one)

    async def arrived() -> bool:
        return await team.lines("v1", "rep") == ["Here is the offer"]

    await until(arrived, "the words did not cross the bridge", within=12.0)
    told = [one for one in team.slack.whispers if "stays in the thread" in one.text]
    assert [(one.user, one.thread) for one in told] == [(ANN.id, card["ts"])] * 2


async def test_that_a_file_of_the_teams_own_is_nobodys_business_while_the_bridge_is_off(team: Team) -> None:
    card = await team.new_lead("v1")
    await team.clicks(ANN, card, "claim")
    await claimed(team, "v1")
    message = {"user": ANN.id, "subtype": "file_share", "files": [{"id": "F0MARGIN"}], "thread_ts": card["ts"]}
    sent = team.slack.foreign_message(SALES, **message, text="our margins")
    await team.people.tell({**sent, "channel": SALES, "channel_type": "channel", "team": TEAM})
    assert not any("stays in the thread" in one.text for one in team.slack.whispers)
    assert await team.lines("v1", "rep") == []


async def test_that_words_on_the_bridge_can_be_taken_back(team: Team) -> None:
    card = await team.new_lead("v1")
    await team.clicks(ANN, card, "bridge_on")
    await claimed(team, "v1")
    await team.people.write(ANN.id, SALES, card["ts"], "Oops, wrong window")
    await until(lambda: bool(team.slack.whispers), "nothing to undo")
    undo = next(block for block in team.slack.whispers[0].blocks if block["type"] == "actions")["elements"][0]
    await team.people.act(ANN.id, SALES, card["ts"], {**undo, "block_id": "b"})
    await until(lambda: len(team.slack.whispers) == 2, "nobody said that it was taken back")
    await team.clicks(ANN, await team.card("v1"), "bridge_off")
    await asyncio.sleep(6.0)  # the bridge's own five seconds, which run on the real clock here
    assert await team.lines("v1", "rep") == []


async def test_that_an_edit_on_the_bridge_follows_to_the_visitor(team: Team) -> None:
    card = await team.new_lead("v1")
    await team.clicks(ANN, card, "bridge_on")
    await claimed(team, "v1")
    ts = await team.people.write(ANN.id, SALES, card["ts"], "It costs 80 dollars")
    await until(lambda: bool(team.slack.whispers), "nothing to undo")
    await team.people.edit(ANN.id, SALES, ts, "It costs 90 dollars")

    async def arrived() -> bool:
        return await team.lines("v1", "rep") == ["It costs 90 dollars"]

    await until(arrived, "the edited words did not cross the bridge", within=12.0)
    await team.people.edit(ANN.id, SALES, ts, "It costs 95 dollars")

    async def corrected() -> bool:
        return await team.lines("v1", "rep") == ["It costs 90 dollars", "Correction: It costs 95 dollars"]

    await until(corrected, "the correction did not follow")
    told = len(team.slack.whispers)
    await team.people.edit(ANN.id, SALES, ts, "")
    await until(lambda: len(team.slack.whispers) > told, "nobody said that it cannot be taken back")


async def test_that_of_many_clicks_at_once_one_makes_an_owner(team: Team) -> None:
    crowd = [Member(id=f"U0REP{number:03d}", name=f"Rep {number}") for number in range(100)]
    team.people.invite(*crowd)
    card = await team.new_lead("v1")
    await asyncio.gather(*(team.clicks(one, card, "claim") for one in crowd))
    await until(lambda: len(team.slack.whispers) == 99, "not everybody was told", within=60.0)
    lead = await team.lead("v1")
    assert lead is not None
    assert lead.owner is not None
    assert {one.user for one in team.slack.whispers} == {one.id for one in crowd} - {lead.owner.id}
    roots = [one for one in team.slack.messages(SALES) if "thread_ts" not in one]
    assert len(roots) == 1


async def test_that_guests_and_strangers_do_nothing(team: Team) -> None:
    card = await team.new_lead("v1")
    await team.clicks(GUEST, card, "claim")
    assert [(one.user, one.text) for one in team.slack.whispers] == [
        (GUEST.id, "Only members of this workspace can work on leads.")
    ]
    assert (await team.people.command(GUEST.id, "/leads", ""))["text"].startswith("Only members")
    assert await team.clicks(GUEST, card, "reply") is None
    lead = await team.lead("v1")
    assert lead is not None
    assert lead.owner is None


async def test_that_a_lead_takes_its_course(team: Team) -> None:
    card = await team.new_lead("v1")
    form = await team.chooses(ANN, card, "disqualify")
    assert await team.fills(ANN, form, reason="too_small", note="three people") == {}
    snooze = await team.clicks(ANN, card, "snooze")
    assert await team.fills(ANN, snooze, until="custom", at="12") == {"at": "Choose a time from now on, within a year."}
    assert await team.fills(ANN, snooze, until="1h") == {}
    assign = await team.clicks(ANN, card, "assign")
    assert "to" in await team.fills(ANN, assign, to=GUEST.id)
    assert await team.fills(ANN, assign, to=BOB.id) == {}
    won = await team.chooses(BOB, card, "won")
    assert await team.fills(BOB, won, value="twelve") == {"value": "Enter an amount, such as 1200."}
    assert await team.fills(BOB, won, value="1200.50") == {}

    async def settled() -> bool:
        lead = await team.lead("v1")
        return lead is not None and lead.verdict == "won"

    await until(settled, "no verdict")
    lead = await team.lead("v1")
    assert lead is not None
    assert (lead.owner and lead.owner.id, lead.value, lead.status) == (BOB.id, 1200.5, LeadStatus.CONVERTED)
    await until(lambda: len(team.thread(card)) == 4, "not every step is in the thread")


async def test_that_leads_are_found_and_answered_by_command(team: Team) -> None:
    for talk, name in (("v1", "Nadia"), ("v2", "Omar")):
        await team.clicks(ANN, await team.new_lead(talk, name=name), "claim")
        await claimed(team, talk)
        await team.card(talk)

    async def listed() -> bool:
        return "2 mine" in (await team.people.command(ANN.id, "/leads", ""))["text"]

    await until(listed, "the leads are not listed")
    assert "Omar" in str(await team.people.command(ANN.id, "/lead", "omar"))
    assert "several" in (await team.people.command(ANN.id, "/reply", "Hello"))["text"]
    assert "Omar" in (await team.people.command(ANN.id, "/reply", "omar: Hello Omar"))["text"]
    assert "Claim" in (await team.people.command(BOB.id, "/reply", "Hello"))["text"]

    async def arrived() -> bool:
        return (await team.lines("v2", "rep"), await team.lines("v1", "rep")) == (["Hello Omar"], [])

    await until(arrived, "nothing arrived")


async def test_that_the_home_shows_ones_own_leads(team: Team) -> None:
    card = await team.new_lead("v1")
    assert "Nadia" not in str(await team.people.open_home(ANN.id))
    await team.clicks(ANN, card, "claim")
    await claimed(team, "v1")

    async def shown() -> bool:
        return "Nadia" in str(await team.people.open_home(ANN.id))

    await until(shown, "the lead is not on the home")


async def test_that_a_click_told_four_times_acts_once(team: Team) -> None:
    card = await team.new_lead("v1")
    form = await team.clicks(ANN, card, "reply")
    assert form is not None
    values = {"text": {"text": {"type": "plain_text_input", "value": "Only once"}}}
    payload = {
        "type": "view_submission",
        "view": {**form, "state": {"values": values}},
        "user": {"id": ANN.id, "team_id": "T0FRONTDESK"},
        "team": {"id": "T0FRONTDESK"},
    }
    await asyncio.gather(*(team.people.send(payload) for _ in range(4)))

    async def arrived() -> bool:
        return bool(await team.lines("v1", "rep"))

    await until(arrived, "nothing arrived")
    await team.says("v1", "thanks")
    await until(lambda: any("thanks" in note for note in team.thread(card)), "the thread was not told")
    assert await team.lines("v1", "rep") == ["Only once"]


async def test_that_a_slow_slack_delays_the_thread_and_loses_nothing(team: Team) -> None:
    card = await team.new_lead("v1")
    team.slack.order("chat.postMessage", rate_limited("1"), failing(503, applied=True), rate_limited("1"))
    await team.clicks(ANN, card, "claim")
    await claimed(team, "v1")
    await team.says("v1", "still here?")
    await until(lambda: len(team.thread(card)) >= 2, "the thread was not told", within=30.0)
    assert len(team.thread(card)) == 2
