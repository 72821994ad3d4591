from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.passage import Finding, Passage
from knowledge.reading.passages import digest, passages_of
from knowledge.search.passage_index import PassageIndex

HERE = Path(__file__).parent


def _questions(name: str) -> dict[str, list[Any]]:
    read: dict[str, list[Any]] = yaml.safe_load((HERE / f"questions_{name}.yaml").read_text(encoding="utf-8"))
    return read


def _passage(text: str, *headings: str, url: str = "/", title: str = "Site") -> Passage:
    return Passage(url=url, title=title, headings=headings, text=text, hash=digest(text))


def _answers(case: dict[str, Any], findings: tuple[Finding, ...]) -> bool:
    if not findings:
        return False
    said = " ".join(findings[0].sentences)
    return findings[0].passage.url in case["page"] and any(words in said for words in case["says"])


# Shares as measured, less a question or two; the head of each file says how its questions were used.
@pytest.mark.parametrize(
    ("name", "answered", "silent"), [("tuned", 0.84, 0.97), ("held_out", 0.6, 0.85), ("prices", 0.9, 0.8)]
)
def test_questions_get_the_right_page_and_sentence_or_silence(
    index: PassageIndex, name: str, answered: float, silent: float
) -> None:
    questions = _questions(name)
    right = [case for case in questions["answerable"] if _answers(case, index.find(case["q"]))]
    quiet = [question for question in questions["unanswerable"] if not index.find(question)]
    assert len(right) >= answered * len(questions["answerable"])
    assert len(quiet) >= silent * len(questions["unanswerable"])


def test_findings_quote_letter_for_letter_best_first(index: PassageIndex) -> None:
    for case in _questions("tuned")["answerable"]:
        findings = index.find(case["q"])
        for finding in findings:
            assert 0 <= finding.score <= 1
            assert 1 <= len(finding.sentences) <= 3
            assert all(sentence in finding.passage.text for sentence in finding.sentences)


async def test_the_port_is_answered(index: PassageIndex) -> None:
    findings = await index.search(
        "How much is the Growth plan?", page="/pricing/", hints=("/solutions/ecommerce/",), limit=2
    )
    assert 1 <= len(findings) <= 2
    assert "$249" in " ".join(findings[0].sentences)


@pytest.mark.parametrize("query", ["", "   ", "?!", "the of and", "hm", "\ud800", "9" * 5_000, "price " * 2_000])
def test_odd_queries_are_harmless(index: PassageIndex, query: str) -> None:
    assert all(finding.sentences for finding in index.find(query))


@given(st.text(max_size=200), st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_can_be_searched_for(index: PassageIndex, query: str, page: str, hints: list[str]) -> None:
    for finding in index.find(query, page=page, hints=hints):
        assert all(sentence in finding.passage.text for sentence in finding.sentences)


def test_a_search_without_passages_finds_nothing() -> None:
    assert PassageIndex(()).find("what do you do") == ()


def test_the_page_the_visitor_reads_decides_a_tie() -> None:
    pages = ("/north/", "/south/")
    index = PassageIndex([_passage(f"Delivery to the {url[1:-1]} takes two days by van.", url=url) for url in pages])
    for url in pages:
        found = index.find("how long is delivery", page=f"https://shop.example{url}?utm=x#top")
        assert found[0].passage.url == url


def test_hints_break_ties_by_address_and_by_word() -> None:
    index = PassageIndex(
        [_passage(f"Delivery to {place} takes two days by van.", url=f"/{place}/") for place in ("oslo", "bonn")]
    )
    assert index.find("delivery time", hints=("/bonn/",))[0].passage.url == "/bonn/"
    assert index.find("delivery time", hints=("oslo",))[0].passage.url == "/oslo/"


def test_an_amount_is_preferred_where_one_is_asked_for() -> None:
    index = PassageIndex(
        [
            _passage("The garden plan is the plan for small gardens and balconies.", "Garden plan"),
            _passage("The garden plan costs $12 per month in advance.", "Billing"),
        ],
    )
    assert "$12" in index.find("how much is the garden plan")[0].sentences[0]


def test_statements_are_preferred_to_questions_and_headings() -> None:
    index = PassageIndex(
        [
            _passage("Do we water roses?\nRoses\nThe gardener waters all roses every morning at seven.", "Garden"),
            _passage("Tulips are planted in autumn by the whole team.", "Tulips"),
        ],
    )
    assert index.find("do you water roses")[0].sentences == ("The gardener waters all roses every morning at seven.",)


def test_the_same_sentence_is_found_once() -> None:
    text = "Parcels leave the warehouse every evening at six."
    index = PassageIndex([_passage(text, url="/a/"), _passage(text, "Shipping", url="/b/")])
    assert len(index.find("when do parcels leave the warehouse")) == 1


def test_a_slip_of_the_keyboard_is_mended() -> None:
    index = PassageIndex([_passage("Our subscriptions renew in January."), _passage("Gardens need rain.")])
    assert index.find("when do subscritpions renew")


def test_another_threshold_can_be_set() -> None:
    passages = [_passage("Parcels leave in the evening."), _passage("Roses need rain.")]
    assert PassageIndex(passages, threshold=0.0).find("parcels for Antarctica")
    assert not PassageIndex(passages, threshold=0.99).find("parcels for Antarctica")


def test_prices_of_different_passages_are_never_joined(index: PassageIndex) -> None:
    for finding in index.find("price of Starter and of the Healthcare add-on", limit=5):
        assert all(sentence in finding.passage.text for sentence in finding.sentences)
        assert all("\n" not in sentence for sentence in finding.sentences)


def test_a_site_in_another_language_is_searched_in_it() -> None:
    html = (
        '<html lang="de"><h1>Preise</h1><p>Die kleine Lampe kostet 12 € im Monat.</p><p>Rosen blühen im Mai.</p></html>'
    )
    found = PassageIndex(passages_of(html, "/preise/")).find("Was kosten die kleinen Lampen?")
    assert found[0].sentences[0] == "Die kleine Lampe kostet 12 € im Monat."


def test_what_a_customer_paid_is_no_price_unless_the_customer_is_named() -> None:
    index = PassageIndex(
        [
            _passage("$900 is what Harbour Books paid for nine people.", "A story", url="/customers/harbour/"),
            _passage("The garden plan costs $12 per month.", "Plans", url="/pricing/"),
        ]
    )
    assert "$12" in index.find("what does it cost for nine people?")[0].sentences[0]
    assert "$900" in index.find("what did Harbour Books pay?")[0].sentences[0]


@pytest.mark.parametrize(
    "question", ["in one sentence, what you do?", "so what is it you guys sell", "explain what your product does"]
)
def test_the_company_introduces_itself_however_it_is_asked(index: PassageIndex, question: str) -> None:
    (first, *_) = index.find(question)
    assert first.passage.url == "/"
    assert "Fernlight" in first.sentences[0]


def test_who_asks_for_a_cheaper_plan_hears_of_the_cheapest(index: PassageIndex) -> None:
    (first, *_) = index.find("is there a cheaper plan?")
    assert "$49" in " ".join(first.sentences)
