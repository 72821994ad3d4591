"""The rooms of the dashboard beyond access, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.linking import Accept
from core.store_ports import Store
from dashboard.board_page import BoardPage
from dashboard.config_page import ConfigPage, Look
from dashboard.door import Rooms
from dashboard.health_page import HealthPage
from dashboard.insight import Insights
from dashboard.lead_actions import LeadActions
from dashboard.live_page import LivePage
from dashboard.machine import Machine
from dashboard.people_pages import PeoplePages
from dashboard.person_actions import PersonActions
from dashboard.persona_desk import PersonaDesk
from dashboard.personas_page import PersonasPage
from dashboard.profile_page import ProfilePage


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the rooms stand on. `accept` records what is done by hand; `forgotten` is told of an erasure."""

    store: Store
    insight: Insights
    accept: Accept
    forgotten: Callable[[], None]
    new_id: Callable[[], str]


def people_rooms(ground: Ground, *, patience: float = 1.0) -> Rooms:
    """Overview, profiles, one profile, live conversations and leads, with what can be done there."""
    store = ground.store
    leads = LeadActions(
        store=store, insight=ground.insight, accept=ground.accept, new_id=ground.new_id, patience=patience
    )
    people = PersonActions(store=store, accept=ground.accept, forgotten=ground.forgotten)
    return Rooms(
        pages=(
            *PeoplePages(store=store).pages(),
            *LivePage(store=store, insight=ground.insight).pages(),
            *BoardPage(store=store).pages(),
            *ProfilePage(store=store, insight=ground.insight, new_id=ground.new_id).pages(),
        ),
        actions=(*leads.actions(), *people.actions()),
    )


def machine_rooms(store: Store, machine: Machine, look: Callable[[], Awaitable[Look]]) -> Rooms:
    """Health and configuration."""
    health = HealthPage(store=store, machine=machine)
    config = ConfigPage(look=look, machine=machine)
    return Rooms(pages=(*health.pages(), *config.pages()), actions=(*health.actions(), *config.actions()))


def persona_rooms(store: Store, insight: Insights, desk: PersonaDesk) -> Rooms:
    """The page about personas."""
    page = PersonasPage(store=store, insight=insight, desk=desk)
    return Rooms(pages=page.pages(), actions=page.actions())


def joined_rooms(*rooms: Rooms) -> Rooms:
    """All pages, actions and endpoints, in their order."""
    return Rooms(
        pages=tuple(page for one in rooms for page in one.pages),
        actions=tuple(action for one in rooms for action in one.actions),
        endpoints=tuple(endpoint for one in rooms for endpoint in one.endpoints),
    )
