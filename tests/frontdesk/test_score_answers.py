"""The questions that are shipped for measuring answers, and their scorer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from evaluation.score_answers import Answer, Question, main, read_questions, score

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "evaluation" / "answers").glob("*.jsonl"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_a_right_answer_says_stands_on_the_site(path: Path) -> None:
    pages = (ROOT / "evaluation" / "sites" / path.stem).rglob("*.html")
    site = " ".join(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")) for page in pages)
    site = re.sub(r"\s+", " ", site)
    questions = read_questions(path)
    assert {one.undocumented for one in questions} == {True, False}
    for question in questions:
        for pattern in (*question.any, *question.any2):
            assert any(re.search(one, site, re.IGNORECASE) for one in _alternatives(pattern)), question.q


def _alternatives(pattern: str) -> list[str]:
    """The halves of a pattern that allows for how an amount is worded."""
    return [pattern, *pattern.split("|"), pattern.replace(r"6\.50", r"6 ?\.50")]


def test_halves_are_told_apart() -> None:
    for path in FILES:
        halves = [read_questions(path, half) for half in ("tune", "held")]
        assert len(read_questions(path)) == sum(map(len, halves))


def test_an_answer_is_right_by_what_it_says() -> None:
    question = Question(half="tune", q="what is it?", any=("nine",), any2=("pounds",), forbid=("ten",))
    assert question.right("It is nine pounds.")
    assert not question.right("It is nine.")
    assert not question.right("It is nine pounds, or ten.")
    assert question.claimed("Ten!")


def test_what_is_undocumented_has_to_be_admitted() -> None:
    question = Question(half="held", q="and SAP?", undocumented=True, forbid=("works with SAP",))
    assert question.right("I can't find that on our site.")
    assert not question.right("Understood.")
    assert not question.right("I can't find that, but it works with SAP.")


def test_shares_name_what_was_wrong() -> None:
    right = Answer(question=Question(half="tune", q="one?", any=("1",)), reply="1")
    wrong = Answer(question=Question(half="tune", q="two?", any=("2",), forbid=("3",)), reply="3")
    lost = Answer(question=Question(half="tune", q="three?", undocumented=True), reply="Yes.")
    shares = score([right, wrong, lost])
    assert str(shares["answered"]) == "1/2: two?"
    assert str(shares["said to be undocumented"]) == "0/1: three?"
    assert str(shares["forbidden claims"]) == "1/3: two?"


@pytest.mark.parametrize("line", [{"any": ["x"], "undocumented": True}, {}, {"any": ["("]}])
def test_a_question_says_what_a_right_answer_is(line: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Question.model_validate({"half": "tune", "q": "?"} | line)


def test_the_command_asks_the_whole_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text('{"half": "tune", "q": "how much is the Growth plan?", "any": ["\\\\$249"]}\n', encoding="utf-8")
    assert main([str(asked), str(ROOT / "examples" / "desk"), "--words", "--replies"]) == 0
    printed = capsys.readouterr().out
    assert "+ how much is the Growth plan?" in printed
    assert re.search(r"answered +1/1\n", printed)
