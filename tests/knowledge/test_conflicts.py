from __future__ import annotations

import pytest

from core.passage import Passage
from knowledge.reading.passages import digest
from knowledge.search.passage_index import PassageIndex

FIRST = "The archive keeps deleted drawings for 30 days before they vanish."


def _index(text: str, url: str = "/help/") -> PassageIndex:
    texts = {"/terms/": FIRST, url: text, "/": "Draughty is a drawing board for architects."}
    return PassageIndex(
        [Passage(url=url, title="Draughty", headings=(), text=text, hash=digest(text)) for url, text in texts.items()]
    )


def test_the_same_statement_with_another_figure_is_told_beside_it() -> None:
    for finding in _index("The archive keeps deleted drawings for 90 days before they vanish.").find(
        "how long does the archive keep deleted drawings?"
    )[:1]:
        (other,) = finding.conflicts
        assert {finding.passage.url, other.passage.url} == {"/terms/", "/help/"}
        assert other.sentences != finding.sentences


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        "Before they vanish, 30 days are what the archive keeps deleted drawings for.",
        "The recycle bin keeps removed photographs for 90 days before they vanish.",
        "The archive keeps deleted drawings before they vanish.",
        "In an emergency, ring 112 about drawings.",
    ],
)
def test_other_statements_do_not_contradict(text: str) -> None:
    found = _index(text).find("how long does the archive keep deleted drawings?")
    assert found
    assert all(not finding.conflicts for finding in found)


def test_figures_of_different_years_do_not_contradict() -> None:
    index = _index("Draughty opened its third studio in Lisbon in 2021 for architects.")
    later = PassageIndex(
        [
            *(finding.passage for finding in index.find("studio in Lisbon")),
            Passage(
                url="/news/",
                title="Draughty",
                headings=(),
                text="Draughty opened its third studio in Lisbon in 2023 for architects.",
                hash="0" * 64,
            ),
        ]
    )
    assert all(not finding.conflicts for finding in later.find("when was the studio in Lisbon opened?"))


def test_the_same_figures_in_another_order_do_not_contradict() -> None:
    index = PassageIndex(
        [
            Passage(url=url, title="Draughty", headings=(), text=text, hash=digest(text))
            for url, text in {
                "/a/": "The median payback time was 11 weeks in a survey of 180 architects.",
                "/b/": "In a survey of 180 architects, the median payback time was 11 weeks.",
            }.items()
        ]
    )
    found = index.find("what is the median payback time?")
    assert found
    assert all(not finding.conflicts for finding in found)
