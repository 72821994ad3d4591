"""Fitting a reply to a platform."""

from __future__ import annotations

from dataclasses import replace

from adapters.capabilities import Capabilities
from adapters.layout import lay_out
from adapters.markup import Items, Link, Paragraph, Text
from adapters.web import CHANNEL
from core.reply import Citation, Mode, Reply

REPLY = Reply(
    main_text="We have **two** plans.",
    mode=Mode.LEAD,
    buttons=("Compare plans", "Talk to sales"),
    email_prompt="Where may I send it?",
    citations=(
        Citation(url="https://www.a.example/pricing/", quote="Two plans"),
        Citation(url="https://www.a.example/pricing/", quote="twice"),
        Citation(url="javascript:x", quote="never"),
    ),
)
WEB: Capabilities = CHANNEL.capabilities


def test_that_the_page_an_answer_rests_on_is_named_once() -> None:
    layout = lay_out(REPLY, WEB)
    assert layout.buttons == REPLY.buttons
    assert layout.blocks[1:] == (
        Paragraph((Text("Where may I send it?"),)),
        Paragraph((Link((Text("a.example/pricing"),), "https://www.a.example/pricing/"),)),
    )


def test_that_buttons_a_platform_cannot_show_are_written_out() -> None:
    for poorer in (replace(WEB, buttons=0), replace(WEB, buttons=1), replace(WEB, button_length=5)):
        layout = lay_out(REPLY, poorer)
        assert layout.buttons == ()
        assert layout.blocks[-1] == Items(((Text("Compare plans"),), (Text("Talk to sales"),)))
