"""Where leads go and who is there for them, as `handoff.yaml` has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from config.models.handoff import HandoffSettings
from config.models.routing import Member, Team
from core.lead import Lead, Route
from core.lead_ports import Candidate, Rota
from core.promise import Availability
from core.rep import Rep, RepId, Rung
from handoff.hours import Hours, opening_hours
from handoff.routing import Routed, route


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manned:
    """A team with its hours worked out."""

    team: Team
    hours: Hours | None

    def candidates(self, skills: Collection[str], language: str) -> tuple[Candidate, ...]:
        """Who may take such a lead: all of the skills, and the language where somebody speaks it."""
        able = [one for one in self.team.members if set(skills) <= set(one.skills)]
        fluent = [one for one in able if not one.languages or _base(language) in map(_base, one.languages)]
        return tuple(Candidate(rep=RepId(one.slack), capacity=one.capacity) for one in fluent or able)

    def rep(self, identity: RepId) -> Rep:
        return _rep(next(one for one in self.team.members if one.slack == identity))


class Dispatch:
    """`core.ports.Roster` over the files and a rota; without one nobody is assigned."""

    def __init__(self, settings: HandoffSettings, rota: Rota | None) -> None:
        self._settings = settings
        self._rota = rota
        self._teams = {
            team.id: _Manned(team=team, hours=opening_hours(team.hours) if team.hours else None)
            for team in settings.teams
        }

    def explain(self, lead: Lead) -> Routed:
        """The way of the lead, with every rule that was looked at."""
        return route(lead, self._settings)

    def route(self, lead: Lead) -> Route | None:
        return self.explain(lead).route

    def hours_of(self, team: str) -> Hours | None:
        """None where the files do not say when a team is there."""
        found = self._teams.get(team)
        return found.hours if found else None

    def rung(self, lead: Lead, step: int, now: float) -> Rung | None:
        found = self._teams.get(lead.route.team) if lead.route and not lead.route.quiet else None
        if found is None or step >= len(found.team.sla):
            return None
        rung, manager = found.team.sla[step], found.team.manager
        at = found.hours.after(now, rung.after * 60.0) if found.hours else now + rung.after * 60.0
        return Rung(at=at, tell=rung.tell, manager=Rep(id=RepId(manager)) if manager else None) if at else None

    async def assign(self, lead: Lead, now: float, *, passed: Collection[RepId] = ()) -> Rep | None:
        found = self._teams.get(lead.route.team) if lead.route else None
        candidates = found.candidates(lead.route.skills, lead.language) if found and lead.route else ()
        if found is None or self._rota is None or not candidates:
            return None
        chosen = await self._rota.take(found.team.id, lead.id, candidates, now=now, excluding=passed)
        known = {one.slack for one in found.team.members}
        return found.rep(chosen) if chosen in known else None

    async def next_reps(self, lead: Lead, way: Route) -> tuple[Rep, ...]:
        """Whose turn it would be, the next first."""
        found = self._teams.get(way.team)
        candidates = found.candidates(way.skills, lead.language) if found else ()
        if found is None or self._rota is None:
            return ()
        return tuple(found.rep(one) for one in await self._rota.order(found.team.id, candidates))

    async def availability(self, way: Route, language: str, now: float) -> Availability | None:
        """Somebody is there when the team is open, stays so for as long as an answer takes, and has room."""
        found = self._teams.get(way.team)
        if found is None or found.hours is None or way.quiet:
            return None
        minutes, zone = found.team.answers_within, str(found.hours.zone)
        if not found.hours.is_open(now) or not found.hours.is_open(now + minutes * 60.0):
            back = found.hours.opens_at(now if not found.hours.is_open(now) else now + minutes * 60.0)
            return Availability(here=False, back_at=back, zone=zone)
        if found.team.members:
            free = await self._rota.order(way.team, found.candidates(way.skills, language)) if self._rota else ()
            return Availability(here=True, minutes=minutes, zone=zone) if free else None
        return Availability(here=True, minutes=minutes, zone=zone)


def _rep(member: Member) -> Rep:
    return Rep(id=RepId(member.slack), name=member.name or "")


def _base(language: str) -> str:
    return language.partition("-")[0]
