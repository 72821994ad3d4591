"""What is said to those who are held out: helpful, and as if nothing were known of who they are."""

from __future__ import annotations

from dataclasses import replace

from core.brief import Brief
from core.persona import UNKNOWN
from core.plan import Planner
from core.situation import Situation


class BlindPlanner(Planner):
    """Plans as if no persona and no profile were there. The team's lead keeps both."""

    def plan(self, situation: Situation) -> Brief | None:
        view = situation.view
        session = replace(view.session, guess=UNKNOWN)
        return super().plan(
            replace(
                situation,
                view=replace(view, persona=None, session=session),
                audiences=(),
                likely=None,
                openers=(),
                profile_context=None,
            )
        )
