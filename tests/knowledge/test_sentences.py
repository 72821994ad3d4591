from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import Leaning, split_sentences, split_statements


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("One plan costs $49.50 a month. Two cost more.", ["One plan costs $49.50 a month.", "Two cost more."]),
        ("It holds e.g. Slack and Teams. That is all.", ["It holds e.g. Slack and Teams.", "That is all."]),
        ("Dr. Ames signed. $5 was paid.", ["Dr. Ames signed.", "$5 was paid."]),
        ("Is it open? Yes! Always.", ["Is it open?", "Yes!", "Always."]),
        ("“It works.” She smiled.", ["“It works.”", "She smiled."]),
        ("Uses Node.js 20 and v1.2 files", ["Uses Node.js 20 and v1.2 files"]),
        ("J. Doe wrote it. 42 read it.", ["J. Doe wrote it.", "42 read it."]),
        ("価格は月額です。無料です。", ["価格は月額です。", "無料です。"]),
        ("Kosten z.B. Porto. Über alles.", ["Kosten z.B. Porto.", "Über alles."]),
        ("", []),
    ],
)
def test_lines_are_split_where_sentences_end(line: str, sentences: list[str]) -> None:
    assert list(split_sentences(line)) == sentences


@given(st.text(max_size=200))
def test_sentences_are_parts_of_the_line_in_order(line: str) -> None:
    place = 0
    for sentence in split_sentences(line):
        found = line.find(sentence, place)
        assert found >= place
        place = found + len(sentence)


LEANING = Leaning(openings={"it", "this", "they"}, conditions={"if", "when"}, pronouns={"it", "they", "them"})


@pytest.mark.parametrize(
    ("line", "statements"),
    [
        ("The box is red. It opens at once.", ["The box is red. It opens at once."]),
        ("The box is red. The lid is blue.", ["The box is red.", "The lid is blue."]),
        ("No. The lid is fixed.", ["No. The lid is fixed."]),
        ("We lend boxes. If you break them, you pay.", ["We lend boxes. If you break them, you pay."]),
        ("We lend out boxes. If you leave, boxes stay.", ["We lend out boxes.", "If you leave, boxes stay."]),
        ("Is the box red? It is blue.", ["Is the box red?", "It is blue."]),
        ("It opens at once.", ["It opens at once."]),
    ],
)
def test_sentences_that_do_not_stand_alone_stay_with_their_neighbours(line: str, statements: list[str]) -> None:
    assert list(split_statements(line, LEANING)) == statements


def test_what_grows_too_long_is_not_taken_together() -> None:
    long = " ".join(["word"] * 44) + "."
    assert len(split_statements(f"{long} It goes on.", LEANING)) == 2


@given(st.text(max_size=200))
def test_statements_are_parts_of_the_line_in_order(line: str) -> None:
    place = 0
    for statement in split_statements(line, LEANING):
        found = line.find(statement, place)
        assert found >= place
        place = found + len(statement)
