"""How many questions about a site are answered rightly, and how many that it does not answer are said to be.

    python -m evaluation.score_answers ANSWERS DESK [--half tune|held] [--words] [--replies]

ANSWERS is a file of `evaluation/answers`, DESK a folder with `frontdesk.yaml` and what `frontdesk crawl` wrote for the
site. Every question is a conversation of its own with the whole engine; `--words` leaves the meaning of texts out.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from evaluation.score_site import Share
from frontdesk.desk import read_desk
from frontdesk.evaluation.answers import Pattern, SiteFact
from frontdesk.evaluation.resources import load_abstentions
from frontdesk.mind import Mind, learned_mind
from frontdesk.replay import Conversation, ReplayClock, replay

STARTS_AT = 1_772_452_800.0
"""2 March 2026, noon UTC: every conversation begins then."""


class Question(BaseModel):
    """What a visitor asks after `before`, and what a right reply says, as regular expressions.

    One of `any`, each of `any2`, none of `forbid`. For something `undocumented` the reply has to admit that it is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    half: Literal["tune", "held"]
    q: str
    before: tuple[str, ...] = ()
    undocumented: bool = False
    any: tuple[Pattern, ...] = ()
    any2: tuple[Pattern, ...] = ()
    forbid: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.undocumented == bool(self.any):
            raise ValueError("give `any` for what the site says, `undocumented: true` for what it does not")
        return self

    def right(self, reply: str) -> bool:
        """Whether a reply says what it should."""
        said = load_abstentions() if self.undocumented else self.any
        return SiteFact(any=said, any2=self.any2, forbid=self.forbid).told_in(reply)

    def claimed(self, reply: str) -> bool:
        """Whether a reply says what must not be said."""
        return any(re.search(one, reply, re.IGNORECASE) for one in self.forbid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A question with the reply it got."""

    question: Question
    reply: str


def read_questions(path: Path, half: str = "") -> list[Question]:
    """The questions of a file, or those of one half of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    questions = [Question.model_validate_json(line) for line in lines if line.strip()]
    return [one for one in questions if half in {"", one.half}]


async def answers_to(questions: Sequence[Question], mind: Mind, clock: ReplayClock) -> list[Answer]:
    """What the engine replies to every question."""
    answers = []
    for number, question in enumerate(questions):
        clock.seconds = STARTS_AT
        said = (*question.before, question.q)
        turns = [{"t": t, "visitor": text} for t, text in enumerate(said, 1)]
        conversation = Conversation.model_validate({"id": f"q{number}", "turns": turns})
        rows = [row async for row in replay(conversation, mind.engine, clock, mind.questions)]
        answers.append(Answer(question=question, reply=rows[-1]["reply"]))
    return answers


def score(answers: Sequence[Answer]) -> dict[str, Share]:
    """Every share by its name, with the questions that got a wrong reply."""
    documented = [one for one in answers if not one.question.undocumented]
    others = [one for one in answers if one.question.undocumented]
    wrong = [one for one in answers if not one.question.right(one.reply)]
    claims = tuple(one.question.q for one in answers if one.question.claimed(one.reply))
    return {
        "answered": _share(documented, wrong),
        "said to be undocumented": _share(others, wrong),
        "forbidden claims": Share(found=len(claims), of=len(answers), named=claims),
    }


def _share(answers: Sequence[Answer], wrong: Sequence[Answer]) -> Share:
    missed = tuple(one.question.q for one in answers if one in wrong)
    return Share(found=len(answers) - len(missed), of=len(answers), named=missed)


async def replies(desk: Path, questions: Sequence[Question], *, by_meaning: bool) -> list[Answer]:
    """What the engine of a desk replies to every question."""
    clock = ReplayClock(seconds=STARTS_AT)
    async with learned_mind(read_desk(desk), clock=clock, channel="replay", by_meaning=by_meaning) as mind:
        return await answers_to(questions, mind, clock)


def main(arguments: Sequence[str]) -> int:
    """Print one line a share, after the replies where these are asked for."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.score_answers", description=__doc__.split("\n")[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("desk", type=Path)
    parser.add_argument("--half", choices=("tune", "held"), default="")
    parser.add_argument("--words", action="store_true", help="search by words alone")
    parser.add_argument("--replies", action="store_true", help="print every reply, too")
    options = parser.parse_args(arguments)
    questions = read_questions(options.answers, options.half)
    answers = asyncio.run(replies(options.desk, questions, by_meaning=not options.words))
    for one in answers if options.replies else ():
        mark = "+" if one.question.right(one.reply) else "-"
        sys.stdout.write(f"{mark} {one.question.q}\n    {one.reply}\n")
    for name, share in score(answers).items():
        sys.stdout.write(f"{name:30} {share}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
