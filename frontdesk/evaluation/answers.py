"""Whether replies say what the site says, and admit what it does not say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from core.errors import ConfigError
from frontdesk.evaluation.figures import Figure, proportion
from frontdesk.evaluation.metrics import Talk
from frontdesk.evaluation.resources import load_abstentions

UNDOCUMENTED = "?"
"""How the id of something begins that is asked and that the site does not say."""


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class SiteFact(BaseModel):
    """What a right answer says: one of `any` and each of `any2`, and none of `forbid`; regular expressions."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    any: tuple[Pattern, ...]
    any2: tuple[Pattern, ...] = ()
    forbid: tuple[Pattern, ...] = ()

    def told_in(self, reply: str) -> bool:
        return (
            any(_found(one, reply) for one in self.any)
            and all(_found(one, reply) for one in self.any2)
            and not any(_found(one, reply) for one in self.forbid)
        )


class _FactsFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
    facts: Mapping[str, SiteFact] = Field(min_length=1)


def read_facts(path: Path) -> Mapping[str, SiteFact]:
    """What a site says, by the ids that turns ask for. Raises `ConfigError` naming the file."""
    try:
        return _FactsFile.model_validate_json(path.read_text(encoding="utf-8")).facts
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give a file of site facts") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path}: {'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}") from None


def answered(talks: Sequence[Talk], facts: Mapping[str, SiteFact]) -> Figure:
    """Share of questions the site answers that get its answer. Raises `ConfigError` for an id without a fact."""
    return proportion(
        _fact(facts, asked).told_in(reply) for asked, reply in _asked(talks) if not asked.startswith(UNDOCUMENTED)
    )


def abstained(talks: Sequence[Talk]) -> Figure:
    """Share of questions the site does not answer to which the reply admits it."""
    return proportion(
        any(_found(one, reply) for one in load_abstentions())
        for asked, reply in _asked(talks)
        if asked.startswith(UNDOCUMENTED)
    )


def _asked(talks: Sequence[Talk]) -> Iterator[tuple[str, str]]:
    for talk in talks:
        for turn, prediction in zip(talk.gold.turns, talk.predictions, strict=True):
            yield from ((asked, prediction.reply) for asked in turn.asks)


def _fact(facts: Mapping[str, SiteFact], asked: str) -> SiteFact:
    if asked not in facts:
        raise ConfigError(f"asks: {asked!r} is not in the file of facts; add it there or write ?{asked}")
    return facts[asked]


def _found(pattern: str, reply: str) -> bool:
    return re.search(pattern, reply, re.IGNORECASE) is not None
