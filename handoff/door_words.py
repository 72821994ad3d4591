"""What reps are told when something does not go, or goes without a card: one file a language under `resources/door`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

FALLBACK_LANGUAGE = "en"


class DoorWords(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    not_of_team: str
    no_colleague: str
    needed: str
    at_needed: str
    amount_needed: str
    reply_how: str
    reply_whom: str
    reply_nobody: str
    reply_sent: str
    file_stays: str


@cache
def door_words(language: str = FALLBACK_LANGUAGE) -> DoorWords:
    """English where there is no file for the language; parsed once."""
    folder = files("handoff") / "resources" / "door"
    named = folder / f"{language.partition('-')[0]}.yaml"
    source = named if named.is_file() else folder / f"{FALLBACK_LANGUAGE}.yaml"
    return DoorWords.model_validate(yaml.safe_load(source.read_text("utf-8")))
