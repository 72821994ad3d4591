from __future__ import annotations

import asyncio
import logging
from array import array
from collections.abc import AsyncIterator, Sequence
from math import sqrt
from typing import Any

import pytest

from core.errors import ModelError
from core.fact import Field, Source
from core.ids import ConversationId, MessageId, VisitorId
from core.message import InboundMessage, MessageKind
from inference.minilm import MiniLMEmbedder
from profiles.interpreter import LocalInterpreter
from profiles.label_examples import soundings
from profiles.label_meaning import LabelMeaning
from profiles.qualification_file import QualificationFile

SHOP = QualificationFile.model_validate(
    {
        "labels": {
            "use_case": {
                "repairs": {
                    "name": "Repairs",
                    "examples": [
                        "my washing machine is broken",
                        "have a fridge mended",
                        "somebody has to fix the oven",
                    ],
                },
                "delivery": {
                    "name": "Delivery",
                    "examples": [
                        "bring the new sofa to my flat",
                        "carry it up to the third floor",
                        "ship it to my house",
                    ],
                },
            },
            "pains": {
                "noise": {
                    "name": "Noise",
                    "examples": ["it is far too loud", "the neighbours complain about the sound", "it hums all night"],
                }
            },
        }
    }
)


class Deaf:
    """An embedding model that fails once it has learned."""

    model = "deaf"
    calls = 0

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        self.calls += 1
        if self.calls > 1:
            raise ModelError("no answer")
        return [array("f", [1 / sqrt(2), 1 / sqrt(2)]) for _ in texts]


@pytest.fixture
async def meaning() -> AsyncIterator[LabelMeaning]:
    embedder = MiniLMEmbedder()
    labels = LabelMeaning(SHOP.labels, embedder)
    assert await labels.prepare()
    yield labels
    await embedder.close()


@pytest.mark.parametrize(
    ("text", "field", "label"),
    [
        ("hello. please repair our dishwasher", Field.USE_CASE, "repairs"),
        ("hi there. we need the couch brought up to our apartment", Field.USE_CASE, "delivery"),
        ("the people next door say the thing makes too much noise", Field.PAINS, "noise"),
    ],
)
async def test_what_is_meant_is_recognised_in_words_that_no_cue_has(
    meaning: LabelMeaning, talk: Any, text: str, field: Field, label: str
) -> None:
    said = await _hears(talk, meaning, text)
    assert [(one.field, one.value, one.source) for one in said if one.field is field] == [
        (field, label, Source.INFERRED)
    ]
    assert all(one.quote in text for one in said)


@pytest.mark.parametrize(
    "text",
    [
        "good morning, what does it cost?",
        "we don't need any repairs",
        "we used to have a broken fridge mended every month",
        "is it very loud?",
        "unser Kühlschrank ist kaputt und muss repariert werden",
        "ok",
        'my tenant wrote "my washing machine is broken, can you mend it"',
    ],
)
async def test_small_talk_denials_the_past_and_questions_about_a_pain_are_none(
    meaning: LabelMeaning, talk: Any, text: str
) -> None:
    said = await _hears(talk, meaning, text)
    assert [one.value for one in said if one.field in {Field.USE_CASE, Field.PAINS}] == []


DESK = QualificationFile.model_validate(
    {
        "labels": {
            "use_case": {
                "parcels": {
                    "name": "Parcels",
                    "examples": [
                        "customers ask where their parcel is",
                        "when does my order arrive",
                        "has the delivery left yet",
                        "tell shoppers about their delivery",
                    ],
                },
                "calls": {
                    "name": "Calls",
                    "examples": ["answer the phone for us", "a voice for our phone calls", "pick up when people call"],
                },
            },
            "pains": {
                "repetition": {
                    "name": "Repetition",
                    "examples": [
                        "always the same questions",
                        "they ask the same thing all day",
                        "we type the same answer over and over",
                        "everybody wants to know the same",
                    ],
                },
                "nights": {
                    "name": "Nights",
                    "examples": ["nobody answers at night", "we are closed when people write", "messages come in late"],
                },
            },
        }
    }
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Kunden fragen, wo ihr Paket bleibt", {"parcels"}),
        ("los clientes preguntan dónde está su pedido", {"parcels"}),
        ("onze klanten willen weten waar hun bestelling blijft, wanneer het pakket komt", {"parcels"}),
        ("nachts antwortet bei uns niemand, weil wir geschlossen haben", {"nights"}),
        ("pls no calls, we hate calls", set()),
        ("bitte keine Anrufe", set()),
    ],
)
async def test_other_languages_are_recognised_and_ways_to_be_reached_are_no_wish(
    talk: Any, text: str, values: set[str]
) -> None:
    embedder = MiniLMEmbedder()
    labels = LabelMeaning(DESK.labels, embedder)
    assert await labels.prepare()
    said = await LocalInterpreter(DESK, meaning=labels).interpret([_message(text)], talk.session, {})
    await embedder.close()
    assert {one.value for one in said.facts if one.field in {Field.USE_CASE, Field.PAINS}} == values


async def test_what_is_said_twice_tells_of_one_question(desk: QualificationFile, talk: Any) -> None:
    embedder = MiniLMEmbedder()
    labels = LabelMeaning(desk.labels, embedder)
    assert await labels.prepare()
    interpreter = LocalInterpreter(desk, meaning=labels)
    values = [
        {one.value for one in (await interpreter.interpret([_message(text)], talk.session, {})).facts}
        for text in ("they want to know where is the key, where is the key", "they want to know where is the key")
    ]
    await embedder.close()
    assert "repetitive_questions" in values[0]
    assert "repetitive_questions" not in values[1]


async def test_a_student_has_no_use_case(meaning: LabelMeaning, talk: Any) -> None:
    said = await _hears(talk, meaning, "I'm a student writing my thesis: who has to fix a broken washing machine?")
    assert [one for one in said if one.field is Field.USE_CASE] == []


async def test_nothing_is_recognised_before_the_examples_are_learned(talk: Any) -> None:
    said = await _hears(talk, LabelMeaning(SHOP.labels, Deaf()), "our dishwasher stopped working, please mend it")
    assert said == ()


async def test_a_model_that_fails_is_told_once_and_words_alone_go_on(
    talk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    labels = LabelMeaning(SHOP.labels, Deaf())
    assert await labels.prepare()
    with caplog.at_level(logging.WARNING):
        for text in ("our dishwasher stopped working", "and the fridge has no light"):
            assert await _hears(talk, labels, text) == ()
    assert [record.getMessage() for record in caplog.records] == [
        "labels are recognised by words alone for now: no answer"
    ]


def test_labels_without_examples_sound_like_their_cues() -> None:
    file = QualificationFile.model_validate(
        {"labels": {"pains": {"late": {"name": "Late", "cues": ["(van|truck) ... (late|delayed)", "spät"]}}}}
    )
    assert [one.text for one in soundings(file.labels)] == ["Late", "van late", "truck delayed"]


def test_a_company_without_labels_has_nothing_to_learn() -> None:
    assert not asyncio.run(LabelMeaning(QualificationFile().labels, Deaf()).prepare())


async def _hears(talk: Any, labels: LabelMeaning, text: str) -> tuple[Any, ...]:
    interpreter = LocalInterpreter(SHOP, meaning=labels)
    burst = [_message(text)]
    return (await interpreter.interpret(burst, talk.session, {})).facts


def _message(text: str) -> InboundMessage:
    return InboundMessage(
        id=MessageId("m1"),
        channel="web",
        conversation=ConversationId("c1"),
        visitor=VisitorId("v1"),
        kind=MessageKind.TEXT,
        text=text,
        at=1_777_885_200.0,
    )
