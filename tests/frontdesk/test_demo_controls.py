"""What a rep clicks and fills in on the demo page, in a real browser: in the shape in which Slack sends it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from core.ids import ConversationId, LeadId, VisitorId
from core.lead import Lead, Readiness
from core.rep import NoteKind, Rep, RepAct, RepId, TeamNote
from handoff.card import render
from handoff.home import Shown, home
from handoff.modals import Origin, form
from handoff.note import render_note
from tests.frontdesk.test_demo_page import Demo, chromium, demo
from tests.peers.axe import findings

__all__ = ["chromium", "demo"]

pytestmark = pytest.mark.browser

INES = Rep(id=RepId("U0INES"), name="Ines Vega")
LEAD = Lead(
    id=LeadId("lead.web:1"),
    conversation=ConversationId("web:1"),
    visitor=VisitorId("v"),
    channel="web",
    created_at=1_793_000_000.0,
    updated_at=1_793_000_000.0,
    revision=1,
    email="odile@fernhaven.farm",
    name="Odile <b>Marchand</b>",
    readiness=Readiness(level="high", score=71, probability=0.7, receipt=()),
    opener="Hi Odile, shall we talk about the trays?",
)
LISTEN = """() => {
  window.actions = [];
  document.addEventListener("kit-action", (event) => window.actions.push(event.detail));
}"""
OPEN = """async (view) => {
  const { openModal } = await import("/demo/assets/modal.js");
  const { offerPeople } = await import("/demo/assets/people.js");
  await fetch("/demo/rep/members");  // as the page has done when it began
  offerPeople([{ id: "U0INES", name: "Ines Vega" }, { id: "U0NOOR", name: "Noor Aziz" }]);
  window.sent = [];
  window.left = 0;
  openModal(view, {
    submit: async (values) => { window.sent.push(values); return window.answer; },
    closed: () => { window.left += 1; },
  });
}"""


async def opened(demo: Demo, act: RepAct, **more: Any) -> Locator:
    await demo.page.evaluate(OPEN, form(act, LEAD, Origin(channel="C1", ts="1.2"), **more))
    return demo.page.get_by_role("dialog")


async def sent(demo: Demo) -> Any:
    await expect(demo.page.get_by_role("dialog")).to_have_count(0)
    return await demo.page.evaluate("window.sent.at(-1)")


async def actions(demo: Demo) -> Any:
    return await demo.page.evaluate("window.actions")


async def test_that_a_click_is_told_as_slack_tells_it(demo: Demo) -> None:
    await demo.page.evaluate(LISTEN)
    demo.post(list(render(LEAD).blocks))
    await demo.page.get_by_role("button", name="Claim").click()
    assert await actions(demo) == [
        {"type": "button", "action_id": "lead:claim", "block_id": "lead:lead.web:1", "value": "lead.web:1"}
    ]


async def test_that_the_menu_opens_by_key_and_tells_what_was_chosen(demo: Demo) -> None:
    await demo.page.evaluate(LISTEN)
    demo.post(list(render(LEAD).blocks))
    more = demo.page.locator(".overflow summary")
    await more.focus()
    await demo.page.keyboard.press("Enter")
    await demo.page.keyboard.press("Escape")
    await expect(demo.page.get_by_role("button", name="Disqualify")).to_be_hidden()
    await expect(more).to_be_focused()
    await demo.page.keyboard.press("Enter")
    await demo.page.get_by_role("button", name="Disqualify").click()
    told = await actions(demo)
    assert (told[0]["action_id"], told[0]["block_id"]) == ("lead:more", "lead:lead.web:1")
    assert told[0]["selected_option"]["value"] == "disqualify"
    await expect(demo.page.get_by_role("button", name="Disqualify")).to_be_hidden()


async def test_that_a_reply_is_sent_as_it_was_changed(demo: Demo) -> None:
    dialog = await opened(demo, RepAct.REPLY, last_line="do you <i>ship</i> trays?")
    box = dialog.get_by_label("To Odile <b>Marchand</b>")
    await expect(box).to_be_focused()
    await expect(box).to_have_value(LEAD.opener)
    await expect(dialog.locator("blockquote")).to_have_text("do you <i>ship</i> trays?")
    await box.fill("Yes, weekly.\nHow many?")
    await dialog.get_by_role("button", name="Send").click()
    assert await sent(demo) == {"text": {"text": {"type": "plain_text_input", "value": "Yes, weekly.\nHow many?"}}}


async def test_that_an_error_stays_in_the_form_beside_its_field(demo: Demo) -> None:
    dialog = await opened(demo, RepAct.SNOOZE)
    await demo.page.evaluate("window.answer = { at: 'Choose a time ahead.' }")
    await dialog.get_by_label("Remind this thread").select_option(label="At the time below")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert").filter(has_text="Choose a time ahead.")).to_be_visible()
    await expect(dialog.get_by_label("Time (optional)")).to_be_focused()
    await demo.page.evaluate("window.answer = undefined")
    await dialog.get_by_label("Time (optional)").fill("2027-03-01T09:30")
    await dialog.get_by_role("button", name="Save").click()
    values = await sent(demo)
    assert values["until"]["until"]["selected_option"]["value"] == "custom"
    there = await demo.page.evaluate("new Date(2027, 2, 1, 9, 30).getTime() / 1000")
    assert values["at"]["at"] == {"type": "datetimepicker", "selected_date_time": there}


async def test_that_people_reasons_and_values_come_with_their_names(demo: Demo) -> None:
    dialog = await opened(demo, RepAct.ASSIGN)
    await dialog.get_by_label("To whom").select_option(label="Noor Aziz")
    await dialog.get_by_role("button", name="Save").click()
    assert await sent(demo) == {"to": {"to": {"type": "users_select", "selected_user": "U0NOOR"}}}
    dialog = await opened(demo, RepAct.LOST)
    await dialog.get_by_label("Reason").select_option(label="Price")
    await dialog.get_by_role("button", name="Save").click()
    values = await sent(demo)
    assert values["reason"]["reason"]["selected_option"]["value"] == "price"
    assert values["note"]["note"]["value"] is None
    dialog = await opened(demo, RepAct.WON)
    await dialog.get_by_label("Value of the deal").fill("1200.50")
    await dialog.get_by_role("button", name="Save").click()
    assert await sent(demo) == {"value": {"value": {"type": "number_input", "value": "1200.50"}}}


async def test_that_a_form_left_by_escape_sends_nothing(demo: Demo) -> None:
    await opened(demo, RepAct.NOTE)
    await demo.page.keyboard.press("Escape")
    await expect(demo.page.get_by_role("dialog")).to_have_count(0)
    await demo.page.wait_for_function("window.left === 1")
    assert await demo.page.evaluate("window.sent.length") == 0


async def test_that_the_home_tells_which_list_is_wanted(demo: Demo) -> None:
    await demo.page.evaluate(LISTEN)
    demo.post(home([LEAD], INES.id, Shown.UNCLAIMED, LEAD.created_at + 60)["blocks"])
    await demo.page.get_by_label("Show").select_option(label="Snoozed")
    told = await actions(demo)
    assert (told[0]["action_id"], told[0]["selected_option"]["value"]) == ("home:show", "snoozed")


@pytest.mark.parametrize("kind", [NoteKind.VISITOR_SAID, NoteKind.REP_SAID, NoteKind.CLAIMED, NoteKind.ESCALATED])
async def test_that_the_mark_of_a_line_is_drawn(demo: Demo, kind: NoteKind) -> None:
    note = render_note(TeamNote(kind=kind, rep=INES, text="x"), LEAD.id)
    demo.post(list(note.blocks), text=note.text)
    line = demo.page.locator(".entry .kit .block").first
    await expect(line.get_by_role("img")).to_have_attribute("aria-label", note.text.split(" ")[0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_that_cards_lists_and_forms_are_usable_by_everybody(demo: Demo, scheme: Any) -> None:
    await demo.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    demo.post([*render(LEAD).blocks, *home([LEAD], INES.id, Shown.OPEN, LEAD.created_at)["blocks"]])
    await demo.page.locator(".overflow summary").first.click()
    assert await findings(demo.page, "#messages") == []
    for act in (RepAct.REPLY, RepAct.SNOOZE, RepAct.DISQUALIFY, RepAct.WON):
        dialog = await opened(demo, act)
        assert await findings(demo.page, ".modal") == []
        await dialog.get_by_role("button", name="Cancel").click()
