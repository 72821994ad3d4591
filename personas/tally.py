"""Adding up evidence for each persona and for none of them, and deciding on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp

from core.ids import PersonaId
from core.persona import PersonaGuess
from personas.lexicon import Caution, Weights
from personas.vocabulary import Kind

_SIGNALS = 5
_MIN_SIGNAL = 0.15
_ADDED_UP = frozenset({Kind.WORD})
_OF_BUSINESS = (Kind.FOREIGN, Kind.TRADE)


class Tally:
    """Adds up evidence for each persona and for none of them."""

    __slots__ = (
        "_doubts",
        "_excused",
        "_heard",
        "_reasons",
        "_weights",
        "against",
        "excused",
        "logits",
        "told",
        "trusted",
    )

    def __init__(self, personas: int, weighing: Weights) -> None:
        self._weights = weighing
        self._excused: tuple[int, ...] = ()
        self._heard: dict[tuple[Kind, int], list[tuple[float, str]]] = {}
        self._doubts: dict[Kind, list[float]] = {}
        self._reasons: list[list[tuple[float, str]]] = [[] for _ in range(personas)]
        self.logits = [0.0] * personas
        self.against = 0.0
        self.told = 0  # things a prospect tells of their business
        self.trusted = [0.0] * personas  # likewise, where it speaks for some personas alone
        self.excused = [0.0] * personas

    def hear(self, kind: Kind, number: int, weight: float, reason: str) -> None:
        self._heard.setdefault((kind, number), []).append((weight, reason))

    def doubt(self, kind: Kind, weight: float) -> None:
        self._doubts.setdefault(kind, []).append(weight)

    def spoke_for(self, number: int) -> bool:
        """Whether anything but single words was heard that speaks for a persona."""
        return any(one == number and kind not in _ADDED_UP for kind, one in self._heard)

    @property
    def foreign(self) -> bool:
        """Whether a trade was named that is none of the personas', and none that is one of theirs."""
        return bool(self._doubts.get(Kind.TRADE)) and not any(kind is Kind.INDUSTRY for kind, _ in self._heard)

    def excuse(self, numbers: Iterable[int]) -> None:
        """What is foreign to all others is not so to these: call it before `settle`."""
        self._excused = tuple(numbers)

    def trust(self, told: int) -> None:
        """Who tells of a business is a buyer, but of a persona only where it may be theirs. Call it after `excuse`."""
        if not self.foreign:
            self.told = told
            return
        for number in self._excused:
            self.trusted[number] = told

    def add(self, number: int, weight: float, reason: str) -> None:
        self.logits[number] += weight
        self._reasons[number].append((weight, reason))

    def settle(self) -> None:
        """Turn what was heard into logits: each further sign of a kind counts less, and all of them are capped."""
        again, cap = self._weights.again, self._weights.text_cap
        totals = [0.0] * len(self.logits)
        for (kind, number), pulls in self._heard.items():
            if kind in _ADDED_UP:
                totals[number] += sum(weight for weight, _ in pulls)
            else:
                totals[number] += _fading((weight for weight, _ in pulls), again)
            self._reasons[number].extend(pulls)
        for number, total in enumerate(totals):
            self.logits[number] += cap * (1 - exp(-total / cap))
        self.against += sum(_fading(doubts, again) for doubts in self._doubts.values())
        for number in self._excused:
            self.excused[number] += sum(_fading(self._doubts.get(kind, ()), again) for kind in _OF_BUSINESS)

    def by_words(self, buyer: float) -> list[float]:
        """The logits with what does not speak against single personas; `buyer` is what each thing told counts."""
        parts = zip(self.logits, self.excused, self.trusted, strict=True)
        return [logit + excused + buyer * trusted for logit, excused, trusted in parts]

    def signals(self, number: int) -> tuple[str, ...]:
        """What spoke for a persona, most telling first."""
        ranked = sorted(self._reasons[number], reverse=True)
        told = dict.fromkeys(reason for weight, reason in ranked if weight >= _MIN_SIGNAL)
        return tuple(told)[:_SIGNALS]


def _fading(weights_: Iterable[float], again: float) -> float:
    return sum(weight * again**place for place, weight in enumerate(sorted(weights_, reverse=True)))


def decide(
    personas: Sequence[PersonaId], logits: Sequence[float], none: float, *, previous: PersonaGuess, caution: Caution
) -> PersonaGuess:
    """The guess on logits, without signals. Who was chosen before stays until another one is better."""
    chances, nobody = softmax(logits, none, caution.temperature)
    order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
    if not order:
        return PersonaGuess()
    best = order[0]
    rival = max([nobody, *(chances[number] for number in order[1:2])])
    again = personas[best] == previous.chosen
    sure = caution.sure_again if again else caution.sure
    margin = caution.margin_again if again else caution.margin
    return PersonaGuess(
        probabilities=tuple((personas[number], chances[number]) for number in order),
        none=nobody,
        chosen=personas[best] if chances[best] >= sure and chances[best] - rival >= margin else None,
    )


def softmax(logits: Sequence[float], none: float, temperature: float) -> tuple[list[float], float]:
    """Probabilities of the personas and of none."""
    peak = max([none, *logits])
    raised = [exp((logit - peak) / temperature) for logit in logits]
    rest = exp((none - peak) / temperature)
    total = sum(raised) + rest
    return [one / total for one in raised], rest / total
