"""Wishes about what is kept, in the languages the assistant speaks, and what only sounds like one."""

from __future__ import annotations

import pytest

from core.wishes import Wish
from profiles.wishes import shipped_wishes

WISHES = {
    Wish.DELETE: (
        "delete my data",
        "Hi, could you erase everything I told you?",
        "I want my details deleted. Thanks",
        "please wipe this chat",
        "forget me!",
        "Bitte löschen Sie meine personenbezogenen Daten.",
        "ich möchte alle Daten löschen",
        "lösch alles, was du über mich weißt",
        "Supprimez toutes mes données, s’il vous plaît",
        "je veux effacer cette conversation",
        "Quiero eliminar todos mis datos",
        "borra todo lo que sabes de mí",
        "Quero apagar os meus dados",
        "exclua esta conversa, por favor",
        "Verwijder al mijn gegevens",
        "wis dit gesprek",
        "forget me",
    ),
    Wish.COPY: (
        "What do you know about me?",
        "send me a copy of my personal data",
        "Was wissen Sie alles über mich?",
        "que savez-vous de moi ?",
        "¿Qué sabe usted de mí?",
        "Que dados têm sobre mim?",
        "Welke gegevens bewaart u over mij?",
    ),
    Wish.WITHDRAW: (
        "I withdraw my consent",
        "Please stop profiling me",
        "Hiermit widerrufe ich: ich ziehe meine Einwilligung zurück",
        "je retire mon consentement",
        "retiro mi consentimiento",
        "revogo o meu consentimento",
        "ik trek mijn toestemming in",
    ),
    Wish.PRIVACY: ("privacy", "Datenschutz?", "vie privée", "How can I get my data deleted here?"),
    Wish.MENU: ("menu", "Menü"),
    Wish.LANGUAGE: ("change language", "Sprache ändern"),
}
OTHERS = (
    "Can we delete our customers' data in bulk?",
    "Do you delete my data if I cancel?",
    "How do I export my tickets to CSV?",
    "Do you know about Zendesk?",
    "We want to remove all the information silos.",
    "Can agents see the conversation history?",
    "Löscht ihr Kundendaten automatisch?",
    "my data is in a warehouse",
    "Forget what I said about our timeline.",
    "delete what I told you about the offer, it was wrong",
    "On peut supprimer les données des clients ?",
    "",
    "?!",
    "delete " * 2_000,
)


@pytest.mark.parametrize(("wish", "text"), [(wish, text) for wish, texts in WISHES.items() for text in texts])
def test_that_a_wish_is_heard_in_any_wording(wish: Wish, text: str) -> None:
    assert shipped_wishes().wish(text) is wish
    assert shipped_wishes().wish(text.upper()) is wish


@pytest.mark.parametrize("text", OTHERS)
def test_that_a_question_about_the_product_is_none(text: str) -> None:
    assert shipped_wishes().wish(text) is None


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("Yes", True),
        ("ja, gerne", True),
        ("Oui !", True),
        ("¡Sí!", True),
        ("No", False),
        ("no, keep it", False),
        ("Nein danke", False),
        ("não", False),
        ("not sure", None),
        ("yes or no?", None),
        ("why?", None),
        ("What does it cost?", None),
        ("yes, but before that tell me what it costs a month", None),
    ],
)
def test_that_a_decision_is_short_and_clear(text: str, *, decided: bool | None) -> None:
    assert shipped_wishes().decision(text) is decided
