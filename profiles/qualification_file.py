"""`qualification.yaml`: what a company wants to know of a prospect, in its own labels and its own words."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from core.fact import Field as FactField
from core.reply import MAX_BUTTON_LENGTH, MAX_BUTTONS
from profiles.resources import load
from profiles.technologies import TechnologyFile, spellings


def _balanced(cue: str) -> str:
    depth = 0
    for char in cue:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            break
    if depth:
        raise ValueError(f"the parentheses of the cue {cue!r} do not match")
    return cue


Cue = Annotated[str, AfterValidator(_balanced)]
"""A phrase in the syntax of `profiles.cue_syntax`."""


def _variants(value: object) -> object:
    return [value] if isinstance(value, str) else value


Unit = Annotated[str, Field(pattern=r"^[^\W_][\w' -]{0,39}$")]
CountedWord = Annotated[str, Field(pattern=r"^[^\W_](?:[\w' -]|\w\?){0,59}$")]
"""A noun of something counted, in lower case."""
Variants = Annotated[tuple[str, ...], BeforeValidator(_variants)]
"""One text, or several that say the same in other words."""
ByLanguage = dict[str, Variants]
"""Texts by language code ("en", "de"); "en" stands in for a language that is missing."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Section):
    """A label and the phrases visitors use for it. Cue syntax: `word*` prefix, `(a|b|)` choice, ` ... ` gap."""

    name: str = Field(
        default="", description="How a rep reads it; the id with spaces when empty", examples=["High ticket volume"]
    )
    cues: tuple[Cue, ...] = Field(default=(), description="Phrases that show it", examples=[["too many tickets"]])
    examples: tuple[str, ...] = Field(
        default=(),
        description="What visitors say; where an embedding model is, whatever means the same is recognised",
        examples=[["the inbox is overflowing"]],
    )


Labels = Annotated[dict[str, Label], Field(examples=[{"backlog": {"name": "Backlog", "cues": ["piling up"]}}])]
"""Labels by id."""


class LabelSets(_Section):
    """The company's own label sets. Ids are stable; a lead carries the names."""

    use_case: Labels = Field(default={}, description="What they want it for")
    pains: Labels = Field(default={}, description="What troubles them today")
    security: Labels = Field(default={}, description="What their security and legal people ask for")
    industry: Labels = Field(default={}, description="The trade they are in")
    features: Labels = Field(default={}, description="What of the product they ask for")


class Option(_Section):
    """A quick reply under a question; `value` is what it means where the label does not say it by itself."""

    label: str = Field(max_length=MAX_BUTTON_LENGTH, description="What the button says", examples=["Over 500 a day"])
    value: str = Field(default="", description="What pressing it means; the label when empty", examples=["500-1000"])


def _options(value: object) -> object:
    return [{"label": one} if isinstance(one, str) else one for one in value] if isinstance(value, list) else value


Options = Annotated[tuple[Option, ...], BeforeValidator(_options), Field(max_length=MAX_BUTTONS)]


class QuestionEntry(_Section):
    """One question of the bank. The text holds the reason for asking."""

    id: str = Field(min_length=1, description="Stable; answers are remembered under it", examples=["volume"])
    field: FactField = Field(description="The field its answer fills", examples=["volume"])
    text: ByLanguage = Field(
        description="The question by language, one or several variants",
        examples=[{"en": "To size this right: how many orders do you ship a month?"}],
    )
    options: dict[str, Options] = Field(
        default={}, description="Quick replies by language", examples=[{"en": ["Up to 100", "More than 100"]}]
    )
    personas: dict[str, ByLanguage] = Field(
        default={},
        description="Other words for a persona id or kind",
        examples=[{"warehouse": {"en": "How many parcels leave you a day?"}}],
    )
    persona_options: dict[str, dict[str, Options]] = Field(
        default={},
        description="Quick replies under a persona's own words; without them there are none",
        examples=[{"warehouse": {"en": ["Up to 50", "More"]}}],
    )
    answered_by: tuple[FactField, ...] = Field(
        default=(), description="Further fields that answer it", examples=[["integrations"]]
    )
    tool_kinds: tuple[str, ...] = Field(
        default=(), description="Only tools of these kinds in those fields answer it", examples=[["help_desk"]]
    )
    value: float | None = Field(
        default=None, ge=0, description="Worth of the answer; the field's value when absent", examples=[1.2]
    )
    period: str = Field(default="", description="Period a bare number means", examples=["month"])
    yes_value: str = Field(default="", description="What a bare yes means", examples=["yes"])
    no_value: str = Field(default="", description="What a bare no means", examples=["none"])
    boosts: dict[FactField, float] = Field(
        default={}, description="Extra worth when this turn told of that field", examples=[{"pains": 0.4}]
    )

    @model_validator(mode="after")
    def _speaks_english(self) -> QuestionEntry:
        if "en" not in self.text:
            raise ValueError(f"question {self.id!r} needs an English text under `en`")
        return self


class Annoyance(_Section):
    """What one more question costs the visitor's patience, in the unit of `values`."""

    first: float = Field(default=0.5, ge=0, description="The first question", examples=[0.5])
    growth: float = Field(default=0.35, ge=0, description="Added with every question already put", examples=[0.35])
    after_doubt: float = Field(
        default=1.0, ge=0, description="Added when the visitor did not know or would not say", examples=[1.0]
    )


class QualificationFile(_Section):
    """The whole file. Everything left out is filled from the shipped neutral one."""

    framework: Literal["bant", "champ", "meddic"] = Field(
        default="bant", description="What sales qualifies by", examples=["bant"]
    )
    tools: dict[str, tuple[str, ...]] = Field(
        default={},
        description='Tools the shipped list lacks, by kind: "Name | another spelling"; a new kind may be made up',
        examples=[{"tms": ["Loadstar | load star"]}],
    )
    rivals: tuple[str, ...] = Field(
        default=(), description="Kinds of tools, and tools by name, that are competitors", examples=[["help_desk"]]
    )
    labels: LabelSets = Field(
        default=LabelSets(),
        description="The company's own label sets",
        examples=[{"pains": {"backlog": {"name": "Backlog", "cues": ["piling up"]}}}],
    )
    volume: dict[Unit, Annotated[tuple[CountedWord, ...], Field(min_length=1)]] = Field(
        default={},
        description="What the company's customers count a day or a month, by unit, the usual one first; a `?` makes "
        "the letter before it optional. Without it support requests, orders and appointments are counted",
        examples=[{"payslips": ["payslips?", "pay stubs?"]}],
    )
    values: dict[FactField, float] = Field(
        default={}, description="Worth of knowing a field", examples=[{"budget": 1.5}]
    )
    annoyance: Annoyance = Field(
        default=Annoyance(), description="What questions cost the visitor's patience", examples=[{"growth": 0.5}]
    )
    questions: tuple[QuestionEntry, ...] = Field(
        default=(),
        description="The questions that may be put, in no order: each turn the most valuable is chosen",
        examples=[[{"id": "seats", "field": "company_size", "text": {"en": "How many of you would use it?"}}]],
    )

    @model_validator(mode="after")
    def _ids_differ(self) -> QualificationFile:
        seen: set[str] = set()
        for question in self.questions:
            if question.id in seen:
                raise ValueError(f"two questions have the id {question.id!r}")
            seen.add(question.id)
        return self

    @model_validator(mode="after")
    def _tools_are_known(self) -> QualificationFile:
        shipped = load("technologies.yaml", TechnologyFile).categories
        kinds = {*shipped, *self.tools}
        for question in self.questions:
            for kind in question.tool_kinds:
                if kind not in kinds:
                    raise ValueError(f"{kind!r} is no kind of tool; there are {', '.join(sorted(kinds))}")
        if wanted := [one for one in self.rivals if one not in kinds]:
            entries = (entry for group in (shipped, self.tools) for some in group.values() for entry in some)
            names = {name.casefold() for entry in entries for name in spellings(entry)}
            for one in wanted:
                if one.casefold() not in names:
                    raise ValueError(
                        f"the rival {one!r} is neither a kind of tool nor a listed tool: add it under `tools`, "
                        f"or name one of the kinds {', '.join(sorted(kinds))}"
                    )
        return self

    @cached_property
    def by_id(self) -> dict[str, QuestionEntry]:
        return {question.id: question for question in self.questions}


def neutral() -> QualificationFile:
    """The file used where a company has none of its own."""
    return load("qualification.yaml", QualificationFile)
