"""The admins' door of a desk: its routes, and the links that let the first person in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec

import aiohttp

from config import Desk
from core.errors import ConfigError
from core.linking import Accept
from core.rep import Rep, RepId
from core.store_ports import Store
from dashboard.accounts import Accounts
from dashboard.analysis_rooms import analysis_rooms
from dashboard.audit import Audit
from dashboard.door import AdminsDoor, House, Rooms, open_door
from dashboard.insight import Insight, Insights
from dashboard.links import Invitation, Links
from dashboard.place import Place
from dashboard.roles import Role
from dashboard.rooms import Ground, joined_rooms, machine_rooms, people_rooms, persona_rooms
from frontdesk.clock import SystemClock, new_id
from frontdesk.desk import QUALIFICATION
from frontdesk.machine import Gauges, folder_of, machine_of
from frontdesk.outcomes import OUTCOMES, read_outcomes
from frontdesk.persona_work import PersonaWork
from frontdesk.reloading import Reloader
from profiles.analyst import ProfileAnalyst
from profiles.qualification_file import QualificationFile
from store.open import OpenStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What stands behind the pages while the hub runs."""

    opened: OpenStore
    accept: Accept
    reloader: Reloader
    gauges: Gauges
    personas: PersonaWork
    forgotten: Callable[[], None]
    tried: Rooms  # flights and experiments
    http: aiohttp.ClientSession


def admins_door(desk: Desk, behind: Behind) -> AdminsDoor | None:
    """None where the desk has no dashboard. Raises `ConfigError` for a company sign-in that cannot be checked."""
    settings = desk.settings
    if not settings.dashboard.enabled:
        return None
    if settings.dashboard.oidc and find_spec("cryptography") is None:
        raise ConfigError("`dashboard.oidc` needs the package cryptography: install frontdesk with the extra `teams`")
    return open_door(
        House(
            company=settings.company.name,
            settings=settings.dashboard,
            store=behind.opened.store,
            clock=SystemClock(),
            public_url=str(settings.server.public_url or ""),
            http=behind.http,
        ),
        _rooms(desk, behind),
    )


def _rooms(desk: Desk, behind: Behind) -> Rooms:
    store, reloader = behind.opened.store, behind.reloader
    people = people_rooms(
        Ground(
            store=store,
            insight=insights(lambda: reloader.desk),
            accept=behind.accept,
            forgotten=behind.forgotten,
            new_id=new_id,
        )
    )
    chat = desk.settings.models.chat
    return joined_rooms(
        analysis_rooms(store, SystemClock(), price=chat.price_per_million_tokens if chat else None),
        people,
        persona_rooms(store, insights(lambda: reloader.desk), behind.personas.page()),
        behind.tried,
        machine_rooms(store, machine_of(reloader, store, behind.gauges), folder_of(reloader)),
    )


def insights(desk: Callable[[], Desk]) -> Insights:
    """What pages judge with, made anew when other files are in force."""

    @lru_cache(maxsize=1)
    def of(_digests: tuple[str, ...]) -> Insight:
        files = desk()
        return Insight(
            analyst=ProfileAnalyst(
                files.file_of(QUALIFICATION, QualificationFile), outcomes=read_outcomes(files.locate(OUTCOMES))
            ),
            personas={one.id: one for one in files.personas},
            colleagues=_colleagues(files),
        )

    return lambda: of(tuple(source.digest for source in desk().sources.values()))


def _colleagues(desk: Desk) -> tuple[Rep, ...]:
    members = [member for team in desk.handoff.teams for member in team.members] if desk.handoff else []
    return tuple({one.slack: Rep(id=RepId(one.slack), name=one.name or "") for one in members}.values())


async def first_link(desk: Desk, store: Store, address: str) -> str:
    """A link for the owner where nobody has an account yet; "" otherwise."""
    settings = desk.settings.dashboard
    if not settings.enabled or await Accounts(store.records).all():
        return ""
    return await make_link(store, Invitation(role=Role.OWNER), str(desk.settings.server.public_url or address))


async def make_link(store: Store, invitation: Invitation, public: str) -> str:
    """The whole address of a new one-time link; the journal says that it was made here."""
    path = await Links(store.notes).make(invitation)
    audit = Audit(store.journal, SystemClock())
    on, role = invitation.account or "new", invitation.role.value
    await audit.note(who="command line", what="account.link-printed", on=on, after=role)
    return Place(public_url=public).address(None, path)
