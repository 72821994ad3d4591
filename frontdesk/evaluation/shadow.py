"""The trigger frontier: what a model asked on every message would learn, and what is left of it on triggers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.ports import Prompt
from core.turn import ReadClosely, TurnOutcome
from frontdesk.evaluation.gold import GoldConversation
from frontdesk.evaluation.run import Material
from frontdesk.evaluation.values import plain
from frontdesk.mind import Mind
from frontdesk.replay import ReplayClock, outcomes, silence_after
from inference.scripted import Answer, Script, ScriptedChatModel

Learned = frozenset[tuple[str, str]]
"""Slots with one value each, as they are compared."""
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {"facts": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}}},
    "required": ["facts"],
}


@dataclass(slots=True)
class Frontier:
    """Counted over all conversations. `lags` holds, by trigger, the messages each value waited to be read."""

    messages: int = 0
    calls: int = 0
    always: int = 0
    found: int = 0
    pulled: Counter[str] = field(default_factory=Counter)
    lags: dict[str, list[int]] = field(default_factory=dict)
    missed: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """`recall` is relative to a call on every message, which reads everything at once."""
        return {
            "messages": self.messages,
            "calls": {"always": self.messages, "triggered": self.calls},
            "calls_per_message": round(self.calls / self.messages, 4) if self.messages else None,
            "calls_saved": round(1 - self.calls / self.messages, 4) if self.messages else None,
            "fields": {"always": self.always, "triggered": self.found},
            "recall": round(self.found / self.always, 4) if self.always else None,
            "missed": dict(sorted(self.missed.items())),
            "triggers": {
                name: {"pulled": self.pulled[name], "fields": len(lags), "messages_waited": round(_mean(lags), 2)}
                for name in sorted({*self.pulled, *self.lags})
                for lags in [self.lags.get(name, [])]
            },
        }

    def told(self) -> Iterator[str]:
        """The same in lines."""
        told = self.as_json()
        yield f"{self.calls} model calls for {self.messages} messages: {told['calls_per_message']} a message"
        yield f"{self.found} of {self.always} field values read: recall {told['recall']} of a call on every message"
        for name in sorted({*self.pulled, *self.lags}):
            lags = self.lags.get(name, [])
            yield f"  {name:24} pulled {self.pulled[name]:4}, fields {len(lags):4}, waited {_mean(lags):.2f} messages"
        for slot, count in self.missed.most_common():
            yield f"  missed {slot}: {count}"


async def shadowed(material: Material, mind: Mind, clock: ReplayClock) -> Frontier:
    """Replay every conversation with a model that knows the labels, asked when the engine asks for a reading.

    `mind` reads closely. After the last message the visitor stays silent until nothing is due any more.
    """
    frontier, start = Frontier(), clock.seconds
    for said, gold in zip(material.said, material.gold, strict=True):
        clock.seconds = start
        turns = [outcome async for _, outcome in outcomes(said, mind.engine, clock, mind.questions)]
        waited = [outcome async for outcome in silence_after(turns[-1], mind.engine, clock)]
        await _count(frontier, gold, turns, waited)
    clock.seconds = start
    return frontier


async def _count(
    frontier: Frontier, gold: GoldConversation, turns: Sequence[TurnOutcome], waited: Sequence[TurnOutcome]
) -> None:
    everything = {turn.t: learned_in(gold, turn.t) for turn in gold.turns}
    model = ScriptedChatModel(_answering(everything))
    read: set[int] = set()
    pulled: list[str] = []
    for turn, outcome in enumerate((*turns, *waited), 1):
        pulled += outcome.triggers
        for given in _readings(outcome):
            frontier.found += len((await model.complete(_prompt(gold, given)))["facts"])
            frontier.calls += 1
            read |= given
            name, now = pulled[0], min(turn, len(turns))
            frontier.lags.setdefault(name, []).extend(now - t for t in sorted(given) for _ in everything[t])
            frontier.pulled.update(pulled)
            pulled = []
    frontier.pulled.update(pulled)
    frontier.messages += len(gold.turns)
    frontier.always += sum(map(len, everything.values()))
    frontier.missed.update(slot for t in everything.keys() - read for slot, _ in everything[t])


def _readings(outcome: TurnOutcome) -> Iterator[set[int]]:
    """The turns whose lines the engine wants read."""
    for effect in outcome.effects:
        if isinstance(effect, ReadClosely):
            yield {int(str(line.message).rpartition(".")[2]) for line in effect.lines}


def learned_in(gold: GoldConversation, turn: int) -> Learned:
    """What one turn's labels say that it tells: values set and added, withdrawn and removed."""
    change = gold.turns[turn - 1].gold
    told = {(slot, plain(value)) for slot, value in change.set.items()}
    told |= {(slot, plain(value)) for slot, values in change.add.items() for value in values}
    told |= {(slot, "") for slot in change.drop}
    return frozenset(told | {(slot, f"- {plain(value)}") for slot, values in change.rem.items() for value in values})


def _prompt(gold: GoldConversation, turns: set[int]) -> Prompt:
    shown = tuple((str(turn.t), turn.visitor) for turn in gold.turns if turn.t in turns)
    return Prompt(system="", messages=shown, schema=SCHEMA)


def _answering(everything: Mapping[int, Learned]) -> Script:
    def answer(prompt: Prompt) -> Answer:
        return {"facts": [list(one) for t, _ in prompt.messages for one in sorted(everything[int(t)])]}

    return answer


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values) if values else 0.0
