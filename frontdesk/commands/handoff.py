"""`frontdesk handoff explain`: which rule a lead goes by, why the earlier ones do not fit, and who would take it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from config.models.handoff import HandoffSettings
from core.errors import ConfigError
from core.ids import LeadId
from core.lead import Lead, Route
from core.rep import Rep
from core.store_ports import Store
from frontdesk.beside import store_beside
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async
from handoff.dispatch import Dispatch
from handoff.hours import Hours
from handoff.lead_file import lead_of_json
from handoff.routing import Routed, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A lead's way as it is known now, who is there, and whose turn it would be."""

    lead: Lead
    routed: Routed
    hours: Hours | None
    turns: tuple[Rep, ...]
    now: float

    @property
    def is_open(self) -> bool | None:
        return self.hours.is_open(self.now) if self.hours else None

    @property
    def opens_at(self) -> float:
        return self.hours.opens_at(self.now) if self.hours else 0.0


def run(options: argparse.Namespace) -> int:
    """Explain one lead."""
    desk = read_desk(options.config)
    settings = desk.handoff or HandoffSettings()

    async def look() -> Explained:
        async with store_beside(desk) as store:
            return await explained(await _lead(store, options.lead), settings, store, now=SystemClock().now())

    found = run_async(look())
    told = json.dumps(_as_json(found), ensure_ascii=False, indent=1) if options.json else "\n".join(_lines(found))
    print(told)
    return 0


async def explained(lead: Lead, settings: HandoffSettings, store: Store, *, now: float) -> Explained:
    """What the rules of the files say of it; nothing is assigned or kept."""
    dispatch = Dispatch(settings, store.rota)
    routed = dispatch.explain(lead)
    way = routed.route
    turns = await dispatch.next_reps(lead, way) if way else ()
    return Explained(lead=lead, routed=routed, hours=dispatch.hours_of(way.team) if way else None, turns=turns, now=now)


async def _lead(store: Store, name: str) -> Lead:
    file = Path(name)
    if file.suffix == ".json":
        return _read(file)
    lead = await store.leads.load(LeadId(name))
    if lead is None:
        raise ConfigError(f"there is no lead {name!r}; `frontdesk export` and the dashboard show the IDs of leads")
    return lead


def _read(file: Path) -> Lead:
    try:
        return lead_of_json(file.read_bytes())
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(f"{file}: {place}: {first['msg']}") from None


def _lines(found: Explained) -> Iterator[str]:
    lead = found.lead
    yield " · ".join(filter(None, (lead.id, lead.name or lead.email, lead.company)))
    for place, step in enumerate(found.routed.trace, start=1):
        yield from _of_step(place, step)
    yield f"-> {_way(found.routed.route)}"
    yield from _of_team(found)
    if lead.route is not None and lead.route != found.routed.route:
        yield f"It was decided when the lead came in, and stays: {_way(lead.route)} ({_name(lead.route.rule)})"
    if lead.assigned is not None:
        yield f"assigned to {_who(lead.assigned)}"


def _of_step(place: int, step: Step) -> Iterator[str]:
    yield f"{place}. {_name(step.rule)}: {'fits' if step.fits else 'does not fit'}"
    for check in step.checks:
        sign = "ok" if check.holds else "no"
        yield f"     {sign}  {check.condition}: {check.wanted}; found: {check.found or 'nothing'}"


def _name(rule: str) -> str:
    return f'rule "{rule}"' if rule else "without a rule"


def _way(way: Route | None) -> str:
    if way is None:
        return "nobody: it is no lead"
    if way.quiet:
        return "no card: it is listed, and told in the daily digest"
    team = f"team {way.team}" if way.team else "everybody"
    skills = f", to somebody with {', '.join(way.skills)}" if way.skills else ""
    return f"{team}{skills}, in {f'channel {way.channel}' if way.channel else 'the usual channel'}"


def _of_team(found: Explained) -> Iterator[str]:
    if found.hours is not None:
        zone = found.hours.zone
        when = _time(found.opens_at, zone) if found.opens_at else "not within a year"
        yield f"open now ({zone})" if found.is_open else f"closed now, opens {when}"
    if found.turns:
        yield f"next: {', '.join(map(_who, found.turns))}"


def _time(at: float, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%A %Y-%m-%d %H:%M} ({zone})"


def _who(rep: Rep) -> str:
    return f"{rep.name} ({rep.id})" if rep.name else str(rep.id)


def _as_json(found: Explained) -> Mapping[str, Any]:
    return {
        "lead": found.lead.id,
        "rules": [
            {"rule": step.rule, "fits": step.fits, "checks": [asdict(check) for check in step.checks]}
            for step in found.routed.trace
        ],
        "route": _route_json(found.routed.route),
        "routeWhenItCameIn": _route_json(found.lead.route),
        "open": found.is_open,
        "opensAt": datetime.fromtimestamp(found.opens_at, UTC).isoformat() if found.opens_at else None,
        "next": [asdict(rep) for rep in found.turns],
        "assigned": asdict(found.lead.assigned) if found.lead.assigned else None,
    }


def _route_json(way: Route | None) -> Mapping[str, Any] | None:
    return asdict(way) if way else None
