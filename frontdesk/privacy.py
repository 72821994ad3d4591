"""The visitors' door to what is kept of them, and what they are asked first, as a desk's files want it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from math import inf

from config import Desk
from config.models.privacy import PrivacySettings, region_groups
from config.phrases import shipped_languages
from core.consent import ConsentPolicy, ConsentRule, Demand
from core.consent_gate import ConsentGate, Minds
from core.engine import Engine
from core.ids import PersonaId
from core.phrases import Phrases
from core.plan import Planner
from core.ports import Clock
from core.privacy_desk import PrivacyDesk
from core.privacy_words import PrivacyTerms, PrivacyWords
from core.quiet import QuietInterpreter
from core.retention import Terms
from core.rooms import House, Rooms
from core.staff import Responder
from personas.detector import CuePersonaDetector
from profiles.wishes import shipped_wishes


def privacy_desk(
    desk: Desk,
    learning: Responder,
    rooms: Rooms,
    house: House,
    quiet_planner: Planner,
    *,
    phrases: Callable[[str], Phrases],
    clock: Clock,
) -> PrivacyDesk:
    """`learning` behind both doors; `rooms`, `house` and a planner without questions make one that learns nothing."""
    quiet = replace(
        rooms,
        interpreter=QuietInterpreter(rooms.interpreter),
        detector=CuePersonaDetector((), language=desk.settings.company.language),
        planner=quiet_planner,
        model_writer=None,
        suggester=None,
        roster=None,
    )
    silent = replace(house, audiences=(), follow_ups={}, reads_closely=False)
    minds = Minds(
        learning=learning,
        quiet=Engine(quiet, silent, phrases=phrases, clock=clock),
        interpreter=rooms.interpreter,
    )

    def persona_name(persona: PersonaId) -> str:
        found = rooms.detector.persona(persona)
        return found.name if found else ""

    words = PrivacyWords(_terms(desk), phrases, persona_name=persona_name)
    wishes, channels = shipped_wishes(), house.transcript_channels
    gate = ConsentGate(minds, consent_policy(desk.settings.privacy), wishes, words, transcript_channels=channels)
    return PrivacyDesk(gate, wishes, words, transcript_channels=channels)


def consent_policy(settings: PrivacySettings) -> ConsentPolicy:
    """The admin's rules, with the countries of each region."""
    rules = tuple(
        ConsentRule(
            demand=Demand(rule.consent),
            regions=frozenset(country for name in rule.regions for country in region_groups().get(name, {name})),
            channels=frozenset(rule.channels),
        )
        for rule in settings.consent_rules
    )
    zones = countries_of_zones() if any(rule.regions for rule in rules) else {}
    return ConsentPolicy(otherwise=Demand(settings.consent), rules=rules, zones=zones)


def kept_terms(settings: PrivacySettings) -> Terms | None:
    """For how long what is kept; None where nothing ever goes by itself."""
    terms = Terms(
        days=settings.keep_days,
        lead_days=settings.keep_leads_days or settings.keep_days,
        line_days=settings.transcripts_days,
        fact_days=settings.facts_days,
        field_days=settings.fields_days,
    )
    return terms if terms.shortest < inf else None


@cache
def countries_of_zones() -> Mapping[str, str]:
    """The country of each time zone that lies in one, also by its older names; from the time zone database."""
    folder = files("tzdata") / "zoneinfo"
    lines = (folder / "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    zones = {row[2]: row[0] for row in rows}
    for zone, older in _links((folder / "tzdata.zi").read_text("utf-8")):
        if zone in zones:
            zones.setdefault(older, zones[zone])
    return zones


def _links(database: str) -> Iterator[tuple[str, str]]:
    """Zones with their other names."""
    for line in database.splitlines():
        if line.startswith("L "):
            _, zone, older = line.split()
            yield zone, older


def _terms(desk: Desk) -> PrivacyTerms:
    settings = desk.settings
    return PrivacyTerms(
        company=settings.company.name,
        policy=str(settings.privacy.url or ""),
        days=settings.privacy.keep_days,
        languages=shipped_languages(),
    )
