"""What the visitor corrects, denies and takes back. Slot by slot: the words after "actually" alone mean nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.fact import LIST_FIELDS, Field, Operation
from core.ledger import Known, value_key
from profiles.context import Context
from profiles.facts import Finding
from profiles.labels import NOT_NEEDED
from profiles.reading import Reading
from profiles.technologies import Mention

_LABELS = (Field.USE_CASE, Field.PAINS, Field.SECURITY, Field.FEATURES)
_ALSO = re.compile(
    r"\b(?:also|too(?!\s+(?:many|much|few|often|\w+ \w))|as well|besides|additionally|both"
    r"|plus|on top|auch|zusätzlich|außerdem|aussi|en plus"
    r"|également|también|además|também|além"
    r"|ook|daarnaast)\b"
)
_TOOLS = (Field.TECH_STACK, Field.INTEGRATIONS, Field.COMPETITORS)


_UNSAID = frozenset(
    {
        Field.COMPANY_SIZE,
        Field.TEAM_SIZE,
        Field.VOLUME,
        Field.BUDGET,
        Field.TIMELINE,
        Field.PHONE,
        Field.NAME,
        Field.COMPANY,
    }
)
MOST_UNSAID = 2
"""Facts of one message that "that" may mean at once."""
SHORT = 70
REACH = 6
"""Characters behind the words of taking back in which their object stands."""
_THAT = re.compile(
    r"(?:scrap|strike|delete|remove|ignore|disregard|erase|drop|discard|withdraw|retract|unsay|don't"
    r"|dont|do not|never|i take"
    r"|streich\w*|vergiss|ignorier\w*|lösch\w*|oubliez|oublie|ignorez|supprimez|olvid\w+|ignor\w+|borr\w+|descart\w+"
    r"|esque\w+|desconsider\w+|apag\w+|risc\w+|schrap|vergeet|negeer)\b.{0,24}?"
    r"\b(?:that|it|this|das|es|dies|ça|cela|le|eso|esto|lo|isso|isto|dat|het)\b"
)


def settle(findings: list[Finding], context: Context) -> list[Finding]:
    """One finding a scalar field: the surer one, and after a repair ("no wait", "I mean") the later one."""
    repairs = [hit.start for hit in context.hits("correction")] + context.settled
    settled: dict[object, Finding] = {}
    for found in findings:
        key: object = (found.field, value_key(found.value), found.operation)
        if found.field not in LIST_FIELDS:
            key = found.field
        held = settled.get(key)
        repaired = held is not None and any(held.end <= at <= found.end for at in repairs)
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


def denials(reading: Reading, context: Context, mentions: list[Mention], known: Known) -> Iterator[Finding]:
    """Known tools and labels that are now denied or said to be over."""
    for mention in mentions:
        over = context.negated(mention.start) or context.past(mention.start)
        if over and not context.hypothetical(mention.start) and not context.elsewhere(mention.start):
            yield from _removals(_TOOLS, mention.tool.name, mention.start, mention.end, known)
    for field in _LABELS:
        for hit in reading.of(f"label.{field}"):
            if context.negated(hit.start) or (field is not Field.PAINS and NOT_NEEDED.match(reading.low, hit.end)):
                yield from _removals((field,), hit.name, hit.start, hit.end, known)


def replaced_tools(
    reading: Reading, context: Context, findings: list[Finding], known: Known, category: Callable[[str], str]
) -> Iterator[Finding]:
    """As in "Sorry, I meant Freshdesk": a tool of the same kind learned last makes way for the corrected one."""
    if not context.any("correction") or any(one.operation is Operation.REMOVE for one in findings):
        return
    first = context.hits("correction")[0]
    start, stop = reading.sentence(first.start)
    if "?" in reading.low[start:stop] or _ALSO.search(reading.low, start, stop):
        return
    for found in findings:
        held = known.get(found.field, ()) if found.field in _TOOLS and first.end <= found.start else ()
        last = str(held[-1].value) if held else ""
        new = str(found.value)
        if last and last.casefold() != new.casefold() and category(last) == category(new) != "":
            yield found._replace(value=last, operation=Operation.REMOVE)


def restated_tools(
    reading: Reading, context: Context, mentions: list[Mention], known: Known, category: Callable[[str], str]
) -> Iterator[Finding]:
    """As in "no, it's Freshdesk": a tool without a role takes that of the known one of its kind."""
    repair = next(iter(context.hits("correction")), None)
    if repair is None or "?" in reading.low[repair.start : reading.sentence(repair.start)[1]]:
        return
    for mention in mentions:
        if mention.role or mention.start < repair.end or not context.asserted(mention.start):
            continue
        for field in _TOOLS:
            held = known.get(field, ())
            if held and category(str(held[-1].value)) == mention.tool.category:
                yield Finding(field, mention.tool.name, mention.start, mention.end, Operation.ADD, confidence=0.8)
                break


def withdrawals(reading: Reading, context: Context, mentions: list[Mention], known: Known) -> Iterator[Finding]:
    """As in "Forget the Salesforce part", "never mind the budget": what the clause names is taken back."""
    for hit in context.hits("withdrawal"):
        start, end = reading.clause(hit.start)
        end = max(end, reading.clause(hit.end - 1)[1])
        for mention in mentions:
            if start <= mention.start < end:
                yield from _removals(_TOOLS, mention.tool.name, mention.start, mention.end, known)
        for field in _LABELS:
            for label in reading.of(f"label.{field}"):
                if start <= label.start < end:
                    yield from _removals((field,), label.name, label.start, label.end, known)
        for noun in reading.of("fields"):
            if start <= noun.start < end and Field(noun.name) in known:
                yield Finding(Field(noun.name), "", noun.start, noun.end, Operation.CLEAR)


def unsaid(reading: Reading, context: Context, findings: list[Finding], known: Known) -> Iterator[Finding]:
    """As in "scrap that", "please don't store that": what the message before told is taken back, if it is little."""
    if len(reading.low) > SHORT or any(one.field in _UNSAID for one in findings):
        return
    hit = next(
        (hit for hit in context.hits("withdrawal") if _THAT.match(reading.low, hit.start, hit.end + REACH)), None
    )
    facts = [held[-1] for field, held in known.items() if field in _UNSAID and held]
    if hit is None or not facts:
        return
    last = max(facts, key=lambda fact: fact.at).message
    said = [fact.field for fact in facts if fact.message == last]
    if len(said) <= MOST_UNSAID:
        yield from (Finding(field, "", hit.start, hit.end, Operation.CLEAR) for field in said)


def _removals(fields: tuple[Field, ...], value: str, start: int, end: int, known: Known) -> Iterator[Finding]:
    for field in fields:
        if any(value_key(fact.value) == value_key(value) for fact in known.get(field, ())):
            yield Finding(field, value, start, end, Operation.REMOVE)
