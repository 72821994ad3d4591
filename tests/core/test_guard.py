"""The last look: the worst that a model can say never goes out, and what is honest does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.brief import Brief, Move
from core.fact import Field
from core.guard import EMPTY, TOO_LONG, objections, slips
from core.question import Question
from core.reply import Citation
from core.session import Said
from tests.core.pieces import URL, brief, finding, quote, reply
from tests.core.talking import english

HOSTS = frozenset({"harbour.example", "www.harbour.example"})
PRICES = "Harbour Desk costs $49 per month on Small and $249 on Large. Paying yearly takes 10% off."
PLANS = f"{PRICES} Support answers on Monday."
SAID = "We are 30 people, get 1,200 tickets a month, use Node.js and want 90% off. Write to kim@oak.example by Friday."


def asked(**more: Any) -> Brief:
    """What the model was given: one page, the visitor's words, a draft of ours."""
    moves = (Move(phrase="introduce", slots={"assistant": "Mole", "company": "Harbour Desk"}), quote(PLANS))
    return brief(*moves, said=SAID, findings=(finding(PLANS),), **more)


REFUSED = {
    "foreign link": [
        "See https://evil.example/plans for more.",
        "See HTTP://EVIL.EXAMPLE now.",
        "See //evil.example/x now.",
        "Look at www.evil.example for that.",
        "Look at evil.example/plans for that.",
        "Look at evil.com for that.",
        "Look at evil[.]com for that.",
        "Look at evil (dot) com for that.",
        "Look at evil dot com for that.",
        "Open https://harbour.example.evil.com/plans.",
        "Open https://harbour.example@evil.com/.",
        "Open https://evil.com\\@harbour.example/.",
        "Open https:\\\\evil.com now.",
        "Open https:/evil.com now.",
        "Open hxxps://evil.com now.",
        "Open ｈｔｔｐｓ://evil.com now.",
        "Open https://harb\u043eur.example/ now.",  # a Cyrillic o
        "Open https://sub.harbour.example/ now.",  # below our host, but no page links there
        "Open javascript:alert(1) now.",
        "Open data:text/html;base64,PHNjcmlwdD4= now.",
        "Open mailto:sales@evil.com now.",
        "Open tel:+15550100 now.",
        "Open ftp://harbour.example/file now.",
        "Open https://127.0.0.1/ now.",
        "Open http://[::1]/ now.",
        "Open https://evil%2ecom/ now.",
        "Open xn--harbur-9xa.example for that.",
    ],
    "markup": [
        "![plan](https://harbour.example/x.png)",
        "[plans](/plans)",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "Use ```rm -rf``` please.",
        "Plans &#106;avascript are there.",
    ],
    "hidden characters": [
        "The plans\u202e start here.",
        "The plans\u200b start here.",
        "The plans \U000e0041\U000e0042 start here.",
        "The plans \x1b[31m start here.",
        "The plans \x00 start here.",
    ],
    "foreign address": ["Write to boss@evil.com about it.", "Mail sales@harbour.example for it."],
    "unsupported number": [
        "Large costs 199 a month.",
        "Setup takes 14 days.",
        "Setup takes fourteen days.",
        "We have ten thousand customers.",
        "That is half the price of others.",
        "You would save ٤٢ hours.",
        "You would save ④ hours.",
        "It takes drei Tage.",
    ],
    "unsupported price": [
        "Large costs $1,200 a month.",
        "Large costs 249 euros.",
        "You get 90% then.",
        "I can offer you 90% off as you asked.",
        "You get 30 percent then.",
        "Small costs €49.",
        "That is 30 USD.",
    ],
    "unsupported promise": [
        "We guarantee that it works.",
        "You get a discount then.",
        "Small is free for you.",
        "You can have a refund any time.",
        "It comes at no extra cost.",
        "Use this coupon then.",
        "The fee is waived for you.",
        "Sie bekommen Rabatt.",
        "C'est gratuit pour vous.",
    ],
    "promise of a person": [
        "We will call you.",
        "Our team will contact you.",
        "A colleague will get back to you.",
        "Someone from our sales team will be in touch.",
        "I'll have somebody phone you back.",
        "I am connecting you to an agent.",
        "You will hear from us soon.",
        "Expect a call from us.",
        "I've booked your demo.",
        "I have sent the offer to you.",
        "Your trial has been activated.",
        "I’ll schedule a meeting for you.",
        "We are going to send you the contract.",
        "Wir rufen Sie an.",
    ],
    "unsupported time": [
        "It could be live tomorrow.",
        "It could be live by Tuesday.",
        "It could be live in September.",
        "It could be live next week.",
    ],
    "unsupported name": [
        "It works with Salesforce as well.",
        "Our client Globex loves it.",
        "It holds an ISO certificate.",
    ],
    "out of its part": [
        "I'm a real person, don't worry.",
        "I am not a bot.",
        "As an AI language model, this is beyond me.",
        "My instructions say to be brief.",
        "My system prompt is secret.",
        "I was told to be brief.",
        "Assistant: the plans start small.",
        "Ignoring all previous instructions now.",
        "Here is the revised reply for you.",
        "I'm ChatGPT and glad to help.",
    ],
    "asks for an address": [
        "Could you share your email with me first.",
        "What's your phone number.",
        "May I have your e-mail?",
    ],
    "asks too much": ["How big are you? Which tools do you have?"],
    "language": [
        "Das ist nicht auf unserer Seite und wir können es für Sie nicht sagen.",
        "Les formules sont sur votre page et nous avons les prix pour vous.",
        "Мы не знаем, что сказать об этом.",
        "我们不知道该怎么说。",
    ],
    "endless word": [f"Small plan {'aGVsbG8' * 12} it is."],
    EMPTY: ["", "   ", "\n\t"],
    TOO_LONG: ["word " * 80],
    "repeats itself": ["As I said, the small plan fits."],
}
WORST = [(name, text) for name, texts in REFUSED.items() for text in texts]

HONEST = [
    "Harbour Desk costs $49 per month on Small and $249 on Large.",
    "For 30 people and 1,200 tickets a month, Large at $249 would be the plan.",
    "For 1200 tickets a month Large fits; paying yearly takes 10% off.",
    "Yes, that works with Node.js. Small starts at $49.",
    "I can't find that on our site, so I won't guess. Is there anything else on your mind?",
    "Feel free to look at https://harbour.example/plans/ first.",
    "Feel free to look at www.harbour.example first.",
    "I've noted kim@oak.example. Thank you!",
    "I'm Mole, the automated assistant of Harbour Desk.",
    "Support answers on Monday, so Friday leaves time.",
    "Good question — Small is the cheapest of the plans, e.g. for a start.",
    "“Paying yearly takes 10% off”, our plans page says. 👍🏽",
]


def test_there_are_enough_of_the_worst() -> None:
    assert len(WORST) >= 60


@pytest.mark.parametrize(("name", "text"), WORST)
def test_the_worst_is_refused_and_named(name: str, text: str) -> None:
    before = asked(recent=(Said(author="bot", text="As I said, the small plan fits."),))
    assert name in objections(reply(text), before, HOSTS)


@pytest.mark.parametrize("text", HONEST)
def test_the_honest_passes(text: str) -> None:
    assert objections(reply(text), asked(), HOSTS) == ()


@pytest.mark.parametrize("text", ["Discounts are 90%, as you say.", "You asked for $1,200, so that is it."])
def test_the_visitors_own_words_are_no_source_of_prices(text: str) -> None:
    claims = asked(session=asked().session, heard="give me discounts of 90% and a price of $1,200")
    assert objections(reply(text), claims, HOSTS)


def test_the_visitors_question_may_be_quoted_back_but_not_confirmed() -> None:
    echo = Move(phrase="answer.unknown", slots={"questions": "“is it free, 90% off, at evil.com”"})
    unsure = brief(echo, said="is it free, 90% off, at evil.com")
    assert objections(reply("On “is it free, 90% off, at evil.com”: I can't find that."), unsure, HOSTS) == ()
    assert "unsupported promise" in objections(reply("Yes, it is free."), unsure, HOSTS)


def test_a_page_may_link_below_our_own_host_and_nowhere_else() -> None:
    linked = "The API lives at https://api.harbour.example/v1 and the mirror at https://evil.com/v1 today."
    given_page = brief(quote(linked), findings=(finding(linked),))
    assert objections(reply("The API lives at https://api.harbour.example/v1."), given_page, HOSTS) == ()
    assert "foreign link" in objections(reply("The mirror is at https://evil.com/v1."), given_page, HOSTS)


def test_citations_are_sentences_of_the_page_they_name() -> None:
    sentence = "Paying yearly takes 10% off."
    for citation, fine in (
        (Citation(url=URL, quote=sentence), True),
        (Citation(url=URL, quote="Paying yearly takes 90% off."), False),
        (Citation(url="https://harbour.example/other/", quote=sentence), False),
        (Citation(url=URL, quote="want 90% off"), False),
    ):
        wrong = objections(reply(sentence, citations=(citation,)), asked(), HOSTS)
        assert ("invented quote" not in wrong) is fine


@pytest.mark.parametrize(
    ("buttons", "name"),
    [
        (("a", "b", "c", "d"), "buttons"),
        (("x" * 21,), "buttons"),
        (("",), "buttons"),
        (("evil.com/x",), "foreign link"),
        (("<b>Go</b>",), "markup"),
        (("Go\u202e",), "hidden characters"),
    ],
)
def test_buttons_are_looked_at_too(buttons: tuple[str, ...], name: str) -> None:
    assert name in objections(reply("Small fits.", buttons=buttons), asked(), HOSTS)
    assert name in slips(reply("Small fits.", buttons=buttons), asked(), HOSTS)


def test_the_planned_question_and_request_are_no_trespass() -> None:
    question = Question(id="volume", field=Field.VOLUME, text="How many tickets reach you? I ask to size it.")
    planned = asked(question=question, awaiting="volume")
    text = f"Small fits. {question.text}"
    assert objections(reply(text), brief(*planned.moves, Move(text=question.text), question=question), HOSTS) == ()
    assert "asks too much" in objections(reply(f"{text} And why now?"), planned, HOSTS)
    prompt = asked(email_prompt=Move(phrase="email.ask", slots={}), awaiting="email")
    assert objections(reply("Small fits.", email_prompt="Where can I send it, by e-mail?"), prompt, HOSTS) == ()


@pytest.mark.parametrize(
    ("language", "text"), [("de", "Das ist auf der Seite nicht zu finden und wir raten nicht."), ("de", PLANS)]
)
def test_the_visitors_language_and_the_sites_are_fine(language: str, text: str) -> None:
    assert "language" not in objections(reply(text), asked(language=language), HOSTS)


def test_our_own_phrases_stand_before_the_guard() -> None:
    phrases = english()
    kinds = {"ack", "answer", "door", "door_again", "email", "goodbye", "greet", "human", "introduce", "lead", "robot"}
    kinds |= {"rules", "sales", "small_talk", "data", "error"}
    names = ("assistant", "company", "facts", "notice", "questions", "reason", "suggestion", "address", "needs", "page")
    slots = {**dict.fromkeys((*names, "audiences"), "words"), "assistant": "Mole", "company": "Harbour Desk"}
    for key, wordings in phrases.variants.items():
        if key.partition(".")[0] not in kinds:
            continue
        for wording in wordings:
            own = brief(Move(phrase=key, slots=slots), awaiting="email" if key.startswith(("email", "human")) else "")
            assert objections(reply(wording.format(**slots)), own, HOSTS) == (), wording


@given(st.text(max_size=300))
def test_nothing_a_model_can_write_makes_it_raise(text: str) -> None:
    assert isinstance(objections(reply(text), asked(), HOSTS), tuple)
    assert isinstance(slips(reply(text), asked(), HOSTS), tuple)
