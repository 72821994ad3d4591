"""What the visitor corrects, denies and takes back. Slot by slot: the words after "actually" alone mean nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from core.fact import LIST_FIELDS, Fact, Field, Operation, Quantity
from core.ledger import Known, value_key
from profiles.context import Context
from profiles.facts import Finding
from profiles.numbers import Number
from profiles.reading import Reading
from profiles.technologies import Mention

_COUNTED = (Field.COMPANY_SIZE, Field.TEAM_SIZE, Field.VOLUME, Field.BUDGET)
_TOOLS = (Field.TECH_STACK, Field.INTEGRATIONS, Field.COMPETITORS)


def settle(findings: list[Finding], context: Context) -> list[Finding]:
    """One finding a scalar field: the surer one, and after a repair ("no wait", "I mean") the later one."""
    repairs = [hit.start for hit in context.hits("correction")]
    settled: dict[object, Finding] = {}
    for found in findings:
        key: object = (found.field, value_key(found.value), found.operation)
        if found.field not in LIST_FIELDS:
            key = found.field
        held = settled.get(key)
        repaired = held is not None and any(held.end <= at <= found.start for at in repairs)
        if held is None or repaired or found.confidence > held.confidence + 0.01:
            settled.pop(key, None)
            settled[key] = found
    return _without_repaired_tools(list(settled.values()), repairs)


def _without_repaired_tools(findings: list[Finding], repairs: list[int]) -> list[Finding]:
    """As in "We use Freshdesk, sorry, Zendesk": of two tools on both sides of a repair only the later holds."""
    if not repairs:
        return findings
    return [
        one
        for one in findings
        if one.field not in _TOOLS
        or not any(
            other.field is one.field and one.end <= at <= other.start and other.start - at < 30  # noqa: PLR2004
            for other in findings
            for at in repairs
        )
    ]


def corrected_number(
    context: Context,
    numbers: list[Number],
    findings: list[Finding],
    known: Known,
    pending: Field | None,
) -> Finding | None:
    """As in "Actually 30, not 20": a bare number that replaces the one it contradicts, or the newest one known."""
    if not context.any("correction") and not context.any("negation"):
        return None
    taken = [(one.start, one.end) for one in findings]
    free = [one for one in numbers if not any(start <= one.start < end for start, end in taken)]
    denied = [one for one in free if context.negated(one.start)]
    stated = [one for one in free if one not in denied and not context.hypothetical(one.start)]
    if not stated or not (context.any("correction") or denied):
        return None
    old = _contradicted(denied, known) or _newest(known, pending)
    if old is None or not isinstance(old.value, Quantity) or any(one.field is old.field for one in findings):
        return None
    number = stated[-1]
    value = replace(old.value, low=number.low, high=number.high)
    return None if value == old.value else Finding(old.field, value, number.start, number.end, confidence=0.85)


def _contradicted(denied: list[Number], known: Known) -> Fact | None:
    for number in denied:
        for field in _COUNTED:
            for fact in known.get(field, ()):
                if isinstance(fact.value, Quantity) and number.low in (fact.value.low, fact.value.high):
                    return fact
    return None


def _newest(known: Known, pending: Field | None) -> Fact | None:
    facts = [fact for field in _COUNTED for fact in known.get(field, ()) if isinstance(fact.value, Quantity)]
    if pending in _COUNTED:
        facts = [fact for fact in facts if fact.field is pending] or facts
    return max(facts, key=lambda fact: fact.at, default=None)


def denials(reading: Reading, context: Context, mentions: list[Mention], known: Known) -> Iterator[Finding]:
    """Known tools and labels that are now denied or said to be over."""
    for mention in mentions:
        over = context.negated(mention.start) or context.past(mention.start)
        if over and not context.hypothetical(mention.start) and not context.elsewhere(mention.start):
            yield from _removals(_TOOLS, mention.tool.name, mention.start, mention.end, known)
    for field in (Field.USE_CASE, Field.PAINS, Field.SECURITY, Field.FEATURES):
        for hit in reading.of(f"label.{field}"):
            if context.negated(hit.start):
                yield from _removals((field,), hit.name, hit.start, hit.end, known)


def replaced_tools(
    context: Context, findings: list[Finding], known: Known, category: Callable[[str], str]
) -> Iterator[Finding]:
    """As in "Sorry, I meant Freshdesk": a tool of the same kind learned last makes way for the corrected one."""
    if not context.any("correction") or any(one.operation is Operation.REMOVE for one in findings):
        return
    first = context.hits("correction")[0]
    for found in findings:
        held = known.get(found.field, ()) if found.field in _TOOLS and first.end <= found.start else ()
        last = str(held[-1].value) if held else ""
        new = str(found.value)
        if last and last.casefold() != new.casefold() and category(last) == category(new) != "":
            yield found._replace(value=last, operation=Operation.REMOVE)


def withdrawals(reading: Reading, context: Context, mentions: list[Mention], known: Known) -> Iterator[Finding]:
    """As in "Forget the Salesforce part", "never mind the budget": what the clause names is taken back."""
    for hit in context.hits("withdrawal"):
        start, end = reading.clause(hit.start)
        end = max(end, reading.clause(hit.end - 1)[1])
        for mention in mentions:
            if start <= mention.start < end:
                yield from _removals(_TOOLS, mention.tool.name, mention.start, mention.end, known)
        for field in (Field.USE_CASE, Field.PAINS, Field.SECURITY, Field.FEATURES):
            for label in reading.of(f"label.{field}"):
                if start <= label.start < end:
                    yield from _removals((field,), label.name, label.start, label.end, known)
        for noun in reading.of("fields"):
            if start <= noun.start < end and Field(noun.name) in known:
                yield Finding(Field(noun.name), "", noun.start, noun.end, Operation.CLEAR)


def _removals(fields: tuple[Field, ...], value: str, start: int, end: int, known: Known) -> Iterator[Finding]:
    for field in fields:
        if any(value_key(fact.value) == value_key(value) for fact in known.get(field, ())):
            yield Finding(field, value, start, end, Operation.REMOVE)
