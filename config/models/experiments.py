"""`experiments.yaml`: what is tried out, on whom, and by what it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from config.fields import LanguageTag, Line, Section, Slug
from config.secret import refusal
from config.shape import UNIQUE_BY
from core.asking import MAX_REQUESTS, PATIENT, TURNS_BEFORE_ASKING, TURNS_BEFORE_ASKING_AGAIN, AskTiming
from core.plan import GREETING_QUOTE_BESIDE_QUESTION
from core.trial import HOLDOUT, Audience, Experiment, Goal, Unit, Variant, Variation

AS_IS = "with"
"""Variant of the holdout for everybody who is not held out."""
_OPENER_WORDS = GREETING_QUOTE_BESIDE_QUESTION
OPENER = "Is it the same with you: every call waits for the reception?"
EXAMPLE = {
    "id": "opener_pain",
    "variants": [{"id": "as_is"}, {"id": "pain", "openers": [OPENER]}],
    "audience": {"channels": ["web"], "pages": ["/pricing/*"]},
    "goal": "email",
}


def _short(text: str) -> str:
    if len(text.split()) > _OPENER_WORDS:
        raise refusal(f"an opener has at most {_OPENER_WORDS} words", "shorten it; it stands beside a greeting")
    return text


GoalName = Literal["email", "qualified", "handed_off", "won"]
UnitName = Literal["person", "conversation"]
Opener = Annotated[str, Field(min_length=1, max_length=160), AfterValidator(_short)]
Wording = Annotated[str, Field(min_length=1, max_length=240)]


class AskEmail(Section):
    """When an address is asked for, counted in the visitor's messages."""

    turns: Annotated[int, Field(ge=1, le=20, description="By then somebody who evaluates is asked.", examples=[2])] = (
        TURNS_BEFORE_ASKING
    )
    again_after: Annotated[
        int, Field(ge=1, le=50, description="So many messages later they are asked once more.", examples=[4])
    ] = TURNS_BEFORE_ASKING_AGAIN
    most: Annotated[int, Field(ge=1, le=3, description="How often at most.", examples=[2])] = MAX_REQUESTS

    def to_timing(self) -> AskTiming:
        """The same as the engine's value."""
        return AskTiming(turns=self.turns, again_after=self.again_after, most=self.most)


class VariantEntry(Section):
    """One way to do it. What is left out stays as the other files say."""

    id: Annotated[Slug, Field(description="Its name; stable, what was counted is kept under it.", examples=["pain"])]
    weight: Annotated[
        float, Field(gt=0, le=1_000, description="Its part of the visitors, beside the others' weights.", examples=[1])
    ] = 1.0
    openers: Annotated[
        tuple[Opener, ...],
        Field(max_length=10, description="Said at the opening in the place of an audience's own.", examples=[[OPENER]]),
    ] = ()
    questions: Annotated[
        Mapping[str, Mapping[LanguageTag, Annotated[tuple[Wording, ...], Field(min_length=1, max_length=10)]]],
        Field(
            max_length=50,
            description="Other words for questions of the bank, by their id and language.",
            examples=[{"volume": {"en": ["How many of these do you get in a month? Then I can size it."]}}],
        ),
    ] = {}
    ask_first: Annotated[
        tuple[Line, ...],
        Field(
            max_length=50,
            description="Ids of questions in the order in which they are asked, before all others worth asking.",
            examples=[["timeline", "volume"]],
        ),
    ] = ()
    ask_email: Annotated[
        AskEmail | None, Field(description="When an address is asked for.", examples=[{"turns": 2}])
    ] = None
    instructions: Annotated[
        str,
        Field(
            max_length=2_000,
            description="Told to the chat model beside its own instructions, one a line; nothing without a model.",
            examples=["Begin with the visitor's own words."],
        ),
    ] = ""

    def to_variant(self) -> Variant:
        """The same as the engine's value."""
        return Variant(
            id=self.id,
            weight=self.weight,
            variation=Variation(
                openers=self.openers,
                questions=self.questions,
                ask_first=self.ask_first,
                asking=self.ask_email.to_timing() if self.ask_email else PATIENT,
                instructions=self.instructions,
            ),
        )


class AudienceEntry(Section):
    """Whom it is for; a list that is empty asks for nothing."""

    channels: Annotated[
        tuple[Slug, ...], Field(max_length=50, description="Names of channels.", examples=[["web"]])
    ] = ()
    personas: Annotated[
        tuple[Slug, ...],
        Field(max_length=100, description="Ids of personas; it begins once one is recognised.", examples=[["agency"]]),
    ] = ()
    pages: Annotated[
        tuple[Line, ...],
        Field(max_length=50, description="Pages seen so far: paths or addresses, with `*`.", examples=[["/pricing/*"]]),
    ] = ()
    languages: Annotated[
        tuple[LanguageTag, ...], Field(max_length=50, description="The visitor's language.", examples=[["en"]])
    ] = ()

    def to_audience(self) -> Audience:
        """The same as the engine's value."""
        return Audience(channels=self.channels, personas=self.personas, pages=self.pages, languages=self.languages)


class ExperimentEntry(Section):
    """One experiment. Its first variant is what the others are compared with."""

    id: Annotated[Slug, Field(description="Stable name; another one draws and counts anew.", examples=["opener_pain"])]
    variants: Annotated[
        tuple[VariantEntry, ...],
        Field(
            min_length=2,
            max_length=10,
            description="What is compared; the first is often the desk as it is.",
            examples=[EXAMPLE["variants"]],
            json_schema_extra={UNIQUE_BY: "id"},
        ),
    ]
    audience: Annotated[
        AudienceEntry, Field(description="Whom it is for; everybody without it.", examples=[{"channels": ["web"]}])
    ] = AudienceEntry()
    by: Annotated[
        UnitName, Field(description="A variant for each person, or for each conversation.", examples=["person"])
    ] = "person"
    goal: Annotated[GoalName, Field(description="What counts as success.", examples=["email"])] = "email"
    since: Annotated[date | None, Field(description="The first day, in UTC.", examples=["2027-01-01"])] = None
    until: Annotated[
        date | None, Field(description="The last day somebody new comes in, in UTC.", examples=["2027-03-31"])
    ] = None

    @model_validator(mode="after")
    def _sound(self) -> ExperimentEntry:
        if self.since and self.until and self.until < self.since:
            raise refusal("the last day is before the first", "exchange `since` and `until`")
        if self.id == HOLDOUT:
            raise refusal(f"`{HOLDOUT}` is a name of its own", f"write it as `{HOLDOUT}:` beside `experiments:`")
        for place, variant in enumerate(self.variants[1:], 1):
            if not variant.to_variant().variation.kinds:
                raise refusal(
                    f"the variant '{variant.id}' changes nothing",
                    "give it `openers`, `questions`, `ask_first`, `ask_email` or `instructions`",
                    at=("variants", place, "id"),
                )
        return self

    def to_experiment(self) -> Experiment:
        """The same as the engine's value."""
        return Experiment(
            id=self.id,
            variants=tuple(one.to_variant() for one in self.variants),
            audience=self.audience.to_audience(),
            unit=Unit(self.by),
            goal=Goal(self.goal),
            since=self.since,
            until=self.until,
        )


class HoldoutEntry(Section):
    """Some who are talked to without persona and profile, to see what both bring. The team's leads keep both."""

    share: Annotated[
        float, Field(gt=0, le=0.5, description="The part of the visitors that goes without.", examples=[0.05])
    ]
    by: Annotated[
        UnitName, Field(description="Drawn for each person, or for each conversation.", examples=["person"])
    ] = "person"
    goal: Annotated[GoalName, Field(description="What counts as success.", examples=["email"])] = "email"

    def to_experiment(self) -> Experiment:
        """The holdout as an experiment: everybody against those without."""
        without = Variant(id=HOLDOUT, weight=self.share, variation=Variation(blind=True))
        variants = (Variant(id=AS_IS, weight=1 - self.share), without)
        return Experiment(id=HOLDOUT, variants=variants, unit=Unit(self.by), goal=Goal(self.goal))


class ExperimentsFile(Section):
    """The whole of `experiments.yaml`. Without the file nothing is tried out."""

    holdout: Annotated[
        HoldoutEntry | None,
        Field(description="Some are talked to without persona and profile.", examples=[{"share": 0.05}]),
    ] = None
    experiments: Annotated[
        tuple[ExperimentEntry, ...],
        Field(
            max_length=50,
            description="Experiments; of two that touch the same, a conversation is in the first.",
            examples=[[EXAMPLE]],
            json_schema_extra={UNIQUE_BY: "id"},
        ),
    ] = ()

    def to_experiments(self) -> tuple[Experiment, ...]:
        """All of them as the engine's values, the holdout first."""
        held = (self.holdout.to_experiment(),) if self.holdout else ()
        return (*held, *(one.to_experiment() for one in self.experiments))
