"""The card as a rep sees it, and Slack's limits for whatever a lead contains."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from core.ids import LeadId, PersonaId
from core.lead import Criterion, Lead, LeadStatus, Quote, Readiness, ScoreLine
from frontdesk.demo.slack import block_problems
from handoff import limits
from handoff.card import Card, render

MakeLead = Callable[..., Lead]


def texts(card: Card) -> Iterator[tuple[str, str]]:
    """(kind, text) of every text object."""
    for block in card.blocks:
        for text in block.get("elements", [block.get("text")]):
            yield text["type"], text["text"]


def lines(card: Card) -> list[str]:
    return [line for _, text in texts(card) for line in text.split("\n")]


def test_that_a_full_lead_reads_in_twelve_lines(make_lead: MakeLead) -> None:
    card = render(make_lead())
    assert len(lines(card)) <= 12
    assert lines(card)[0] == "Nadia Kessler · Northwind Robotics"
    assert lines(card)[1] == "nadia@northwindrobotics.io · +49 30 901820 · via web"
    assert lines(card)[2:] == [
        "*Why now*  gave an address, asked for a pilot",
        (
            "*Persona*  Startup team lead (82 %)   *Readiness*  high, 74 of 100: "
            "gave an address +40, asked for a pilot +30, named a volume +12, +1 more"
        ),
        "*BANT*  Authority: decides with the CTO · Need: deflect 300 mails a day · missing: budget, timeline",
        "*Needs*  Volume: 300 mails a day · Integrations: Zendesk, Jira",
        "“300 mails a day and two people” (volume)",
        "“must talk to Zendesk” (integration)",
        "“can we start a pilot next week?” (intent)",
        (
            "*Looked at*  /pricing, /integrations · came in on /solutions/startups · campaign spring-launch"
            " · from news.example.org"
        ),
        "*Next step*  Offer a two-week pilot",
        "Opener: Hi Nadia, shall we set up the pilot with your Zendesk?",
    ]


def test_that_a_quote_gives_way_when_there_is_more_to_tell(make_lead: MakeLead) -> None:
    card = render(make_lead(objections=("too expensive",)))
    assert len(lines(card)) == 12
    assert sum(line.startswith("“") for line in lines(card)) == 2
    assert "*Objections*  too expensive" in lines(card)


def test_that_a_later_revision_says_what_is_new(make_lead: MakeLead) -> None:
    card = render(make_lead(revision=2, changes=("asks about SOC 2", "readiness up")))
    assert "*Latest*  asks about SOC 2, readiness up" in lines(card)
    assert not any(line.startswith("*Why now*") for line in lines(card))


def test_that_the_note_on_the_address_is_in_words(make_lead: MakeLead) -> None:
    assert "employer not shown" in lines(render(make_lead(email_note="free_mail")))[1]
    assert "disposable address" in lines(render(make_lead(email_note="disposable")))[1]
    assert "shared mailbox" in lines(render(make_lead(email_note="role_account")))[1]
    assert "something new" in lines(render(make_lead(email_note="something_new")))[1]


def test_that_status_and_owner_show_once_there_are_any(make_lead: MakeLead) -> None:
    contact = lines(render(make_lead(status=LeadStatus.CONTACTED, owner="Ines")))[1]
    assert contact.endswith("contacted · owned by Ines")


def test_that_what_is_unknown_is_said_or_left_out(make_lead: MakeLead) -> None:
    bare = Lead(
        id=LeadId("lead.x"),
        conversation=make_lead().conversation,
        visitor=make_lead().visitor,
        channel="web",
        created_at=1.0,
        updated_at=1.0,
        revision=1,
        email="a@b.example",
        readiness=Readiness(level="low", score=0, probability=0.1, receipt=()),
    )
    assert lines(render(bare)) == [
        "a@b.example",
        "via web",
        "*Persona*  not clear yet   *Readiness*  low, 0 of 100",
    ]


def test_that_the_first_message_stands_in_for_missing_quotes(make_lead: MakeLead) -> None:
    assert "“we drown in support mail” (first message)" in lines(render(make_lead(quotes=())))


def test_that_other_frameworks_carry_their_own_name(make_lead: MakeLead) -> None:
    champ = tuple(
        Criterion(id=one, name=one, answer="yes") for one in ("challenges", "authority", "money", "prioritization")
    )
    own = (Criterion(id="fit", name="Fit", answer=""),)
    assert any(
        line.startswith("*CHAMP*") and "nothing missing" in line
        for line in lines(render(make_lead(qualification=champ)))
    )
    assert "*Qualification*  missing: fit" in lines(render(make_lead(qualification=own)))


def test_that_the_metadata_names_lead_and_revision(make_lead: MakeLead) -> None:
    assert render(make_lead(revision=7)).metadata == {
        "event_type": "frontdesk_lead",
        "event_payload": {"lead_id": "lead.web-7f3a", "revision": 7},
    }


def test_that_the_notification_is_one_short_line(make_lead: MakeLead) -> None:
    assert render(make_lead()).text == ("Lead: Nadia Kessler · Northwind Robotics (Startup team lead, readiness high)")


def test_that_nobody_is_pinged_and_nothing_is_linked(make_lead: MakeLead) -> None:
    evil = "<!channel> <@U123> <https://evil.example|your bank> @here @everyone *bold* `code` & \u202eback"
    card = render(
        make_lead(
            name=evil,
            company=evil,
            email=evil,
            persona_name=evil,
            reasons=(evil,),
            objections=(evil,),
            quotes=(Quote(text=evil, shows=evil),),
            next_step=evil,
            opener=evil,
            pages=(f"https://x.test/{evil}",),
            campaign=evil,
        ),
    )
    for text in (card.text, *(text for _, text in texts(card))):
        assert "<" not in text
        assert ">" not in text
        assert "\u202e" not in text
        assert not re.search(r"@(here|channel|everyone)", text)
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    for kind, text in texts(card):
        bold = re.findall(r"\*[^*\n]+\*", text) if kind == "mrkdwn" else []
        assert "".join(bold).count("*") == text.count("*") or kind == "plain_text"
        assert all(re.fullmatch(r"\*[A-Z][A-Za-z ]+\*", label) for label in bold)


def test_that_pages_a_browser_made_up_do_no_harm(make_lead: MakeLead) -> None:
    card = render(
        make_lead(pages=("http://[", "javascript:alert(1)", ""), source_page="http://[::", referrer="http://[")
    )
    looked = next(line for line in lines(card) if line.startswith("*Looked at*"))
    assert looked == "*Looked at*  alert(1) · came in on For startups · campaign spring-launch"


ANY_TEXT = st.text(max_size=200) | st.text(alphabet="<>&@*_`~ \n\u202e\u0301😀\ud800", max_size=400).map(
    lambda text: text * 40
)
LISTS = st.lists(ANY_TEXT, max_size=30).map(tuple)
NUMBERS = st.floats() | st.integers(-100, 100)


@st.composite
def leads(draw: st.DrawFn) -> dict[str, Any]:
    """Changes that put anything at all into every text of a lead."""
    text, many = draw(ANY_TEXT), draw(LISTS)
    names = ("email", "name", "company", "phone", "owner", "source_page", "source_title", "campaign", "referrer")
    others = ("first_message", "next_step", "opener", "persona_name", "email_note", "channel")
    return {
        **{name: draw(st.sampled_from([text, *many, ""])) for name in (*names, *others)},
        "persona": PersonaId(text),
        "persona_probability": draw(NUMBERS),
        "revision": draw(st.integers(1, 10**9)),
        "status": draw(st.sampled_from(LeadStatus)),
        "reasons": many,
        "changes": many,
        "objections": many,
        "pages": draw(LISTS),
        "requirements": tuple((one, text) for one in many),
        "quotes": tuple(Quote(text=one, shows=text) for one in many),
        "qualification": tuple(Criterion(id=one, name=one, answer=text) for one in many),
        "readiness": Readiness(
            level=text,
            score=draw(NUMBERS),
            probability=0.5,
            receipt=tuple(ScoreLine(reason=one, points=draw(NUMBERS)) for one in many),
        ),
    }


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=leads())
def test_that_every_card_is_within_slacks_limits(make_lead: MakeLead, changes: dict[str, Any]) -> None:
    card = render(make_lead(**changes))
    assert block_problems(list(card.blocks)) == ()
    for block in card.blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
    assert len(card.blocks) <= limits.MAX_BLOCKS
    assert len(lines(card)) <= limits.CARD_LINES
    assert all(line.strip() for line in lines(card))
    sizes = [len(text.encode("utf-16-le")) // 2 for _, text in texts(card)]
    assert max(sizes) <= limits.SECTION_TEXT
    assert sum(sizes) <= limits.ALL_BLOCKS_TEXT
    assert 0 < len(card.text) <= limits.MESSAGE_TEXT
    everything = card.text + "".join(text for _, text in texts(card))
    assert not set("<>\u202e\ud800") & set(everything)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {
        unicodedata.category(character) for character in everything.replace("\n", "")
    }
