"""The card as a rep sees it, and Slack's limits for whatever a lead contains."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from core.ids import ConversationId, LeadId, VisitorId
from core.lead import Criterion, Lead, LeadStatus, Quote, Readiness
from core.people import Thread
from core.rep import Rep, RepId
from frontdesk.demo.block_kit import block_problems
from handoff import limits
from handoff.card import Card, render
from handoff.view import TeamView
from handoff.words import team_words
from tests.handoff.anything import MARKUP, VIEWS, leads
from tests.handoff.block_kit import assert_message

MakeLead = Callable[..., Lead]
INES = Rep(id=RepId("U0INES"), name="Ines Vega")


def texts(card: Card) -> Iterator[tuple[str, str]]:
    """(kind, text) of every text object."""
    for block in card.blocks:
        for text in block.get("elements", [block.get("text")]) if block["type"] != "actions" else ():
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


def standing(lead: Lead) -> str:
    return lines(render(lead))[2]


def test_that_a_lead_nobody_has_claimed_spends_no_line_on_it(make_lead: MakeLead) -> None:
    assert standing(make_lead()).startswith("*Why now*")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"status": LeadStatus.CONTACTED, "owner": INES}, "contacted · Ines Vega has this lead · the bot answers"),
        ({"owner": INES, "handled_by": "human"}, "Ines answers, the bot is silent"),
        ({"handled_by": "human"}, "the bot is silent"),
        ({"assigned": INES}, "it is <@U0INES>'s turn"),
        (
            {"owner": INES, "handled_by": "human", "bridged": True},
            "Ines answers, the bot is silent · *bridge on: what you write in the thread goes to the visitor*",
        ),
        (
            {"snoozed_until": 1_790_060_400.0},
            "snoozed until <!date^1790060400^{date_short_pretty} {time}|2026-09-22 07:00 UTC>",
        ),
        ({"verdict": "won", "value": 12_000.0}, "*won* (12,000)"),
        ({"verdict": "lost", "verdict_reason": "price: twice ours"}, "*lost*: Price: twice ours"),
        ({"verdict": "disqualified", "verdict_reason": "their words"}, "*disqualified*: their words"),
    ],
)
def test_that_the_card_says_where_the_lead_stands(make_lead: MakeLead, changes: dict[str, Any], line: str) -> None:
    assert standing(make_lead(**changes)) == line


@pytest.mark.parametrize(
    ("changes", "first", "further"),
    [
        ({}, "claim! reply snooze assign", "mute disqualify won lost note"),
        ({"handled_by": "human"}, "claim! reply snooze assign", "return disqualify won lost note"),
        (
            {"owner": INES, "handled_by": "human"},
            "reply! bridge_on snooze assign",
            "return disqualify won lost note",
        ),
        (
            {"owner": INES, "handled_by": "human", "bridged": True},
            "reply! bridge_off snooze assign",
            "return disqualify won lost note",
        ),
        ({"owner": INES, "verdict": "lost"}, "reply", "mute disqualify won note"),
        ({"verdict": "disqualified"}, "claim reply", "mute won lost note"),
    ],
)
def test_that_the_buttons_fit_where_the_lead_stands(
    make_lead: MakeLead, changes: dict[str, Any], first: str, further: str
) -> None:
    row = render(make_lead(**changes)).blocks[-1]
    *buttons, menu = row["elements"]
    assert row["block_id"] == "lead:lead.web-7f3a"
    assert {one["value"] for one in buttons} == {"lead.web-7f3a"}
    shown = [one["action_id"].removeprefix("lead:") + "!" * (one.get("style") == "primary") for one in buttons]
    assert " ".join(shown) == first
    assert menu["action_id"] == "lead:more"
    assert " ".join(one["value"] for one in menu["options"]) == further


def test_that_a_dashboard_links_quotes_and_profile_but_no_words_of_the_visitor(make_lead: MakeLead) -> None:
    quote = Quote(text="see <https://evil.example|this> & more", shows="volume: 300 mails", message="m/7")
    card = render(make_lead(quotes=(quote,)), TeamView(dashboard="https://desk.example/dashboard"))
    there = "https://desk.example/dashboard/conversations/web-7f3a"
    assert f"“see &lt;https://evil.example|this&gt; &amp; more” (<{there}#m-m%2F7|volume>: 300 mails)" in lines(card)
    assert [one["url"] for one in card.blocks[-1]["elements"] if "url" in one] == [there]


def test_that_an_identifier_too_long_for_a_row_stands_on_every_button(make_lead: MakeLead) -> None:
    row = render(make_lead(id=LeadId("lead." + "x" * 400))).blocks[-1]
    assert block_problems([row]) == ()
    assert [one["action_id"] for one in row["elements"]][-3:] == ["lead:won", "lead:lost", "lead:note"]
    assert {one["value"] for one in row["elements"]} == {"lead." + "x" * 400}


def test_that_other_channels_of_the_same_person_are_named_once(make_lead: MakeLead) -> None:
    threads = tuple(
        Thread(conversation=ConversationId(f"t{n}"), visitor=VisitorId("t"), channel="telegram") for n in range(2)
    )
    contact = lines(render(make_lead(threads=threads)))[1]
    assert "via web · also on" in contact
    assert contact.count("telegram") == 1
    assert not any("also on" in line for line in lines(render(make_lead())))


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


def test_that_a_need_nobody_could_name_is_told_by_how_the_visitor_began(make_lead: MakeLead) -> None:
    unnamed = tuple(Criterion(id=one, name=one, answer="") for one in ("budget", "authority", "need", "timeline"))
    card = lines(render(make_lead(qualification=unnamed)))
    quotes = [line for line in card if line.startswith("“")]
    assert quotes[0] == "“we drown in support mail” (first message)"
    assert len(quotes) == 3
    greeted = lines(render(make_lead(qualification=unnamed, first_message="hi there")))
    assert not any("first message" in line for line in greeted)


def test_that_what_a_criterion_tells_is_told_once(make_lead: MakeLead) -> None:
    told = (Criterion(id="budget", name="Budget", answer="$800 a month"), Criterion(id="timeline", name="T", answer=""))
    needs = (("budget", "800 USD"), ("timeline", "soon"), ("volume", "30 a day"))
    assert "*Needs*  timeline: soon · volume: 30 a day" in lines(
        render(make_lead(qualification=told, requirements=needs))
    )


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


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=leads(), view=VIEWS)
def test_that_every_card_is_within_slacks_limits(make_lead: MakeLead, changes: dict[str, Any], view: TeamView) -> None:
    card = render(make_lead(**changes), view)
    assert_message(card.blocks, card.text)
    assert len(lines(card)) <= limits.CARD_LINES
    assert all(line.strip() for line in lines(card))
    everything = card.text + "".join(text for _, text in texts(card))
    assert not set("<>\u202e\ud800") & set(MARKUP.sub("", everything))
    assert not {"Cc", "Cs", "Zl", "Zp"} & {
        unicodedata.category(character) for character in everything.replace("\n", "")
    }


def test_that_the_teams_language_leaves_the_visitors_words_alone(make_lead: MakeLead) -> None:
    card = lines(render(make_lead(), TeamView(words=team_words("de"))))
    assert any(line.startswith("*BANT*  Entscheidung: decides with the CTO") for line in card)
    assert any(line.endswith("fehlt: Budget, Zeitplan") for line in card)
    assert "“300 mails a day and two people” (Menge)" in card
