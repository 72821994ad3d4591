"""The detector with the real local model: unseen vendors, failures, what is skipped, what is kept."""

from __future__ import annotations

import asyncio
import logging
import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.errors import DependencyError, ModelError
from core.fact import Fact, Field, Operation, Quantity
from core.ids import FactId, MessageId, PersonaId
from core.ledger import Known
from core.message import Page
from core.persona import UNKNOWN, Persona, PersonaGuess
from core.ports import Embedder, PersonaDetector
from inference.minilm import MiniLMEmbedder
from inference.shared_embedder import SharedEmbedder
from personas.detector import CuePersonaDetector
from personas.examples import examples_of, nobody
from personas.live import MeaningPersonaDetector, build_detector

HERE = Path(__file__).parent
SHIPPING = [
    Persona(
        id=PersonaId("bakers"),
        name="Bakeries",
        description="Bakeries that deliver bread before breakfast.",
        pains=("ovens stand still when flour is missing",),
        pages=("/bakeries",),
    ),
    Persona(
        id=PersonaId("vets"),
        name="Animal clinics",
        description="Practices that treat pets and horses.",
        features=("vaccination reminders for cats and dogs",),
    ),
]


class Counting:
    """An embedder that counts the texts it is asked for, and fails when told to."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.texts: list[str] = []
        self.error: Exception | None = None

    @property
    def model(self) -> str:
        return self._inner.model

    async def embed(self, texts: Sequence[str]) -> Sequence[array[float]]:
        if self.error:
            raise self.error
        self.texts += texts
        return await self._inner.embed(texts)


@pytest.fixture(scope="module")
def shared() -> Iterator[SharedEmbedder]:
    """One model for all tests, which remembers texts: it is loaded once, and each text is computed once."""
    local = MiniLMEmbedder()
    yield SharedEmbedder(local)
    asyncio.run(local.close())


@pytest.fixture
def counting(shared: SharedEmbedder) -> Counting:
    return Counting(shared)


def _read(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def _persona(entry: dict[str, Any]) -> Persona:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Persona(**fields)


def _known(facts: dict[str, Any]) -> Known:
    return {
        Field(name): tuple(_fact(Field(name), one) for one in (value if isinstance(value, list) else [value]))
        for name, value in facts.items()
    }


def _fact(field: Field, value: object) -> Fact:
    return Fact(
        id=FactId("f"),
        field=field,
        value=Quantity(low=value, high=value) if isinstance(value, int) else str(value),
        operation=Operation.SET,
        quote="",
        message=MessageId("m"),
        channel="web",
        at=0.0,
    )


async def _guess(detector: PersonaDetector, case: dict[str, Any]) -> PersonaGuess:
    """Turn by turn, as the engine does; page and facts are known at the end only."""
    guess, so_far = UNKNOWN, ""
    for number, message in enumerate(case["said"], start=1):
        so_far = f"{so_far}\n{message}".strip()
        last = number == len(case["said"])
        page = Page(url=case["page"]) if last and "page" in case else None
        known = _known(case.get("facts", {})) if last else {}
        guess = await detector.detect(so_far, page=page, known=known, previous=guess)
    return guess


async def _say(detector: PersonaDetector, *said: str, previous: PersonaGuess = UNKNOWN) -> PersonaGuess:
    return await detector.detect("\n".join(said), page=None, known={}, previous=previous)


def _vendors(name: str) -> list[tuple[list[Persona], list[dict[str, Any]]]]:
    """The invented vendors and the example desk, each with visitors."""
    vendors = [
        ([_persona(one) for one in vendor["personas"]], vendor["visitors"]) for vendor in _read(f"vendors_{name}.yaml")
    ]
    desk = yaml.safe_load((HERE / "hand_written.yaml").read_text(encoding="utf-8"))
    fields = ("id", "name", "description", "company_sizes", "industries", "roles", "pains", "features", "cues", "pages")
    personas = [_persona({key: one[key] for key in fields if key in one}) for one in desk["personas"]]
    return [*vendors, (personas, _read(f"visitors_{name}.yaml"))]


# Shares as measured (0.90 and 0.85 right, 0.03 and 0.05 wrong; 0.58 right by words), less two visitors. The weights are
# fitted to these, to compiled vendors and to whole conversations alike. Six held-out visitors say nearly what
# nobody.yaml says, "I want to cancel my subscription" among them.
@pytest.mark.parametrize(("name", "right", "wrong"), [("tuned", 0.885, 0.05), ("held_out", 0.835, 0.085)])
async def test_that_visitors_of_unseen_vendors_are_told_apart(
    counting: Counting, name: str, right: float, wrong: float
) -> None:
    hits = misses = count = by_words = 0
    for personas, visitors in _vendors(name):
        detector, words = await build_detector(personas, embedder=counting), CuePersonaDetector(personas)
        for case in visitors:
            chosen = (await _guess(detector, case)).chosen
            count += 1
            hits += chosen == case["persona"]
            misses += chosen not in {None, case["persona"]}
            by_words += (await _guess(words, case)).chosen == case["persona"]
    assert hits >= right * count
    assert misses <= wrong * count
    assert hits >= by_words + 0.2 * count  # what the model is for


async def test_that_other_words_for_the_same_thing_are_understood(counting: Counting) -> None:
    detector = await build_detector(SHIPPING, embedder=counting)
    guess = await _say(detector, "my kitten and two puppies need their jabs")
    assert guess.chosen == "vets"
    assert guess.signals[0] == "sounds like: 'vaccination reminders for cats and dogs'"
    assert sum(chance for _, chance in guess.probabilities) + guess.none == pytest.approx(1)
    found = detector.persona(guess.chosen)
    assert found is not None
    assert found.name == "Animal clinics"


@pytest.mark.parametrize(
    "said",
    [
        "Hello!",
        "how much is it per month?",
        "I'd like to apply for the accounting job you posted",
        "my essay at college is about your industry",
        "we operate a nuclear power station",
    ],
)
async def test_that_nobody_in_particular_is_nobody(counting: Counting, said: str) -> None:
    guess = await _say(await build_detector(SHIPPING, embedder=counting), said)
    assert guess.chosen is None
    assert guess.none > 0.4


async def test_that_what_is_denied_or_somebody_elses_is_not_compared(counting: Counting) -> None:
    detector = await build_detector(SHIPPING, embedder=counting)
    await _say(detector, "we are not a bakery, we treat cats and dogs. My brother has a bakery in town")
    assert "we treat cats and dogs" in counting.texts[-1]
    assert "bakery" not in counting.texts[-1]


async def test_that_messages_which_tell_nothing_are_not_embedded(counting: Counting) -> None:
    detector = await build_detector(SHIPPING, embedder=counting)
    before = len(counting.texts)
    said = "hi\nyes please\n42\nwho@where.example\nhow much is it?\nok thanks"
    await _say(detector, said)
    assert len(counting.texts) == before
    await _say(detector, said, "we bake rye bread for cafes")
    await _say(detector, said, "we bake rye bread for cafes", "no")
    assert counting.texts[before:] == ["we bake rye bread for cafes"]


async def test_that_a_settled_guess_costs_nothing_more(counting: Counting) -> None:
    detector = await build_detector(SHIPPING, embedder=counting)
    first = "we are a bakery and deliver bread before breakfast"
    guess = await _say(detector, first)
    assert guess.probability(PersonaId("bakers")) > 0.9
    before = len(counting.texts)
    later = await _say(detector, first, "forty vans leave the yard at four", previous=guess)
    assert len(counting.texts) == before
    assert later.chosen == "bakers"
    turned = await _say(
        detector, first, "sorry, wrong: an animal clinic, vaccination of pets and horses", previous=guess
    )
    assert len(counting.texts) == before + 1
    assert turned.probability(PersonaId("vets")) > guess.probability(PersonaId("vets"))


@pytest.mark.parametrize("error", [ModelError("away"), DependencyError("not installed")])
async def test_that_words_alone_decide_while_the_model_fails(
    counting: Counting, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    detector = await build_detector(SHIPPING, embedder=counting)
    words = CuePersonaDetector(SHIPPING)
    counting.error = error
    said = "we are one of three animal clinics and treat horses"
    with caplog.at_level(logging.WARNING):
        assert await _say(detector, said) == await _say(words, said)
        await _say(detector, said)
    assert len(caplog.records) == 1  # told once
    counting.error = None
    assert await _say(detector, said) != await _say(words, said)


async def test_that_a_model_that_never_worked_is_done_without(
    counting: Counting, caplog: pytest.LogCaptureFixture
) -> None:
    counting.error = ModelError("away")
    with caplog.at_level(logging.WARNING):
        detector = await build_detector(SHIPPING, embedder=counting)
    assert "words alone" in caplog.text
    counting.error = None
    said = "we treat horses"
    assert await _say(detector, said) == await _say(CuePersonaDetector(SHIPPING), said)
    assert isinstance(detector, MeaningPersonaDetector)
    assert await detector.prepare()
    assert await _say(detector, said) != await _say(CuePersonaDetector(SHIPPING), said)


async def test_that_without_numpy_words_decide(
    counting: Counting, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with caplog.at_level(logging.WARNING):
        detector = await build_detector(SHIPPING, embedder=counting)
    assert "package numpy" in caplog.text
    assert await _say(detector, "we treat horses") == await _say(CuePersonaDetector(SHIPPING), "we treat horses")


async def test_that_without_an_embedder_words_decide() -> None:
    assert isinstance(await build_detector(SHIPPING), CuePersonaDetector)


async def test_that_a_later_word_on_something_else_does_not_blur_who_it_is(counting: Counting) -> None:
    detector = await build_detector(SHIPPING, embedder=counting)
    first = await _say(detector, "my kitten and two puppies need their jabs")
    later = await _say(detector, "my kitten and two puppies need their jabs", "any afternoon next week suits me fine")
    assert later.chosen == "vets"
    assert later.probability(PersonaId("vets")) > 0.8 * first.probability(PersonaId("vets"))


async def test_that_words_decide_where_the_model_understands_nothing(counting: Counting) -> None:
    """The shipped model has learned English alone."""
    clinic = Persona(id=PersonaId("clinics"), name="Dental clinics", industries=("healthcare",))
    detector = await build_detector([clinic, SHIPPING[0]], embedder=counting)
    said = "nuestra clínica en Sevilla, doce sillones, agenda y recordatorios"
    guess = await _say(detector, said)
    assert guess.probability(PersonaId("clinics")) > 0.5
    assert guess.signals[0] in {"says: 'clínica'", "speaks of: clinic", "speaks of: doctors"}


async def test_that_the_name_of_the_product_tells_nobody_apart() -> None:
    named = [replace(one, features=(f"Quillbar saves time for {one.name}",)) for one in SHIPPING]
    texts = {one.text for one in examples_of(named, nobody(), ())}
    assert "saves time for Bakeries" in texts
    assert not any("Quillbar" in text for text in texts)


async def test_that_vectors_are_kept_over_restarts(counting: Counting, tmp_path: Path) -> None:
    cache = tmp_path / "state" / "personas.npz"
    first = await build_detector(SHIPPING, embedder=counting, cache=cache)
    asked = len(counting.texts)
    again = await build_detector(SHIPPING, embedder=counting, cache=cache)
    assert len(counting.texts) == asked
    said = "horses and ponies"
    assert await _say(first, said) == await _say(again, said)
    cache.write_bytes(b"broken")
    await build_detector(SHIPPING[:1], embedder=counting, cache=cache)
    assert len(counting.texts) > asked
    assert [path.name for path in cache.parent.iterdir()] == ["personas.npz"]


@pytest.mark.parametrize(
    "said", ["a" * 2_000, "clients " * 250, "." * 2_000, "not " * 500, "\ud800 \U000e0041 bread", "7" * 2_000]
)
async def test_that_hostile_words_are_harmless(counting: Counting, said: str) -> None:
    guess = await _say(await build_detector(SHIPPING, embedder=counting), said)
    assert sum(chance for _, chance in guess.probabilities) + guess.none == pytest.approx(1)
