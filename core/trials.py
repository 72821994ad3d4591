"""The engine a conversation is answered by where experiments run: the desk's own, or one with its variants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.asking import PATIENT
from core.engine import Engine
from core.message import InboundMessage
from core.ports import Clock
from core.session import ConversationState, Exposure
from core.trial import Experiment, Variation, entered, is_held_out
from core.turn import TurnOutcome

_MOST_ENGINES = 64
"""Engines kept at once; they share everything heavy."""


class Trials:
    """Answers as the engine does. Implements `core.tenure.Responder`.

    The variants met are in the session, so they are stored with the turn or not at all, and the same turn run again
    meets the same.
    """

    def __init__(
        self, engine: Engine, varied: Callable[[Variation], Engine], experiments: Sequence[Experiment], clock: Clock
    ) -> None:
        self._plain = engine
        self._varied = varied
        self._experiments = tuple(experiments)
        self._clock = clock
        self._engines: dict[tuple[Exposure, ...], Engine] = {}

    async def respond(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        if not self._experiments:
            return await self._plain.respond(state, messages)
        trials = entered(state.session, messages, self._experiments, self._clock.now())
        if trials != state.session.trials:
            state = replace(state, session=replace(state.session, trials=trials))
        return await self._engine(trials).respond(state, messages)

    async def handle(self, state: ConversationState, message: InboundMessage) -> TurnOutcome:
        """See `core.tenure.Responder`; no variant changes what reps do."""
        return await self._plain.handle(state, message)

    def apologise(self, state: ConversationState, messages: Sequence[InboundMessage]) -> TurnOutcome:
        """See `core.tenure.Responder`."""
        return self._plain.apologise(state, messages)

    def _engine(self, trials: tuple[Exposure, ...]) -> Engine:
        key = tuple(replace(one, unit="") for one in trials)
        engine = self._engines.get(key)
        if engine is None:
            variation = _together(self._experiments, key)
            engine = self._varied(variation) if variation.kinds else self._plain
            if len(self._engines) >= _MOST_ENGINES:
                self._engines.clear()
            self._engines[key] = engine
        return engine


def _together(experiments: Sequence[Experiment], trials: Sequence[Exposure]) -> Variation:
    """All variants of a conversation in one; those of experiments that are no longer in the files change nothing."""
    chosen = {one.experiment: one.variant for one in trials}
    met = [one.variant(chosen[one.id]) for one in experiments if one.id in chosen]
    variations = [variant.variation for variant in met if variant is not None]
    if is_held_out(trials):
        return Variation(blind=any(one.blind for one in variations))
    return Variation(
        openers=next((one.openers for one in variations if one.openers), ()),
        questions={name: words for one in variations for name, words in one.questions.items()},
        ask_first=next((one.ask_first for one in variations if one.ask_first), ()),
        asking=next((one.asking for one in variations if one.asking != PATIENT), PATIENT),
        instructions="\n".join(one.instructions for one in variations if one.instructions),
    )
