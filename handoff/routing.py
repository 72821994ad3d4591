"""Where a lead goes: the first rule that fits decides, and every step can be explained. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from config.models.handoff import HandoffSettings
from config.models.routing import Conditions, Destination, Rule, Team
from core.asking import NOT_BUYERS
from core.lead import Lead, Route
from handoff.country import country_of

LEVELS = ("low", "medium", "high")
_NO_BUYERS = frozenset(kind.value for kind in NOT_BUYERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One condition of a rule: what it asks for, and what the lead has there."""

    condition: str
    wanted: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rule that was looked at. It fits when all of its checks hold."""

    rule: str
    checks: tuple[Check, ...]

    @property
    def fits(self) -> bool:
        return all(check.holds for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """`route` is None where it is no lead; `trace` holds the rules looked at, the last of which decided."""

    route: Route | None
    trace: tuple[Step, ...]


def route(lead: Lead, settings: HandoffSettings) -> Routed:
    """Where the lead goes as it is known now. What no rule fits goes to the first team; who does not buy, to nobody."""
    trace: list[Step] = []
    for rule in settings.rules:
        trace.append(Step(rule=rule.name, checks=tuple(_checks(lead, rule.when))))
        if trace[-1].fits:
            return Routed(route=_led_to(rule, settings.teams), trace=tuple(trace))
    usual = Step(rule="", checks=(_may_buy(lead),))
    first = settings.teams[0] if settings.teams else None
    return Routed(route=_to_team(first) if usual.fits else None, trace=(*trace, usual))


def _led_to(rule: Rule, teams: Sequence[Team]) -> Route | None:
    then: Destination = rule.then
    if then.drop:
        return None
    team = next((one for one in teams if one.id == then.team), None)
    return Route(
        rule=rule.name,
        team=then.team or "",
        channel=then.channel or (team.channel if team else None) or "",
        skills=then.skills,
        quiet=then.quiet,
    )


def _to_team(team: Team | None) -> Route:
    return Route(team=team.id, channel=team.channel or "") if team else Route()


def _may_buy(lead: Lead) -> Check:
    """Holds for whoever may become a customer, and for all of whom nothing is known."""
    buys = lead.visitor_type not in _NO_BUYERS
    return Check(condition="visitors", wanted="somebody who may buy", found=lead.visitor_type or "unknown", holds=buys)


def _checks(lead: Lead, when: Conditions) -> Iterator[Check]:
    """Each condition that is given, with what the lead has there."""
    if when.visitors:
        yield _among("visitors", when.visitors, [lead.visitor_type or "unknown"])
    else:
        yield _may_buy(lead)
    yield from _of_readiness(lead, when)
    yield from _of_size(lead, when)
    country = country_of(lead)
    for name, wanted, found in (
        ("personas", when.personas, [lead.persona or ""]),
        ("languages", when.languages, [lead.language, lead.language.partition("-")[0]]),
        ("countries", when.countries, [country]),
        ("channels", when.channels, [lead.channel, *(one.channel for one in lead.threads)]),
        ("reasons", when.reasons, lead.reasons),
    ):
        if wanted:
            yield _among(name, wanted, found)
    if when.pages:
        yield _like("pages", when.pages, [form for page in lead.pages for form in (page, urlsplit(page).path)])
    if when.campaigns:
        yield _like("campaigns", when.campaigns, [lead.campaign])


def _of_readiness(lead: Lead, when: Conditions) -> Iterator[Check]:
    ready = lead.readiness
    if when.readiness is not None:
        known = ready.level in LEVELS
        holds = known and LEVELS.index(ready.level) >= LEVELS.index(when.readiness)
        yield Check(condition="readiness", wanted=f"{when.readiness} or more", found=ready.level, holds=holds)
    if when.score is not None:
        holds = ready.score >= when.score
        yield Check(condition="score", wanted=f"{when.score:g} or more", found=f"{ready.score:.0f}", holds=holds)


def _of_size(lead: Lead, when: Conditions) -> Iterator[Check]:
    """A size that nobody told is neither large nor small."""
    size = lead.employees
    found = "" if size is None else f"{size:g}"
    if when.employees_from is not None:
        holds = size is not None and size >= when.employees_from
        yield Check(condition="employees_from", wanted=f"{when.employees_from} or more", found=found, holds=holds)
    if when.employees_to is not None:
        holds = size is not None and size <= when.employees_to
        yield Check(condition="employees_to", wanted=f"{when.employees_to} or less", found=found, holds=holds)


def _among(name: str, wanted: Iterable[str], found: Iterable[str]) -> Check:
    asked, had = tuple(wanted), tuple(dict.fromkeys(one for one in found if one))
    holds = not set(asked).isdisjoint(had)
    return Check(condition=name, wanted=" or ".join(asked), found=", ".join(had), holds=holds)


def _like(name: str, patterns: Sequence[str], found: Iterable[str]) -> Check:
    had = tuple(dict.fromkeys(one for one in found if one))
    fitting = [one for one in had if any(fnmatchcase(one, pattern) for pattern in patterns)]
    told = fitting[:1] or had[:1]
    return Check(condition=name, wanted=" or ".join(patterns), found=", ".join(told), holds=bool(fitting))
