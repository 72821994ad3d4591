"""The cues of all resources and of the company's own file, put into one automaton."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from pydantic import RootModel

from profiles.cues import Cues, Lexicon
from profiles.labels import label_cues
from profiles.mail_address import MailFile
from profiles.name_file import NameFile
from profiles.named_times import TimelineFile
from profiles.qualification_file import QualificationFile
from profiles.quantity_grammar import QuantityFile
from profiles.resources import load
from profiles.roles import RoleFile

STEM_LENGTH = 4
"""Letters a stem needs before longer words may stand for it."""


class CueFile(RootModel[dict[str, tuple[str, ...]]]):
    """A file of `resources/cues/`: its name is the group, its keys the names of the hits."""


def shipped_cues() -> dict[str, Cues]:
    """The cues of every group that ships, by the names of their hits."""
    folder = files("profiles").joinpath("resources").joinpath("cues")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): load(f"cues/{name}", CueFile).root for name in names}


def _itself(words: tuple[str, ...]) -> dict[str, list[str]]:
    return {word: [word] for word in words}


def _stems(words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Time units written with `?` as cues: "weeks?" becomes "week*", the short "mos?" becomes "mo" and "mos"."""
    cues: list[str] = []
    for one in (one for group in words.values() for one in group):
        stem = one.partition("?")[0][:-1] if "?" in one else one
        cues += [one] if stem == one else [f"{stem}*"] if len(stem) >= STEM_LENGTH else [stem, one.replace("?", "")]
    return cues


def build_lexicon(
    qualification: QualificationFile,
    tools: Mapping[str, list[str]],
    *,
    quantities: QuantityFile,
    timelines: TimelineFile,
    roles: RoleFile,
    names: NameFile,
    mail: MailFile,
) -> Lexicon:
    """One automaton for everything; building it is the room's main cost at start."""
    groups: dict[str, Cues] = shipped_cues()
    groups.update(label_cues(qualification.labels))
    groups["tool"] = tools
    groups["number"] = _itself((*quantities.values, *quantities.scales))
    groups["solo"] = {"solo": quantities.solo}
    groups["solo_agent"] = {"solo_agent": quantities.solo_agent}
    groups["companion"] = _itself(quantities.person_nouns)
    groups["budget"] = {"budget": quantities.budget}
    groups["not_budget"] = {"not_budget": quantities.not_budget}
    groups["no_budget"] = {"no_budget": quantities.no_budget}
    groups["pressing"] = {"pressing": timelines.pressing}
    groups["plan"] = {"plan": timelines.plan}
    groups["not_plan"] = {"not_plan": timelines.not_plan}
    groups["timeline"] = {
        "now": timelines.immediate,
        "1-3m": timelines.soon,
        "12m+": timelines.far,
        "none": timelines.none,
    }
    months = [name for group in timelines.months.values() for name in group]
    groups["time"] = {
        "time": [
            *_stems(timelines.units),
            *months,
            *timelines.moments,
            "q1",
            "q2",
            "q3",
            "q4",
            "h1",
            "h2",
            "202*",
            "203*",
            "year*",
            "half",
        ]
    }
    groups["by"] = {"by": timelines.before}
    groups["role"] = _itself(roles.titles)
    groups["duty"] = {"duties": roles.duties, "owns": roles.owns, "manages": roles.manages}
    groups["name_intro"] = _itself(names.name_introducers)
    groups["company_intro"] = _itself((*names.company_introducers, *names.owning, *names.running))
    groups["spelled"] = {"dot": (*mail.dot_words, *mail.at_words[1:])}
    groups["digit"] = {"digit": tuple(mail.digit_words)}
    groups["mail_word"] = {"mail": mail.mail_words}
    return Lexicon(groups)
