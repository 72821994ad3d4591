"""Adding words to what a turn says, whatever it says already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.message import InboundMessage
from core.privacy_words import Words
from core.receiving import spoken
from core.reply import Mode, Reply
from core.session import Said
from core.turn import DeliverReply, TurnOutcome

KEPT_LINES = 12


def with_words(
    outcome: TurnOutcome, words: Words, *, heard: Sequence[InboundMessage] = (), sends: bool, owed: bool = True
) -> TurnOutcome:
    """The outcome with these words after those of its reply, and with the question they ask.

    `heard` are messages that the engine was not given; `sends` is False where clients read the transcript.
    """
    session = replace(outcome.state.session, pending_question=words.asks or outcome.state.session.pending_question)
    reply = _reply(outcome.reply, words, session.mode, owed=owed)
    lines = (
        *(Said(author="visitor", text=one.text, message=one.id, at=one.at) for one in spoken(heard)),
        Said(author="bot", text=words.text),
    )
    others = tuple(effect for effect in outcome.effects if not isinstance(effect, DeliverReply))
    sent = DeliverReply(channel=session.channel, conversation=session.conversation, reply=reply)
    return replace(
        outcome,
        state=replace(outcome.state, session=session, recent=(*outcome.state.recent, *lines)[-KEPT_LINES:]),
        reply=reply,
        effects=(sent, *others) if sends else others,
    )


def _reply(before: Reply | None, words: Words, mode: Mode, *, owed: bool) -> Reply:
    if before is None:
        return Reply(main_text=words.text, mode=mode, buttons=words.buttons, owed=owed)
    text = f"{before.main_text}\n\n{words.text}"
    return replace(before, main_text=text, buttons=words.buttons or before.buttons, email_prompt=None)
