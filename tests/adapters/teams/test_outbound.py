"""What a reply becomes: text that stays text, cards that Teams' renderer reads, and never too much at once."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.markup import parse
from adapters.teams import CHANNEL
from adapters.teams.bridge import addressed
from adapters.teams.markdown import escaped, write
from adapters.teams.outbound import PAYLOAD_LIMIT, Composed, Outgoing, chosen, compose, with_buttons
from adapters.teams.reference import Reference
from core.reply import Citation
from tests.adapters.teams.harness import reply
from tests.peers.node import PEERS, node_module

TOKEN = "0123456789abcdef" * 2
WHERE = Reference(
    service_url="https://smba.trafficmanager.net/emea/",
    chat="19:team@thread.tacv2;messageid=1",
    kind="channel",
    bot="28:bot",
    user="29:pat",
)
HOSTILE = [
    "**bold** and _soft_ [link](https://evil.example)",
    "[x](javascript:alert(1)) ![i](https://evil.example/i.png)",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "# heading\n\n> quote\n\n---\n\n| a | b |\n|---|---|",
    "<at>everyone</at> @channel",
    "1. one\n2. two\n\n- a\n- b",
    "`code` and ```\nfence\n```",
    "*" * 400,
    "[" * 200 + "](" * 200,
    "\\`*_[]<>~|#+-=.()!",
    "{{DATE(2026-01-01T00:00:00Z)}} ${name} {name}",
    "\u202eright to left\u202c 👩‍👩‍👧‍👦 é",
]


def composed(text: str, *, suggested: bool = False, **more: Any) -> Composed:
    return compose(reply(text, **more), CHANNEL.capabilities, suggested=suggested)


def wire(outgoing: Outgoing, made: Composed) -> dict[str, Any]:
    if outgoing.card is not None:
        outgoing = Outgoing(card=with_buttons(made.body, made.labels, TOKEN), summary=outgoing.summary)
    return addressed(outgoing, WHERE)


def test_that_a_plain_answer_is_markdown_text() -> None:
    made = composed("We do **that**, see [prices](https://shop.example/prices).\n\n- one\n- two")
    (message,) = made.messages
    assert message.text == "We do **that**, see [prices](https://shop.example/prices).\n\n- one\n- two"
    activity = addressed(message, WHERE)
    assert (activity["type"], activity["textFormat"]) == ("message", "markdown")
    assert activity["conversation"]["id"] == WHERE.chat
    assert "replyToId" not in activity


def test_that_sources_follow_as_links() -> None:
    made = composed("Yes.", citations=(Citation(url="https://shop.example/a(1)", quote="Yes."),))
    assert made.messages[0].text == "Yes.\n\n[shop.example/a(1)](https://shop.example/a%281%29)"


def test_that_buttons_stand_on_a_card_that_carries_the_text() -> None:
    made = composed("Which **one**?", buttons=("Pricing", "A demo"))
    activity = wire(made.messages[-1], made)
    card = activity["attachments"][0]["content"]
    assert "text" not in activity
    assert activity["summary"] == "Which one?"
    assert card["version"] <= "1.5"
    assert [run["text"] for run in card["body"][0]["inlines"]] == ["Which ", "one", "?"]
    assert [(one["type"], one["title"]) for one in card["actions"]] == [
        ("Action.Submit", "Pricing"),
        ("Action.Submit", "A demo"),
    ]
    assert card["actions"][1]["data"] == {"frontdesk": TOKEN, "choice": 1}


def test_that_a_personal_chat_may_have_suggested_actions_instead() -> None:
    made = composed("Which one?", buttons=("Pricing", "A demo"), suggested=True)
    activity = addressed(made.messages[0], WHERE)
    actions = activity["suggestedActions"]
    assert actions["to"] == ["29:pat"]
    assert [(one["type"], one["title"], one["value"]) for one in actions["actions"]] == [
        ("imBack", "Pricing", "Pricing"),
        ("imBack", "A demo", "A demo"),
    ]


def test_that_more_buttons_than_teams_shows_are_written_out() -> None:
    labels = tuple(f"Choice {number}" for number in range(7))
    made = composed("Which one?", buttons=labels)
    assert made.labels == ()
    assert made.messages[0].text.endswith("- Choice 6")


@pytest.mark.parametrize("text", HOSTILE)
def test_that_text_on_a_card_is_never_markup(text: str) -> None:
    made = composed("Here.", buttons=(text[:20],))
    card = with_buttons(made.body, made.labels, TOKEN)
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    closed = chosen(made.body, text)
    assert closed["body"][-1]["inlines"][0]["text"] == f"✓ {text}"
    assert "actions" not in closed


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_that_escaped_text_reads_as_itself(text: str) -> None:
    """What was plain is plain again for whoever reads the markdown, whatever it held."""
    line = " ".join(text.split())
    (block, *more) = parse(escaped(line)) or (None,)
    assert not more
    found = "" if block is None else "".join(getattr(node, "text", "\0") for node in block.inner)  # type: ignore[union-attr]
    assert found == line.strip()


@pytest.mark.parametrize("size", [1, 5_000, 19_000, 40_000, 120_000])
@pytest.mark.parametrize("letter", ["a", "*", "é", '"', "👩", "word ", "**a** "])
@pytest.mark.parametrize("labels", [(), ("Pricing", "A demo")])
def test_that_no_message_is_larger_than_teams_takes(size: int, letter: str, labels: tuple[str, ...]) -> None:
    text = letter * (size // len(letter.encode()) + 1)
    made = composed(text, buttons=labels)
    for outgoing in made.messages:
        assert len(json.dumps(wire(outgoing, made), ensure_ascii=False).encode()) <= PAYLOAD_LIMIT


def test_that_a_fence_cannot_be_left() -> None:
    (block,) = parse("````\n```\n**x**\n````")
    assert write([block]) == "````\n```\n**x**\n````"


def test_that_every_card_is_read_by_the_renderer_of_teams() -> None:
    node_module("adaptivecards")
    cards = []
    for text in [*HOSTILE, "Plain.", "1. one\n2. **two**\n\n[three](https://shop.example/3) `four`\nfive"]:
        made = composed(
            text, buttons=("Pricing", "A demo", "No"), citations=(Citation(url="https://a.example/b", quote="b"),)
        )
        cards += [with_buttons(made.body, made.labels, TOKEN), chosen(made.body, "A demo")]
    cards.append({"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "Nonsense"}, {"type": "Image"}]})
    program = PEERS / "read_cards.cjs"
    lines = "".join(json.dumps(card) + "\n" for card in cards)
    done = subprocess.run(["node", program], input=lines, capture_output=True, text=True, timeout=60, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(cards)
    assert answers.pop()["problems"]
    for card, answer in zip(cards, answers, strict=False):
        assert answer == {"problems": [], "items": len(card["body"]), "actions": len(card.get("actions", []))}
