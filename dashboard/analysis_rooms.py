"""What counts and lists for people and programs, put together: overview, questions, and the API."""

from __future__ import annotations

from core.ports import Clock
from core.store_ports import Store
from dashboard.analytics_api import AnalyticsApi
from dashboard.door import Rooms
from dashboard.overview_page import OverviewPage, Spans
from dashboard.people_api import PeopleApi
from dashboard.questions_page import QuestionsPage


def analysis_rooms(store: Store, clock: Clock, *, price: float | None = None) -> Rooms:
    """`price` is what a million tokens of the models cost, None where nobody said so."""
    spans = Spans(store=store, price=price)
    return Rooms(
        pages=(*OverviewPage(store=store, spans=spans).pages(), *QuestionsPage(spans=spans).pages()),
        endpoints=(*PeopleApi(store=store).endpoints(), *AnalyticsApi(spans=spans, now=clock.now).endpoints()),
    )
