"""`frontdesk chat`: the assistant in the terminal, with persona, facts and readiness as they change."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from config import Desk
from core.ids import ConversationId, MessageId, VisitorId
from core.ledger import fold
from core.message import TEXT_LIMIT, InboundMessage, MessageKind, Page
from core.ports import Clock
from core.receiving import begin
from core.session import ConversationState
from core.staff import Responder
from core.turn import Forget, TurnOutcome
from core.wording import facts_in_words
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async
from frontdesk.mind import learned_mind, phrases_in
from frontdesk.replay import prediction

CONVERSATION = ConversationId("terminal")
CHANNEL = "chat"
PROMPT = "you> "


def run(options: argparse.Namespace) -> int:
    """Talk until the end of input, `/quit` or Ctrl+C."""
    run_async(_talk(options, read_desk(options.config)))
    return 0


async def _talk(options: argparse.Namespace, desk: Desk) -> None:
    clock = SystemClock()
    if not options.json:
        print(f"{desk.settings.company.name}: talk as a visitor would. /new starts over, /quit ends.\n")
    async with learned_mind(desk, clock=clock, channel=CHANNEL) as mind:
        talk = _Talk(options, mind.desk, clock)
        await talk.turn(MessageKind.OPENED, "", 0)
        for number, line in enumerate(_lines(quiet=options.json), 1):
            if line == "/new":
                talk.state = None
                await talk.turn(MessageKind.OPENED, "", number)
            else:
                await talk.turn(MessageKind.TEXT, line, number)


class _Talk:
    """One conversation in the terminal; `state` is None before its first message."""

    def __init__(self, options: argparse.Namespace, engine: Responder, clock: Clock) -> None:
        self.state: ConversationState | None = None
        self._options = options
        self._engine = engine
        self._clock = clock
        self._page = Page(url=options.page) if options.page else None

    async def turn(self, kind: MessageKind, text: str, number: int) -> None:
        message = InboundMessage(
            id=MessageId(f"m{number}"),
            channel=CHANNEL,
            conversation=CONVERSATION,
            visitor=VisitorId("you"),
            kind=kind,
            text=text[:TEXT_LIMIT],
            at=self._clock.now(),
            page=self._page,
        )
        before = self.state or begin(message)
        outcome = await self._engine.respond(before, (message,))
        forgotten = any(isinstance(effect, Forget) for effect in outcome.effects)
        self.state = None if forgotten else outcome.state
        show(self._options, before, outcome, number)


def _lines(*, quiet: bool) -> Iterator[str]:
    while True:
        if not quiet and sys.stdin.isatty():
            print(PROMPT, end="", flush=True)
        line = sys.stdin.readline()
        if not line or line.strip() == "/quit":
            return
        if line.strip():
            yield line.strip()


def show(options: argparse.Namespace, before: ConversationState, outcome: TurnOutcome, number: int) -> None:
    """Print a reply, and what the turn taught."""
    if options.json:
        print(json.dumps(prediction(CONVERSATION, number, outcome), ensure_ascii=False), flush=True)
        return
    if outcome.reply is not None:
        print(f"bot> {outcome.reply.main_text}")
        if outcome.reply.email_prompt:
            print(f"     {outcome.reply.email_prompt}")
        for citation in outcome.reply.citations:
            print(f"     ({citation.url})")
        if outcome.reply.buttons:
            print("     " + "  ".join(f"[{label}]" for label in outcome.reply.buttons))
    if not options.quiet:
        for line in _changes(before, outcome):
            print(f"     · {line}")
    print(flush=True)


def _changes(before: ConversationState, outcome: TurnOutcome) -> Iterator[str]:
    session = outcome.state.session
    if session.guess.probabilities:
        shown = ", ".join(f"{persona} {share:.0%}" for persona, share in session.guess.probabilities[:3])
        yield f"persona: {session.guess.chosen or 'undecided'} ({shown}, none {session.guess.none:.0%})"
    phrases = phrases_in(session.language)
    for fact in outcome.new_facts:
        words = facts_in_words((fact,), phrases, fields=(fact.field,))
        yield f"{fact.operation.value} {fact.field.value}: {words}  “{fact.quote}”"
    yield f"intent {int(session.intent)}, readiness {outcome.readiness.level} ({outcome.readiness.score:.0f})"
    if before.session.mode is not session.mode:
        yield f"mode: {before.session.mode.value} → {session.mode.value}"
    if outcome.triggers:
        yield f"triggers: {', '.join(outcome.triggers)}"
    if outcome.lead_changed and outcome.state.lead:
        yield f"lead: revision {outcome.state.lead.revision}, {len(fold(outcome.state.known_facts))} fields known"
