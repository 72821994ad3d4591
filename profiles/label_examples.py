"""What the labels of a company's file sound like: its own example sentences, and plain phrases of its cues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.fact import Field
from profiles.cue_syntax import plain_phrases
from profiles.labels import named_labels
from profiles.qualification_file import Label, LabelSets
from profiles.resources import Resource

PHRASES = 12
"""Phrases taken of a label's cues; its first ones tell most."""
BESIDE_EXAMPLES = 4
"""Phrases taken where there are sentences as well, which tell more."""
FEW_WORDS = 2
"""Words a phrase needs to mean something by itself."""


class ClassFile(Resource):
    """How the classifier of label_classes.py learns, and when it is believed."""

    freedom: float
    """How far its weights may go; less of it abstains more."""
    others: float
    """What an example of another field counts as one of no label."""
    rounds: int
    threshold: dict[Field, float]


class LabelMeaningFile(Resource):
    """`label_meaning.yaml`."""

    nothing: tuple[str, ...]
    """Sentences of visitors that show no label of any field."""
    short_forms: dict[str, str]
    """What people type for short, spelled out as a model for texts knows it."""
    intercept: float
    closest: float
    several: float
    ahead: float
    beyond_nothing: float
    threshold: dict[Field, float]
    """Probability from which a label of the field is believed."""
    classes: ClassFile


class Sounding(NamedTuple):
    """A text, and the label it shows; an empty label for none."""

    text: str
    field: Field
    label: str


def soundings(labels: LabelSets) -> Iterator[Sounding]:
    """Every text a label can be recognised by, those of a label together."""
    for field, named in named_labels(labels).items():
        for name, label in named.items():
            yield from (Sounding(text, field, name) for text in _texts(label))


def _texts(label: Label) -> list[str]:
    phrases = [phrase for cue in label.cues for phrase in plain_phrases(cue, PHRASES)]
    telling = [phrase for phrase in phrases if phrase.count(" ") >= FEW_WORDS - 1 and phrase.isascii()]
    most = BESIDE_EXAMPLES if label.examples else PHRASES
    spaced = telling[:: max(1, -(-len(telling) // most))]
    return list(dict.fromkeys((label.name, *label.examples, *spaced)))
