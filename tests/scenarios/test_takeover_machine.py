"""Whatever a visitor, two reps and the clock do, in any order: what must never happen does not, what must end ends."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.handling import SNOOZE
from core.ids import MessageId
from core.lead import Lead
from core.message import MessageKind
from core.promise import PROMISE_TIMER
from core.rep import Rep, RepAct, RepAction, RepId
from core.session import Session
from core.turn import DeliverLead, TurnOutcome
from frontdesk.mind import phrases_in
from tests.core.talking import CLOCK, NOON
from tests.scenarios.test_promises import ANN, Desk, team

BOB = Rep(id=RepId("U0BOB"), name="Bob Baker")
SAID = [
    "Can I talk to a person please?",
    "What does the Grow plan cost?",
    "We would like a demo. kim@oakfield.example",
    "Our budget is 900 euros a month.",
    "Thanks, that helps",
]
PLAIN = [RepAct.CLAIM, RepAct.BRIDGE_ON, RepAct.BRIDGE_OFF, RepAct.RETURN, RepAct.MUTE, RepAct.DISQUALIFY, RepAct.WON]
REPS = st.sampled_from([ANN, BOB])
LONGEST_END = 40
"""Timers that may fall due after everybody has gone: ladders, snoozes, words on their way, notes, promises."""


class Takeover(RuleBasedStateMachine):
    """One conversation of the real engine with a team behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.numbers = count(1)

    @initialize()
    def begin(self) -> None:
        CLOCK.seconds = NOON
        self.desk = Desk(None, team(), name=f"machine-{next(self.numbers)}")
        self.intended: set[str] = set()
        self.reached: Counter[str] = Counter()
        self.roots = 0
        self._visitor(SAID[0])

    @property
    def lead(self) -> Lead | None:
        return self.desk.talk.state.lead if self.desk.talk.state else None

    @property
    def session(self) -> Session:
        assert self.desk.talk.state is not None
        return self.desk.talk.state.session

    @rule(text=st.sampled_from(SAID))
    def says(self, text: str) -> None:
        self._visitor(text)

    @rule(act=st.sampled_from(PLAIN), rep=REPS)
    def does(self, act: RepAct, rep: Rep) -> None:
        self._act(RepAction(act=act, rep=rep))

    @rule(rep=REPS, to=REPS)
    def assigns(self, rep: Rep, to: Rep) -> None:
        self._act(RepAction(act=RepAct.ASSIGN, rep=rep, to=to))

    @rule(rep=REPS, seconds=st.sampled_from([60.0, 3_600.0]))
    def snoozes(self, rep: Rep, seconds: float) -> None:
        self._act(RepAction(act=RepAct.SNOOZE, rep=rep, until=CLOCK.seconds + seconds))

    @rule(rep=REPS)
    def replies(self, rep: Rep) -> None:
        """A form is explicit; a colleague's lead refuses it."""
        text = f"reply {next(self.numbers)}"
        if not self._is_anothers(rep):
            self.intended.add(text)
        self._act(RepAction(act=RepAct.REPLY, rep=rep), text)

    @rule(rep=REPS)
    def writes_in_the_thread(self, rep: Rep) -> None:
        lead, text = self.lead, f"thread {next(self.numbers)}"
        if lead is not None and lead.bridged and not self._is_anothers(rep):
            self.intended.add(text)
        self._act(RepAction(act=RepAct.SAY, rep=rep), text)

    @precondition(lambda self: bool(self.session.to_say))
    @rule()
    def takes_back(self) -> None:
        waiting = self.session.to_say[-1]
        self.intended.discard(waiting.text)
        message = replace(self.desk._message(MessageKind.REP, "", CLOCK.seconds), about=waiting.id)
        self._run(self._handled(replace(message, action=RepAction(act=RepAct.UNDO, rep=waiting.rep))))

    @precondition(lambda self: bool(self.session.to_say))
    @rule(text=st.sampled_from(["", "better words"]))
    def changes_what_waits(self, text: str) -> None:
        waiting = self.session.to_say[-1]
        self.intended.discard(waiting.text)
        text = f"{text} {next(self.numbers)}" if text else ""
        self.intended |= {text} if text else set()
        self._amends(waiting.id, waiting.rep, text)

    @precondition(lambda self: bool(self.session.crossed))
    @rule(rep=REPS)
    def corrects_what_was_read(self, rep: Rep) -> None:
        text = f"amended {next(self.numbers)}"
        if self.lead is not None and self.lead.bridged and not self._is_anothers(rep):
            self.intended.add(phrases_in(self.session.language).say("rep.corrected", text=text))
        self._amends(self.session.crossed[-1], rep, text)

    @precondition(lambda self: bool(self.desk.timers))
    @rule(pick=st.integers(min_value=0, max_value=5))
    def time_goes_by(self, pick: int) -> None:
        due = sorted(self.desk.timers, key=lambda name: self.desk.timers[name])
        self._fires(due[min(pick, len(due) - 1)])

    @rule()
    def is_erased(self) -> None:
        """Nothing of it is left; who comes back is somebody new."""
        self.desk = Desk(None, team(), name=f"machine-{next(self.numbers)}")
        self.intended, self.reached, self.roots = set(), Counter(), 0
        self._visitor(SAID[1])

    @invariant()
    def nothing_internal_reaches_the_visitor_and_nothing_twice(self) -> None:
        assert set(self.reached) <= self.intended, set(self.reached) - self.intended
        assert all(times == 1 for times in self.reached.values())

    @invariant()
    def an_open_promise_has_a_clock(self) -> None:
        promise = self.desk.promise
        if promise is not None and promise.is_open:
            assert self.desk.timers.get(PROMISE_TIMER) == promise.due

    @invariant()
    def a_lead_has_one_card(self) -> None:
        assert self.roots == (self.lead is not None)

    @invariant()
    def a_snooze_has_a_clock(self) -> None:
        if self.lead is not None and self.lead.snoozed_until > CLOCK.seconds:
            assert self.desk.timers.get(SNOOZE) == self.lead.snoozed_until

    def teardown(self) -> None:
        for _ in range(LONGEST_END):
            if not self.desk.timers:
                break
            self._fires(min(self.desk.timers, key=lambda name: self.desk.timers[name]))
        self.loop.close()
        assert not self.desk.timers
        assert not self.session.to_say
        assert self.desk.promise is None or not self.desk.promise.is_open
        assert set(self.reached) == self.intended, "words that were meant for the visitor were lost"

    def _is_anothers(self, rep: Rep) -> bool:
        lead = self.lead
        return lead is None or (lead.owner is not None and lead.owner.id != rep.id)

    def _visitor(self, text: str) -> None:
        CLOCK.seconds += 20.0
        self._run(self._told(text))

    async def _told(self, text: str) -> TurnOutcome:
        message = replace(self.desk.talk.message(text), at=CLOCK.seconds)
        return self.desk._kept(await self.desk.talk.turn(message))

    def _act(self, action: RepAction, text: str = "") -> None:
        message = self.desk._message(MessageKind.REP, text or str(next(self.numbers)), CLOCK.seconds)
        self._run(self._handled(replace(message, text=text, action=action)))

    def _amends(self, about: MessageId, rep: Rep, text: str) -> None:
        message = self.desk._message(MessageKind.REP, str(next(self.numbers)), CLOCK.seconds)
        action = RepAction(act=RepAct.AMEND, rep=rep)
        self._run(self._handled(replace(message, text=text, about=about, action=action)))

    async def _handled(self, message: Any) -> TurnOutcome:
        return await self.desk._handled(message, CLOCK.seconds)

    def _fires(self, name: str) -> None:
        at = max(CLOCK.seconds, self.desk.timers[name])
        message = self.desk._message(MessageKind.TIMER, name, self.desk.timers.pop(name))
        CLOCK.seconds = at
        if name.startswith("rep."):
            self._run(self._handled(message))
        else:
            self._run(self._responded(message))

    async def _responded(self, message: Any) -> TurnOutcome:
        outcome = await self.desk.talk.engine.respond(self.desk.talk.state, [message])  # type: ignore[arg-type]
        self.desk.talk.state = outcome.state
        return self.desk._kept(outcome)

    def _run(self, doing: Coroutine[Any, Any, TurnOutcome]) -> None:
        before = self.desk.talk.state
        human = before is not None and before.lead is not None and before.lead.handled_by == "human"
        had_lead = before is not None and before.lead is not None
        outcome = self.loop.run_until_complete(doing)
        reply = outcome.reply
        if reply is not None and reply.rep is not None:
            self.reached[reply.main_text] += 1
        still_human = outcome.state.lead is not None and outcome.state.lead.handled_by == "human"
        if reply is not None and reply.rep is None:
            assert not human, "the bot spoke while a person answers"
            assert not still_human
        if outcome.state.lead is not None and not had_lead:
            self.roots += sum(isinstance(effect, DeliverLead) for effect in outcome.effects)


TestTakeover = Takeover.TestCase
TestTakeover.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
