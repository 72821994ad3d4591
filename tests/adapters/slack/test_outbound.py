"""A reply as Slack shows it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from adapters.markup import parse
from adapters.slack import CHANNEL
from adapters.slack.outbound import TEXT_LIMIT, effect_of, message_of, mrkdwn, pressed
from core.reply import Citation, Mode, Reply
from frontdesk.demo.block_kit import block_problems

CAPABILITIES = CHANNEL.capabilities


def reply(text: str, *buttons: str, url: str = "https://a.example/pricing") -> Reply:
    citations = (Citation(url=url, quote="x"),) if url else ()
    return Reply(main_text=text, mode=Mode.LEAD, buttons=buttons, citations=citations)


def test_a_reply_with_buttons_and_its_source() -> None:
    message = message_of(reply("**Two** plans & _more_", "Compare plans", "Book a demo"), CAPABILITIES, effect="7-3")
    texts = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    assert texts == ["*Two* plans &amp; _more_", "<https://a.example/pricing|a.example/pricing>"]
    buttons = message["blocks"][-1]["elements"]
    assert [button["value"] for button in buttons] == ["Compare plans", "Book a demo"]
    assert effect_of(message) == "7-3"
    assert (message["unfurl_links"], message["parse"], message["link_names"]) == (False, "none", False)
    assert block_problems(message["blocks"]) == ()


def test_that_words_of_a_page_cannot_ping_link_or_format() -> None:
    text = "<!channel> <https://evil.example|click> @here a*b*c ~x~ `y` <@U123>"
    shown = message_of(reply(text, url=""), CAPABILITIES, effect="e")
    everything = json.dumps([shown["text"], shown["blocks"]], ensure_ascii=False)
    assert "<!" not in everything
    assert "<@" not in everything
    assert "<https" not in everything
    assert "@here" not in everything
    assert "~x~" not in everything


def test_that_lists_code_and_links_are_slacks_own() -> None:
    (numbered,) = parse("1. one\n2. two")
    assert mrkdwn(numbered) == "1. one\n2. two"
    (bullets,) = parse("- **one**\n- [two](https://a.example/?a=1&b=2)")
    assert mrkdwn(bullets) == "• *one*\n• <https://a.example/?a=1&amp;b=2|two>"
    (code,) = parse("```\na < b\n```")
    assert mrkdwn(code) == "```a &lt; b```"


@given(
    st.text(max_size=20_000),
    st.lists(st.text(alphabet="ab c<&", min_size=1, max_size=20).filter(str.strip), max_size=3, unique=True),
)
def test_that_slack_takes_whatever_is_said(text: str, buttons: list[str]) -> None:
    message = message_of(reply(text, *buttons), CAPABILITIES, effect="e")
    assert block_problems(message["blocks"]) == ()
    told = sum(len(block["text"]["text"]) for block in message["blocks"] if block["type"] == "section")
    assert told <= TEXT_LIMIT
    assert message["text"]


def test_that_a_press_takes_the_buttons_away_and_says_what_was_chosen() -> None:
    message = message_of(reply("Which?", "This", "That"), CAPABILITIES, effect="e")
    left = pressed(message["blocks"], "That")
    assert [block["type"] for block in left] == ["section", "section", "context"]
    assert "That" in left[-1]["elements"][0]["text"]
    assert block_problems(left) == ()


def test_that_foreign_metadata_is_nobody_s_effect() -> None:
    odds: list[object] = [None, [], "x", {"event_type": "other"}]
    for odd in (*odds, {"event_type": "frontdesk_reply", "event_payload": 7}):
        assert effect_of({"metadata": odd}) == ""
    assert effect_of({"metadata": {"event_type": "frontdesk_reply", "event_payload": {"effect": 7}}}) == ""
