"""What is done on the pages about people: it goes through the inbox, shows on the next page, and the card follows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from core.ids import ConversationId, lead_of, person_of
from core.lead import Lead, LeadStatus
from core.people import Thread as Talk
from core.people import followed_link, standing_links
from core.rep import NoteKind, Rep, RepId
from core.store_ports import Store
from dashboard.profile_page import mark_of, profile_path
from dashboard.roles import Role
from tests.core.hub_parts import eventually
from tests.dashboard.house import House, open_house

ROOT = "/dashboard"
BUYER = ("We are 40 people and get 900 tickets a month in Zendesk", "Write to ada@nordwind.example, we want a demo")


@pytest.fixture
async def house(embedded_store: Store) -> AsyncIterator[House]:
    async with open_house(embedded_store) as house:
        yield house


async def _lead(house: House, conversation: ConversationId) -> Lead:
    lead = await house.store.leads.load(lead_of(conversation))
    assert lead is not None
    return lead


async def test_that_the_board_moves_a_lead_and_the_card_follows(house: House) -> None:
    talk = await house.talk(*BUYER)
    agent = await house.desk.member(Role.AGENT, name="ann")
    for stage in ("contacted", "lost", "qualified", "converted", "new"):
        form = {"conversation": talk, "stage": stage, "reason": "too far away", "back": "board"}
        seen = await agent.submit(f"{ROOT}/leads/move", form)
        assert (seen.status, seen.location) == (303, f"{ROOT}/leads")
        lead = await _lead(house, talk)
        assert lead.status is LeadStatus(stage)
        assert lead.verdict == {"lost": "lost", "converted": "won"}.get(stage, "")
        await house.carded(talk, lead.revision)
        await house.listed(talk)
        column = (await agent.get(f"{ROOT}/leads")).text.split(f'data-stage="{stage}"')[1].split("</section>")[0]
        assert talk in column
    kinds = house.thread.kinds(lead_of(talk))
    assert (kinds.count(NoteKind.LOST), kinds.count(NoteKind.WON)) == (1, 1)
    journal = "".join(await house.store.journal.lines(0, 100))
    assert (journal.count("lead.moved"), journal.count(mark_of(talk))) == (5, 5)
    assert talk not in journal


async def test_that_value_tags_notes_and_the_persona_are_kept_and_shown(house: House) -> None:
    talk = await house.talk(*BUYER)
    agent = await house.desk.member(Role.AGENT, name="ann")
    page = f"{ROOT}{profile_path(talk)}"
    persona = (await house.store.conversations.load(talk)).session.guess.chosen  # type: ignore[union-attr]
    for path, fields in (
        ("edit", {"value": "1,200", "tags": "hot, north sea , hot"}),
        ("note", {"note": "calls back on Monday", "once": "one"}),
        ("note", {"note": "calls back on Monday", "once": "one"}),
        ("persona", {"persona": "clinics"}),
    ):
        seen = await agent.submit(f"{ROOT}/leads/{path}", {"conversation": talk, **fields})
        assert (seen.status, seen.location) == (303, page), seen.text
    await house.listed(talk)
    lead = await _lead(house, talk)
    assert (lead.value, lead.tags, lead.notes) == (1200, ("hot", "north sea"), ("calls back on Monday",))
    assert lead.persona_said == "clinics"
    text = (await agent.get(page)).text
    assert "north sea" in text
    assert "calls back on Monday" in text
    assert "The team says: clinics." in text
    assert (await house.store.directory.counts())["corrected"] == {f"{persona or 'none'}>clinics": 1}
    assert (await agent.submit(f"{ROOT}/leads/edit", {"conversation": talk, "value": "much"})).status == 409
    assert (await agent.submit(f"{ROOT}/leads/edit", {"conversation": "nobody"})).status == 409


async def test_that_a_lead_is_assigned_to_somebody_of_the_team_alone(house: House) -> None:
    talk, other = await house.talk(*BUYER), await house.talk(*BUYER, visitor="v2")
    agent, form = await house.desk.member(Role.AGENT, name="ann"), {"conversation": talk, "to": "U1"}
    assert (await agent.submit(f"{ROOT}/leads/assign", form)).status == 409
    bob = Rep(id=RepId("U1"), name="Bob Stone")
    await house.store.lead_book.enter(replace(await _lead(house, other), revision=90, owner=bob))
    assert "Bob Stone" in (await agent.get(f"{ROOT}{profile_path(talk)}")).text
    assert (await agent.submit(f"{ROOT}/leads/assign", form)).status == 303
    lead = await _lead(house, talk)
    assert (lead.owner, lead.handled_by) == (bob, "human")
    viewer = await house.desk.member(Role.VIEWER)
    assert (await viewer.submit(f"{ROOT}/leads/note", {"conversation": talk, "note": "x"})).status == 403
    assert "Work on this lead" not in (await viewer.get(f"{ROOT}{profile_path(talk)}")).text


async def test_that_two_visitors_are_parted_and_joined_again_from_the_page(house: House) -> None:
    talk = await house.talk("Hello there", visitor="phone")
    before = await house.talk("We use Zendesk, I am ada@nordwind.example", visitor="laptop")
    ends = [
        Talk(conversation=one, visitor=state.session.visitor, channel="web")
        for one in (talk, before)
        if (state := await house.store.conversations.load(one))
    ]
    link = followed_link(*ends, at=house.clock.at)
    await house.store.people.link(link)
    agent = await house.desk.member(Role.AGENT, name="ann")
    page = f"{ROOT}{profile_path(talk)}"
    assert "Zendesk" in (await agent.get(page)).text

    async def holds() -> list[str]:
        return [one.by for one in standing_links(await house.store.people.links(person_of(ends[0].visitor)))]

    form = {"conversation": talk, "link": link.id}
    assert (await agent.submit(f"{ROOT}/person/unmerge", form)).location == page
    assert await holds() == []
    parted = (await agent.get(page)).text
    assert "Zendesk" not in parted
    assert "One person after all" in parted
    assert (await agent.submit(f"{ROOT}/person/unmerge", form)).status == 409
    assert (await agent.submit(f"{ROOT}/person/merge", form)).location == page
    assert await holds() == ["ann"]
    joined = (await agent.get(page)).text
    assert "Zendesk" in joined
    assert "One person after all" not in joined


async def test_that_a_person_is_given_out_as_a_file_and_erased_by_admins_alone(house: House) -> None:
    talk = await house.talk(*BUYER)
    agent, admin = await house.desk.member(Role.AGENT), await house.desk.member(Role.ADMIN)
    form: dict[str, str] = {"conversation": talk}
    assert (await agent.submit(f"{ROOT}/person/export", form)).status == 403
    assert "Erase this person" not in (await agent.get(f"{ROOT}{profile_path(talk)}")).text
    file = await admin.submit(f"{ROOT}/person/export", form)
    assert file.headers["Content-Disposition"] == 'attachment; filename="person.json"'
    assert "ada@nordwind.example" in file.text
    assert (await admin.submit(f"{ROOT}/person/erase", form)).status == 400
    done = await admin.submit(f"{ROOT}/person/erase", {**form, "sure": "yes"})
    assert "Taken out: 1 conversations" in done.text
    assert house.forgotten == [True]
    assert (await admin.get(f"{ROOT}{profile_path(talk)}")).status == 404
    assert (await admin.submit(f"{ROOT}/person/export", form)).status == 409
    await eventually(lambda: _unlisted(house, talk), "still listed")
    journal = "".join(await house.store.journal.lines(0, 100))
    assert "person.erased" in journal
    assert talk not in journal


async def _unlisted(house: House, talk: ConversationId) -> bool:
    found = await house.desk.store.lead_book.leads()
    return all(lead.conversation != talk for lead in found)
