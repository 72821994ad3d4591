"""Which topic a question means where no expression knows its wording, with the real model."""

from __future__ import annotations

import asyncio

import pytest

from inference.minilm import MiniLMEmbedder
from knowledge.search.topic_meaning import OTHER, TopicMeaning, example_texts, topic_examples
from knowledge.search.topics import Topics, topics

MEANT = {
    "how do we get rid of it again if nobody likes it": "How can we cancel",
    "whom can I ring if I have a question": "Is there telephone support",
    "is there a way to hook our own programs up to it": "Is there an API",
    "what if a month is much busier than we planned": "What happens and what does it cost when we exceed",
    "does it need somebody who can program": "Do we need developers",
    "how many people already rely on it": "How many customers are there",
    "our buyers want papers about how safe it is": "Which documents are there for a security review",
    "could we hear from another firm that has it": "Can we speak with a reference customer",
    "how long must we stay with you at least": "How long is the contract",
    "do you keep backups for ever": "How long are data and conversations kept",
}
NOTHING = (
    "does it talk to our till system?",
    "what would the middle one cost us",
    "can it print labels for parcels",
    "I sell handmade lamps in Ghent",
    "good morning to you",
)


@pytest.fixture(scope="module")
def meaning() -> tuple[TopicMeaning, MiniLMEmbedder]:
    embedder = MiniLMEmbedder()
    texts = list(dict.fromkeys(example_texts()))
    vectors = asyncio.run(embedder.embed(texts))
    return TopicMeaning(tuple(Topics(topics())), dict(zip(texts, vectors, strict=True))), embedder


@pytest.mark.parametrize(("question", "topic"), MEANT.items())
def test_a_question_is_understood_in_words_that_nobody_listed(
    meaning: tuple[TopicMeaning, MiniLMEmbedder], question: str, topic: str
) -> None:
    told, embedder = meaning
    assert Topics(topics()).of(question) == ()
    (vector,) = asyncio.run(embedder.embed([question]))
    meant = told.of(vector)
    assert meant is not None
    assert meant.topic.question.startswith(topic)


@pytest.mark.parametrize("question", NOTHING)
def test_other_questions_mean_no_topic(meaning: tuple[TopicMeaning, MiniLMEmbedder], question: str) -> None:
    told, embedder = meaning
    (vector,) = asyncio.run(embedder.embed([question]))
    assert told.of(vector) is None


def test_every_topic_has_examples_and_every_example_a_topic() -> None:
    assert set(topic_examples()) == {one.is_ for one in topics()} | {OTHER}
    assert all(len(set(examples)) == len(examples) >= 2 for examples in topic_examples().values())
