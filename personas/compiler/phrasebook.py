"""What headings, addresses and sentences say about whom a page speaks to. Data: `resources/compiling.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict

_LONGEST = 1_000


class Prominence(BaseModel):
    """How much pages count whose address holds one of these parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[str, ...]
    weight: float


class Phrasebook(BaseModel):
    """The lists of `compiling.yaml`; what each means stands there. `says(name, text)` asks the regular expressions."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    audience_paths: frozenset[str]
    solution_paths: frozenset[str]
    use_paths: frozenset[str]
    audience_prefixes: tuple[str, ...]
    story_paths: frozenset[str]
    prominence: tuple[Prominence, ...]
    home_weight: float
    introducing: frozenset[str]
    introducing_weight: float
    audience_headings: tuple[str, ...]
    field_headings: tuple[str, ...]
    use_headings: tuple[str, ...]
    made_for: frozenset[str]
    offered_for: frozenset[str]
    prepositions: frozenset[str]
    at_prepositions: frozenset[str]
    offered_to: frozenset[str]
    helping: frozenset[str]
    trusted_by: frozenset[str]
    by_prepositions: frozenset[str]
    working_with: frozenset[str]
    with_prepositions: frozenset[str]
    using: frozenset[str]
    able: frozenset[str]
    joining: frozenset[str]
    in_prepositions: frozenset[str]
    denying_sentences: tuple[str, ...]
    hiring_sentences: tuple[str, ...]
    hiring_headings: tuple[str, ...]
    rival_words: frozenset[str]
    rival_weight: float
    being: frozenset[str]
    we_words: frozenset[str]
    you_are: frozenset[str]
    describing: frozenset[str]
    your_team: frozenset[str]
    synonyms: tuple[tuple[str, ...], ...]
    wider: tuple[tuple[str, str], ...]
    pricing_headings: tuple[str, ...]
    pain_headings: tuple[str, ...]
    pain_sentences: tuple[str, ...]
    mended_sentences: tuple[str, ...]
    paying_sentences: tuple[str, ...]
    feature_headings: tuple[str, ...]
    proof_headings: tuple[str, ...]
    objection_headings: tuple[str, ...]
    objection_sentences: tuple[str, ...]
    buying_sentences: tuple[str, ...]
    tool_sentences: tuple[str, ...]
    step_words: frozenset[str]
    empty_steps: frozenset[str]
    price_rows: frozenset[str]
    technical_roles: frozenset[str]
    technical_words: frozenset[str]
    openers: frozenset[str]
    common_words: str
    staff_words: tuple[str, ...]
    more_words: tuple[str, ...]
    open_words: tuple[str, ...]
    range_words: tuple[str, ...]
    per_words: tuple[str, ...]
    period_words: tuple[str, ...]
    result_words: tuple[str, ...]
    unit_words: tuple[str, ...]
    asking_words: frozenset[str]
    developer_words: frozenset[str]
    startup_words: frozenset[str]
    story_articles: frozenset[str]
    post_words: tuple[str, ...]
    saying_words: tuple[str, ...]

    def says(self, name: str, text: str) -> bool:
        """Whether one of the expressions of a list occurs in a text."""
        return self._patterns[name].search(text[:_LONGEST].casefold().replace("’", "'")) is not None

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {
            name: re.compile("|".join(f"(?:{one})" for one in getattr(self, name)))
            for name in type(self).model_fields
            if name.endswith(("_headings", "_sentences"))
        }

    @cached_property
    def common(self) -> frozenset[str]:
        return frozenset(self.common_words.split())


@cache
def phrasebook() -> Phrasebook:
    """The shipped lists."""
    text = resources.files("personas").joinpath("resources/compiling.yaml").read_text(encoding="utf-8")
    return Phrasebook.model_validate(yaml.safe_load(text))
