"""`frontdesk chat`: the assistant in the terminal, with persona, facts and readiness as they change."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from core.ids import ConversationId, MessageId, VisitorId
from core.ledger import fold
from core.message import TEXT_LIMIT, InboundMessage, MessageKind, Page
from core.receiving import begin
from core.session import ConversationState
from core.turn import TurnOutcome
from core.wording import facts_in_words
from frontdesk.app import build_mind, phrases_in
from frontdesk.clock import SystemClock
from frontdesk.desk import read_desk
from frontdesk.loop import run_async
from frontdesk.replay import prediction

CONVERSATION = ConversationId("terminal")
PROMPT = "you> "


def run(options: argparse.Namespace) -> int:
    """Talk until the end of input, `/quit` or Ctrl+C."""
    desk = read_desk(options.config)
    clock = SystemClock()
    engine = build_mind(desk, clock=clock, transcript_channels=("chat",)).engine
    page = Page(url=options.page) if options.page else None
    state: ConversationState | None = None
    if not options.json:
        print(f"{desk.settings.company.name}: talk as a visitor would. /new starts over, /quit ends.\n")

    async def turn(kind: MessageKind, text: str, number: int) -> None:
        nonlocal state
        message = InboundMessage(
            id=MessageId(f"m{number}"),
            channel="chat",
            conversation=CONVERSATION,
            visitor=VisitorId("you"),
            kind=kind,
            text=text[:TEXT_LIMIT],
            at=clock.now(),
            page=page,
        )
        before = state or begin(message)
        outcome = await engine.respond(before, (message,))
        state = outcome.state
        show(options, before, outcome, number)

    async def talk() -> None:
        nonlocal state
        await turn(MessageKind.OPENED, "", 0)
        for number, line in enumerate(_lines(quiet=options.json), 1):
            if line == "/new":
                state = None
                await turn(MessageKind.OPENED, "", number)
            else:
                await turn(MessageKind.TEXT, line, number)

    run_async(talk())
    return 0


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
        yield f"lead: revision {outcome.state.lead.revision}, {len(fold(outcome.state.facts))} fields known"
