"""What leaves for a model, and what comes back."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ports import ChatModel, Prompt
from inference.masking import Mask, MaskingChatModel
from inference.scripted import ScriptedChatModel

PRIVATE = {
    "email": ["ana.lopez+work@firma.co.uk", "jürgen@müller.de", "X_Y@sub.domain.travel"],
    "phone": ["+49 30 901820", "+1 (415) 555-0134", "(030) 9018 2044", "0049 30 901820", "020 7946 0958"],
    "card": ["4111 1111 1111 1111", "5500-0055-5555-5559", "378282246310005"],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB29NWBK60161331926819", "fr14 2004 1010 0505 0001 3m02 606"],
    "key": [
        "sk-proj-abcdefghijklmnop1234",
        "xoxb-123456789012-abcdefABCDEF",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
        "d41d8cd98f00b204e9800998ecf8427e",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----",
    ],
}
CASES = [(kind, text) for kind, texts in PRIVATE.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_that_private_data_is_hidden_and_comes_back(kind: str, text: str) -> None:
    mask = Mask()
    hidden = mask.hide(f"please use {text}, thanks")
    assert hidden == f"please use [{kind} 1], thanks"
    assert mask.reveal({"reply": hidden, "more": [hidden, 3, None]}) == {
        "reply": f"please use {text}, thanks",
        "more": [f"please use {text}, thanks", 3, None],
    }


@pytest.mark.parametrize(
    "text",
    [
        "about 100 tickets/day and 10 people",
        "a budget of $25,000 - 30,000 by 2026-03-15",
        "version 3.11.4, 1.2.3.4, 24/7, 99.95 %",
        "5-10 agents, 1 000 000 requests",
        "React, Node.js and @angular/core",
        "order 4111 1111 1111 1112 is no card of anyone",
        "the risk-averse ask-me-anything-at-any-time crowd",
    ],
)
def test_that_ordinary_business_talk_stays(text: str) -> None:
    hidden = Mask().hide(text)
    assert "[email" not in hidden
    assert "[key" not in hidden
    assert "[card" not in hidden
    assert "[iban" not in hidden
    assert "[phone" not in hidden or "4111" in text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("GB29NWBK60161331926819 thanks a lot", "[iban 1] thanks a lot"),
        ("4111 1111 1111 1111 12/27", "[card 1] 12/27"),
        ("12 4111 1111 1111 1111", "12 [card 1]"),
        ("AB12 GB29NWBK60161331926819", "AB12 [iban 1]"),
    ],
)
def test_that_neighbouring_words_and_numbers_do_not_shield_it(text: str, hidden: str) -> None:
    assert Mask().hide(text) == hidden


def test_that_the_same_text_gets_the_same_placeholder_and_others_their_own() -> None:
    mask = Mask()
    assert mask.hide("a@b.example, c@d.example") == "[email 1], [email 2]"
    assert mask.hide("again c@d.example") == "again [email 2]"


@given(
    before=st.text(alphabet="abc xyz.,\n", max_size=20),
    private=st.sampled_from([text for _, text in CASES]),
    after=st.text(alphabet="abc xyz,\n", max_size=20),
)
def test_that_revealing_undoes_hiding_anywhere(before: str, private: str, after: str) -> None:
    mask = Mask()
    text = f"{before} {private} {after}"
    hidden = mask.hide(text)
    assert private not in hidden
    assert mask.reveal(hidden) == text


@pytest.mark.parametrize("unit", ["1 ", "a@", "-", "AB12 ", "eyJ", "x@y.", "(", "f", "-----BEGIN PRIVATE KEY-----"])
def test_that_hostile_text_is_scanned_in_time(unit: str) -> None:
    began = time.perf_counter()
    Mask().hide((unit * 8_000)[:8_000])
    assert time.perf_counter() - began < 2


async def test_that_the_model_behind_sees_placeholders_only() -> None:
    script = ScriptedChatModel(lambda prompt: {"reply": "I will write to [email 1].", "seen": prompt.messages[0][1]})
    model: ChatModel = MaskingChatModel(script)
    prompt = Prompt(
        system="Known: ana@firma.example",
        messages=(("user", "ana@firma.example or +49 30 901820"),),
        schema={"type": "object"},
    )
    answer = await model.complete(prompt)
    assert answer == {"reply": "I will write to ana@firma.example.", "seen": "ana@firma.example or +49 30 901820"}
    [seen] = script.prompts
    assert seen.system == "Known: [email 1]"
    assert seen.messages == (("user", "[email 1] or [phone 1]"),)
