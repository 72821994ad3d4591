from __future__ import annotations

from typing import Any

import pytest

from core.fact import Field
from core.session import EmailAsking
from core.understanding import Act, EmailVerdict

ADDRESSES = [
    ("sure, nora@brightpeak.io", "nora@brightpeak.io"),
    ("Nora.Weiss@Brightpeak.IO", "nora.weiss@brightpeak.io"),
    ("it's nora dot weiss at brightpeak dot io", "nora.weiss@brightpeak.io"),
    ("nora (at) brightpeak.io", "nora@brightpeak.io"),
    ("nora [at] brightpeak [dot] co [dot] uk", "nora@brightpeak.co.uk"),
    ("nora AT brightpeak DOT com", "nora@brightpeak.com"),
    ("my email is nora at brightpeak.com", "nora@brightpeak.com"),
    ("nora_weiss+demo@mail.brightpeak.com please", "nora_weiss+demo@mail.brightpeak.com"),
    ("write to me: <nora@brightpeak.io>.", "nora@brightpeak.io"),
    ("not old@brightpeak.io, use nora@brightpeak.io", "nora@brightpeak.io"),
    ("nora@brightpeak.io, sorry, I meant nora.w@brightpeak.io", "nora.w@brightpeak.io"),
    ("my assistant is jo@brightpeak.io, mine is nora@brightpeak.io", "nora@brightpeak.io"),
    ("nora arroba brightpeak punto es", "nora@brightpeak.es"),
]
MISTYPED = [
    ("lena@gmial.com", "lena@gmail.com"),
    ("lena@gmail.con", "lena@gmail.com"),
    ("lena@hotmial.com", "lena@hotmail.com"),
    ("lena@outlok.com", "lena@outlook.com"),
    ("lena@yaho.com", "lena@yahoo.com"),
    ("lena@brightpeak.con", "lena@brightpeak.com"),
    ("lena@gmail.co", "lena@gmail.com"),
    ("lena@gmall.de", "lena@gmail.com"),
]
NOT_ADDRESSES = [
    "I work at brightpeak dot com",
    "I'm the founder at brightpeak.io",
    "look at our site: brightpeak.com",
    "my colleague is bob@brightpeak.io",
    "we met at 5. then he left",
    "my boss can be reached under amir@brightpeak.io",
]
PHONES = [
    ("call me on +44 20 7946 0958", "+442079460958"),
    ("my number is (212) 555-0187", "+12125550187"),
    ("Tel.: +49 30 901820", "+4930901820"),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_own_addresses_are_read(talk: Any, text: str, address: str) -> None:
    said = talk.hears(text)
    assert said.email is not None
    assert said.email.verdict is EmailVerdict.VALID
    assert talk.knows(Field.EMAIL) == address
    assert Act.GIVES_EMAIL in said.acts


@pytest.mark.parametrize(("text", "likely"), MISTYPED)
def test_slips_in_well_known_domains_get_a_suggestion(talk: Any, text: str, likely: str) -> None:
    said = talk.hears(text)
    assert said.email is not None
    assert (said.email.verdict, said.email.suggestion) == (EmailVerdict.MISTYPED, likely)
    assert talk.knows(Field.EMAIL) is None


@pytest.mark.parametrize("domain", ["snail.io", "outline.com", "lookout.com", "proton-ai.com", "yodel.com", "acme.co"])
def test_plausible_company_domains_are_left_alone(talk: Any, domain: str) -> None:
    said = talk.hears(f"tom@{domain}")
    assert said.email is not None
    assert said.email.verdict is EmailVerdict.VALID


@pytest.mark.parametrize("text", NOT_ADDRESSES)
def test_other_peoples_addresses_and_prose_are_none(talk: Any, text: str) -> None:
    assert talk.hears(text).email is None


def test_an_impossible_address_is_invalid(talk: Any) -> None:
    said = talk.hears("tom@brightpeak")
    assert said.email is not None
    assert said.email.verdict is EmailVerdict.INVALID
    assert not said.facts


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ("ida@gmail.com", "free_mail"),
        ("ida@mailinator.com", "disposable"),
        ("info@brightpeak.io", "role_account"),
        ("ida@brightpeak.io", ""),
    ],
)
def test_kinds_of_addresses_are_noted(talk: Any, address: str, note: str) -> None:
    said = talk.hears(address)
    assert [fact.note for fact in said.facts if fact.field is Field.EMAIL] == [note]


def test_yes_confirms_the_suggested_spelling(talk: Any) -> None:
    said = talk.hears("yes", email=EmailAsking(asked=1, to_confirm="lena@gmail.com"))
    assert talk.knows(Field.EMAIL) == "lena@gmail.com"
    assert [fact.quote for fact in said.facts if fact.field is Field.EMAIL] == ["yes"]


def test_no_does_not_confirm_it(talk: Any) -> None:
    talk.hears("no", email=EmailAsking(asked=1, to_confirm="lena@gmail.com"))
    assert talk.knows(Field.EMAIL) is None


@pytest.mark.parametrize(("text", "number"), PHONES)
def test_phone_numbers_are_e164(talk: Any, text: str, number: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.PHONE) == number


@pytest.mark.parametrize(
    "text", ["order 4711 0815 1234 is late", "we have 1 200 000 users", "my colleague's phone is +44 20 7946 0958"]
)
def test_other_long_numbers_are_no_phone(talk: Any, text: str) -> None:
    talk.hears(text)
    assert talk.knows(Field.PHONE) is None


REFUSALS = [
    "I'd rather not",
    "no email please",
    "I'm not comfortable sharing that",
    "no spam please",
    "no",
    "prefer not to",
    "lieber nicht",
]


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_right_after_the_request_is_understood(talk: Any, text: str) -> None:
    said = talk.hears(text, turns=3, email=EmailAsking(asked=1, asked_turn=3))
    assert Act.REFUSES_EMAIL in said.acts


@pytest.mark.parametrize(
    "text",
    ["I'd rather not use Zendesk", "no", "not yet, we are still comparing", "we'd prefer not to host it ourselves"],
)
def test_the_same_words_elsewhere_refuse_nothing(talk: Any, text: str) -> None:
    assert Act.REFUSES_EMAIL not in talk.hears(text).acts


def test_giving_it_after_all_is_no_refusal(talk: Any) -> None:
    said = talk.hears("I'd rather not, but ok: ida@brightpeak.io", turns=2, email=EmailAsking(asked=1, asked_turn=2))
    assert Act.REFUSES_EMAIL not in said.acts
    assert Act.GIVES_EMAIL in said.acts
