"""The morning's message to each rep: at nine by their own clock, once a day, and not when there is nothing to say."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta

from core.errors import DeliveryDelayed, DeliveryError, DeliveryUncertain
from core.lead import Lead
from core.lead_ports import LeadBook
from core.rep import RepId
from core.store_ports import Notes
from handoff.colleagues import Colleague, Colleagues
from handoff.home import digest
from handoff.interactions import Person
from handoff.pace import ChannelPace
from handoff.team_api import Home, TeamApi
from handoff.team_door import CHANNEL
from handoff.view import TeamView

_log = logging.getLogger(__name__)

FROM, UNTIL = 9, 18
"""Hours of a rep's day: sent at the first, and after a time in which we were away no later than the second."""
DAY = 86_400.0
_MARK_LIFE, _SINCE_LIFE = 2 * DAY, 30 * DAY


class Digests:
    """Who is due is worked out anew each time, so nothing is planned that could be lost; a mark a day says who has it.

    The mark is set before the message leaves and taken back when it surely did not arrive: of several processes one
    sends, and after an answer that never came nothing is sent twice.
    """

    def __init__(
        self,
        api: TeamApi,
        colleagues: Colleagues,
        notes: Notes,
        book: LeadBook,
        *,
        teams: Mapping[RepId, Collection[str]],
        pace: ChannelPace,
        view: TeamView,
    ) -> None:
        """`teams` are those of the members that the files name; others are found by the leads they have."""
        self._api = api
        self._colleagues = colleagues
        self._notes = notes
        self._book = book
        self._teams = teams
        self._pace = pace
        self._view = view

    async def send_due(self, home: Home, now: float) -> int:
        """Send every digest that is due now; how many were. Raises `StoreUnavailable`; Slack's failures are logged."""
        leads = await self._book.leads()
        sent = 0
        for rep in dict.fromkeys((*self._teams, *_who_has_leads(leads))):
            try:
                colleague = await self._colleagues.find(Person(user=rep, team=home.team), home)
                sent += colleague is not None and await self._send(colleague, self._theirs(rep, leads), now)
            except DeliveryDelayed as error:
                _log.info("a digest waits: %s", error)
            except DeliveryError as error:
                _log.warning("a rep gets no digest: %s", error)
        return sent

    def _theirs(self, rep: RepId, leads: Iterable[Lead]) -> tuple[Lead, ...]:
        """Without what is offered to teams they are not of; who is of none sees what all see."""
        teams = self._teams.get(rep, ())
        return tuple(lead for lead in leads if not teams or _team_of(lead) in {"", *teams} or _is_of(lead, rep))

    async def _send(self, to: Colleague, leads: Sequence[Lead], now: float) -> bool:
        local, rep = datetime.fromtimestamp(now, to.zone), to.rep.id
        mark = f"digest:{rep}:{local.date().isoformat()}"
        if not FROM <= local.hour < UNTIL or not await self._notes.add(CHANNEL, mark, "", life=_MARK_LIFE):
            return False
        since = float(await self._notes.get(CHANNEL, f"digest:{rep}") or now - DAY)
        told = digest(leads, rep, now, self._view, since=since, until=_end_of_day(local))
        if told is None:
            return False
        try:
            await self._pace.turn(rep)
            await self._api.message(rep, told.text, told.blocks)
        except DeliveryUncertain:
            raise
        except DeliveryError:
            await self._notes.take(CHANNEL, mark)
            raise
        await self._notes.put(CHANNEL, f"digest:{rep}", repr(now), life=_SINCE_LIFE)
        return True


def _who_has_leads(leads: Iterable[Lead]) -> Iterable[RepId]:
    return (whose.id for lead in leads if not lead.verdict for whose in (lead.owner, lead.assigned) if whose)


def _team_of(lead: Lead) -> str:
    return lead.route.team if lead.route else ""


def _is_of(lead: Lead, rep: RepId) -> bool:
    return lead.owner is not None and lead.owner.id == rep


def _end_of_day(local: datetime) -> float:
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo).timestamp()
